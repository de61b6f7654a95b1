"""What pages by hand lead to: the routes of a team's direct paging, or of that for no team."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from core import chains, integrations, routing, rows
from core.audiences import Audiences
from core.errors import Invalid
from core.judging import Unjudged, Verdicts
from core.matching import Term
from core.models import Integration, Route, SlackChannel, Team
from core.routing import Branch

ROUTES = (
    select(  # type: ignore[call-overload]
        Integration.pages_for,
        Integration.id,
        Route.id,
        Route.is_default,
        Route.routing_type,
        Route.routing_regex,
        Route.escalation_chain_id,
        Route.slack_enabled,
        SlackChannel.id,
    )
    .join(Route, col(Integration.id) == col(Route.integration_id))
    .outerjoin(
        SlackChannel,
        (col(SlackChannel.id) == col(Route.slack_channel_id)) & col(SlackChannel.gone_at).is_(None),
    )
    .where(col(Integration.pages_for).in_(bindparam("wanted", expanding=True)))
    .order_by(col(Route.is_default), col(Route.position))
)


@dataclass(frozen=True)
class DirectPaging:
    """A direct paging integration with its routes in order, the default one last."""

    integration_id: str
    branches: tuple[Branch, ...]

    @property
    def default(self) -> Branch:
        """What alerts take that no other route matches."""
        return self.branches[-1]

    @property
    def is_contactable(self) -> bool:
        """Whether anybody would hear of a page by hand."""
        return any(each.is_heard for each in self.branches)


def of(session: Session, team: Team | None) -> DirectPaging:
    """That of a team, or the one for no team.  Made now, if it was not made with the team."""
    key = team.id if team else ""
    found = of_teams(session, [key])
    if key not in found:
        integrations.make_direct_paging(session, team)
        found = of_teams(session, [key])
    return found[key]


def of_teams(session: Session, team_ids: Collection[str]) -> dict[str, DirectPaging]:
    """Those of these teams that have one, by the team's id; "" is no team."""
    found: dict[str, list[Any]] = {}
    for row in rows.read(session, ROUTES, wanted=list(team_ids)):
        found.setdefault(row[0], []).append(row)
    calling = _calling(session, [row for those in found.values() for row in those])
    return {
        key: DirectPaging(those[0][1], tuple(_branch(row, calling) for row in those))
        for key, those in found.items()
    }


def contactable(session: Session, teams: Iterable[Team]) -> list[Team]:
    """Those of these teams that can be paged."""
    known = list(teams)
    found = of_teams(session, [team.id for team in known])
    return [team for team in known if team.id in found and found[team.id].is_contactable]


def check_contactable(team: Team, direct: DirectPaging) -> None:
    """Raises Invalid unless somebody would hear of a page of this team."""
    if direct.is_contactable:
        return
    raise Invalid(
        f"{team.name} cannot be paged: give its direct paging an escalation chain that calls "
        "somebody, or a Slack channel. An admin does that in Slack (Tocsin's Home tab), over the "
        "API (routes/) or with app.py config. Or page its members as users.",
        field="team",
    )


def taken(
    direct: DirectPaging, verdicts: Verdicts, payload: Mapping[str, Any], *, important: bool
) -> Branch:
    """The route that a page by hand takes.  Raises Unjudged."""
    terms = routing.unjudged(direct.branches, verdicts)
    if terms:
        raise Unjudged(terms, payload)
    return routing.choose(direct.branches, verdicts, important=important)


def _calling(session: Session, found: Sequence[Any]) -> set[tuple[str, str | None]]:
    """Which pairs of chain and Slack channel page anybody."""
    pairs = {(row[6], _channel(row)) for row in found if row[6] is not None}
    if not pairs:
        return set()
    steps = chains.steps(session, {chain_id for chain_id, _ in pairs})
    audiences = Audiences.read(
        session,
        [step for each in steps.values() for step in each],
        {channel for _, channel in pairs if channel is not None},
    )
    return {pair for pair in pairs if audiences.call_somebody(steps[pair[0]], pair[1])}


def _branch(row: Any, calling: Collection[tuple[str, str | None]]) -> Branch:
    channel = _channel(row)
    return Branch(
        route_id=row[2],
        term=None if row[3] else Term(row[4], row[5] or ""),
        chain_id=row[6],
        slack_channel=channel,
        calls=(row[6], channel) in calling,
    )


def _channel(row: Any) -> str | None:
    """The Slack channel that hears of it, if it can be used."""
    enabled, channel = row[7], row[8]
    return channel if enabled else None
