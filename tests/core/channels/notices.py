"""A notice to send, and servers that misbehave."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.channels import Notice
from core.models import Purpose, State

# The machine may be busy: only what drips for ever is to be cut off.
PATIENT: dict[str, Any] = {"timeout": 60.0, "total": 60.0}  # seconds

NOTICE = Notice(
    delivery_id=1,
    purpose=Purpose.PAGE,
    address="ana@example.com",
    alert_group_id="IABC",
    title="db down",
    message="db down\nreally",
    state=State.FIRING,
    author_name="Alice",
    author_slack_id="UALICE",
    user_id="UANA1",
    user_name="Ana",
    user_slack_id="UANA",
    user_timezone="Europe/Lisbon",
    created_at=datetime(2026, 7, 1, 12, 30, tzinfo=UTC),
    link="https://slack.test/C1/1",
    page_id="PXYZ",
    paged_by_name="Bob",
    run=2,
    step=4,
)


def notice(**changes: Any) -> Notice:
    return replace(NOTICE, **changes)


@contextmanager
def server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A TCP server on this machine that talks so to whoever connects; its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    closing = threading.Event()

    def serve() -> None:
        while not closing.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_talk, args=(talk, connection), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        closing.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _talk(talk: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with connection:
        try:
            talk(connection)
        except OSError:
            return


def drip(start: bytes) -> Callable[[socket.socket], None]:
    """Says this, and then one byte now and then, for ever."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(start)
        pause = threading.Event()
        while not pause.wait(0.05):
            connection.sendall(b"x")

    return talk
