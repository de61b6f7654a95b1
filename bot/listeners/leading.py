"""What leads to an escalation chain: teams, and the Slack channels of their routes."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.views.crowd import Crowd
from core.audiences import Audiences
from core.models import ChainStep, Integration, PolicyType, Route, SlackChannel, Team
from core.outlook import StepOutlook

WITHOUT_TEAM = "pages without a team"
WHOLE = ChainStep(PolicyType.NOTIFY_CHANNEL)


def teams(session: Session, chain_ids: Collection[str]) -> dict[str, list[str]]:
    """Whose pages start these chains: names of teams, each once, by the chain's id."""
    rows = (
        select(Route.escalation_chain_id, Integration.pages_for, Team.name)
        .join(Integration, col(Integration.id) == Route.integration_id)
        .outerjoin(Team, col(Team.id) == Integration.pages_for)
        .where(
            col(Route.escalation_chain_id).in_(chain_ids),
            col(Integration.pages_for).is_not(None),
            col(Team.deleted_at).is_(None),
        )
        .order_by(col(Integration.pages_for) == "", func.lower(col(Team.name)))
    )
    found: dict[str, list[str]] = {}
    for chain_id, pages_for, name in session.execute(rows):
        team = name if pages_for else WITHOUT_TEAM
        if chain_id is not None and team and team not in found.setdefault(chain_id, []):
            found[chain_id].append(team)
    return found


def crowds(session: Session, chain_ids: Collection[str]) -> dict[str, Crowd]:
    """The largest crowd that a step for the whole Slack channel would call, by chain."""
    usable = col(Route.slack_enabled) & col(SlackChannel.gone_at).is_(None)
    rows = (
        select(Route.escalation_chain_id, SlackChannel.id, SlackChannel.members_read_at)
        .outerjoin(SlackChannel, (col(SlackChannel.id) == Route.slack_channel_id) & usable)
        .join(Integration, col(Integration.id) == Route.integration_id)
        .outerjoin(Team, col(Team.id) == Integration.team_id)
        .where(
            col(Route.escalation_chain_id).in_(chain_ids),
            col(Team.deleted_at).is_(None),
        )
        .order_by(col(SlackChannel.id))
    )
    found = session.execute(rows).all()
    channels = {channel for _, channel, _ in found if channel}
    audiences = Audiences.read(session, [WHOLE], channels)
    places: dict[str, set[str | None]] = {}
    largest = dict.fromkeys(chain_ids, Crowd())
    for chain_id, channel, read_at in found:
        if chain_id is None:
            continue
        places.setdefault(chain_id, set()).add(channel)
        if channel is None:
            continue
        before, size = largest[chain_id], len(audiences.of(WHOLE, channel))
        is_larger = before.slack_channel is None or size > before.people
        largest[chain_id] = Crowd(
            slack_channel=channel if is_larger else before.slack_channel,
            people=max(size, before.people),
            is_counted=before.is_counted and read_at is not None,
        )
    return {
        chain_id: replace(each, varies=len(places.get(chain_id, ())) > 1)
        for chain_id, each in largest.items()
    }


def crowd(session: Session, chain_id: str) -> Crowd:
    return crowds(session, [chain_id])[chain_id]


def on_any_route(steps: Sequence[StepOutlook], crowd: Crowd) -> tuple[StepOutlook, ...]:
    """The steps, foreseen for the largest Slack channel, as they are on all routes."""
    return tuple(
        replace(each, varies=True, is_counted=crowd.is_counted)
        if crowd.varies and each.step.type is PolicyType.NOTIFY_CHANNEL
        else each
        for each in steps
    )
