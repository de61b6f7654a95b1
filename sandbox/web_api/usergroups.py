"""usergroups.list and usergroups.users.list."""

from sandbox import groups
from sandbox.limits import Tier
from sandbox.shapes import ApiError, Json
from sandbox.web_api.registry import Call, method


@method("usergroups.list", tier=Tier.TWO, scopes=("usergroups:read",))
def usergroups_list(call: Call) -> Json:
    found = []
    for group in call.workspace.groups.values():
        if group["date_delete"] and not call.flag("include_disabled"):
            continue
        found.append(groups.shown(group, users=call.flag("include_users")))
    return {"usergroups": found}


@method("usergroups.users.list", tier=Tier.TWO, scopes=("usergroups:read",))
def usergroup_users(call: Call) -> Json:
    group = call.workspace.groups.get(call.required("usergroup"))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": group["users"]}
