"""What a message and a view may hold as a whole: counts, sizes, titles, repeated ids."""

from typing import Any

from sandbox.blocks.ids import with_ids
from sandbox.shapes import Json


class Fault:
    def text(self) -> str:
        return ""

    def as_json(self) -> Json:
        return {}


def blocks_report(blocks: Any) -> list[Fault]:
    return []


def view_report(view: Any, kind: str | None) -> list[Fault]:
    return []


def checked_blocks(blocks: Any, pointer: str = "/blocks") -> list[Json]:
    return with_ids(blocks)


def checked_view(view: Any, kind: str) -> Json:
    return {**view, "blocks": with_ids(view["blocks"])}
