"""A bot and a workspace that talk over real sockets, for tests of the bot's listeners."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from sqlmodel import Session, SQLModel, col, select
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import http
from bot.app import THREADS, create_app, create_desk
from bot.profiles import pause_of, profile_of
from core import alert_groups, paging, people, rules
from core.config import Settings
from core.db import Database
from core.models import AlertGroup, Page, RuleType, User, Workspace
from sandbox import Sandbox, payloads
from sandbox.channels import Message
from sandbox.modals import Interaction

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "manifest.yml"
WAYS = frozenset({RuleType.SLACK, RuleType.EMAIL, RuleType.WEBHOOK})


class Stage:
    """The sandbox, the bot connected to it, and its database."""

    def __init__(self, box: Sandbox, app: App, db: Database) -> None:
        self.box = box
        self.app = app
        self.db = db
        self.client = WebClient(box.bot_token, base_url=box.api_url)
        self.desk = create_desk(settings(box), db, WAYS)

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
        return people.by_slack_id(session, self.id(name))

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
            group = paging.escalate(
                session,
                by=self.user(session, by),
                message=message,
                responders=[paging.Responder(self.user(session, n), important) for n in to],
                ways=WAYS,
            )
            return group.id

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
            [paging.Responder(self.user(session, name)) for name in names],
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
        return self._post(button, channel)

    def forget_groups(self) -> None:
        """As if an administrator had deleted every alert group."""
        kept = {"user", "workspace"}
        with self.db.transaction() as session:
            for table in reversed(SQLModel.metadata.sorted_tables):
                if table.name not in kept:
                    session.execute(table.delete())

    def post_select(self, action_id: str, label: str, value: str) -> Message:
        """A message of the bot's with one menu on it."""
        menu = {
            "type": "static_select",
            "action_id": action_id,
            "placeholder": {"type": "plain_text", "text": "Silence"},
            "options": [{"text": {"type": "plain_text", "text": label}, "value": value}],
        }
        return self._post(menu, "incidents")

    def _post(self, element: Mapping[str, object], channel: str) -> Message:
        posted = self.client.chat_postMessage(
            channel=self.box.person("alice").channel(channel).id,
            text="An alert",
            blocks=[{"type": "actions", "elements": [element]}],
        )
        found = self.box.workspace.find_message(posted["channel"], posted["ts"])
        assert found is not None
        return found

    def settle(self) -> None:
        """Wait until every listener that was called has ended."""
        gate = threading.Barrier(THREADS + 1)
        executor = self.app.listener_runner.listener_executor
        for _ in range(THREADS):
            executor.submit(gate.wait)
        gate.wait()

    def forget(self, name: str) -> None:
        """As if the bot had never heard of them."""
        with self.db.transaction() as session:
            session.delete(self.user(session, name))

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


def settings(box: Sandbox, **changes: object) -> Settings:
    given = {
        "slack_bot_token": box.bot_token,
        "slack_app_token": box.app_token,
        "slack_signing_secret": box.signing_secret,
        "slack_api_url": box.api_url,
    }
    return Settings(_env_file=None, **{**given, **changes})  # type: ignore[arg-type, call-arg]


@contextmanager
def staged(path: Path, *, signed_http: bool = False, **changes: object) -> Iterator[Stage]:
    """A stage with everybody known to the bot, by Socket Mode unless told otherwise."""
    db = Database(f"sqlite:///{path / 'tocsin.db'}")
    SQLModel.metadata.create_all(db.engine)
    with Sandbox(manifest=MANIFEST) as box:
        app = create_app(settings(box, **changes), db, WAYS)
        stage = Stage(box, app, db)
        connection = over_http(box, app) if signed_http else over_socket(box, app)
        try:
            with connection:
                stage.clear()
                yield stage
        finally:
            app.listener_runner.listener_executor.shutdown()
            db.close()


@contextmanager
def over_socket(box: Sandbox, app: App) -> Iterator[None]:
    handler = SocketModeHandler(
        app, box.app_token, web_client=WebClient(box.app_token, base_url=box.api_url)
    )
    handler.connect()  # type: ignore[no-untyped-call]
    try:
        box.wait_connected()
        yield
    finally:
        # The client looks up from its socket every three seconds, or when that is cut.
        handler.client.auto_reconnect_enabled = False
        box.drop()
        handler.close()  # type: ignore[no-untyped-call]


@contextmanager
def over_http(box: Sandbox, app: App) -> Iterator[None]:
    async def endpoint(request: Request) -> Response:
        raw, headers = await request.body(), dict(request.headers)
        answer = await run_in_threadpool(http.dispatch, app, box.signing_secret, raw, headers)
        return Response(answer.body, answer.status, {k: v[0] for k, v in answer.headers.items()})

    started = threading.Event()
    config = uvicorn.Config(
        Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])]),
        port=0,
        log_level="error",
        lifespan="off",
    )
    server = Server(config, started)
    thread = threading.Thread(target=server.run)
    thread.start()
    started.wait()
    box.request_url = f"http://127.0.0.1:{server.port}/slack/events"
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


class Server(uvicorn.Server):
    """Says when it listens, and where."""

    def __init__(self, config: uvicorn.Config, started: threading.Event) -> None:
        super().__init__(config)
        self._listening = started

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets=None)
        self._listening.set()

    @property
    def port(self) -> int:
        return int(self.servers[0].sockets[0].getsockname()[1])
