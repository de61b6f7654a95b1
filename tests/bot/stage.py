"""A bot and a workspace that talk over real sockets, for tests of the bot's listeners."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from slack_bolt import App
from slack_sdk import WebClient
from sqlmodel import Session, SQLModel, col, select

from bot import ids
from bot.listeners.desk import Desk
from bot.profiles import pause_of, profile_of
from core import alert_groups, paging, people, reports, rules
from core.models import AlertGroup, Page, Post, PostKind, RuleType, User, Workspace
from core.pages import Responder
from sandbox import Sandbox, payloads
from sandbox.channels import Message
from sandbox.modals import Interaction
from tests.workspace import settle

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "manifest.yml"
WAYS = frozenset({RuleType.SLACK, RuleType.EMAIL, RuleType.WEBHOOK})


class Stage:
    """The sandbox, the bot connected to it, and its database."""

    def __init__(self, box: Sandbox, app: App, desk: Desk) -> None:
        self.box = box
        self.app = app
        self.desk = desk
        self.db = desk.db
        self.client = WebClient(box.bot_token, base_url=box.api_url)
        self._people = dict(box.workspace.users)

    def clear(self) -> None:
        """Everything as after a start: nothing said, no form open, everybody known."""
        self.box.faults.clear()
        workspace = self.box.workspace
        with workspace.editing():
            for messages in workspace.messages.values():
                messages.clear()
            workspace.journal.clear()
            workspace.problems.clear()
            for person in workspace.users:
                self.box.host.views.close_all(person)
            self.box.host.views.homes.clear()
            workspace.users.clear()
            workspace.users.update(self._people)
        with self.db.transaction() as session:
            for table in reversed(SQLModel.metadata.sorted_tables):
                session.execute(table.delete())
            session.add(Workspace(team_id=workspace.team_id))
        self.meet()

    def meet(self, *names: str) -> None:
        """Let the bot know these people, or everybody, as after a start."""
        with self.db.transaction() as session:
            for user in self.box.workspace.users.values():
                if not names or user.name in names:
                    said = user.as_json(team_id=self.box.workspace.team_id, email=True)
                    people.keep(session, profile_of(said))
                    people.pause(session, user.id, *pause_of(user.dnd()))

    def id(self, name: str) -> str:
        return self.box.workspace.find_user(name).id

    def rules(self, name: str, *, default: str = "", important: str = "") -> None:
        with self.db.transaction() as session:
            user = self.user(session, name)
            rules.replace(session, user, rules.parse(default), important=False)
            rules.replace(session, user, rules.parse(important), important=True)

    def user(self, session: Session, name: str) -> User:
        return people.find(session, self.id(name))

    def key(self, name: str) -> str:
        """Somebody's id in our own database."""
        with self.db.reading() as session:
            return self.user(session, name).id

    def change(self, name: str, change: Callable[[User], None]) -> None:
        """Change what the bot knows of somebody."""
        with self.db.transaction() as session:
            change(self.user(session, name))

    def escalate(self, by: str, message: str, to: Sequence[str], *, important: bool = False) -> str:
        """Open an alert group without Slack; its id."""
        with self.db.transaction() as session:
            opened = paging.escalate(
                session,
                reports.typed(message),
                [Responder(self.user(session, n), important) for n in to],
                by=self.user(session, by),
                ways=WAYS,
            )
            return opened.group.id

    def types(self, name: str, raw: str, *, channel: str = "general") -> Interaction:
        """Somebody's /escalate with its text as the platform sends it, mentions and all."""
        person, host = self.box.person(name), self.box.host
        where = person.channel(channel)
        trigger_id = host.triggers.issue(person.id, channel=where.id)
        payload = payloads.slash_command(
            host.workspace,
            person.user,
            where,
            "/escalate",
            raw,
            response_url=host.url + host.response_urls.issue(person.id, where.id),
            trigger_id=trigger_id,
        )
        ack = self.box.deliver("slash_commands", payload)
        said = str((ack.answer or {}).get("text", "")) or None
        return Interaction(host, person.id, trigger_id, ack, ack.failure, said)

    def page(self, session: Session, group_id: str, names: Sequence[str]) -> None:
        """Page more people onto a group, without Slack."""
        paging.page(
            session,
            alert_groups.lock(session, group_id),
            [Responder(self.user(session, name)) for name in names],
            by=self.user(session, "alice"),
            ways=WAYS,
        )

    def post_button(
        self, action_id: str, value: str, *, label: str = "Press", channel: str = "incidents"
    ) -> Message:
        """A message of the bot's with one button on it."""
        button = {
            "type": "button",
            "action_id": action_id,
            "text": {"type": "plain_text", "text": label},
            "value": value,
        }
        return self._post(button, self.box.person("alice").channel(channel).id)

    def forget_groups(self) -> None:
        """As if an administrator had deleted every alert group."""
        kept = {"user", "workspace"}
        with self.db.transaction() as session:
            for table in reversed(SQLModel.metadata.sorted_tables):
                if table.name not in kept:
                    session.execute(table.delete())

    def post_direct(self, name: str, group_id: str) -> Message:
        """Somebody's direct message about a group, which the engine keeps true."""
        button = {
            "type": "button",
            "action_id": ids.ACKNOWLEDGE,
            "text": {"type": "plain_text", "text": "Press"},
            "value": group_id,
        }
        channel = self.box.person(name).channel("@tocsin").id
        message = self._post(button, channel)
        with self.db.transaction() as session:
            group = session.get_one(AlertGroup, group_id)
            page = alert_groups.page_of(session, group, self.user(session, name))
            assert page is not None
            session.add(
                Post(
                    alert_group_id=group_id,
                    kind=PostKind.DIRECT,
                    slack_channel=message.channel,
                    ts=message.ts,
                    page_id=page.id,
                )
            )
        return message

    def post_select(self, action_id: str, label: str, value: str) -> Message:
        """A message of the bot's with one menu on it."""
        menu = {
            "type": "static_select",
            "action_id": action_id,
            "placeholder": {"type": "plain_text", "text": "Silence"},
            "options": [{"text": {"type": "plain_text", "text": label}, "value": value}],
        }
        return self._post(menu, self.box.person("alice").channel("incidents").id)

    def _post(self, element: Mapping[str, object], channel: str) -> Message:
        posted = self.client.chat_postMessage(
            channel=channel,
            text="An alert",
            blocks=[{"type": "actions", "elements": [element]}],
        )
        found = self.box.workspace.find_message(posted["channel"], posted["ts"])
        assert found is not None
        return found

    def settle(self) -> None:
        """Wait until the bot has heard of everything, and every listener has ended."""
        settle(self.box, self.app)

    def forget(self, name: str) -> None:
        """As if the bot had never heard of them."""
        with self.db.transaction() as session:
            session.delete(self.user(session, name))

    def known_slack_ids(self) -> set[str | None]:
        with self.db.reading() as session:
            return set(session.scalars(select(User.slack_user_id)))

    def name_of(self, user_id: str | None) -> str:
        with self.db.reading() as session:
            return session.get_one(User, user_id).username

    def called(self) -> list[str]:
        """The Web API methods that were called, in order."""
        return [call.method for call in list(self.box.workspace.journal)]

    def groups(self) -> list[AlertGroup]:
        with self.db.reading() as session:
            return list(session.scalars(select(AlertGroup).order_by(col(AlertGroup.created_at))))

    def group(self) -> AlertGroup:
        """The only alert group there is."""
        [group] = self.groups()
        return group

    def paged(self, group: AlertGroup | None = None) -> dict[str, bool]:
        """Who was paged for it, by name, and whether by their important rules."""
        group = group or self.group()
        with self.db.reading() as session:
            rows = session.execute(
                select(User, Page)
                .where(Page.user_id == User.id, Page.alert_group_id == group.id)
                .order_by(col(Page.started_at), col(Page.id))
            )
            return {user.username: page.important for user, page in rows}

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        """Another process holds the database for writing."""
        other = sqlite3.connect(self.db.url.database or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
