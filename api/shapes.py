"""What is answered about alert groups, and how it is put together from rows."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Select, bindparam, func, select
from sqlmodel import Session, col

from api.call import Call
from api.fields import Moment
from core.models import Alert, AlertGroup, Integration, Post, PostKind, State, Workspace
from core.paging import Opened


class AlertShape(BaseModel):
    """One alert of a group."""

    id: str
    alert_group_id: str
    created_at: Moment
    payload: dict[str, Any] = Field(description="As it came in; a page by hand has `oncall`.")


class Permalinks(BaseModel):
    """Where people can look at it; `slack` is null until it is posted there."""

    slack: str | None
    slack_app: str | None
    telegram: None = None
    web: str


class AlertGroupShape(BaseModel):
    """An alert group."""

    id: str
    integration_id: str
    team_id: str | None
    route_id: str
    alerts_count: int
    state: State
    created_at: Moment
    resolved_at: Moment | None
    resolved_by: str | None
    acknowledged_at: Moment | None
    acknowledged_by: str | None
    labels: list[Any] = []
    title: str
    permalinks: Permalinks
    silenced_at: Moment | None
    last_alert: AlertShape | None


GROUPS: Select[*tuple[Any, ...]] = (
    select(  # not the message, which may be long and is not answered
        col(AlertGroup.id),
        col(AlertGroup.integration_id),
        col(AlertGroup.route_id),
        col(AlertGroup.state),
        col(AlertGroup.created_at),
        col(AlertGroup.resolved_at),
        col(AlertGroup.resolved_by_id),
        col(AlertGroup.acknowledged_at),
        col(AlertGroup.acknowledged_by_id),
        col(AlertGroup.silenced_at),
        col(AlertGroup.deleted_at),
        col(AlertGroup.title),
        col(Integration.team_id),
        col(Post.permalink),
        col(Post.slack_channel),
        col(Post.ts),
    )
    .join(Integration, col(Integration.id) == col(AlertGroup.integration_id))
    .outerjoin(
        Post, (col(Post.alert_group_id) == col(AlertGroup.id)) & (col(Post.kind) == PostKind.ALERT)
    )
)
ONE = GROUPS.where(col(AlertGroup.id) == bindparam("id"), col(AlertGroup.deleted_at).is_(None))
SOME = GROUPS.where(col(AlertGroup.id).in_(bindparam("groups", expanding=True)))
_ranked = (
    select(
        col(Alert.id),
        func.count().over(partition_by=col(Alert.alert_group_id)).label("alerts"),
        func.row_number()
        .over(
            partition_by=col(Alert.alert_group_id),
            order_by=(col(Alert.created_at).desc(), col(Alert.id).desc()),
        )
        .label("rank"),
    )
    .where(col(Alert.alert_group_id).in_(bindparam("groups", expanding=True)))
    .subquery()
)
LAST_ALERTS = (
    select(
        col(Alert.id),
        col(Alert.alert_group_id),
        col(Alert.created_at),
        col(Alert.payload),
        _ranked.c.alerts,
    )
    .join(_ranked, _ranked.c.id == col(Alert.id))
    .where(_ranked.c.rank == 1)
)
TEAM = select(col(Workspace.team_id)).order_by(col(Workspace.seen_at).desc()).limit(1)


def alert(row: Any) -> AlertShape:
    """An Alert, or a row with its columns."""
    return AlertShape(
        id=row.id,
        alert_group_id=row.alert_group_id,
        created_at=row.created_at,
        payload=row.payload,
    )


def alert_groups(call: Call, session: Session, ids: Sequence[str]) -> list[AlertGroupShape]:
    """These, unless they are deleted, in this order; three queries, however many there are."""
    rows = session.execute(SOME, {"groups": list(ids)}).all() if ids else []
    rows = [row for row in rows if row.deleted_at is None]
    found = {shape.id: shape for shape in _alert_groups(call, session, rows)}
    return [found[id_] for id_ in ids if id_ in found]


def one_alert_group(call: Call, session: Session, alert_group_id: str) -> AlertGroupShape | None:
    rows = session.execute(ONE, {"id": alert_group_id}).all()
    return next(iter(_alert_groups(call, session, rows)), None)


def new_alert_group(call: Call, opened: Opened) -> AlertGroupShape:
    """One that was opened just now: nothing has to be read."""
    shape = _alert_group(call, opened.group, None)
    more = {"alerts_count": 1, "last_alert": alert(opened.alert)}
    more |= {"team_id": opened.team.id} if opened.team else {}
    return shape.model_copy(update=more)


def _alert_groups(call: Call, session: Session, rows: Sequence[Any]) -> list[AlertGroupShape]:
    """Rows of GROUPS as they are answered."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    last = {row.alert_group_id: row for row in session.execute(LAST_ALERTS, {"groups": ids})}
    team = session.scalar(TEAM) if any(row.ts for row in rows) else None
    return [_alert_group(call, row, last.get(row.id), row, team) for row in rows]


def _alert_group(
    call: Call, group: Any, last: Any, posted: Any = None, team: str | None = None
) -> AlertGroupShape:
    """`posted` are the columns of GROUPS beside the group's; `last` those of LAST_ALERTS."""
    return AlertGroupShape(
        id=group.id,
        integration_id=group.integration_id,
        team_id=posted.team_id if posted else None,
        route_id=group.route_id,
        alerts_count=last.alerts if last else 0,
        state=group.state,
        created_at=group.created_at,
        resolved_at=group.resolved_at,
        resolved_by=group.resolved_by_id,
        acknowledged_at=group.acknowledged_at,
        acknowledged_by=group.acknowledged_by_id,
        title=group.title,
        permalinks=_permalinks(call, group.id, posted, team),
        silenced_at=group.silenced_at,
        last_alert=alert(last) if last else None,
    )


def _permalinks(call: Call, alert_group_id: str, posted: Any, team: str | None) -> Permalinks:
    in_app = None
    if posted and posted.ts and team:
        in_app = f"slack://channel?team={team}&id={posted.slack_channel}&message={posted.ts}"
    return Permalinks(
        slack=posted.permalink if posted else None,
        slack_app=in_app,
        web=call.web(alert_group_id),
    )
