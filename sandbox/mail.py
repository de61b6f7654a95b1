"""A mail server that keeps what it is given, and can be slow, refuse, or hang up."""

import asyncio
import socket
import time
from asyncio import Transport
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.workspace import PATIENCE, Workspace


@dataclass(frozen=True)
class Received:
    """One mail as one address got it."""

    at: float
    address: str
    sender: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        """The plain text of the mail."""
        body = self.message.get_body(("plain", "html"))
        return "" if body is None else str(body.get_content())


class Mail:
    """Set `refuse` to a reply ("451 try later", "550 no such user") and mails are turned away.

    `refuse_address` does so for some addresses only, `delay` answers after so many seconds,
    and `drop` hangs up once the mail is there, without an answer.
    """

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.received: list[Received] = []
        self.refuse: str | None = None
        self.refuse_address: dict[str, str] = {}
        self.delay = 0.0
        self.drop = False
        # Told of every mail that was taken.
        self.on_received: Callable[[Received], None] = lambda _mail: None
        self._workspace: Workspace | None = None
        self._listening: socket.socket | None = None

    def bind(self) -> socket.socket:
        """Take the port; OSError if somebody has it."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        return self._listening

    def clear(self) -> None:
        """Forget all mails and be well behaved again."""
        self.received.clear()
        self.refuse, self.delay, self.drop = None, 0.0, False
        self.refuse_address.clear()

    def to(self, address: str) -> list[Received]:
        return [each for each in list(self.received) if each.address == address.lower()]

    def wait_for(self, address: str, count: int = 1, timeout: float = PATIENCE) -> list[Received]:
        """The mails of an address as soon as there are `count`; AssertionError if not in time."""
        if self._workspace is None:
            raise RuntimeError("the mail server is not running")
        if not self._workspace.wait(lambda: len(self.to(address)) >= count, timeout):
            raise AssertionError(f"{len(self.to(address))} of {count} mails for {address}")
        return self.to(address)

    @asynccontextmanager
    async def listening(self, workspace: Workspace) -> AsyncIterator[None]:
        self._workspace = workspace
        loop = asyncio.get_running_loop()
        connections: set[SMTP] = set()

        def connect() -> SMTP:
            connection = SMTP(self, hostname="sandbox", enable_SMTPUTF8=True, loop=loop)
            connections.add(connection)
            return connection

        server = await loop.create_server(connect, sock=self._listening or self.bind())
        try:
            yield
        finally:
            server.close()
            for connection in connections:
                hang_up(connection)

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        refusal = self.refuse_address.get(address.lower())
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.delay)
        if self.drop:
            hang_up(server)
            return "421 gone"
        if self.refuse is not None:
            return self.refuse
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=default)
        if self._workspace is not None and isinstance(message, EmailMessage):
            with self._workspace.editing():
                for address in envelope.rcpt_tos:
                    mail = Received(time.time(), address.lower(), envelope.mail_from or "", message)
                    self.received.append(mail)
                    self.on_received(mail)
        return "250 OK"


def hang_up(connection: SMTP) -> None:
    if isinstance(connection.transport, Transport):
        connection.transport.abort()
