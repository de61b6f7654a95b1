"""The team of an alert group and where its escalation chain stands, for whoever looks at it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from core import clock
from core.models import (
    AlertGroup,
    Ending,
    Escalation,
    Event,
    Integration,
    LogRecord,
    Team,
    Timer,
    TimerKind,
)

STANDING = (
    select(Team.name, Escalation, Timer.due_at, LogRecord.detail)
    .select_from(Integration)
    .outerjoin(Team, col(Team.id) == col(Integration.team_id))
    .outerjoin(Escalation, col(Escalation.alert_group_id) == bindparam("group_id"))
    .outerjoin(
        Timer,
        (col(Timer.subject_id) == col(Escalation.alert_group_id))
        & (col(Timer.kind) == TimerKind.ESCALATION),
    )
    .outerjoin(
        LogRecord,
        (col(LogRecord.alert_group_id) == bindparam("group_id"))
        & (col(LogRecord.event) == Event.OPENED),
    )
    .where(col(Integration.id) == bindparam("integration_id"))
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class PagedTeam:
    """The team that was paged, by the name it has now.

    `heard_only_in` is the Slack channel (`#sre`) that alone heard of it when it
    was paged: its route called nobody.
    """

    name: str
    important: bool = False
    heard_only_in: str | None = None


@dataclass(frozen=True)
class ChainStanding:
    """How far a chain has run: `step` of `steps` have begun, waits among them."""

    name: str
    step: int
    steps: int
    ending: Ending | None  # None: it runs, or it is held
    is_held: bool  # it waits for more alerts
    next_at: datetime | None  # when its next step is due
    may_page: bool  # whether it will come by itself to a step that pages people


def read(session: Session, group: AlertGroup) -> tuple[PagedTeam | None, ChainStanding | None]:
    """The team that was paged, if any, and how the chain stands, if any."""
    wanted = {"group_id": group.id, "integration_id": group.integration_id}
    name, chain, due, opened = session.execute(STANDING, wanted).one()
    said = opened or {}
    team = None
    if name is not None:
        team = PagedTeam(name, bool(said.get("important")), said.get("heard_only_in"))
    if chain is None:
        return team, None
    return team, ChainStanding(
        name=chain.chain_name,
        step=min(chain.next_step + chain.is_held, len(chain.steps)),
        steps=len(chain.steps),
        ending=chain.ending,
        is_held=chain.is_held,
        next_at=clock.expected(due) if due is not None and chain.runs else None,
        may_page=chain.may_page,
    )
