"""Behind the glass: what the bot asked and what it was told, without the secrets."""

import re
from collections import deque
from itertools import islice

from sandbox.host import Host
from sandbox.shapes import Json, read_json
from sandbox.workspace import ApiCall, Delivered

KEPT = 1000
SLACK_WAITS = 3.0  # seconds for an acknowledgement
LONGEST_TEXT = 4_000  # characters
SECRETS = re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+|(?<=[?&]ticket=)\w+")
HIDDEN = "(secret)"


class Traffic:
    """Numbers the calls in the order in which they ended; the older ones are forgotten."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.clear()

    def clear(self) -> None:
        self._calls: deque[Json] = deque(maxlen=KEPT)
        self._count = 0
        self._journal = 0
        self._delivered = 0

    def since(self, call_id: int, *, most: int) -> list[Json]:
        """The newest calls after this one, oldest first."""
        self._catch_up()
        newest = list(islice(reversed(self._calls), most))
        return [call for call in reversed(newest) if call["id"] > call_id]

    def _catch_up(self) -> None:
        workspace = self.host.workspace
        # A test may have emptied the lists.
        self._journal = min(self._journal, len(workspace.journal))
        self._delivered = min(self._delivered, len(workspace.delivered))
        new: list[ApiCall | Delivered] = [
            *workspace.journal[self._journal :],
            *workspace.delivered[self._delivered :],
        ]
        self._journal, self._delivered = len(workspace.journal), len(workspace.delivered)
        new.sort(key=lambda each: each.at)
        skipped = max(0, len(new) - KEPT)
        self._count += skipped
        for each in new[skipped:]:
            self._count += 1
            shown = by_bot(each) if isinstance(each, ApiCall) else to_bot(each)
            self._calls.append({"id": self._count, "at": each.at, **self._clean(shown)})

    def _clean(self, part: Json) -> Json:
        return {key: cleaned(each, self.host.tokens.signing_secret) for key, each in part.items()}


def by_bot(call: ApiCall) -> Json:
    refused = call.answer.get("error")
    if call.ok:
        outcome = "ok"
    elif refused:
        outcome = str(refused)
    else:
        outcome = "no answer" if call.status == 200 else f"HTTP {call.status}"
    return {
        "from": "bot",
        "what": call.method,
        "arguments": {key: unpacked(each) for key, each in call.arguments.items()},
        "answer": call.answer or None,
        "ok": call.ok,
        "outcome": outcome,
        "seconds": call.seconds,
    }


def to_bot(delivered: Delivered) -> Json:
    """The sandbox may wait longer than Slack does, and then says so."""
    payload = delivered.payload
    if delivered.kind == "slash_commands":
        what = payload["command"]
    elif delivered.kind == "events_api":
        what = payload["event"]["type"]
    else:
        what = payload["type"]
    in_time = "ok" if delivered.seconds <= SLACK_WAITS else "ok, too late for Slack"
    return {
        "from": "workspace",
        "what": what,
        "arguments": payload,
        "answer": delivered.answer or None,
        "ok": delivered.failure is None,
        "outcome": delivered.failure or in_time,
        "seconds": delivered.seconds,
    }


def unpacked(value: object) -> object:
    """Blocks and views travel as text inside a form; they read better as what they are."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return read_json(value)
        except ValueError:
            return value
    return value


def cleaned(part: object, secret: str) -> object:
    if isinstance(part, str):
        text = SECRETS.sub(HIDDEN, part).replace(secret, HIDDEN)
        return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + " ..."
    if isinstance(part, dict):
        return {key: cleaned(each, secret) for key, each in part.items()}
    if isinstance(part, list | tuple):
        return [cleaned(each, secret) for each in part]
    return part
