"""Fills in the block ids and action ids an app left out, as the platform does."""

import json
from collections.abc import Sequence
from secrets import token_urlsafe

from sandbox.shapes import Json
from sandbox.state import elements_of


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """A copy of the blocks in which every block, and every element that can act, has an id."""
    # Through JSON, because a copy keeps one object that stands in two places one object.
    filled: list[Json] = json.loads(json.dumps(list(blocks)))
    for block in filled:
        block.setdefault("block_id", token_urlsafe(4))
        for element in elements_of(block):
            if element["type"] != "image":
                element.setdefault("action_id", token_urlsafe(4))
    return filled
