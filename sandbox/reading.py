"""Plain text to look at: which channels there are, one channel, and where a permalink leads."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.host import Host
from sandbox.plain_text import Reader


class Reading:
    """For programs; a browser is led to the place on the page."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.reader = Reader(host)

    def routes(self) -> list[Route]:
        return [
            Route("/archives/", self.channels),
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
        if wants_page(request):
            return to_page({"in": channel_id})
        return PlainTextResponse(self.reader.channel(channel_id) + "\n")

    async def message(self, request: Request) -> Response:
        """The message a permalink names, with its thread."""
        channel_id, digits = request.path_params["channel"], request.path_params["ts"]
        ts = f"{digits[:-6]}.{digits[-6:]}"
        message = self.host.workspace.find_message(channel_id, ts)
        if message is None or message.ephemeral_to:
            return PlainTextResponse("There is no such message.\n", status_code=404)
        if wants_page(request):
            thread = {"thread": message.thread_ts or ""} if message.is_reply else {}
            return to_page({"in": channel_id, "at": ts, **thread})
        return PlainTextResponse(self.reader.thread(message) + "\n")


def wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def to_page(place: dict[str, str]) -> Response:
    return RedirectResponse(f"/?{urlencode(place)}", status_code=303)
