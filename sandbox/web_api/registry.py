"""The table of Web API methods, and what each of them is handed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.host import Host
from sandbox.limits import Tier
from sandbox.shapes import ApiError, Json, read_json
from sandbox.workspace import Workspace

TokenKind = Literal["bot", "app", "user", "none"]


@dataclass(frozen=True)
class Call:
    """One call: who calls, with which arguments, on which host."""

    host: Host
    method: str
    arguments: Json
    token: str | None

    @property
    def workspace(self) -> Workspace:
        return self.host.workspace

    def text(self, name: str, default: str = "") -> str:
        value = self.arguments.get(name, default)
        return value if isinstance(value, str) else str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise ApiError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.arguments.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise ApiError("invalid_arguments", [f"[ERROR] not a number: {name}"]) from None

    def items(self, name: str) -> list[str]:
        """A comma-separated list, or a list."""
        value = self.arguments.get(name, "")
        if isinstance(value, list):
            return [str(each) for each in value]
        return [each.strip() for each in str(value).split(",") if each.strip()]

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """An object or a list, which form data carries as a JSON string."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return read_json(value)
        except ValueError:
            raise ApiError(error) from None

    def need(self, *scopes: str) -> None:
        """Refuse the call unless the app was granted one of these scopes."""
        granted = self.workspace.manifest.scopes
        if scopes and not granted.intersection(scopes):
            raise ApiError(
                "missing_scope", needed=",".join(scopes), provided=",".join(sorted(granted))
            )


@dataclass(frozen=True)
class Method:
    name: str
    tokens: tuple[TokenKind, ...]
    scopes: tuple[str, ...]
    tier: Tier
    run: Callable[[Call], Json]


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    tier: Tier = Tier.THREE,
    scopes: tuple[str, ...] = (),
    tokens: tuple[TokenKind, ...] = ("bot",),
) -> Callable[[Callable[[Call], Json]], Callable[[Call], Json]]:
    """Put a function into the table; any one of the scopes is enough."""

    def register(run: Callable[[Call], Json]) -> Callable[[Call], Json]:
        METHODS[name] = Method(name, tokens, scopes, tier, run)
        return run

    return register
