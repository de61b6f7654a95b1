"""A server that answers every request with the same bytes, however wrong, and hangs up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def http(body: bytes, *, status: str = "200 OK", length: int | None = None) -> bytes:
    """An HTTP answer; `length` is what it claims about its body."""
    claimed = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {claimed}\r\n"
    return head.encode() + b"\r\n" + body


@contextmanager
def serving(answer: bytes, *, drip: float = 0.0) -> Iterator[str]:
    """Its URL.  `drip`: seconds before each of the last bytes, once the head is out."""
    closing = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    head = answer.index(b"\r\n\r\n") + 4 if drip else len(answer)
                    connection.sendall(answer[:head])
                    for byte in answer[head:]:
                        closing.wait(drip)
                        connection.sendall(bytes([byte]))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/"
    finally:
        closing.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
