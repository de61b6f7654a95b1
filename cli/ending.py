"""How a command that runs for long ends: it waits to be told, and then does not linger."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from queue import SimpleQueue
from typing import NoReturn


def told_to_stop() -> Callable[[], object]:
    """What waits for SIGTERM or Ctrl-C, both of which are heard from now on."""
    heard: SimpleQueue[int] = SimpleQueue()  # unlike an Event, safe to use in a signal handler
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: heard.put(number))
    return heard.get


def end() -> NoReturn:
    """End at once: Python itself would wait for sends that hang and have been handed back."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)
