"""What happens to every request of the API, in the order in which it is checked.

Size, token, how often it asks, method, role, media type, syntax; then the operation.
"""

from collections.abc import Callable, Mapping
from time import monotonic
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from api import body
from api.call import Call, Desk
from api.errors import FORBIDDEN, INACTIVE, NO_TOKEN, UNAVAILABLE, Fault, fault_of
from api.resource import Answer, Operation
from core import access
from core.access import Caller
from core.db import Database
from core.models import Role

READERS, WRITERS = 4, 8  # requests that are worked on at the same moment, by what they do
THREADS = READERS + WRITERS
READING = frozenset({"GET", "HEAD"})
# Seconds in line, after which nothing is changed while the database takes no writes: each in
# line would wait for it in turn, and whoever sent it has given up and sent it again.
LONGEST_IN_LINE = 3.0

Throttle = Callable[[Caller], None]


class Seats:
    """Limits how many requests are worked on at the same moment.

    SQLite's writers line up anyway.  Those of the API do so before they get a thread:
    threads that wait for each other take turns at the interpreter, and all are slower.
    """

    def __init__(self, db: Database) -> None:
        self._writers = 1 if db.is_sqlite else WRITERS
        self._limiters: dict[bool, CapacityLimiter] = {}

    def of(self, method: str) -> CapacityLimiter:
        reads = method in READING
        if reads not in self._limiters:  # made here: it belongs to the event loop that runs now
            self._limiters[reads] = CapacityLimiter(READERS if reads else self._writers)
        return self._limiters[reads]


class Endpoint:
    """One path of the API and everything that can be done with it, as an ASGI application."""

    def __init__(
        self,
        operations: Mapping[str, Operation],
        desk: Desk,
        throttle: Throttle,
        seats: Seats,
    ) -> None:
        self.operations = operations
        self._desk = desk
        self._throttle = throttle
        self._seats = seats
        self._allow = ", ".join(sorted({*operations, *(["HEAD"] if "GET" in operations else [])}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        try:
            data = await body.read(receive, headers.get("content-length"))
        except ConnectionError:
            return
        except Fault as fault:
            answer = _refuse(fault)
        else:
            seats = self._seats.of(scope["method"])
            answer = await to_thread.run_sync(
                self._answer, scope, headers, data, monotonic(), limiter=seats
            )
        await answer(scope, receive, send)

    def _answer(self, scope: Scope, headers: Headers, data: bytes, came: float) -> Response:
        """In a thread of its own: everything that waits for the database."""
        doing = f"{scope['method']} {scope['path']}"
        try:
            if scope["method"] not in READING and self._is_stuck(since=came):
                raise Fault(503, UNAVAILABLE, {"Retry-After": "1"})
            caller = self._caller(headers)
            scope["caller"] = caller  # for the log
            answer = self._done(scope, headers, data, caller)
        except Exception as error:  # noqa: BLE001 - nothing of it may reach a client unexplained
            answer = _refuse(fault_of(error, doing=doing))
        known: Caller | None = scope.get("caller")
        answer.background = self._desk.noting(known) if known is not None else None
        return answer

    def _is_stuck(self, *, since: float) -> bool:
        return not self._desk.db.takes_writes and monotonic() - since > LONGEST_IN_LINE

    def _done(self, scope: Scope, headers: Headers, data: bytes, caller: Caller) -> Response:
        if not caller.is_active:
            raise Fault(403, INACTIVE)
        self._throttle(caller)
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        operation = self.operations.get(method)
        if operation is None:
            said = f'Method "{scope["method"]}" not allowed.'
            raise Fault(405, said, {"Allow": self._allow})
        if caller.role is Role.NONE or not caller.role.covers(operation.role):
            raise Fault(403, FORBIDDEN)
        call = Call(
            desk=self._desk,
            caller=caller,
            path=scope["path"],
            ids=scope.get("path_params", {}),
            queries=_queries(scope),
            headers=headers,
            base=base(self._desk, scope, headers),
            data=body.parse(data, headers.get("content-type")) if method != "GET" else None,
        )
        found = operation.handler(call)
        if isinstance(found, Answer):
            return _render(found.content, found.status)
        return _render(found, operation.status)

    def _caller(self, headers: Headers) -> Caller:
        """Whoever holds the token.  Raises Fault."""
        said = headers.get("authorization", "")
        secret = said.partition(" ")[2].strip() if said[:7].lower() == "bearer " else said.strip()
        if not secret or len(secret) > 200:
            raise Fault(403, NO_TOKEN)
        with self._desk.db.reading() as session:
            caller = access.find(session, secret)
        if caller is None:
            raise Fault(403, NO_TOKEN)
        return caller


def base(desk: Desk, scope: Scope, headers: Headers) -> str:
    """The absolute URL of this installation: as configured, else as the client called it."""
    if desk.settings.public_url:
        return desk.settings.public_url
    host = headers.get("host") or "localhost"
    return f"{scope.get('scheme', 'http')}://{host}/"


def _queries(scope: Scope) -> tuple[tuple[str, str], ...]:
    try:
        written = scope.get("query_string", b"").decode("ascii")
        pairs = parse_qsl(written, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        raise Fault(400, "Malformed query.") from None
    if any("\x00" in key + value for key, value in pairs):
        raise Fault(400, "Malformed query.")
    return tuple(pairs)


def _render(content: BaseModel | None, status: int) -> Response:
    if content is None:
        return Response(status_code=status)
    return Response(content.model_dump_json(by_alias=True), status, media_type="application/json")


def _refuse(fault: Fault) -> Response:
    return JSONResponse(fault.content, fault.status, headers=fault.headers)
