"""Who somebody in Slack is: from our database, else asked of Slack."""

import logging
import time
from collections.abc import Iterable, Mapping

from slack_sdk import WebClient
from sqlmodel import Session, col, select

from bot.interaction import SLACK_ERRORS, Interaction, reason
from bot.profiles import profile_of
from core import people
from core.db import Database
from core.errors import Gone, Refused
from core.models import User, Workspace
from core.people import SlackProfile

logger = logging.getLogger(__name__)

BUDGET = 0.6  # seconds after which a listener asks Slack nothing more
STRANGER = "People of other workspaces cannot use Tocsin here. Ask somebody of this workspace."
NOT_SAID = "Slack did not say who you are. Try again."

# By Slack id; None for somebody who is not in Slack (any more).
Profiles = Mapping[str, SlackProfile | None]


class Lookup:
    """Asks Slack about people we have not met.  `client` should give up within a second."""

    def __init__(self, client: WebClient, *, budget: float = BUDGET) -> None:
        self.client = client
        self.budget = budget

    def newcomers(
        self, db: Database, slack_ids: Iterable[str], *, budget: float = 0.0
    ) -> dict[str, SlackProfile | None]:
        """The profiles of those that are not in our database, as far as Slack tells in time."""
        ids = [id_ for id_ in dict.fromkeys(slack_ids) if id_]
        with db.reading() as session:
            known = people.by_slack_ids(session, ids)
        deadline = time.monotonic() + max(self.budget, budget)
        found: dict[str, SlackProfile | None] = {}
        for slack_id in ids:
            if slack_id in known or time.monotonic() > deadline:
                continue
            try:
                found[slack_id] = profile_of(self.client.users_info(user=slack_id)["user"])
            except SLACK_ERRORS as error:
                logger.info("users.info of %s: %s", slack_id, reason(error))
                if reason(error) in {"user_not_found", "user_not_visible"}:
                    found[slack_id] = None
        return found


def keep(session: Session, slack_ids: Iterable[str], new: Profiles) -> dict[str, User]:
    """These people as users, by Slack id, remembering those that are `new`."""
    ids = list(slack_ids)
    users = people.by_slack_ids(session, ids)
    for id_ in ids:
        profile = new.get(id_)
        if id_ not in users and profile is not None:
            users[id_] = people.keep(session, profile)
    return users


def workspace(session: Session) -> Workspace | None:
    """The workspace we were last installed in."""
    return session.scalars(
        select(Workspace).order_by(col(Workspace.seen_at).desc()).limit(1)
    ).one_or_none()


def check_is_ours(session: Session, interaction: Interaction, user: User | None) -> None:
    """Raises Refused for people of other workspaces, who see us in shared channels (P14).

    `user` is whoever did it, if we know them; else the request itself has to tell.
    """
    ours = workspace(session)
    theirs = user.slack_team_id if user else interaction.team_id
    if ours is not None and theirs and theirs != ours.team_id:
        raise Refused(STRANGER)


def actor(session: Session, interaction: Interaction, new: Profiles) -> User:
    """Whoever did this, as a user.  Raises Refused for a stranger, Gone for nobody."""
    known = people.find_slack(session, interaction.user_id)
    check_is_ours(session, interaction, known)
    user = known or keep(session, [interaction.user_id], new).get(interaction.user_id)
    if user is None:
        raise Gone(NOT_SAID)
    check_is_ours(session, interaction, user)
    return user
