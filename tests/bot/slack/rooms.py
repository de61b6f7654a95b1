"""Words for stories about channels and user groups that are mirrored."""

from collections.abc import Callable
from pathlib import Path

import yaml
from sqlmodel import col, select

from bot.mirror import Mirror
from bot.slack import Slack
from core import mirror, routes
from core.db import Database
from core.models import SlackChannel, UserGroup
from sandbox import Sandbox
from tests.bot.slack.patience import Patience
from tests.workspace import MANIFEST


class Rooms:
    """A workspace, and what we know of its channels and user groups."""

    def __init__(self, box: Sandbox, db: Database) -> None:
        self.box = box
        self.db = db
        self.patience = Patience(200)
        self.slack = Slack(box.bot_token, base_url=box.api_url, clock=self.patience.clock)
        self.mirror = self.process()

    def process(self) -> Mirror:
        """Another process that mirrors them, too."""
        return Mirror(self.slack, self.db, self.patience)

    def channel(self, name: str) -> SlackChannel | None:
        """By the name it has now in Slack, or a channel id."""
        with self.db.reading() as session:
            return session.get(SlackChannel, self.id(name))

    def is_open(self, name: str) -> bool:
        with self.db.reading() as session:
            return mirror.is_open(session, self.id(name))

    def id(self, name: str) -> str:
        found = [each.id for each in self.box.workspace.channels.values() if each.name == name]
        return found[0] if found else name

    def names(self) -> set[str]:
        """Of all channels that we see."""
        with self.db.reading() as session:
            rows = select(SlackChannel.name).where(col(SlackChannel.gone_at).is_(None))
            return set(session.scalars(rows))

    def group(self, handle: str) -> UserGroup:
        with self.db.reading() as session:
            return session.scalars(select(UserGroup).where(UserGroup.handle == handle)).one()

    def groups(self) -> dict[str, set[str]]:
        """The names of who is in each group, by handle."""
        with self.db.reading() as session:
            members = mirror.group_members(session)
            found = session.scalars(select(UserGroup)).all()
            return {each.handle: self.named(members.get(each.slack_id, set())) for each in found}

    def members(self, channel: str) -> set[str]:
        with self.db.reading() as session:
            return self.named(mirror.members(session, self.id(channel)))

    def named(self, slack_ids: set[str]) -> set[str]:
        users = self.box.workspace.users
        return {users[each].name if each in users else each for each in slack_ids}

    def lead_to(self, channel: str | None) -> None:
        """Pages for no team are heard in this channel."""
        with self.db.transaction() as session:
            _, default = routes.of_team(session, None)
            routes.be_heard_in(session, default, self.id(channel) if channel else None)

    def asked(self, method: str) -> list[dict[str, object]]:
        """What Slack was asked by this method, in order."""
        calls = list(self.box.workspace.journal)
        return [call.arguments for call in calls if call.method == method]

    def when_asked(self, method: str, do: Callable[[], object]) -> None:
        """Do this once, when the first call of the method has been answered."""
        done = False

        def look() -> None:
            nonlocal done
            if not done and self.asked(method):
                done = True
                do()

        self.box.workspace.listeners.append(look)


def manifest_without(path: Path, scope: str, *events: str) -> Path:
    """Our manifest without a scope, and without the events for which it is needed."""
    document = yaml.safe_load(MANIFEST.read_text())
    document["oauth_config"]["scopes"]["bot"].remove(scope)
    subscribed = document["settings"]["event_subscriptions"]["bot_events"]
    subscribed[:] = [each for each in subscribed if not each.startswith(events)]
    written = path / "manifest.yml"
    written.write_text(yaml.safe_dump(document))
    return written
