"""A time limit for a whole conversation, where a library only limits each socket operation."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def limit(seconds: float, cut: Callable[[], None]) -> Iterator[None]:
    """Call `cut` (close the connection) if the block still runs after `seconds`.

    The blocked call then fails at once.  smtplib with a time-out of one second was
    still talking after 24: the other side sent one byte now and then.
    """

    def strike() -> None:
        with suppress(OSError):
            cut()

    timer = threading.Timer(seconds, strike)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
