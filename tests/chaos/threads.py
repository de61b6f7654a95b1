"""Whether every thread tells the whole log, in order."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.models import Event, LogRecord, Post, PostKind, User

if TYPE_CHECKING:
    from tests.chaos.ledger import Ledger

# What a person has to read for each event; not the renderer's own words but their heart.
HEART: dict[Event, str] = {
    Event.OPENED: r"{by} (asked for help|paged the chaos team)",
    Event.CHAIN_STARTED: r"Escalation chain \"chaos\" starts",
    Event.STEPPED: r"Step {step} of 6 ",
    Event.CHAIN_ENDED: r"The escalation chain has run to its end",
    Event.PAGED: r"{by} paged {user}",
    Event.RAISED: r"{by} raised .*{user}",
    Event.RESTARTED: r"{user} is paged again",
    Event.UNPAGED: r"{by} took {user} off",
    Event.DECLINED: r"{user} can't",
    Event.SENT: r"(Slack message sent|E-mail|Webhook) to {user}",
    Event.FAILED: r".* to {user} (failed|is not getting through)",
    Event.FELL_BACK: r".*{user}.* got through",
    Event.UNREACHABLE: r".*[Nn]othing could reach {user}",
    Event.EXHAUSTED: r"No answer from {user}",
    Event.UNANSWERED: r".*Nobody has answered",
    Event.ACKNOWLEDGED: r"{by} acknowledged",
    Event.JOINED: r"{by} is on it too",
    Event.UNACKNOWLEDGED: r"{by} unacknowledged",
    Event.SILENCED: r"{by} silenced",
    Event.UNSILENCED: r"({by} ended the silence|The silence is over)",
    Event.RESOLVED: r"{by} resolved",
    Event.UNRESOLVED: r"{by} unresolved",
}
TIME = re.compile(r"^<!date\^(\d+)\^[^>]*>\s+(.*)$")


def check_threads(ledger: "Ledger") -> None:
    for post in ledger.rows.posts:
        if post.kind is PostKind.ALERT and post.ts is not None:
            _check(ledger, post)


def _check(ledger: "Ledger", alert: Post) -> None:
    records = ledger.rows.log[alert.alert_group_id]
    ledger.counts["thread lines"] += len(records)
    threads = [
        post
        for post in ledger.rows.posts
        if (post.kind, post.alert_group_id) == (PostKind.THREAD, alert.alert_group_id)
    ]
    at = 0
    replies = [
        reply
        for reply in ledger.outside.replies
        if (reply.channel, reply.root) == (alert.slack_channel, alert.ts)
    ]
    replies.sort(key=lambda reply: reply.end)
    before = None
    for reply in replies:
        lines = reply.text.splitlines()
        if not _fits(ledger, records[at : at + len(lines)], lines):
            again = next(
                (b for b in range(at, -1, -1) if _fits(ledger, records[b : b + len(lines)], lines)),
                None,
            )
            if again is None or before is None:
                missing = [record.event.value for record in records[at : at + len(lines)]]
                ledger.complain(f"{alert.alert_group_id}: expected {missing}, thread says {lines}")
                return
            cause = ledger.cause(before.start, before.end, threads, lost=before.lost)
            ledger.counts[f"thread post repeated: {cause or 'unexplained'}"] += 1
            if cause is None:
                ledger.complain(f"{alert.alert_group_id}: the thread says twice: {lines}")
            at = max(at, again + len(lines))
        else:
            at += len(lines)
        before = reply
    if at != len(records):
        missing = [record.event.value for record in records[at:]]
        ledger.complain(f"{alert.alert_group_id}: the thread ends without {missing}")


def _fits(ledger: "Ledger", records: Sequence[LogRecord], lines: Sequence[str]) -> bool:
    if len(records) != len(lines):
        return False
    return all(_tells(ledger, record, line) for record, line in zip(records, lines, strict=True))


def _tells(ledger: "Ledger", record: LogRecord, line: str) -> bool:
    match = TIME.match(line)
    if match is None or int(match[1]) != int(record.at.timestamp()):
        return False
    heart = HEART[record.event].format(
        by=_name(ledger.rows.users.get(record.by_id or "")),
        user=_name(ledger.rows.users.get(record.user_id or "")),
        step=record.detail.get("step"),
    )
    return re.match(heart, match[2].replace("*", "")) is not None


def _name(user: User | None) -> str:
    return re.escape(user.name) if user else "somebody"
