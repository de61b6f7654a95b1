"""Methods about the app itself: api.*, auth.*, apps.*, bots.* and team.*."""

from sandbox.limits import Tier
from sandbox.shapes import ApiError, Json
from sandbox.web_api.registry import Call, method


@method("api.test", tier=Tier.FOUR, tokens=("none",))
def api_test(call: Call) -> Json:
    if error := call.text("error"):
        raise ApiError(error, args=call.arguments)
    return {"args": call.arguments}


@method("auth.test", tier=Tier.SPECIAL, tokens=("bot", "app"))
def auth_test(call: Call) -> Json:
    workspace = call.workspace
    if call.token == call.host.tokens.app:
        return {"app_name": workspace.manifest.name, "app_id": workspace.app_id}
    return {
        "url": f"{call.host.url}/",
        "team": workspace.name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke", tokens=("bot",))
def auth_revoke(call: Call) -> Json:
    if call.flag("test"):
        return {"revoked": False}
    call.host.tokens.refused[call.host.tokens.bot] = "token_revoked"
    call.workspace.emit(
        "tokens_revoked",
        {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [call.workspace.bot.id]}},
    )
    return {"revoked": True}


@method("apps.connections.open", tier=Tier.ONE, tokens=("app",))
def connections_open(call: Call) -> Json:
    return {"url": call.host.open_socket()}


@method("bots.info", scopes=("users:read",))
def bots_info(call: Call) -> Json:
    workspace = call.workspace
    wanted = call.text("bot") or workspace.bot.bot_id
    for user in workspace.users.values():
        if user.bot_id and user.bot_id == wanted:
            return {
                "bot": {
                    "id": user.bot_id,
                    "deleted": user.deleted,
                    "name": user.real_name,
                    "updated": user.updated,
                    "app_id": workspace.app_id if user.id == workspace.bot.id else "",
                    "user_id": user.id,
                    "icons": {"image_48": "https://example.com/bot_48.png"},
                }
            }
    raise ApiError("bot_not_found")


@method("team.info", scopes=("team:read",))
def team_info(call: Call) -> Json:
    workspace = call.workspace
    return {
        "team": {
            "id": workspace.team_id,
            "name": workspace.name,
            "domain": workspace.domain,
            "email_domain": "example.com",
            "icon": {"image_default": True},
            "url": f"{call.host.url}/",
            "is_verified": False,
        }
    }
