"""Public ids: a prefix that tells the kind, and twelve letters that tell which one."""

import secrets
from collections.abc import Callable

ALPHABET = "ABCDEFGHIJKLMNPQRSTUVWXYZ123456789"  # no O and no 0, which people mix up
LENGTH = 12


def make(prefix: str) -> str:
    """A new id, such as `IZHCC4GTNPZ93`.  34**12 values: a clash is a primary key error."""
    left = secrets.randbits(96)  # so many that the remainders are as good as even
    letters = []
    for _ in range(LENGTH):
        left, letter = divmod(left, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return prefix + "".join(letters)


def maker(prefix: str) -> Callable[[], str]:
    """A default factory for a primary key."""
    return lambda: make(prefix)
