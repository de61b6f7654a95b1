"""Turns what a person picks, by name or by the text they read, into the value that travels."""

from collections.abc import Sequence

from sandbox import state
from sandbox.host import Host
from sandbox.shapes import Json, NotPossible
from sandbox.workspace import Workspace


def options_of(element: Json) -> list[Json]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(each for group in groups for each in group["options"])]


def groups_of(element: Json) -> list[Json]:
    """The options in groups: one without a label where there are none."""
    if "option_groups" not in element:
        return [{"label": None, "options": list(element.get("options", []))}]
    return [
        {"label": group["label"]["text"], "options": list(group["options"])}
        for group in element["option_groups"]
    ]


def pick_option(options: Sequence[Json], wanted: str) -> Json:
    for option in options:
        if wanted in (option["text"]["text"], option.get("value")):
            return option
    offered = [option["text"]["text"] for option in options]
    raise NotPossible(f"{wanted!r} is not offered; there is {offered}")


def pick_user(workspace: Workspace, wanted: str) -> str:
    user = workspace.find_user(wanted)
    if user.deleted:
        raise NotPossible(f"{wanted} is deactivated and not in the list")
    return user.id


def pick_channel(host: Host, person: str, wanted: str) -> str:
    workspace = host.workspace
    if wanted.startswith("@"):
        return workspace.direct(person, workspace.find_user(wanted).id).id
    channel = workspace.find_channel(wanted)
    if channel.archived or (channel.kind != "public" and person not in channel.members):
        raise NotPossible(f"{wanted} is not in the list")
    return channel.id


def chosen(
    host: Host, person: str, field: state.Field, wanted: Sequence[str], offered: Sequence[Json]
) -> Json:
    """The value of a field after picking these; nothing picked clears it.

    `offered` are the options the app suggested, where it does.
    """
    kind, element = field.type, field.element
    if kind not in state.VALUES:
        raise NotPossible(f"nothing can be chosen in a {kind}")
    options = offered or options_of(element)
    picked: list[object]
    if "users" in kind:
        picked = [pick_user(host.workspace, each) for each in wanted]
    elif "conversations" in kind or "channels" in kind:
        picked = [pick_channel(host, person, each) for each in wanted]
    elif kind.startswith(("date", "time")):
        picked = [int(each) if kind == "datetimepicker" else each for each in wanted]
    else:
        picked = [pick_option(options, each) for each in wanted]
    key, _, empty = state.VALUES[kind]
    if isinstance(empty, list):
        most = element.get("max_selected_items")
        if most is not None and len(picked) > most:
            raise NotPossible(f"no more than {most} can be chosen")
        return {"type": kind, key: picked}
    if len(picked) > 1:
        raise NotPossible(f"only one can be chosen in a {kind}")
    return {"type": kind, key: picked[0] if picked else None}
