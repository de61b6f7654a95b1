"""blocks.validate: checks blocks, a message or a view without sending it."""

from typing import Any

from sandbox.blocks.surfaces import blocks_report, view_report
from sandbox.limits import Tier
from sandbox.shapes import ApiError, Json
from sandbox.web_api.registry import Call, method


@method("blocks.validate", tier=Tier.THREE, tokens=("bot", "app"))
def blocks_validate(call: Call) -> Json:
    given = [name for name in ("blocks", "message", "view") if name in call.arguments]
    if len(given) != 1:
        raise ApiError("invalid_arguments")
    [name] = given
    content: Any = call.structure(name)
    if name == "view":
        faults = view_report(content, None)
    elif name == "message":
        faults = blocks_report(content.get("blocks", []))
    else:
        faults = blocks_report(content)
    if not faults:
        return {}
    raise ApiError(
        f"invalid_{name}",
        [fault.text() for fault in faults],
        errors=[fault.as_json() for fault in faults],
    )
