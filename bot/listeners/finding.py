"""Answers menus that are searched: teams, chains, Slack channels and user groups by name."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App
from sqlalchemy import ColumnElement, Select, func, or_
from sqlmodel import Session, col, select

from bot import ids
from bot.interaction import Interaction
from bot.listeners import admins
from bot.listeners.desk import Desk, guarded
from bot.listeners.lookup import check_is_ours
from bot.views import team_form
from bot.views.chosen import Block, plain
from bot.views.fields import MOST_OPTIONS, option
from bot.views.fitting import shorten
from core import people
from core.models import EscalationChain, SlackChannel, SlackChannelMember, Team, UserGroup

Find = Callable[[Session, str, str], list[Block]]


def register(app: App, desk: Desk) -> None:
    for action_id in FINDS:
        app.options(action_id)(guarded(desk, suggest))


def suggest(interaction: Interaction, desk: Desk) -> None:
    """The first of those whose name holds what was typed."""
    typed = str(interaction.body.get("value") or "").strip().removeprefix("#").removeprefix("@")
    with desk.db.reading() as session:
        found: list[Block] = []
        known = people.find_slack(session, interaction.user_id)
        check_is_ours(session, interaction, known)
        if admins.is_admin(known):
            find = FINDS[interaction.body["action_id"]]
            found = find(session, typed, interaction.user_id)
    interaction.acknowledge(options=found[:MOST_OPTIONS])


def _teams(session: Session, typed: str, _: str) -> list[Block]:
    rows = select(Team).where(col(Team.deleted_at).is_(None), _holds(col(Team.name), typed))
    return [option(team.name, team.id) for team in _first(session, rows, col(Team.name))]


def _chains(session: Session, typed: str, _: str) -> list[Block]:
    name = col(EscalationChain.name)
    rows = select(EscalationChain).where(_holds(name, typed))
    return [option(chain.name, chain.id) for chain in _first(session, rows, name)]


def _chains_or_none(session: Session, typed: str, by: str) -> list[Block]:
    return [team_form.NO_CHAIN, team_form.NEW_CHAIN, *_chains(session, typed, by)]


def _listed_chains_or_none(session: Session, typed: str, by: str) -> list[Block]:
    return [team_form.NO_CHAIN, *_chains(session, typed, by)]


def _slack_channels(session: Session, typed: str, by: str) -> list[Block]:
    """Private ones only for those who are in it: their names are nobody else's business."""
    name = col(SlackChannel.name)
    inside = select(SlackChannelMember.slack_channel_id).where(
        SlackChannelMember.slack_user_id == by
    )
    rows = select(SlackChannel).where(
        _holds(name, typed),
        col(SlackChannel.gone_at).is_(None),
        or_(col(SlackChannel.is_private).is_(False), col(SlackChannel.id).in_(inside)),
    )
    return [
        team_form.NO_CHANNEL,
        *(option(f"#{each.name}", each.id) for each in _first(session, rows, name)),
    ]


def _user_groups(session: Session, typed: str, _: str) -> list[Block]:
    handle = col(UserGroup.handle)
    rows = select(UserGroup).where(
        or_(_holds(handle, typed), _holds(col(UserGroup.name), typed)),
        col(UserGroup.gone_at).is_(None),
    )
    return [
        option(f"@{each.handle}", each.id) | {"description": plain(shorten(each.name, 75))}
        for each in _first(session, rows, handle)
    ]


def _first(session: Session, rows: Select[Any], name: Any) -> Any:
    return session.scalars(rows.order_by(func.lower(name), name).limit(MOST_OPTIONS))


def _holds(name: Any, typed: str) -> ColumnElement[bool]:
    """SQLite knows the other case of the letters a to z only, hence also as typed."""
    found: ColumnElement[bool] = or_(
        name.icontains(typed, autoescape=True), name.contains(typed, autoescape=True)
    )
    return found


FINDS: Mapping[str, Find] = {
    ids.FIND_TEAM: _teams,
    ids.STEP_TEAM_SELECT: _teams,
    ids.FIND_CHAIN: _chains,
    ids.CHAIN_SELECT: _chains_or_none,
    ids.LISTED_CHAIN_SELECT: _listed_chains_or_none,
    ids.SLACK_CHANNEL_SELECT: _slack_channels,
    ids.USER_GROUP_SELECT: _user_groups,
}
