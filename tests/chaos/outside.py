"""What arrived outside: direct messages, mails, webhooks, posts in channels and threads."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.models import RuleType
from sandbox.shapes import Json
from sandbox.workspace import ApiCall
from tests.chaos.scene import Scene, Strike

TIMEOUT = 10.0  # seconds after which the bot does not wait for an answer of Slack's
MESSAGE_ID = re.compile(r"<([^@]+)@")


@dataclass(frozen=True)
class Sending:
    """One notification as it came, when it began and when it was there.

    `key` names page, run and step where the message does (mail, webhook); `ts` is where
    it is in Slack.  `lost`: the bot was not told that it came.
    """

    way: RuleType
    group: str
    to: str
    start: float
    end: float
    key: str = ""
    ts: str = ""
    lost: bool = False


@dataclass(frozen=True)
class Reply:
    """A post in a thread."""

    channel: str
    root: str
    text: str
    start: float
    end: float
    lost: bool


@dataclass(frozen=True)
class Outside:
    pages: list[Sending]
    roots: list[Sending]  # alert messages in channels
    words: list[Sending]  # to authors: nobody has answered
    replies: list[Reply]


def look(scene: Scene) -> Outside:
    """Everything up to now."""
    found = Outside([], [], [], [])
    strikes = list(scene.faults.strikes)
    for call in list(scene.box.workspace.journal):
        if call.method != "chat.postMessage" or not call.ok:
            continue
        lost = is_lost(call, strikes)
        start, where = call.at - call.seconds, str(call.arguments["channel"])
        text, answer = str(call.arguments.get("text", "")), call.answer
        if root := call.arguments.get("thread_ts"):
            reply = Reply(str(answer["channel"]), str(root), text, start, call.at, lost)
            found.replies.append(reply)
            continue
        buttons = list(pressable(call.arguments))
        if not buttons:
            continue
        group, actions = buttons[0]["value"].partition(":")[0], len(buttons)
        sending = Sending(
            RuleType.SLACK, group, where, start, call.at, ts=str(answer["ts"]), lost=lost
        )
        if not where.startswith("U"):
            found.roots.append(sending)
        elif actions == 1:
            found.words.append(sending)
        else:
            found.pages.append(sending)
    found.pages.extend(mails(scene))
    found.pages.extend(webhooks(scene))
    return found


def mails(scene: Scene) -> Iterator[Sending]:
    for mail in list(scene.box.mail.received):
        match = MESSAGE_ID.match(str(mail.message["Message-ID"]))
        key = match[1] if match else ""
        group = key.partition(".")[0]
        yield Sending(RuleType.EMAIL, group, mail.address, mail.at - 0.1, mail.at, key=key)


def webhooks(scene: Scene) -> Iterator[Sending]:
    for hook in list(scene.hooks.received):
        group, to = hook.key.partition(".")[0], f"{scene.hooks.url}{hook.path}"
        yield Sending(RuleType.WEBHOOK, group, to, hook.at - 0.1, hook.at, key=hook.key)


def pressable(arguments: Json) -> Iterator[Json]:
    for block in arguments.get("blocks") or []:
        if block["type"] == "actions":
            yield from (each for each in block["elements"] if each["type"] == "button")


def is_lost(call: ApiCall, strikes: Sequence[Strike]) -> bool:
    """Whether it was done, and the bot never heard of it."""
    if call.seconds >= TIMEOUT:
        return True
    start = call.at - call.seconds
    near = [s for s in strikes if s.method == call.method and abs(s.at - start) < 0.005]
    return any(hit.drop == "after" for strike in near for hit in strike.hits)
