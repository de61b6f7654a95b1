"""Stories to be shown, and the checks every message has to pass."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import Block

from bot.views.message import Message
from core.channels import Notice
from core.models import (
    DeliveryOutcome,
    Event,
    Outcome,
    Purpose,
    RuleType,
    State,
    Step,
)
from core.story import Attempt, Line, Next, Person, Responder, Story
from sandbox.blocks.surfaces import checked_blocks

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

ALICE = Person("UALICE", "Alice", "U0ALICE", "Europe/Berlin")
BOB = Person("UBOB", "Bob", "U0BOB", "America/New_York")
CAROL = Person("UCAROL", "Carol", "U0CAROL", "Asia/Tokyo")
DAVE = Person("UDAVE", "Dave", None, "Nowhere/Atlantis")

SLACK_THEN_MAIL = (Step(RuleType.SLACK), Step(RuleType.WAIT, 300), Step(RuleType.EMAIL))
AT_ONCE = "<!channel> <@U0BOB> <!here|x> <https://evil.example|click> & *bold*"


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def responder(
    person: Person,
    outcome: Outcome | None = None,
    *attempts: Attempt,
    important: bool = False,
    next_: Next | None = None,
    ended_at: datetime | None = None,
) -> Responder:
    return Responder(
        page_id=f"P{person.id}",
        person=person,
        paged_by=ALICE,
        important=important,
        outcome=outcome,
        steps=SLACK_THEN_MAIL,
        attempts=attempts,
        next=next_,
        ended_at=ended_at,
    )


def sent(way: RuleType = RuleType.SLACK, minutes: float = 0) -> Attempt:
    return Attempt(way, DeliveryOutcome.SENT, after(minutes))


def story(*responders: Responder, state: State = State.FIRING, **changes: Any) -> Story:
    told = Story(
        id="IGROUP123456A",
        title="db is down",
        message="db is down\nreplica lag 300 s",
        state=state,
        author=ALICE,
        created_at=NOON,
        holder=None if state is State.FIRING else CAROL,
        since=after(5),
        silenced_until=None,
        responders=responders,
    )
    return replace(told, **changes)


def line(
    event: Event, *, by: Person | None = ALICE, user: Person | None = BOB, **detail: Any
) -> Line:
    return Line(7, event, NOON, by, user, detail)


def notice(**changes: Any) -> Notice:
    made = Notice(
        delivery_id=1,
        purpose=Purpose.PAGE,
        address="U0BOB",
        alert_group_id="IGROUP123456A",
        title="db is down",
        message="db is down\nreplica lag 300 s",
        state=State.FIRING,
        author_name="Alice",
        author_slack_id="U0ALICE",
        user_id="UBOB",
        user_name="Bob",
        user_slack_id="U0BOB",
        user_timezone="America/New_York",
        created_at=NOON,
        page_id="PUBOB",
        paged_by_name="Alice",
        paged_by_slack_id="U0ALICE",
        run=1,
        plan=SLACK_THEN_MAIL,
    )
    return replace(made, **changes)


def shown(message: Message) -> str:
    """Everything a reader sees in the blocks; the message is checked on the way."""
    check(message)
    return "\n".join(_texts(list(message.blocks)))


def check(message: Message) -> None:
    """The message is what Slack takes, as far as two independent sources know."""
    assert message.text.strip()
    assert len(message.text) <= 4_000
    assert len(message.plain) <= 4_000
    checked_blocks(list(message.blocks))
    for block in message.blocks:
        parsed = Block.parse(dict(block))
        assert parsed is not None
        parsed.validate_json()


def buttons(message: Message) -> list[str]:
    """The labels of what can be pressed or chosen."""
    found = []
    for block in message.blocks:
        if block["type"] == "actions":
            for element in block["elements"]:
                label = element.get("text") or element["placeholder"]
                found.append(label["text"])
    return found


def obeyed(message: Message) -> str:
    """All of it that Slack reads as markup."""
    parts = [message.text, message.plain]
    for block in message.blocks:
        texts = [block.get("text"), *block.get("elements", [])]
        parts += [each["text"] for each in texts if each and each.get("type") == "mrkdwn"]
    return "\n".join(parts)


def check_mentions_nobody(message: Message) -> None:
    check(message)
    text = obeyed(message)
    assert "<!" not in text.replace("<!date^", "")
    assert "<@" not in text
    assert "<http" not in text


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return []
