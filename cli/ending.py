"""How a command that runs for long ends: it waits to be told, and then does not linger."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import NoReturn

LOOK_SECONDS = 1.0


def told_to_stop() -> Callable[[], None]:
    """What waits for SIGTERM or Ctrl-C, both of which are heard from now on."""
    heard: SimpleQueue[int] = SimpleQueue()  # unlike an Event, safe to use in a signal handler
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: heard.put(number))

    def wait() -> None:
        # The system may give a signal to another thread.  That wakes nobody: Python tells of
        # it when this thread runs again.
        while True:
            with suppress(Empty):
                heard.get(timeout=LOOK_SECONDS)
                return

    return wait


def end() -> NoReturn:
    """End at once: Python itself would wait for sends that hang and have been handed back."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)
