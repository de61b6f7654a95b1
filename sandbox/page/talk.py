"""What a person does in a channel: read, write, react, command."""

import re

from sandbox.modals import Interaction
from sandbox.page import sight
from sandbox.page.tab import Tab
from sandbox.page.verbs import Picture, Request, Work, verb
from sandbox.shapes import Json, NotPossible

LONGEST_TEXT = 12_000
EMOJI = re.compile(r"[\w+'-]{1,100}(::skin-tone-[2-6])?", re.ASCII)


def finished(done: Interaction) -> Json:
    """Nothing, if the bot answered; else why the person sees nothing happen."""
    done.ack.check()
    return {}


@verb("history")
def history(tab: Tab, request: Request) -> Picture:
    channel = request.channel(tab.person)
    limit = request.number("limit", least=1, most=1000, otherwise=100)
    before = request.ts("before") if request.optional("before") else None
    back_to = request.ts("back_to") if request.optional("back_to") else None

    def take() -> Json:
        shown = sight.in_channel(tab.person, channel.id)
        if before is not None:
            shown = [each for each in shown if each.ts < before]
        first = max(0, len(shown) - limit)
        if back_to is not None:
            first = min(first, sum(each.ts < back_to for each in shown))
        messages = [sight.message(tab.workspace, each) for each in shown[first:]]
        return {"messages": messages, "more": first > 0}

    return Picture(take)


@verb("thread")
def thread(tab: Tab, request: Request) -> Picture:
    message = request.message(tab.person)
    root_ts = (message.thread_ts or "") if message.is_reply else message.ts

    def take() -> Json:
        root = tab.workspace.messages[message.channel].get(root_ts)
        if root is None or not tab.person.can_read(root):
            raise NotPossible("The message is not there any more")
        shown = sight.thread(tab.person, root)
        return {"messages": [sight.message(tab.workspace, each) for each in shown]}

    return Picture(take)


@verb("read")
def read(tab: Tab, request: Request) -> Json:
    tab.page.marks.read(tab.person.id, request.channel(tab.person).id, request.ts())
    return {}


@verb("say")
def say(tab: Tab, request: Request) -> Json:
    channel = request.channel(tab.person)
    text = written(request)
    root = None
    if request.optional("thread") is not None:
        root = request.message(tab.person, "thread")
        if root.ephemeral_to is not None:
            raise NotPossible("Nobody else sees this message, so nobody can answer it")
    tab.person.say(text, channel=channel.id, thread=root)
    return {}


def written(request: Request) -> str:
    text = request.text("text", most=LONGEST_TEXT).strip()
    if not text:
        raise NotPossible("There is nothing to send")
    return text


@verb("command")
def command(tab: Tab, request: Request) -> Work:
    channel = request.channel(tab.person)
    name, *rest = written(request).split(maxsplit=1)
    if not name.startswith("/"):
        raise NotPossible("A command starts with /")
    text = rest[0] if rest else ""

    def work() -> Json:
        done = tab.person.command(name, text, channel=channel.id)
        done.ack.check(done.failed or "")
        return {}

    return work


@verb("shortcut")
def shortcut(tab: Tab, request: Request) -> Work:
    callback_id = request.text("callback_id")
    on = request.message(tab.person) if request.optional("ts") is not None else None
    if on is not None and on.ephemeral_to is not None:
        raise NotPossible("The app cannot be shown this message again")
    return lambda: finished(tab.person.shortcut(callback_id, message=on))


@verb("react")
def react(tab: Tab, request: Request) -> Json:
    channel = request.channel(tab.person)
    if channel.archived or tab.person.id not in channel.members:
        raise NotPossible("You can only read here")
    message = request.message(tab.person)
    name = request.text("name")
    if not EMOJI.fullmatch(name):
        raise NotPossible("There is no such emoji")
    if message.ephemeral_to is not None:
        raise NotPossible("Nobody can react to this message")
    if tab.person.id in message.reactions.get(name, ()):
        tab.person.take_reaction_back(message, name)
    else:
        tab.person.react(message, name)
    return {}


@verb("direct")
def direct(tab: Tab, request: Request) -> Json:
    user = tab.workspace.users.get(request.text("user"))
    if user is None or user.deleted:
        raise NotPossible("There is nobody to write to")
    return {"channel": tab.workspace.direct(tab.person.id, user.id).id}
