"""A client that works as Terraform does: makes what is written, reads it back, plans what differs.

What it sends and when is in the public clients of the API: every key it knows, "" for none,
`manual_order` with every position, ten requests at a time, no slash after some lists.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.api.service import Service

PARALLEL = 10
WRITE_ONLY = {"manual_order"}
# Terraform sends these people by the other word.
IN_TURN = ("persons_to_notify_next_each_time", "persons_to_notify")
Resource = tuple[str, dict[str, Any]]  # kind, and what is written about it


@dataclass
class Terraform:
    """`state` holds what was made: ids and what was last sent, by the names in the files."""

    service: Service
    ids: dict[str, str] = field(default_factory=dict)
    sent: dict[str, Resource] = field(default_factory=dict)

    def apply(self, **wanted: Resource) -> None:
        """Make or change all of these at once; afterwards nothing may be left to do."""
        with ThreadPoolExecutor(PARALLEL) as pool:
            list(pool.map(self._write, wanted.items()))
        assert self.plan() == {}

    def adopt(self, name: str, kind: str, id_: str) -> None:
        """As `terraform import` does."""
        answer = self._ask("GET", f"{kind}/{id_}/")
        assert answer.status_code == 200, answer.text
        self.ids[name] = id_

    def destroy(self, *names: str) -> None:
        def remove(name: str) -> int:
            kind, _ = self.sent.pop(name)
            return self._ask("DELETE", f"{kind}/{self.ids.pop(name)}/").status_code

        with ThreadPoolExecutor(PARALLEL) as pool:
            assert set(pool.map(remove, names)) <= {204}

    def plan(self) -> dict[str, dict[str, tuple[Any, Any]]]:
        """What would be changed: what is written and what is there, by name and by key."""
        found = {name: self._drift(name) for name in self.sent}
        return {name: drift for name, drift in found.items() if drift}

    def read(self, name: str) -> dict[str, Any]:
        kind, _ = self.sent[name]
        found: dict[str, Any] = self._ask("GET", f"{kind}/{self.ids[name]}/").json()
        return found

    def data(self, path: str, **query: str) -> dict[str, Any]:
        """A data source: exactly one thing of this name."""
        answer = self.service.client().get(path, **query)
        assert answer.status_code == 200, answer.text
        [found] = answer.json()["results"]
        return dict(found)

    def _write(self, item: tuple[str, Resource]) -> None:
        name, (kind, body) = item
        if name in self.ids:
            answer = self._ask("PUT", f"{kind}/{self.ids[name]}/", body)
            assert answer.status_code == 200, answer.text
        else:
            answer = self._ask("POST", f"{kind}/", body)
            assert answer.status_code == 201, answer.text
            self.ids[name] = answer.json()["id"]
        self.sent[name] = (kind, body)

    def _drift(self, name: str) -> dict[str, tuple[Any, Any]]:
        kind, body = self.sent[name]
        answer = self._ask("GET", f"{kind}/{self.ids[name]}/")
        if answer.status_code == 404:
            return {"id": (self.ids[name], None)}
        assert answer.status_code == 200, answer.text
        there = answer.json()
        if body.get("type") == "notify_person_next_each_time":
            there = there | {IN_TURN[1]: there.get(IN_TURN[0])}
        return {
            key: (said, there.get(key))
            for key, said in body.items()
            if key not in WRITE_ONLY and not _same(said, there.get(key))
        }

    def _ask(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        client = self.service.client()
        if method == "POST":
            return client.post(path, body)
        if method == "PUT":
            return client.put(path, body)
        return client.delete(path) if method == "DELETE" else client.get(path)


def _same(said: Any, there: Any) -> bool:
    """As a Go struct sees it: null, nothing, "" and [] are one; an object may hold more keys."""
    if isinstance(said, Mapping):
        found = there if isinstance(there, Mapping) else {}
        return all(_same(value, found.get(key)) for key, value in said.items())
    if isinstance(said, list):
        return sorted(said) == sorted(there or [])
    return (said or None) == (there or None)
