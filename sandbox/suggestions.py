"""Asks the app which options an external select should offer for what was typed."""

from collections.abc import Callable
from typing import Any

from sandbox.blocks.elements import MOST_OPTIONS, OPTION, OPTION_GROUP
from sandbox.blocks.rules import exactly_one, items, shape
from sandbox.host import Host
from sandbox.shapes import Json, NotPossible
from sandbox.state import Field

ANSWER = shape(
    {},
    {
        "options": items(OPTION, MOST_OPTIONS, 0),
        "option_groups": items(OPTION_GROUP, MOST_OPTIONS, 0),
    },
    exactly_one("options", "option_groups"),
)
NONE: Json = {"options": []}


def suggested(host: Host, field: Field, query: str, payload: Callable[[Json], Json]) -> Json:
    """The suggested `options` or `option_groups`.

    None, and a problem on record, for an answer that breaks the rules.  NotPossible if there
    is no answer.
    """
    if not field.type.endswith("external_select"):
        raise NotPossible(f"{field.label!r} is a {field.type}; the app suggests nothing there")
    if len(query) < field.element.get("min_query_length", 3):
        return NONE
    where = {"block_id": field.key[0], "action_id": field.key[1], "value": query}
    ack = host.deliver("interactive", payload(where))
    ack.check()
    answer: Any = ack.answer
    faults = ANSWER(answer, "")
    if faults:
        with host.workspace.editing():
            texts = [fault.text() for fault in faults]
            host.workspace.problems.append(f"block_suggestion answered with {texts}")
        return NONE
    return dict(answer)
