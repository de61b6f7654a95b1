"""Turns: what only one transaction at a time may do, so that numbers and names stay unique.

Whoever takes several turns and holds several rows does so in this order, so that nobody
waits in a circle: PEOPLE, TEAMS, teams, ROUTES, integrations, INTEGRATIONS, CHAINS, routes
that are moved or go or that a page takes, alert groups in order of their ids, chains, steps.
"""

from enum import Enum

from sqlalchemy import text
from sqlmodel import Session


class Turn(Enum):
    """Each is a number of its own, the same in every process."""

    PEOPLE = 0x70C52
    TEAMS = 0x70C53
    CHAINS = 0x70C54
    MIRROR = 0x70C56
    INTEGRATIONS = 0x70C55
    ROUTES = 0x70C57


def take(session: Session, turn: Turn) -> None:
    """Wait for the turn and keep it until the transaction ends; then others see what was done.

    SQLite's writers line up in any case.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": turn.value})
