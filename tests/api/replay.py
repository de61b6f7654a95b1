"""Plays recorded requests against the running server and compares what it answers.

How a case is written: recorded/README.md.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

from core.models import Role, Team, User
from core.throttle import Throttle
from tests.api.comparing import Comparison
from tests.api.departures import DEPARTURES, Departure
from tests.api.service import Service
from tests.core.teams import Teams, persons
from tests.core.world import World

RECORDED = Path(__file__).parent / "recorded"
RULES = "/api/v1/personal_notification_rules/"

FACTS: Mapping[str, Any] = {"timezone": "Europe/Zurich", "slack_team_id": "T1WORKSPACE"}
ROLES = {
    "norules": Role.EDITOR,
    "editor": Role.EDITOR,
    "current_team": Role.EDITOR,
    "viewer": Role.VIEWER,
    "none_role": Role.NONE,
}
SENT = re.compile(r"\{(run|(?:var|users|teams|usernames|emails|rules)\.\w+)\}")


@dataclass(frozen=True)
class Case:
    """One recorded request with its answer."""

    file: str
    said: Mapping[str, Any]

    @property
    def id(self) -> str:
        return f"{self.file[:2]} {self.said['name']}"


def cases() -> list[Case]:
    """All of them, in the order in which they were recorded."""
    return [
        Case(path.stem, said)
        for path in sorted(RECORDED.glob("*.json"))
        for said in json.loads(path.read_text())
    ]


@dataclass(frozen=True)
class Outcome:
    """What became of a case: how it differs from the recorded answer, and from ours."""

    told: str
    problems: list[str]
    departed: list[str] = field(default_factory=list)


class Player:
    """Holds the people, the teams and what earlier cases saved."""

    def __init__(self, world: World) -> None:
        self.service = Service(world, throttle=Throttle(world.db, limit=300).check)
        self.run = uuid4().hex[:8]
        self.users = dict(self._people())
        self.teams = {name: self._team(name) for name in ("contactable", "uncontactable", "bare")}
        self.tokens = {
            name: self.service.token(user, "replay") for name, user in self.users.items()
        }
        self.http = httpx2.Client(base_url=self.service.url, timeout=30)
        self.saved: dict[str, str] = {}

    def close(self) -> None:
        self.http.close()
        self.service.close()

    def play(self) -> dict[str, Outcome]:
        return {case.id: self._one(case) for case in cases()}

    def _people(self) -> Iterator[tuple[str, User]]:
        self.service.world.change(self.service.admin, **FACTS)
        yield "admin", self.service.admin
        for name in [f"u{number}" for number in range(1, 9)]:
            user = self.service.add(name, Role.EDITOR, "sms", 5, "phone", **FACTS)
            self.service.world.rules(user, "phone", "sms", important=True)
            yield name, user
        for name, role in ROLES.items():
            yield name, self.service.add(name, role, **FACTS)
        gone = self.service.add("inactive", Role.EDITOR, is_active=False, **FACTS)
        yield "inactive", gone

    def _team(self, name: str) -> Team:
        teams = Teams(self.service.world)
        team = teams.make(name)
        if name == "contactable":
            chain = teams.chain(name, persons(self.users["u1"]))
            teams.leads(team, chain)
            teams.leads(team, chain, important=True)
        return team

    def _one(self, case: Case) -> Outcome:
        said = case.said
        if said["name"].startswith("set-up:"):
            return self._set_up(said)
        departure = DEPARTURES.get(case.id)
        try:
            answer = self._send(said, departure)
        except LookupError as missing:
            return Outcome(f"not sent: {missing} was never saved", ["it was not sent"])
        told = f"{answer.status_code} {answer.text[:2000]}"
        content = _content(answer)
        saves = said.get("saves", {}) if departure is None else departure.saves
        for name, where in saves.items():
            self._save(name, where, content)
        compare = Comparison(self._value)
        problems = compare(said["answer"], answer, content)
        if departure is None:
            return Outcome(told, problems)
        expected = departure.answer_to(said["answer"])
        departed = compare(expected, answer, content)
        if departure.then is not None:
            method, path = departure.then
            self._ask(method, self._fill(path), "admin")
        return Outcome(told, problems, departed)

    def _set_up(self, said: Mapping[str, Any]) -> Outcome:
        found = self._ask("GET", self._fill(said["path"]), said["as"])
        results = found.json().get("results", []) if found.status_code == 200 else []
        codes = [
            self._ask("DELETE", f"{RULES}{rule['id']}/", said["as"]).status_code for rule in results
        ]
        good = found.status_code == 200 and set(codes) <= {204}
        return Outcome(
            f"{found.status_code} {codes}", [] if good else ["not everything was deleted"]
        )

    def _send(self, said: Mapping[str, Any], departure: Departure | None) -> httpx2.Response:
        for name, value in (departure.given if departure else {}).items():
            self.saved.setdefault(name, self._fill(value))
        more: dict[str, Any] = {}
        if "json" in said:
            more["json"] = self._fill_all(said["json"])
        if "body" in said:
            more["content"] = self._fill(said["body"]).encode()
            more["headers"] = {"Content-Type": said["content_type"]}
        path = self._fill(said["path"])
        for _ in range(said.get("times", 1)):
            answer = self._ask(said["method"], path, said["as"], **more)
        return answer

    def _ask(self, method: str, path: str, who: str, **more: Any) -> httpx2.Response:
        headers = dict(more.pop("headers", {}))
        if who.startswith("token: "):
            headers["Authorization"] = who.removeprefix("token: ")
        elif who != "no token":
            headers["Authorization"] = self.tokens[who]
        return self.http.request(method, path, headers=headers, **more)

    def _save(self, name: str, where: str, content: Any) -> None:
        for word in where.split("."):
            try:
                content = content[int(word) if word.isdecimal() else word]
            except (LookupError, TypeError):
                return
        self.saved[name] = str(content)

    def _fill(self, text: str) -> str:
        return SENT.sub(lambda found: self._value(found[1].replace(".", ":")), text)

    def _fill_all(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._fill(value)
        if isinstance(value, list):
            return [self._fill_all(item) for item in value]
        if isinstance(value, dict):
            return {key: self._fill_all(item) for key, item in value.items()}
        return value

    def _value(self, word: str) -> str:
        """Raises LookupError for what nobody saved."""
        kind, _, name = word.partition(":")
        if kind == "rules":  # the first one of this user
            query = {"user_id": self.users[name].id}
            found = self.service.client().get("personal_notification_rules", **query)
            return str(found.json()["results"][0]["id"]) if found.status_code == 200 else "N"
        values: Mapping[str, Mapping[str, Any]] = {
            "run": {"": self.run},
            "base": {"": self.service.url},
            "var": self.saved,
            "users": {key: user.id for key, user in self.users.items()},
            "name": {key: user.username for key, user in self.users.items()},
            "usernames": {key: user.username for key, user in self.users.items()},
            "emails": {key: user.email for key, user in self.users.items()},
            "teams": {key: team.id for key, team in self.teams.items()},
            "teamname": {key: team.name for key, team in self.teams.items()},
        }
        return str(values[kind][name])


def _content(answer: httpx2.Response) -> Any:
    if not answer.content:
        return "(no body)"
    try:
        return answer.json()
    except ValueError:
        return f"not JSON: {answer.text[:200]}"
