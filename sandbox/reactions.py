"""Puts an emoji on a message and takes it back, for people and for the bot."""

from dataclasses import replace

from sandbox import events
from sandbox.channels import Message
from sandbox.people import User
from sandbox.workspace import Workspace


def put(workspace: Workspace, message: Message, user: User, name: str) -> None:
    with workspace.editing():
        now = workspace.messages[message.channel][message.ts]
        users = (*now.reactions.get(name, ()), user.id)
        save(workspace, now, user, name, users, "reaction_added")


def take_back(workspace: Workspace, message: Message, user: User, name: str) -> None:
    with workspace.editing():
        now = workspace.messages[message.channel][message.ts]
        users = tuple(each for each in now.reactions.get(name, ()) if each != user.id)
        save(workspace, now, user, name, users, "reaction_removed")


def save(
    workspace: Workspace, now: Message, user: User, name: str, users: tuple[str, ...], event: str
) -> None:
    reactions = {key: each for key, each in {**now.reactions, name: users}.items() if each}
    # A reaction is no edit: nobody gets a message_changed for it.
    changed = workspace.keep(replace(now, reactions=reactions))
    workspace.emit(event, events.about_reaction(event, workspace, changed, user, name))
