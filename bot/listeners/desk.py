"""What every listener works with, and the guard around each of them."""

import logging
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import Ack, BoltContext
from slack_sdk import WebClient
from sqlmodel import Session

from bot.errors import in_words
from bot.interaction import Interaction
from bot.listeners.forms import Forms
from bot.listeners.lookup import Lookup, Profiles, check_is_ours
from core import people
from core.config import Settings
from core.db import Database
from core.matching import Matcher
from core.models import RuleType

logger = logging.getLogger(__name__)

# Seconds a listener waits for the database, and after which it should have an answer:
# Slack gives it three in all.
PATIENCE = 2.0
ANSWERED = 2.6
LEAST_PATIENCE = 0.2


@dataclass(frozen=True)
class Desk:
    """`ways` are the channels set up here."""

    settings: Settings
    db: Database
    ways: Collection[RuleType]
    lookup: Lookup
    forms: Forms = field(default_factory=Forms)
    matcher: Matcher = field(default_factory=Matcher)

    @property
    def guests_may_page(self) -> bool:
        return self.settings.guests_may_page

    @contextmanager
    def transaction(self, interaction: Interaction) -> Iterator[Session]:
        """The listener's one transaction; gives up in time for an answer."""
        left = max(LEAST_PATIENCE, interaction.left(ANSWERED))
        with self.db.transaction(patience=min(PATIENCE, left)) as session:
            yield session

    def newcomers(self, interaction: Interaction) -> Profiles:
        """Who did this, if we do not know them: Slack is not asked about strangers."""
        with self.db.reading() as session:
            known = people.find_slack(session, interaction.user_id)
            check_is_ours(session, interaction, known)
        return {} if known else self.lookup.newcomers(self.db, [interaction.user_id])


Listener = Callable[[Interaction, Desk], None]


def guarded(desk: Desk, listener: Listener, *, pages: bool = False) -> Callable[..., None]:
    """The listener as Bolt calls it; whatever it raises becomes an answer to the person.

    `pages` says whether it would have paged somebody.  Nothing may reach Bolt's own
    handling: that forgets an acknowledgement given just before.
    """

    def run(ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        received = context.get("received") or time.monotonic()
        interaction = Interaction(ack=ack, body=body, client=client, received=received)
        try:
            listener(interaction, desk)
        except Exception as error:  # noqa: BLE001 - unanswered, the person would page again
            doing = f"{interaction.name} by {interaction.user_id}"
            words = in_words(error, doing=doing, pages=pages)
            interaction.refuse(words.text, block_id=words.block_id)

    return run
