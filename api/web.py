"""GET /g/<id>: from a link to the alert itself, for people with a browser.

It leads to the Slack message where there is one.  Where there is none, or with `?whole=1`,
whoever has a token reads the alert here.  A stranger cannot tell whether there is one.
"""

from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from sqlalchemy import bindparam, select
from sqlmodel import Session, col
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api import body, sheet
from api.call import Desk
from api.endpoint import Throttle
from api.errors import Fault, fault_of
from core import access, telling
from core.access import Caller
from core.models import AlertGroup, Post, PostKind, Role, User

THREADS = 2  # strangers can ask for these pages: they must not take the database from others
METHODS = ("GET", "HEAD", "POST")
LONGEST_TOKEN = 200
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src '{sheet.STYLE_HASH}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}

WRONG = "This token does not work."
NO_ROLE = "The user of this token has no role that may read alerts. An admin can give them one."
NO_ALERT = "There is no such alert, or it was deleted."

PERMALINK = (
    select(col(Post.permalink))
    .join(AlertGroup, col(AlertGroup.id) == col(Post.alert_group_id))
    .where(
        col(AlertGroup.id) == bindparam("id"),
        col(AlertGroup.deleted_at).is_(None),
        col(Post.kind) == PostKind.ALERT,
    )
)


class Web:
    """The page of an alert group, as an ASGI application."""

    def __init__(self, desk: Desk, throttle: Throttle) -> None:
        self._desk = desk
        self._throttle = throttle
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if self._limiter is None:  # it belongs to the event loop, which did not run before
            self._limiter = CapacityLimiter(THREADS)
        try:
            data = await body.read(receive, headers.get("content-length"))
        except ConnectionError:
            return
        except Fault as fault:
            answer = _refuse(fault)
        else:
            answer = await to_thread.run_sync(
                self._answer, scope, headers, data, limiter=self._limiter
            )
        answer.headers.update(HEADERS)
        await answer(scope, receive, send)

    def _answer(self, scope: Scope, headers: Headers, data: bytes) -> Response:
        """In a thread of its own: everything that waits for the database."""
        try:
            if scope["method"] not in METHODS:
                said = f"{scope['method']} is not possible here."
                raise Fault(405, said, {"Allow": ", ".join(METHODS)})
            return self._look(scope, headers, data)
        except Exception as error:  # noqa: BLE001 - nothing of it may reach a person unexplained
            return _refuse(fault_of(error, doing=f"{scope['method']} {scope['path']}"))

    def _look(self, scope: Scope, headers: Headers, data: bytes) -> Response:
        group_id = scope["path_params"]["id"]
        if scope["method"] != "POST" and not _wants_whole(scope):
            with self._desk.db.reading() as session:
                permalink = session.scalar(PERMALINK, {"id": group_id})
            if permalink:
                return RedirectResponse(permalink, 302)
        secret = _secret(scope, headers, data)
        if not secret:
            return HTMLResponse(sheet.form())
        with self._desk.db.reading() as session:
            caller = access.find(session, secret) if len(secret) <= LONGEST_TOKEN else None
        if caller is None or not caller.is_active:
            return HTMLResponse(sheet.form(WRONG), 403)
        self._throttle(caller)
        note = self._desk.noting(caller)
        if not caller.role.covers(Role.VIEWER):
            return HTMLResponse(sheet.form(NO_ROLE), 403, background=note)
        with self._desk.db.reading() as session:
            page = _page(session, group_id, caller)
        if page is None:
            return HTMLResponse(sheet.saying(NO_ALERT), 404, background=note)
        return HTMLResponse(page, background=note)


def route(desk: Desk, throttle: Throttle) -> Route:
    return Route("/g/{id}", Web(desk, throttle))


def _page(session: Session, group_id: str, caller: Caller) -> str | None:
    group = session.get(AlertGroup, group_id)
    if group is None or group.deleted_at is not None:
        return None
    return sheet.alert(telling.tell(session, group), session.get_one(User, caller.user_id))


def _wants_whole(scope: Scope) -> bool:
    query = scope.get("query_string", b"").decode("latin-1")
    try:
        return parse_qs(query, max_num_fields=100).get("whole") == ["1"]
    except ValueError:
        return False


def _secret(scope: Scope, headers: Headers, data: bytes) -> str:
    """The token that came along, empty without one.  Raises Fault for a form we cannot read."""
    if scope["method"] == "POST":
        form = body.parse(data, headers.get("content-type"))
        given = form.get("token") if isinstance(form, dict) else None
        if isinstance(given, str) and given.strip():
            return given.strip()
    said = headers.get("authorization", "")
    kind, _, rest = said.partition(" ")
    if kind.lower() == "basic":  # for a proxy in front of us
        return ""
    return rest.strip() if kind.lower() == "bearer" else said.strip()


def _refuse(fault: Fault) -> Response:
    said = str(fault.content.get("detail", "This cannot be read."))
    return HTMLResponse(sheet.saying(said), fault.status, headers=fault.headers)
