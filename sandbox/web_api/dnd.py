"""Do not disturb: dnd.info, dnd.teamInfo and what only people may do."""

from sandbox.limits import Tier
from sandbox.shapes import ApiError, Json
from sandbox.web_api.registry import Call, method

MOST_USERS = 50


@method("dnd.info", scopes=("dnd:read",))
def dnd_info(call: Call) -> Json:
    return call.workspace.user(call.text("user") or call.workspace.bot.id).dnd()


@method("dnd.teamInfo", tier=Tier.TWO, scopes=("dnd:read",))
def dnd_team_info(call: Call) -> Json:
    wanted = call.items("users")
    if len(wanted) > MOST_USERS:
        raise ApiError("too_many_users")
    people = call.workspace.users
    return {"users": {each: people[each].dnd() for each in wanted if each in people}}


# A bot cannot pause anybody's notifications: these take a person's own token.
@method("dnd.setSnooze", tokens=("user",))
@method("dnd.endSnooze", tokens=("user",))
@method("dnd.endDnd", tokens=("user",))
def only_people(_call: Call) -> Json:
    raise ApiError("not_allowed_token_type")
