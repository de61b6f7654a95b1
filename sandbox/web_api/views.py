"""views.open, views.push, views.update and views.publish."""

from typing import Any

from sandbox.blocks.surfaces import checked_view
from sandbox.limits import Tier
from sandbox.shapes import ApiError, Json
from sandbox.triggers import Trigger
from sandbox.views import View
from sandbox.web_api.registry import Call, method


def view_argument(call: Call, kind: str) -> Json:
    view: Any = call.structure("view")
    if view is None:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view"])
    return checked_view(view, kind)


def trigger_argument(call: Call) -> Trigger:
    trigger_id = call.text("trigger_id") or call.text("interactivity_pointer")
    if not trigger_id:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: trigger_id"])
    return call.host.triggers.exchange(trigger_id)


def answer(call: Call, view: View) -> Json:
    return {"view": view.as_json(call.workspace)}


@method("views.open", tier=Tier.FOUR)
def views_open(call: Call) -> Json:
    body = view_argument(call, "modal")
    return answer(call, call.host.views.open(body, trigger_argument(call)))


@method("views.push", tier=Tier.FOUR)
def views_push(call: Call) -> Json:
    body = view_argument(call, "modal")
    trigger = trigger_argument(call)
    if trigger.view is None:
        # There is no modal to put it on: the trigger came from a command or a message.
        raise ApiError("invalid_trigger_id")
    return answer(call, call.host.views.push(body, trigger.user, trigger))


@method("views.update", tier=Tier.FOUR)
def views_update(call: Call) -> Json:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    view = call.host.views.find(view_id=view_id or None, external_id=external_id)
    body = view_argument(call, view.kind)
    return answer(call, call.host.views.update(view, body, expected_hash=call.text("hash") or None))


@method("views.publish", tier=Tier.FOUR)
def views_publish(call: Call) -> Json:
    user = call.workspace.user(call.required("user_id"))
    if not call.workspace.manifest.home_tab:
        raise ApiError("not_enabled")
    body = view_argument(call, "home")
    return answer(
        call, call.host.views.publish(user.id, body, expected_hash=call.text("hash") or None)
    )
