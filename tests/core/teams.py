"""Words for stories about teams: their members, chains, routes and Slack channels."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from core import (
    alert_groups,
    chains,
    clock,
    judging,
    matching,
    paging,
    reports,
    routes,
    teams,
    telling,
)
from core.matching import Matcher
from core.models import (
    AlertGroup,
    ChainStep,
    EscalationChain,
    Event,
    Page,
    PolicyType,
    SlackChannel,
    SlackChannelMember,
    Team,
    User,
    UserGroup,
    UserGroupMember,
)
from core.pages import Responder
from core.paging import Opened, Origin
from tests.core.matching import in_no_hurry
from tests.core.world import World

Said = ChainStep | int  # minutes to wait


def persons(*users: User, important: bool = False) -> ChainStep:
    ids = tuple(user.id for user in users)
    return ChainStep(PolicyType.NOTIFY_PERSONS, persons=ids, important=important)


def in_turn(*users: User, important: bool = False) -> ChainStep:
    ids = tuple(user.id for user in users)
    return ChainStep(PolicyType.NOTIFY_NEXT, persons=ids, important=important)


def members(team: Team, *, important: bool = False) -> ChainStep:
    return ChainStep(PolicyType.NOTIFY_TEAM, team_id=team.id, important=important)


def group(found: UserGroup, *, important: bool = False) -> ChainStep:
    return ChainStep(PolicyType.NOTIFY_USER_GROUP, user_group_id=found.id, important=important)


def hours(begin: str, end: str) -> ChainStep:
    """Only between these times, such as 08:00 and 18:00 (UTC)."""
    return ChainStep(PolicyType.IF_TIME, time_from=f"{begin}:00Z", time_to=f"{end}:00Z")


def set_clock(hour: int, minute: int = 0) -> None:
    """Tomorrow at this time (UTC)."""
    now = clock.now()
    at = datetime(now.year, now.month, now.day, hour, minute, tzinfo=UTC) + timedelta(days=1)
    clock.forward(at - now)


def alerts(more_than: int, minutes: int) -> ChainStep:
    return ChainStep(PolicyType.IF_ALERTS, num_alerts=more_than, num_minutes=minutes)


CHANNEL = ChainStep(PolicyType.NOTIFY_CHANNEL)
REPEAT = ChainStep(PolicyType.REPEAT)
RESOLVE = ChainStep(PolicyType.RESOLVE)
WEBHOOK = ChainStep(PolicyType.TRIGGER_WEBHOOK)
ON_CALL = ChainStep(PolicyType.NOTIFY_ON_CALL)


class Teams:
    """What admins set up, and pages of teams in a world."""

    def __init__(self, world: World, matcher: Matcher | None = None) -> None:
        self.world = world
        self.matcher = matcher or in_no_hurry()

    def make(self, name: str, *people: User) -> Team:
        with self.world.db.transaction() as session:
            team = teams.make(session, name)
            for user in people:
                teams.add_member(session, team.id, user)
            return team

    def chain(self, name: str, *steps: Said) -> EscalationChain:
        with self.world.db.transaction() as session:
            chain = chains.make(session, name)
            chains.replace_steps(session, chain, as_steps(steps))
            return chain

    def change(self, chain: EscalationChain, *steps: Said) -> None:
        with self.world.db.transaction() as session:
            chains.replace_steps(session, chains.hold(session, chain.id), as_steps(steps))

    def delete_chain(self, chain: EscalationChain) -> None:
        with self.world.db.transaction() as session:
            chains.delete_it(session, chain.id)

    def leads(
        self,
        team: Team | None,
        chain: EscalationChain | None = None,
        *,
        important: bool = False,
        channel: SlackChannel | None = None,
    ) -> None:
        """Pages of this team, or the important ones, start this chain and go to this channel."""
        with self.world.db.transaction() as session:
            urgent, default = routes.of_team(session, team)
            route = urgent if important else default
            assert route is not None
            routes.lead_to(session, route, chain.id if chain else None)
            routes.be_heard_in(session, route, channel.id if channel else None)

    def channel(self, name: str, *people: User, private: bool = False) -> SlackChannel:
        """A Slack channel that the bot sees, with people in it."""
        with self.world.db.transaction() as session:
            found = SlackChannel(id=f"C{name.upper()}", name=name, is_private=private)
            session.add(found)
            session.flush()
            for user in people:
                session.add(
                    SlackChannelMember(
                        slack_channel_id=found.id, slack_user_id=user.slack_user_id or ""
                    )
                )
            return found

    def group(self, handle: str, *people: User) -> UserGroup:
        """A Slack user group."""
        with self.world.db.transaction() as session:
            found = UserGroup(slack_id=f"S{handle.upper()}", name=handle, handle=handle)
            session.add(found)
            session.flush()
            for user in people:
                session.add(
                    UserGroupMember(user_group_id=found.id, slack_user_id=user.slack_user_id or "")
                )
            return found

    def opened(
        self,
        team: Team | None,
        *people: User,
        message: str = "db down",
        important: bool = False,
        by: User | None = None,
        origin: Origin | None = None,
    ) -> Opened:
        """Page a team, and perhaps people with it; nothing runs yet."""
        typed = reports.typed(message)
        report = reports.Report(typed.title, typed.message, important=important)

        def attempt(verdicts: Mapping[matching.Term, bool]) -> Opened:
            with self.world.db.transaction() as session:
                return paging.escalate(
                    session,
                    report,
                    [Responder(session.get_one(User, user.id)) for user in people],
                    by=by or self.world.alice,
                    ways=self.world.outbox.ways,
                    team=session.get_one(Team, team.id) if team else None,
                    verdicts=verdicts,
                    origin=origin,
                )

        return judging.judged(self.matcher, attempt)

    def page(self, team: Team | None, *people: User, important: bool = False) -> AlertGroup:
        found = self.opened(team, *people, important=important).group
        self.world.drain()
        return found

    def events(self, about: AlertGroup) -> list[str]:
        """The kinds of log records, oldest first."""
        with self.world.db.reading() as session:
            held = session.get_one(AlertGroup, about.id)
            return [
                line.event.value for line in telling.lines_after(session, held, 0, limit=10_000)
            ]

    def steps(self, about: AlertGroup) -> list[dict[str, Any]]:
        """What the log says of each step that ran, oldest first."""
        with self.world.db.reading() as session:
            held = session.get_one(AlertGroup, about.id)
            told = telling.lines_after(session, held, 0, limit=10_000)
            return [line.detail for line in told if line.event is Event.STEPPED]

    def paged(self, about: AlertGroup) -> dict[str, str]:
        """Everybody with a page: `running`, or how it ended, by name."""
        with self.world.db.reading() as session:
            held = session.get_one(AlertGroup, about.id)
            found: Iterable[Page] = alert_groups.pages(session, held)
            return {
                session.get_one(User, page.user_id).name: page.outcome.value
                if page.outcome
                else "running"
                for page in found
            }


def as_steps(said: Iterable[Said]) -> list[ChainStep]:
    return [
        ChainStep(PolicyType.WAIT, duration=60 * each) if isinstance(each, int) else each
        for each in said
    ]
