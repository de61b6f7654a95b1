"""Everything the Web API and the people's side work on, in one place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex

from sandbox.delivery import Ack, Kind
from sandbox.shapes import Json
from sandbox.triggers import ResponseUrls, Triggers
from sandbox.views import Views
from sandbox.workspace import Workspace


@dataclass
class Tokens:
    bot: str = field(default_factory=lambda: f"xoxb-{token_hex(12)}")
    app: str = field(default_factory=lambda: f"xapp-1-{token_hex(12)}")
    signing_secret: str = field(default_factory=lambda: token_hex(16))
    # Tokens that are refused, with the error they are refused with.
    refused: dict[str, str] = field(default_factory=dict)


@dataclass
class Host:
    workspace: Workspace
    triggers: Triggers
    tokens: Tokens
    # Makes a socket address that works once; set by the server.
    open_socket: Callable[[], str]
    # Takes a payload to the app and waits for the answer; set by the server.
    deliver: Callable[[Kind, Json], Ack] = lambda _kind, _payload: Ack(failure="not_connected")
    # The address of the sandbox itself, known once it listens.
    url: str = ""
    response_urls: ResponseUrls = field(default_factory=ResponseUrls)

    def __post_init__(self) -> None:
        self.views = Views(self.workspace)
