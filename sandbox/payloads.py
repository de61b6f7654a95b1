"""Builds what the app is sent when a person acts, with the keys of the real payloads."""

import time
from collections.abc import Mapping

from sandbox import state
from sandbox.channels import Channel, Message
from sandbox.events import message_json
from sandbox.people import User
from sandbox.shapes import Json
from sandbox.views import View
from sandbox.workspace import Workspace

TOKEN = "sandbox-verification-token"  # noqa: S105 - the legacy field, never a secret here


def slash_command(
    workspace: Workspace,
    user: User,
    channel: Channel,
    command: str,
    text: str,
    *,
    response_url: str,
    trigger_id: str,
) -> Json:
    return {
        "token": TOKEN,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel.name_for_commands,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def interaction(workspace: Workspace, kind: str, user: User) -> Json:
    """What every interaction carries."""
    return {
        "type": kind,
        "team": {"id": user.team_id, "domain": workspace.domain},
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team_id,
        },
        "api_app_id": workspace.app_id,
        "token": TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def action(field: state.Field, value: Mapping[str, object]) -> Json:
    """One entry of `actions`: the element that was used and what it holds now."""
    done: Json = {
        "type": field.type,
        "block_id": field.key[0],
        "action_id": field.key[1],
        "action_ts": f"{time.time():.6f}",
    }
    shown = ("text", "value", "style", "url") if field.type == "button" else ("placeholder",)
    initial = state.VALUES.get(field.type, ("", "", None))[1]
    for key in (*shown, "confirm", initial):
        if key in field.element:
            done[key] = field.element[key]
    return done | dict(value)


def from_view(workspace: Workspace, kind: str, user: User, view: View) -> Json:
    payload = interaction(workspace, kind, user)
    payload["view"] = view.as_json(workspace)
    return payload


def block_actions_in_view(
    workspace: Workspace, user: User, view: View, actions: list[Json], *, trigger_id: str
) -> Json:
    return {
        **from_view(workspace, "block_actions", user, view),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger_id,
        "actions": actions,
    }


def message_container(message: Message) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return container


def block_actions_in_message(
    workspace: Workspace,
    user: User,
    message: Message,
    values: state.Values,
    actions: list[Json],
    *,
    response_url: str,
    trigger_id: str,
) -> Json:
    channel = workspace.channels[message.channel]
    payload: Json = {
        **interaction(workspace, "block_actions", user),
        "container": message_container(message),
        "trigger_id": trigger_id,
        "channel": {"id": channel.id, "name": channel.name_for_commands},
        "state": state.as_state(values),
        "response_url": response_url,
        "actions": actions,
    }
    # The content of an ephemeral message is not kept anywhere, so nobody is told it again.
    if message.ephemeral_to is None:
        payload["message"] = message_json(workspace, message)
    return payload


def view_submission(
    workspace: Workspace, user: User, view: View, *, trigger_id: str, response_urls: list[Json]
) -> Json:
    return {
        **from_view(workspace, "view_submission", user, view),
        "trigger_id": trigger_id,
        "response_urls": response_urls,
    }


def view_closed(workspace: Workspace, user: User, view: View, *, is_cleared: bool) -> Json:
    return {**from_view(workspace, "view_closed", user, view), "is_cleared": is_cleared}


def block_suggestion_in_view(workspace: Workspace, user: User, view: View, where: Json) -> Json:
    return {
        **from_view(workspace, "block_suggestion", user, view),
        "container": {"type": "view", "view_id": view.id},
        **where,
    }


def block_suggestion_in_message(
    workspace: Workspace, user: User, message: Message, where: Json
) -> Json:
    channel = workspace.channels[message.channel]
    return {
        **interaction(workspace, "block_suggestion", user),
        "container": message_container(message),
        "channel": {"id": channel.id, "name": channel.name_for_commands},
        "message": message_json(workspace, message),
        **where,
    }


def shortcut(workspace: Workspace, user: User, callback_id: str, *, trigger_id: str) -> Json:
    return {
        **interaction(workspace, "shortcut", user),
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "action_ts": f"{time.time():.6f}",
    }


def message_shortcut(
    workspace: Workspace,
    user: User,
    message: Message,
    callback_id: str,
    *,
    response_url: str,
    trigger_id: str,
) -> Json:
    channel = workspace.channels[message.channel]
    return {
        **interaction(workspace, "message_action", user),
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "action_ts": f"{time.time():.6f}",
        "message_ts": message.ts,
        "response_url": response_url,
        "channel": {"id": channel.id, "name": channel.name_for_commands},
        "message": message_json(workspace, message),
    }
