"""What went wrong, in words for the person who asked: the one place that translates errors."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bot import ids
from core import db
from core.errors import Invalid, TocsinError

logger = logging.getLogger(__name__)

BLOCKS: Mapping[str, str] = {
    "message": ids.MESSAGE_BLOCK,
    "people": ids.PEOPLE_BLOCK,
    "team": ids.TEAM_BLOCK,
}


@dataclass(frozen=True)
class Words:
    """What to say, and the input block it is about, if it is about one."""

    text: str
    block_id: str | None = None


def in_words(error: Exception, *, doing: str, pages: bool) -> Words:
    """Translate any exception.

    `doing` names what was asked in the log; `pages` says whether it would have paged
    somebody, who then has to be reached by other means.
    """
    if isinstance(error, Invalid):
        return Words(str(error), BLOCKS.get(error.field, error.field))
    if isinstance(error, TocsinError):
        return Words(str(error))
    undone, then = ("Not paged", "Try again or phone.") if pages else ("Not done", "Try again.")
    code = secrets.token_hex(3)
    if db.is_unavailable(error):
        logger.error(
            "Error %s: %s: the database does not answer: %s", code, doing, db.reason(error)
        )
        return Words(f"{undone}: the database does not answer. {then}")
    logger.error("Error %s: %s", code, doing, exc_info=error)
    return Words(f"{undone}: something broke in Tocsin (error {code}). {then}")
