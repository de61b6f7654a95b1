"""A port at which nobody listens, and which nobody takes who asks for any."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_port() -> Iterator[int]:
    """Whoever names this port may listen at it, as often as they like."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
