"""One HTTP request to `/api/<method>`: faults, limits, token, scopes, then the method."""

import asyncio
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from sandbox import arguments
from sandbox.cutting import cut
from sandbox.faults import Fault, Faults
from sandbox.host import Host
from sandbox.limits import Limits
from sandbox.shapes import ApiError, Json
from sandbox.web_api.registry import METHODS, Call, Method
from sandbox.workspace import ApiCall


class RateLimited(Exception):
    def __init__(self, seconds: float) -> None:
        super().__init__(f"retry after {seconds} s")
        self.seconds = max(1, int(seconds + 0.999))


class WebApi:
    def __init__(self, host: Host, faults: Faults, limits: Limits) -> None:
        self.host = host
        self.faults = faults
        self.limits = limits
        # Set when the sandbox stops, so that nobody sits out a delay then.
        self.stopping = asyncio.Event()

    async def endpoint(self, request: Request) -> Response:
        name = request.path_params["method"]
        given: Json = {}
        token: str | None = None
        refusal: ApiError | None = None
        try:
            given, token = await arguments.read(request)
        except ApiError as error:
            refusal = error

        def answered() -> tuple[Response, Json]:
            answer, status, headers = self.answer(Call(self.host, name, given, token), refusal)
            return JSONResponse(answer, status_code=status, headers=headers), answer

        return await self.take(request, name, given, answered)

    async def take(
        self,
        request: Request,
        name: str,
        given: Json,
        answered: Callable[[], tuple[Response, Json]],
    ) -> Response:
        """Answer a call and write it down, with the trouble that was ordered for its name."""
        started = time.monotonic()
        hits = self.faults.strike(name)
        if await self.stops_within(sum(hit.delay for hit in hits)):
            cut(request)
            return Response()
        answer: Json = {}
        response = troubled(hits)
        cuts = response is None and any(hit.drop for hit in hits)
        if response is None and any(hit.drop == "before" for hit in hits):
            response = Response()
        if response is None:
            response, answer = answered()
        seconds = time.monotonic() - started
        with self.host.workspace.editing():
            self.host.workspace.journal.append(
                ApiCall(time.time(), name, given, answer, response.status_code, seconds)
            )
        if cuts:
            cut(request)  # not sooner: the caller hears of it, and may look into the journal
        return response

    async def stops_within(self, seconds: float) -> bool:
        if not seconds:
            return False
        try:
            return await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return False

    def answer(
        self, call: Call, refusal: ApiError | None = None
    ) -> tuple[Json, int, dict[str, str]]:
        granted = ",".join(sorted(self.host.workspace.manifest.scopes))
        headers = {"X-OAuth-Scopes": granted}
        try:
            if refusal is not None:
                raise refusal
            with self.host.workspace.editing():
                return {"ok": True, **self.run(call)}, 200, headers
        except ApiError as error:
            return error.as_json(), 200, headers
        except RateLimited as limited:
            headers["Retry-After"] = str(limited.seconds)
            return {"ok": False, "error": "ratelimited"}, 429, headers

    def run(self, call: Call) -> Json:
        entry = METHODS.get(call.method)
        if entry is None:
            raise ApiError("unknown_method", req_method=call.method)
        self.check_token(entry, call.token)
        seconds = self.limits.wait(call.method, entry.tier, call.arguments)
        if seconds:
            raise RateLimited(seconds)
        if call.token != self.host.tokens.app:
            call.need(*entry.scopes)
        return entry.run(call)

    def check_token(self, entry: Method, token: str | None) -> None:
        tokens = self.host.tokens
        if token is None:
            if "none" in entry.tokens:
                return
            raise ApiError("not_authed")
        if token in tokens.refused:
            raise ApiError(tokens.refused[token])
        kinds = {tokens.bot: "bot", tokens.app: "app"}
        if token not in kinds:
            raise ApiError("invalid_auth")
        if kinds[token] not in entry.tokens and "none" not in entry.tokens:
            raise ApiError("not_allowed_token_type")


def troubled(hits: list[Fault]) -> Response | None:
    """The answer of the first fault that has one, given instead of doing anything."""
    for hit in hits:
        if hit.retry_after is not None:
            return JSONResponse(
                {"ok": False, "error": "ratelimited"},
                status_code=429,
                headers={"Retry-After": str(hit.retry_after)},
            )
        if hit.error is not None:
            return JSONResponse({"ok": False, "error": hit.error}, status_code=hit.status or 200)
        if hit.nonsense:
            page = "<!DOCTYPE html><html><body><h1>Server Error</h1></body></html>"
            return HTMLResponse(page, status_code=hit.status or 200)
        if hit.status is not None:
            return HTMLResponse("<html><body>Server Error</body></html>", hit.status)
    return None
