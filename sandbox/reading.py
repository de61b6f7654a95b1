"""Plain pages to look at: which channels there are, one channel, and where a permalink leads."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sandbox.host import Host
from sandbox.plain_text import Reader


class Reading:
    def __init__(self, host: Host) -> None:
        self.host = host
        self.reader = Reader(host)

    def routes(self) -> list[Route]:
        return [
            Route("/", self.channels),
            Route("/archives/{channel}", self.channel),
            Route("/archives/{channel}/p{ts}", self.message),
        ]

    async def channels(self, _request: Request) -> Response:
        lines = ["The channels of this workspace:", ""]
        for channel in self.host.workspace.channels.values():
            people = [self.host.workspace.users[each].name for each in channel.members]
            name = f"#{channel.name}" if channel.name else " and ".join(people)
            lines.append(f"{self.host.url}/archives/{channel.id}  {name}")
        return PlainTextResponse("\n".join(lines) + "\n")

    async def channel(self, request: Request) -> Response:
        channel_id = request.path_params["channel"]
        if channel_id not in self.host.workspace.channels:
            return PlainTextResponse("There is no such channel.\n", status_code=404)
        return PlainTextResponse(self.reader.channel(channel_id) + "\n")

    async def message(self, request: Request) -> Response:
        """The message a permalink names, with its thread."""
        channel_id, digits = request.path_params["channel"], request.path_params["ts"]
        ts = f"{digits[:-6]}.{digits[-6:]}"
        message = self.host.workspace.find_message(channel_id, ts)
        if message is None or message.ephemeral_to:
            return PlainTextResponse("There is no such message.\n", status_code=404)
        return PlainTextResponse(self.reader.thread(message) + "\n")
