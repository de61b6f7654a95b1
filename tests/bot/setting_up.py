"""Words for stories about admins who set teams and chains up in Slack."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlmodel import Session, col, select

from core import chains, clock, routes, teams
from core.models import (
    ChainStep,
    EscalationChain,
    SlackChannel,
    SlackChannelMember,
    Team,
    TeamMember,
    User,
)
from sandbox.modals import Modal, OpenView
from sandbox.workspace import PATIENCE
from tests.bot.crew import Crew
from tests.core.teams import Said, as_steps


class SettingUp(Crew):
    """Somebody's Home tab, the forms it opens, and what came of it."""

    def home(self, name: str = "alice", shows: str = "My teams") -> OpenView:
        """Their Home tab, opened anew, once it shows this."""
        person = self.stage.box.person(name)
        before = person.home()
        was = before.view.hash if before else ""
        person.open_home()
        self.waits(name, shows, was=was)
        found = person.home()
        assert found is not None
        return found

    def waits(self, name: str, shows: str, *, was: str = "") -> None:
        """Until somebody's Home tab shows this, without being opened again.

        `was` is the hash of a drawing that does not count.
        """
        person = self.stage.box.person(name)

        def text() -> str:
            found = person.home()
            return found.text if found and found.view.hash != was else ""

        if not self.stage.box.workspace.wait(lambda: shows in text(), PATIENCE):
            raise AssertionError(f"{shows!r} is not on the Home tab of {name}:\n{text()}")

    def presses(self, button: str, by: str = "alice") -> Modal:
        """The form that a button of the Home tab opens."""
        return self.home(by).press(button).modal()

    def finds(self, menu: str, wanted: str) -> Modal:
        """The form of what was found in a menu of the Home tab."""
        chosen = self.home().choose(menu, wanted)
        assert chosen is not None
        return chosen.modal()

    def change(self, chain: EscalationChain, *steps: Said) -> None:
        """Somebody else makes these the steps of the chain."""
        with self.db.transaction() as session:
            chains.replace_steps(session, chains.hold(session, chain.id), as_steps(steps))

    def deletes_chain(self, chain: EscalationChain) -> None:
        with self.db.transaction() as session:
            chains.delete_it(session, chain.id)

    def channel(self, name: str, *members: str, private: bool = False) -> SlackChannel:
        """A channel whose members have been read."""
        found = super().channel(name, *members, private=private)
        with self.db.transaction() as session:
            session.get_one(SlackChannel, found.id).members_read_at = clock.now()
        return found

    def joins(self, channel: str, name: str) -> None:
        with self.db.transaction() as session:
            at = self.stage.box.person("alice").channel(channel).id
            member = SlackChannelMember(slack_channel_id=at, slack_user_id=self.stage.id(name))
            session.add(member)

    def unread_channel(self, name: str) -> SlackChannel:
        """A channel whose members are not known yet."""
        return super().channel(name)

    def private_channel(self, name: str, *people: str) -> None:
        """A private channel that the bot is in, with these people."""
        with self.db.transaction() as session:
            found = SlackChannel(id=f"G{name.upper()}", name=name, is_private=True)
            session.add(found)
            session.flush()
            for each in people:
                id_ = self.stage.id(each)
                session.add(SlackChannelMember(slack_channel_id=found.id, slack_user_id=id_))

    def loses(self, channel: SlackChannel) -> None:
        """As if it had been archived."""
        with self.db.transaction() as session:
            session.get_one(SlackChannel, channel.id).gone_at = clock.now()

    def forgets_important(self, team: Team) -> None:
        """Somebody deletes the route for important pages over the API."""
        with self.db.transaction() as session:
            important, _ = routes.of_team(session, team)
            assert important is not None
            routes.delete_it(session, important)

    def leading(self, team: Team) -> tuple[str | None, str | None]:
        """The chains for normal and for important pages."""
        with self.db.transaction() as session:
            important, default = routes.of_team(session, team)
            assert important is not None
            return default.escalation_chain_id, important.escalation_chain_id

    def heard_in(self, team: Team) -> list[str | None]:
        """The Slack channels for normal and for important pages, by name."""
        with self.db.transaction() as session:
            important, default = routes.of_team(session, team)
            assert important is not None
            found = [default.slack_channel_id, important.slack_channel_id]
            return [id_ and session.get_one(SlackChannel, id_).name for id_ in found]

    @contextmanager
    def without_teams(self) -> Iterator[None]:
        """The table of teams is not where it should be."""
        with self.db.transaction() as session:
            session.execute(text("ALTER TABLE team RENAME TO away"))
        try:
            yield
        finally:
            with self.db.transaction() as session:
                session.execute(text("ALTER TABLE away RENAME TO team"))

    def steps(self, name: str) -> list[ChainStep]:
        """The steps of a chain."""
        with self.db.reading() as session:
            return list(chains.steps(session, [_chain(session, name).id]).popitem()[1])

    def members(self, name: str) -> list[str]:
        with self.db.reading() as session:
            rows = (
                select(User.username)
                .join(TeamMember, col(TeamMember.user_id) == User.id)
                .join(Team, col(Team.id) == TeamMember.team_id)
                .where(Team.name == name, col(Team.deleted_at).is_(None))
            )
            return sorted(session.scalars(rows))

    def chain_names(self) -> list[str]:
        with self.db.reading() as session:
            return sorted(session.scalars(select(EscalationChain.name)))

    def team_names(self) -> list[str]:
        with self.db.reading() as session:
            return [team.name for team in session.scalars(teams.LIVING)]


def made(setting: SettingUp, name: str = "Day") -> Modal:
    """The form of a chain that was made just now."""
    form = setting.presses("New chain")
    form.fill("Name", name)
    assert form.submit().updated is not None
    return form


def added(form: Modal, kind: str) -> Modal:
    """The form of a new step of this kind, over the chain's form."""
    step = form.press("Add step").modal()
    if kind != "Notify people":
        step.choose("What it does", kind)
    return step


def _chain(session: Session, name: str) -> EscalationChain:
    return session.scalars(select(EscalationChain).where(EscalationChain.name == name)).one()
