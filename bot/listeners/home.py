"""The Home tab: drawn when somebody opens it, and after each change that they make."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import Select, func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from bot.failures import retry_after
from bot.interaction import SLACK_ERRORS, Interaction, reason
from bot.listeners import admins, leading
from bot.listeners.desk import PATIENCE, Desk, Listener, guarded
from bot.listeners.lookup import STRANGER, keep, workspace
from bot.views import home
from bot.views.home import AnyChain, AnyTeam, Home, MyTeam
from core import clock, db, direct_paging, outlook, people
from core.errors import Gone
from core.models import EscalationChain, Team, TeamMember, User

logger = logging.getLogger(__name__)

LIVING = select(Team).where(col(Team.deleted_at).is_(None))
# One at a time for each person, or what was read first might be shown last.
TURNS = tuple(Lock() for _ in range(64))
LONGEST_PAUSE = 5.0  # seconds to wait for a rate limit; the person is looking at the tab
NOT_SAID = "Slack did not say who you are. Open this tab again."
BY_NAME = (func.lower(col(Team.name)), col(Team.id))


def register(app: App, desk: Desk) -> None:
    for event, listener in EVENTS.items():
        app.event(event)(guarded(desk, listener))


def opened(interaction: Interaction, desk: Desk) -> None:
    """Somebody looks at us: at the Home tab, or at our direct messages."""
    interaction.acknowledge()
    event: Mapping[str, Any] = interaction.body["event"]
    if event.get("tab", "home") == "home":
        publish(interaction.client, desk, str(event["user"]))


EVENTS: Mapping[str, Listener] = {"app_home_opened": opened}


def publish(client: WebClient, desk: Desk, slack_user_id: str) -> float | None:
    """Draw the Home tab of this person, whom we may see for the first time (P14).

    How long Slack wants to be left alone before it draws it, if it does.
    """
    new = desk.lookup.newcomers(desk.db, [slack_user_id])
    if any(new.values()):
        with desk.db.transaction(patience=PATIENCE) as session:
            keep(session, [slack_user_id], new)
    return _draw(client, desk, slack_user_id) if _AWAITED.begin(slack_user_id) else None


def refresh(client: WebClient, desk: Desk, slack_user_id: str) -> None:
    """The same after a change, which is made whatever becomes of the tab: raises nothing."""
    try:
        pause = publish(client, desk, slack_user_id)
        if pause is not None and _AWAITED.begin(slack_user_id):
            time.sleep(min(pause, LONGEST_PAUSE))
            _draw(client, desk, slack_user_id)
    except SQLAlchemyError as error:
        logger.warning("The Home tab of %s cannot be read: %s", slack_user_id, db.reason(error))


@contextmanager
def without_what_is_gone(interaction: Interaction, desk: Desk) -> Iterator[None]:
    """Somebody pressed what is not there any more: draw their tab without it, then tell them."""
    try:
        yield
    except Gone:
        refresh(interaction.client, desk, interaction.user_id)
        raise


def _draw(client: WebClient, desk: Desk, slack_user_id: str) -> float | None:
    """As `publish`, once it is awaited."""
    with TURNS[hash(slack_user_id) % len(TURNS)]:
        _AWAITED.end(slack_user_id)
        with desk.db.reading() as session:
            drawn = _tab(session, desk, slack_user_id)
        try:
            client.views_publish(user_id=slack_user_id, view=drawn)
        except SLACK_ERRORS as error:
            logger.warning("views.publish for %s: %s", slack_user_id, reason(error))
            if isinstance(error, SlackApiError) and error.response.status_code == 429:
                return retry_after(error.response.headers).total_seconds()
    return None


class _Awaited:
    """Whose tab somebody waits to draw, and will draw as things are then: no other needs to."""

    def __init__(self) -> None:
        self._people: set[str] = set()
        self._lock = Lock()

    def begin(self, slack_user_id: str) -> bool:
        with self._lock:
            is_new = slack_user_id not in self._people
            self._people.add(slack_user_id)
            return is_new

    def end(self, slack_user_id: str) -> None:
        with self._lock:
            self._people.discard(slack_user_id)


_AWAITED = _Awaited()


def _tab(session: Session, desk: Desk, slack_user_id: str) -> dict[str, Any]:
    user = people.find_slack(session, slack_user_id)
    ours = workspace(session)
    if user is None:
        return home.only(NOT_SAID)
    if ours and user.slack_team_id not in (None, ours.team_id):
        return home.only(STRANGER)
    seen = _read(session, user, guests=desk.guests_may_page)
    return home.view(seen, mark=str(clock.now().timestamp()))


def _read(session: Session, user: User, *, guests: bool) -> Home:
    """What this person is to see."""
    own = LIVING.join(TeamMember, col(TeamMember.team_id) == Team.id).where(
        TeamMember.user_id == user.id
    )
    mine = session.scalars(own.order_by(*BY_NAME).limit(home.MOST_MINE)).all()
    sizes, does = _sizes(session, mine), outlook.of_teams(session, mine)
    seen = Home(
        is_admin=admins.is_admin(user),
        admins=tuple(admins.names(session, most=5)),
        may_page=user.may_act(guests=guests),
        mine=tuple(
            MyTeam(
                id=team.id,
                name=team.name,
                people=sizes[team.id],
                default=does[team.id, False],
                important=does[team.id, True],
            )
            for team in mine
        ),
        mine_count=_count(session, own),
    )
    return _with_everything(session, seen) if seen.is_admin else seen


def _with_everything(session: Session, seen: Home) -> Home:
    """The same with what only admins see: all teams and chains."""
    teams = session.scalars(LIVING.order_by(*BY_NAME).limit(home.MOST_TEAMS)).all()
    sizes = _sizes(session, teams)
    can = {team.id for team in direct_paging.contactable(session, teams)}
    every = select(EscalationChain)
    order = (func.lower(col(EscalationChain.name)), col(EscalationChain.id))
    found = session.scalars(every.order_by(*order).limit(home.MOST_CHAINS)).all()
    crowds = leading.crowds(session, [chain.id for chain in found])
    runs = {chain.id: (chain.id, crowds[chain.id].slack_channel) for chain in found}
    steps = outlook.of_chains(session, runs.values())
    used = leading.teams(session, [chain.id for chain in found])
    return replace(
        seen,
        teams=tuple(AnyTeam(t.id, t.name, sizes[t.id], t.id in can) for t in teams),
        team_count=_count(session, LIVING),
        without_team=outlook.of_team(session, None, important=False),
        chains=tuple(
            AnyChain(
                id=chain.id,
                name=chain.name,
                steps=leading.on_any_route(steps[runs[chain.id]], crowds[chain.id]),
                teams=tuple(used.get(chain.id, ())),
            )
            for chain in found
        ),
        chain_count=_count(session, every),
    )


def _sizes(session: Session, teams: Sequence[Team]) -> dict[str, int]:
    """How many people belong to each of these teams, whoever has left not counted."""
    rows = (
        select(TeamMember.team_id, func.count())
        .join(User, col(User.id) == TeamMember.user_id)
        .where(
            col(TeamMember.team_id).in_([team.id for team in teams]),
            col(User.is_active),
            col(User.is_bot).is_(False),
        )
        .group_by(col(TeamMember.team_id))
    )
    none = dict.fromkeys((team.id for team in teams), 0)
    return none | dict(iter(session.execute(rows)))


def _count(session: Session, rows: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0
