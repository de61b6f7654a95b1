"""Reads from Slack who is in the workspace and when their notifications are paused."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlmodel import col, select

from bot.profiles import Pause, pauses_of, profile_of
from bot.reading import PatientReader, Wait, text
from bot.slack import Slack
from core import clock, people
from core.channels import ChannelError
from core.db import Database
from core.models import User
from core.people import SlackProfile

logger = logging.getLogger(__name__)

BATCH = 50  # people a transaction: the database must not be locked for long
PAUSES = 50  # Slack's limit for dnd.teamInfo


class Roster:
    """`wait` pauses between calls; it may raise to end everything."""

    def __init__(self, slack: Slack, db: Database, wait: Wait) -> None:
        self._reader = PatientReader(slack, wait)
        self._db = db
        self.team_id: str | None = None

    def read_workspace(self) -> None:
        """Remember which workspace we are in, and who we are there.  Raises ChannelError."""
        answer = self._reader.read("auth.test")
        team_id = text(answer, "team_id")
        if not team_id:
            raise ChannelError("Slack's answer makes no sense.")
        with self._db.transaction() as session:
            workspace = people.workspace(session, team_id)
            workspace.name = text(answer, "team")
            workspace.url = text(answer, "url")
            workspace.bot_id = text(answer, "bot_id")
            workspace.bot_user_id = text(answer, "user_id")
            workspace.seen_at = clock.now()
        self.team_id = team_id

    def read_people(self) -> None:
        """Keep everybody as Slack describes them now.  Raises ChannelError."""
        count = 0
        for members in self._reader.pages("users.list", "members"):
            profiles = []
            for member in members:
                if not isinstance(member, dict):
                    continue
                try:
                    profiles.append(profile_of(member, team_id=self.team_id))
                except ValueError:
                    logger.warning("users.list: a member without an id")
            self._keep(profiles)
            count += len(profiles)
        logger.info("%s people read from Slack", count)

    def read_pauses(self) -> None:
        """Keep when everybody's notifications are paused.  Raises ChannelError."""
        with self._db.reading() as session:
            wanted = session.scalars(
                select(User.slack_user_id)
                .where(
                    col(User.is_active),
                    col(User.is_bot).is_(False),
                    col(User.slack_user_id).is_not(None),
                    col(User.slack_team_id) == self.team_id,
                )
                .order_by(col(User.id))
            ).all()
        ids = [slack_id for slack_id in wanted if slack_id]
        for start in range(0, len(ids), PAUSES):
            some = ids[start : start + PAUSES]
            answer = self._reader.read("dnd.teamInfo", {"users": ",".join(some)})
            self._pause(pauses_of(answer.get("users")))

    def _keep(self, profiles: Sequence[SlackProfile]) -> None:
        """Write what has changed, which after the first time is hardly anything."""
        with self._db.reading() as session:
            known = people.by_slack_ids(session, [each.slack_user_id for each in profiles])
        changed = [each for each in profiles if not _is_same(known.get(each.slack_user_id), each)]
        for start in range(0, len(changed), BATCH):
            with self._db.transaction() as session:
                for profile in changed[start : start + BATCH]:
                    people.keep(session, profile)

    def _pause(self, pauses: Mapping[str, Pause]) -> None:
        with self._db.reading() as session:
            known = people.by_slack_ids(session, pauses)
        changed = {
            slack_id: pause
            for slack_id, pause in pauses.items()
            if (user := known.get(slack_id)) and (user.pause_starts_at, user.pause_ends_at) != pause
        }
        if changed:
            with self._db.transaction() as session:
                for slack_id, (starts, ends) in changed.items():
                    people.pause(session, slack_id, starts, ends)


def _is_same(user: User | None, profile: SlackProfile) -> bool:
    said = asdict(profile)
    return user is not None and all(getattr(user, name) == said[name] for name in said)
