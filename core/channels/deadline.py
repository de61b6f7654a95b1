"""A time limit for a whole conversation, where a library only limits each socket operation."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Line:
    """A second handle on a connection, good for one thing: to cut it from another thread.

    Closing a socket does not wake whoever reads from it, and TLS takes the first
    handle over; shutting the connection down by a handle of one's own always works.
    """

    def __init__(self) -> None:
        self._handle: socket.socket | None = None
        self._is_cut = False
        self._lock = threading.Lock()

    def hold(self, connection: socket.socket) -> None:
        """From now on, this is what `cut` cuts; at once if it is too late already."""
        with self._lock:
            self._drop()
            self._handle = connection.dup()
            if self._is_cut:
                self._shut()

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            self._shut()

    def drop(self) -> None:
        with self._lock:
            self._drop()

    def _shut(self) -> None:
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)

    def _drop(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


@contextmanager
def limit(seconds: float) -> Iterator[Line]:
    """Cut the connection that the block puts on the line if it still runs after `seconds`.

    The blocked call then fails at once.  smtplib with a time-out of one second was
    still talking after 24: the other side sent one byte now and then.
    """
    line = Line()
    timer = threading.Timer(seconds, line.cut)
    timer.daemon = True
    timer.start()
    try:
        yield line
    finally:
        timer.cancel()
        line.drop()
