"""Modals and home tabs: what is open for whom, and how an app changes it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from secrets import token_hex

from sandbox import state
from sandbox.shapes import ApiError, Json, new_id
from sandbox.triggers import Trigger
from sandbox.workspace import Workspace

STACK_LIMIT = 3


def new_hash() -> str:
    return f"{int(time.time())}.{token_hex(4)}"


@dataclass(frozen=True)
class View:
    """One view as it is now; `body` is what the app sent, with ids filled in."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    channel: str | None = None
    trigger_id: str | None = None
    closed: bool = False
    values: Mapping[state.Key, Json] = field(default_factory=dict)
    # What the app said is wrong with the last submission, by block id.
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.body["type"])

    @property
    def blocks(self) -> list[Json]:
        return list(self.body["blocks"])

    @property
    def title(self) -> str:
        return str(self.body.get("title", {}).get("text", ""))

    def as_json(self, workspace: Workspace) -> Json:
        body = self.body
        return {
            "id": self.id,
            "team_id": workspace.team_id,
            "type": self.kind,
            "blocks": body["blocks"],
            "private_metadata": body.get("private_metadata", ""),
            "callback_id": body.get("callback_id", ""),
            "state": state.as_state(self.values),
            "hash": self.hash,
            "title": body.get("title"),
            "clear_on_close": body.get("clear_on_close", False),
            "notify_on_close": body.get("notify_on_close", False),
            "submit_disabled": body.get("submit_disabled", False),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": workspace.app_id,
            "external_id": body.get("external_id", ""),
            "app_installed_team_id": workspace.team_id,
            "bot_id": workspace.bot.bot_id,
        }


class Views:
    """Every view ever shown; the open modals of a person form a stack."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.by_id: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}

    def clear(self) -> None:
        with self.workspace.editing():
            self.by_id.clear()
            self.stacks.clear()
            self.homes.clear()

    def get(self, view_id: str) -> View:
        if view_id not in self.by_id:
            raise ApiError("not_found")
        return self.by_id[view_id]

    def stack(self, user: str) -> list[View]:
        """The open modals of a person, the topmost last."""
        return [self.by_id[view_id] for view_id in self.stacks.get(user, [])]

    def find(self, *, view_id: str | None, external_id: str | None) -> View:
        for view in reversed(list(self.by_id.values())):
            if view.closed:
                continue
            if view_id is not None and view.id == view_id:
                return view
            if external_id and view.body.get("external_id") == external_id:
                return view
        raise ApiError("not_found")

    def save(self, view: View) -> View:
        with self.workspace.editing():
            self.by_id[view.id] = view
        return view

    def check_external_id(self, body: Json, *, but: str | None = None) -> None:
        external_id = body.get("external_id")
        for view in self.by_id.values():
            taken = bool(external_id) and view.body.get("external_id") == external_id
            if taken and not view.closed and view.id != but:
                raise ApiError("duplicate_external_id")

    def open(self, body: Json, trigger: Trigger) -> View:
        """Show a modal; whatever modals the person had open make room for it."""
        with self.workspace.editing():
            self.check_external_id(body)
            self.close_all(trigger.user)
            return self._add(body, trigger.user, None, trigger)

    def push(self, body: Json, user: str, trigger: Trigger | None, on: str | None = None) -> View:
        """Put a modal over the one the person has in front of them."""
        with self.workspace.editing():
            stack = self.stack(user)
            if not stack or (on is not None and stack[-1].id != on):
                raise ApiError("not_found")
            if len(stack) >= STACK_LIMIT:
                raise ApiError("push_limit_reached")
            self.check_external_id(body)
            return self._add(body, user, stack[-1], trigger)

    def _add(self, body: Json, user: str, below: View | None, trigger: Trigger | None) -> View:
        view_id = new_id("V")
        channel = trigger.channel if trigger else None
        view = View(
            id=view_id,
            user=user,
            body=body,
            hash=new_hash(),
            root_id=below.root_id if below else view_id,
            previous_id=below.id if below else None,
            channel=channel,
            trigger_id=trigger.id if trigger else None,
            values=state.initial_values(body["blocks"], channel),
        )
        self.stacks.setdefault(user, []).append(view_id)
        return self.save(view)

    def update(self, view: View, body: Json, *, expected_hash: str | None = None) -> View:
        with self.workspace.editing():
            current = self.get(view.id)
            if current.closed:
                raise ApiError("not_found")
            if expected_hash and expected_hash != current.hash:
                raise ApiError("hash_conflict")
            self.check_external_id(body, but=view.id)
            return self.save(
                replace(
                    current,
                    body=body,
                    hash=new_hash(),
                    values=state.kept_values(current.values, body["blocks"]),
                    errors={},
                )
            )

    def publish(self, user: str, body: Json, *, expected_hash: str | None = None) -> View:
        with self.workspace.editing():
            shown = self.homes.get(user)
            if shown is not None:
                return self.update(self.get(shown), body, expected_hash=expected_hash)
            view_id = new_id("V")
            self.homes[user] = view_id
            values = state.initial_values(body["blocks"])
            return self.save(View(view_id, user, body, new_hash(), view_id, values=values))

    def home(self, user: str) -> View | None:
        shown = self.homes.get(user)
        return self.by_id[shown] if shown else None

    def fill(self, view_id: str, key: state.Key, value: Json) -> View:
        """Keep what a person typed or chose."""
        with self.workspace.editing():
            view = self.get(view_id)
            return self.save(replace(view, values={**view.values, key: value}))

    def show_errors(self, view_id: str, errors: Mapping[str, str]) -> View:
        with self.workspace.editing():
            return self.save(replace(self.get(view_id), errors=dict(errors)))

    def close(self, view_id: str) -> View:
        """Take one modal away; the one below comes to the front."""
        with self.workspace.editing():
            view = self.get(view_id)
            stack = self.stacks.get(view.user, [])
            if view_id in stack:
                stack.remove(view_id)
            return self.save(replace(view, closed=True))

    def close_all(self, user: str) -> list[View]:
        with self.workspace.editing():
            return [self.close(view.id) for view in reversed(self.stack(user))]
