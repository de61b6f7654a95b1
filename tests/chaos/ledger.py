"""Compares what must have happened with what did."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from core import queue
from core.models import (
    Delivery,
    DeliveryOutcome,
    Outcome,
    Page,
    Post,
    PostKind,
    Purpose,
    RuleType,
    State,
)
from core.queue import Claimable
from tests.chaos.outside import Outside, Sending
from tests.chaos.rows import Rows, name, unix
from tests.chaos.scene import Scene
from tests.chaos.team import check_chains
from tests.chaos.threads import check_threads

CONFIRM = 3.0  # seconds within which a receipt follows what was sent
UNDER_WAY = 10.0  # seconds that something claimed before an answer may take to leave
LEASE, DEADLINE = (each.total_seconds() for each in (queue.LEASE, queue.DEADLINE))


@dataclass
class Ledger:
    """`counts` is the table; `violations` must be empty."""

    scene: Scene
    rows: Rows
    outside: Outside
    counts: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def cause(
        self, start: float, end: float, rows: Iterable[Claimable], *, lost: bool
    ) -> str | None:
        """Why something sent at this time may have no receipt.

        It is about one of these rows.  A process that is killed leaves what it was at under
        a lease, and nobody else sends that before the lease ends.
        """
        names = {name(row) for row in rows}
        if any(
            names & kill.leased and start - LEASE <= kill.at <= end + DEADLINE
            for kill in self.scene.kills
        ):
            return "kill"
        if lost:
            return "lost answer"
        if any(a <= end + CONFIRM and start <= b + CONFIRM for a, b in self.scene.outages):
            return "outage"
        return None

    def complain(self, text: str) -> None:
        self.violations.append(text)


def check(ledger: Ledger, confirmed: Iterable[str]) -> None:
    _check_confirmed(ledger, set(confirmed))
    extras = _match(ledger)
    _check_extras(ledger, extras)
    _check_steps(ledger)
    _check_stopped(ledger)
    _check_words(ledger)
    _check_messages(ledger)
    check_threads(ledger)
    check_chains(ledger)


def _check_confirmed(ledger: Ledger, confirmed: set[str]) -> None:
    """Every form that closed led to one alert group, and none to two."""
    found = Counter(group.message for group in ledger.rows.groups.values())
    ledger.counts["alert groups"] = len(ledger.rows.groups)
    for message in confirmed:
        if not found[message]:
            ledger.complain(f"lost: {message} was confirmed and does not exist")
    for message, times in found.items():
        # A form that Slack lost, and which was filled in anew, is another request.
        if times > 1 and not ledger.scene.kills and not ledger.scene.faults.strikes:
            ledger.complain(f"{message} was opened {times} times")
    ledger.counts["pages"] = len(ledger.rows.pages)


def _match(ledger: Ledger) -> list[Sending]:
    """Give each receipt the one notification it is about; returns those without."""
    left = list(ledger.outside.pages)
    ledger.counts["notifications arrived"] = len(left)
    for row in ledger.rows.deliveries:
        if row.purpose is not Purpose.PAGE or row.outcome is not DeliveryOutcome.SENT:
            continue
        ledger.counts["steps with a receipt"] += 1
        key = f"{row.alert_group_id}.{row.page_id}.{row.run}.{row.step}"
        if row.channel is RuleType.SLACK:
            fits = [s for s in left if s.ts == row.receipt["ts"] and s.to == row.address]
        else:
            way, sent = row.channel, unix(row.sent_at)
            fits = [s for s in left if s.way is way and s.key == key and s.start <= sent + 0.5]
        if fits:
            left.remove(fits[-1])
        else:
            ledger.complain(f"delivery {row.id} by {row.channel.value} is recorded, never arrived")
    return left


def _check_extras(ledger: Ledger, extras: list[Sending]) -> None:
    """What came without a receipt was in flight at a kill, or its answer was lost."""
    sent = {
        (row.channel, row.alert_group_id, row.address.lower())
        for row in ledger.rows.deliveries
        if row.outcome is DeliveryOutcome.SENT
    }
    for sending in extras:
        rows = [row for row in ledger.rows.deliveries if _is_about(row, sending)]
        cause = ledger.cause(sending.start, sending.end, rows, lost=sending.lost)
        what = f"{sending.way.value} for {sending.group} to {sending.to}"
        if cause is None:
            ledger.complain(f"came without a receipt, and nothing explains it: {what}")
        again = (sending.way, sending.group, sending.to.lower()) in sent
        what = "came twice" if again else "came, then it was stopped"
        ledger.counts[f"{what}: {cause or 'unexplained'}"] += 1


def _is_about(row: Delivery, sending: Sending) -> bool:
    where = (row.channel, row.alert_group_id, row.address.lower())
    return where == (sending.way, sending.group, sending.to.lower())


def _check_steps(ledger: Ledger) -> None:
    """Every step of a plan that ran to its end has gone out or failed; none is left open."""
    done: dict[str, dict[int, DeliveryOutcome | None]] = defaultdict(dict)
    for row in ledger.rows.deliveries:
        page = ledger.rows.pages.get(row.page_id or "")
        if row.outcome is None:
            ledger.complain(f"delivery {row.id} by {row.channel.value} never ended")
        if page is not None and row.run == page.run:
            done[page.id][row.step] = row.outcome
        if row.outcome is DeliveryOutcome.FAILED and row.channel in REACHES:
            ledger.complain(f"delivery {row.id} by {row.channel.value} failed: {row.reason}")
    for page in ledger.rows.pages.values():
        ledger.counts[f"pages {page.outcome.value if page.outcome else 'running'}"] += 1
        if page.outcome is None:
            ledger.complain(f"page {page.id} never ended")
        for index, step in enumerate(page.steps):
            if step.is_wait:
                continue
            outcome = done[page.id].get(index)
            if page.outcome is Outcome.EXHAUSTED:
                ledger.counts["steps due and wanted"] += 1
                if outcome not in {DeliveryOutcome.SENT, DeliveryOutcome.FAILED}:
                    ledger.complain(f"lost: step {index} of {page.id}, which nobody answered")
            elif index < page.next_step and outcome is None:
                ledger.complain(f"lost: step {index} of {page.id} was begun, and is not there")


REACHES = {RuleType.SLACK, RuleType.EMAIL, RuleType.WEBHOOK}


def _check_stopped(ledger: Ledger) -> None:
    """Nothing that was stopped left later, save what was under way at that moment."""
    for row in ledger.rows.deliveries:
        page = ledger.rows.pages.get(row.page_id or "")
        if page is None or page.outcome in {None, Outcome.EXHAUSTED} or row.run != page.run:
            continue
        if unix(row.created_at) > unix(page.ended_at):
            ledger.complain(f"delivery {row.id} of {page.id} was begun after it stopped")
    pages = {(p.alert_group_id, _address(ledger, p)): p for p in ledger.rows.pages.values()}
    by_mail = {
        (p.alert_group_id, (ledger.rows.users[p.user_id].email or "").lower()): p
        for p in ledger.rows.pages.values()
    }
    by_id = ledger.rows.pages
    for sending in ledger.outside.pages:
        page = by_id.get(sending.key.split(".")[1]) if sending.key else None
        page = page or pages.get((sending.group, sending.to))
        page = page or by_mail.get((sending.group, sending.to))
        if page is None:
            ledger.complain(f"{sending.way.value} for {sending.group} belongs to no page")
            continue
        if page.outcome in {None, Outcome.EXHAUSTED}:
            continue
        late = sending.start - unix(page.ended_at)
        if late > UNDER_WAY:
            ledger.complain(f"{sending.way.value} of {page.id} left {late:.1f} s after it stopped")
        elif sending.end > unix(page.ended_at):
            ledger.counts["under way when stopped"] += 1


def _address(ledger: Ledger, page: Page) -> str:
    return ledger.rows.users[page.user_id].slack_user_id or ""


def _check_words(ledger: Ledger) -> None:
    """Authors hear where their alert is, and when nobody has answered."""
    for row in ledger.rows.deliveries:
        if row.purpose is Purpose.PAGE:
            continue
        if row.purpose is Purpose.UNANSWERED and row.outcome is DeliveryOutcome.STOPPED:
            ledger.counts["authors need not be told any more"] += 1  # somebody answered meanwhile
            continue
        ledger.counts[f"authors told: {row.purpose.value}"] += 1
        if row.outcome is not DeliveryOutcome.SENT:
            ledger.complain(f"delivery {row.id} ({row.purpose.value}): {row.outcome} {row.reason}")


def _check_messages(ledger: Ledger) -> None:
    """Alert messages and direct messages say how it stands, and only then have buttons."""
    alerts = {post.alert_group_id: post for post in ledger.rows.posts if _is_alert(post)}
    for group in ledger.rows.groups.values():
        post = alerts[group.id]
        mine = [root for root in ledger.outside.roots if root.group == group.id]
        known = [root for root in mine if root.ts == post.ts]
        if len(known) != 1:
            ledger.complain(f"{group.id} has no alert message ({post.ts})")
            continue
        for root in mine:
            if root is not known[0]:
                cause = ledger.cause(root.start, root.end, [post], lost=root.lost)
                ledger.counts[f"second alert message: {cause or 'unexplained'}"] += 1
                if cause is None:
                    ledger.complain(f"{group.id} has a second alert message")
        said = _said(ledger, post.slack_channel, post.ts)
        if STATES[group.state] not in said:
            ledger.complain(f"{group.id} is {group.state.value}; its message says {said[:60]!r}")
    for row in ledger.rows.deliveries:
        page = ledger.rows.pages.get(row.page_id or "")
        if page is None or row.channel is not RuleType.SLACK or "ts" not in row.receipt:
            continue
        state = ledger.rows.groups[row.alert_group_id].state
        open_ = page.outcome is Outcome.EXHAUSTED and state is State.FIRING
        message = ledger.scene.box.workspace.find_message(
            row.receipt["slack_channel"], row.receipt["ts"]
        )
        has = message is not None and any(b["type"] == "actions" for b in message.blocks)
        if has != open_:
            words = "still has" if has else "has no"
            ledger.complain(f"the direct message of delivery {row.id} {words} buttons ({state})")


STATES = {
    State.FIRING: "Firing",
    State.ACKNOWLEDGED: "Acknowledged by",
    State.SILENCED: "Silenced by",
    State.RESOLVED: "Resolved by",
}


def _is_alert(post: Post) -> bool:
    return post.kind is PostKind.ALERT


def _said(ledger: Ledger, channel: str | None, ts: str | None) -> str:
    message = ledger.scene.box.workspace.find_message(channel or "", ts or "")
    return message.text if message else "(gone)"
