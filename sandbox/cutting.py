"""Cuts a connection without another byte, whatever came over it."""

from asyncio import BaseTransport, Transport
from typing import cast

from starlette.requests import HTTPConnection
from uvicorn.protocols.http.h11_impl import H11Protocol


class HttpProtocol(H11Protocol):
    """Hands the connection to the routes, which have to be able to cut it."""

    def connection_made(self, transport: BaseTransport) -> None:
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(cast(Transport, transport))


def cut(connection: HTTPConnection) -> None:
    transport: Transport = connection.state.transport
    transport.abort()
