"""User groups, such as @sre: made, changed, and told to apps that want to know."""

import time

from sandbox.shapes import Json, NotPossible, new_id
from sandbox.workspace import Workspace

MOST_SHOWN = 500  # people; of a larger group, lists and events only tell how many there are


def add(workspace: Workspace, handle: str, *members: str) -> str:
    """A new group; its id."""
    people = [workspace.find_user(each).id for each in members]
    now = int(time.time())
    group_id = new_id("S")
    group: Json = {
        "id": group_id,
        "team_id": workspace.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": handle.title(),
        "description": "",
        "handle": handle,
        "is_external": False,
        "date_create": now,
        "date_update": now,
        "date_delete": 0,
        "auto_type": None,
        "created_by": workspace.bot.id,
        "updated_by": workspace.bot.id,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        "users": people,
        "user_count": len(people),
        "channel_count": 0,
    }
    with workspace.editing():
        workspace.groups[group_id] = group
    tell(workspace, "subteam_created", group)
    return group_id


def change(
    workspace: Workspace,
    handle: str,
    *,
    name: str | None = None,
    new_handle: str | None = None,
    disabled: bool | None = None,
) -> None:
    """What is None stays.  Apps get `subteam_updated`."""
    group = find(workspace, handle)
    changes: Json = {"date_update": int(time.time())}
    if name is not None:
        changes["name"] = name
    if new_handle is not None:
        changes["handle"] = new_handle
    if disabled is not None:
        changes["date_delete"] = int(time.time()) if disabled else 0
    with workspace.editing():
        group.update(changes)
    tell(workspace, "subteam_updated", group)


def set_members(workspace: Workspace, handle: str, *members: str) -> None:
    """Apps get `subteam_updated` and `subteam_members_changed`, in no order one can rely on."""
    group = find(workspace, handle)
    people = [workspace.find_user(each).id for each in members]
    before, now = group["users"], int(time.time())
    joined = [each for each in people if each not in before]
    left = [each for each in before if each not in people]
    previous = group["date_update"]
    with workspace.editing():
        group.update(users=people, user_count=len(people), date_update=now)
    tell(workspace, "subteam_updated", group)
    event: Json = {
        "type": "subteam_members_changed",
        "subteam_id": group["id"],
        "team_id": workspace.team_id,
        "date_previous_update": previous,
        "date_update": now,
        "added_users": joined,
        "added_users_count": len(joined),
        "removed_users": left,
        "removed_users_count": len(left),
        "event_ts": workspace.next_ts(),
    }
    workspace.emit("subteam_members_changed", event)


def find(workspace: Workspace, handle: str) -> Json:
    """A group by its handle, as a test or a page names it."""
    wanted = handle.removeprefix("@")
    for group in list(workspace.groups.values()):
        if group["handle"] == wanted:
            return group
    raise NotPossible(f"no user group is called {handle!r}")


def shown(group: Json, *, users: bool = True) -> Json:
    """The group as apps see it."""
    hidden = {"users"} if not users or len(group["users"]) > MOST_SHOWN else set()
    return {key: value for key, value in group.items() if key not in hidden}


def tell(workspace: Workspace, kind: str, group: Json) -> None:
    event: Json = {"type": kind, "subteam": shown(group), "event_ts": workspace.next_ts()}
    workspace.emit(kind, event)
