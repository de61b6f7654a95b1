"""Public ids: a prefix that tells the kind, and twelve letters that tell which one."""

import secrets
from collections.abc import Callable

ALPHABET = "ABCDEFGHIJKLMNPQRSTUVWXYZ123456789"  # no O and no 0, which people mix up
LENGTH = 12


def make(prefix: str) -> str:
    """A new id, such as `IZHCC4GTNPZ93`.  34**12 values: a clash is a primary key error."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def maker(prefix: str) -> Callable[[], str]:
    """A default factory for a primary key."""
    return lambda: make(prefix)
