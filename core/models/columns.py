"""Column types that SQLModel does not bring: enums by value, plans and documents as JSON."""

import json
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Dialect, Enum, Text
from sqlalchemy.types import TypeDecorator

from core.models.rule import Step


def choice(of: type[StrEnum]) -> Enum:
    """A text column that holds the enum's values, not its Python names."""
    return Enum(
        of,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Plan(TypeDecorator[list[Step]]):
    """A list of steps as a JSON array.  Assign a new list to change it."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: list[Step] | None, dialect: Dialect) -> Any:
        return [step.as_json() for step in value or []]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[Step]:
        return [Step.from_json(item) for item in value or []]


class Document(TypeDecorator[dict[str, Any]]):
    """A JSON object as text that can be searched as it was written, umlauts and all."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str:
        return json.dumps(value or {}, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(value or "{}")
        return found
