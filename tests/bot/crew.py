"""What admins set up before people page teams from Slack: teams, chains, routes, channels."""

from core import chains, integrations, routes, teams
from core.models import (
    DIRECT_PAGING,
    AlertGroup,
    Escalation,
    EscalationChain,
    EscalationPolicy,
    Integration,
    PolicyType,
    Route,
    SlackChannel,
    SlackChannelMember,
    Team,
    TeamMember,
    User,
    UserGroup,
)
from tests.bot.stage import Stage
from tests.core.teams import Said, as_steps, members, persons


class Crew:
    """The teams of a stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.db = stage.db

    def user(self, name: str) -> User:
        with self.db.reading() as session:
            return self.stage.user(session, name)

    def team(self, name: str, *members: str) -> Team:
        with self.db.transaction() as session:
            team = teams.make(session, name)
            for member in members:
                teams.add_member(session, team.id, self.stage.user(session, member))
            return team

    def sre(self) -> Team:
        """A team that calls Bob, and Carol at once if it is important; #ops hears of it."""
        team = self.team("SRE", "bob", "carol")
        day = self.chain("SRE day", persons(self.user("bob")), 5, members(team))
        urgent = self.chain("SRE urgent", persons(self.user("carol"), important=True))
        channel = self.channel("ops", "bob", "carol", "dave")
        self.leads(team, day, channel=channel)
        self.leads(team, urgent, important=True, channel=channel)
        return team

    def chain_of(self, group: AlertGroup) -> str | None:
        """The name of the chain that runs for it."""
        with self.db.reading() as session:
            running = session.get(Escalation, group.id)
            return running.chain_name if running else None

    def chain(self, name: str, *steps: Said) -> EscalationChain:
        with self.db.transaction() as session:
            chain = chains.make(session, name)
            chains.replace_steps(session, chain, as_steps(steps))
            return chain

    def channel(self, name: str, *members: str, private: bool = False) -> SlackChannel:
        """A channel of the sandbox as the bot has read it."""
        with self.db.transaction() as session:
            at = self.stage.box.person("alice").channel(name).id
            found = SlackChannel(id=at, name=name, is_private=private)
            session.add(found)
            session.flush()
            for member in members:
                session.add(
                    SlackChannelMember(slack_channel_id=at, slack_user_id=self.stage.id(member))
                )
            return found

    def make_private(self, name: str) -> None:
        with self.db.transaction() as session:
            at = self.stage.box.person("alice").channel(name).id
            session.get_one(SlackChannel, at).is_private = True

    def group(self, slack_id: str, handle: str) -> None:
        """A Slack user group."""
        with self.db.transaction() as session:
            session.add(UserGroup(slack_id=slack_id, name=handle.title(), handle=handle))

    def leads(
        self,
        team: Team | None,
        chain: EscalationChain | None = None,
        *,
        important: bool = False,
        channel: SlackChannel | None = None,
    ) -> None:
        with self.db.transaction() as session:
            urgent, default = routes.of_team(session, team)
            route = urgent if important else default
            assert route is not None
            routes.lead_to(session, route, chain.id if chain else None)
            routes.be_heard_in(session, route, channel.id if channel else None)

    def routes_by(self, team: Team, regex: str, chain: EscalationChain) -> None:
        """A route of the team's own, before the others."""
        with self.db.transaction() as session:
            mine = integrations.direct_paging(session, team)
            integrations.hold(session, mine.id)
            route = routes.add(session, mine, regex, position=0)
            routes.lead_to(session, route, chain.id)

    def crowd(self, *, teams: int, people: int) -> None:
        """Many teams, each with 20 of these people and a chain that calls them."""
        users = [User(slack_user_id=f"UX{n}", username=f"x{n}") for n in range(people)]
        made = [Team(name=f"Team {n}") for n in range(teams)]
        chained = {team.id: EscalationChain(name=f"Chain of {team.name}") for team in made}
        paging = {
            team.id: Integration(type=DIRECT_PAGING, name=team.name, pages_for=team.id)
            for team in made
        }
        with self.db.transaction() as session:
            for rows in (users, made, chained.values(), paging.values()):
                session.add_all(rows)
                session.flush()
            for n, team in enumerate(made):
                to, mine = chained[team.id].id, paging[team.id].id
                step = EscalationPolicy(
                    escalation_chain_id=to, type=PolicyType.NOTIFY_TEAM, team_id=team.id
                )
                session.add(step)
                session.add(Route(integration_id=mine, is_default=True, escalation_chain_id=to))
                for m in range(20):
                    user = users[(20 * n + m) % people]
                    session.add(TeamMember(team_id=team.id, user_id=user.id))

    def deletes(self, team: Team) -> None:
        with self.db.transaction() as session:
            teams.delete_it(session, team.id)
