"""The API on a real socket, with a small world behind it: people, roles, tokens."""

from collections.abc import Mapping
from typing import Any

import httpx2

from api.app import Health, create_api
from api.call import Desk
from api.endpoint import Throttle
from core import access
from core.config import exactly
from core.models import Role, User
from tests.api.doors import Door
from tests.core.matching import in_no_hurry
from tests.core.world import World


class Service:
    """Answers on `url`; `world` has the phones that ring."""

    def __init__(
        self, world: World, *, throttle: Throttle = lambda caller: None, **settings: Any
    ) -> None:
        self.world = world
        self.matcher = in_no_hurry()
        desk = Desk(exactly(**settings), world.db, frozenset(world.channels), self.matcher)
        self.door = Door.open(create_api(lambda: Health([]), desk, throttle))
        self.url = self.door.url
        self.admin = self.add("admin", Role.ADMIN)
        self._clients: dict[str, Client] = {}

    def close(self) -> None:
        for client in self._clients.values():
            client.http.close()
        self.door.close()
        self.matcher.stop()

    def add(self, name: str, role: Role | None = None, *steps: Any, **facts: Any) -> User:
        """Somebody new, with rules."""
        return self.world.user(name, *steps, given_role=role, **facts)

    def token(self, user: User, name: str = "test") -> str:
        with self.world.db.transaction() as session:
            return access.create(session, session.get_one(User, user.id), name)

    def client(self, user: User | None = None) -> "Client":
        """Asks as this user, or as the admin; always with the same token."""
        who = user or self.admin
        if who.id not in self._clients:
            self._clients[who.id] = Client(self.url, self.token(who))
        return self._clients[who.id]


class Client:
    """Asks with one token; paths are under /api/v1/."""

    def __init__(self, url: str, token: str | None) -> None:
        headers = {"Authorization": token} if token is not None else {}
        self.token = token
        self.http = httpx2.Client(base_url=url, headers=headers, timeout=30)

    def get(self, path: str, **query: str) -> httpx2.Response:
        return self.http.get(f"/api/v1/{path}", params=query or None)

    def post(
        self, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        return self.http.post(f"/api/v1/{path}", json=body, headers=headers)

    def put(self, path: str, body: Any = None) -> httpx2.Response:
        return self.http.put(f"/api/v1/{path}", json=body)

    def delete(self, path: str, body: Any = None) -> httpx2.Response:
        return self.http.request("DELETE", f"/api/v1/{path}", json=body)
