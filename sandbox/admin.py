"""What the people who run the workspace do: add and change people and channels."""

import time
from collections.abc import Sequence
from dataclasses import replace

from sandbox import events, groups
from sandbox.channels import Channel
from sandbox.people import User
from sandbox.workspace import Workspace

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "UTC")


class Admin:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def add_person(
        self,
        name: str,
        real_name: str = "",
        *,
        email: str | None = None,
        tz: str = "UTC",
        is_admin: bool = False,
        is_bot: bool = False,
        is_restricted: bool = False,
        channels: Sequence[str] = (),
    ) -> User:
        """Somebody new; apps get `team_join`."""
        user = self.workspace.add_user(
            name,
            real_name,
            email=email,
            tz=tz,
            is_admin=is_admin,
            is_bot=is_bot,
            is_restricted=is_restricted,
        )
        self.workspace.emit("team_join", events.about_user("team_join", self.workspace, user))
        for channel in channels:
            self.put_in(name, channel)
        return user

    def add_people(self, count: int, *, channel: str = "general") -> list[User]:
        """Many people at once (person1, person2, ...), without an event for each."""
        with self.workspace.editing():
            added = [
                self.workspace.add_user(
                    f"person{number}", f"Person {number}", tz=ZONES[number % len(ZONES)]
                )
                for number in range(1, count + 1)
            ]
            where = self.workspace.find_channel(channel)
            members = (*where.members, *(user.id for user in added))
            self.workspace.save_channel(replace(where, members=members))
        return added

    def change(
        self,
        name: str,
        *,
        real_name: str | None = None,
        new_name: str | None = None,
        email: str | None = None,
        tz: str | None = None,
        is_admin: bool | None = None,
        is_owner: bool | None = None,
        is_restricted: bool | None = None,
        deleted: bool | None = None,
    ) -> User:
        """Change a profile; what is None stays.  Apps get `user_change`."""
        user = self.workspace.find_user(name)
        changed = replace(
            user,
            real_name=user.real_name if real_name is None else real_name,
            name=user.name if new_name is None else new_name,
            email=user.email if email is None else email,
            tz=user.tz if tz is None else tz,
            is_admin=user.is_admin if is_admin is None else is_admin,
            is_owner=user.is_owner if is_owner is None else is_owner,
            is_restricted=user.is_restricted if is_restricted is None else is_restricted,
            deleted=user.deleted if deleted is None else deleted,
        )
        self.workspace.save_user(changed)
        return changed

    def deactivate(self, name: str) -> User:
        return self.change(name, deleted=True)

    def pause_notifications(self, name: str, minutes: float = 60.0) -> User:
        """As if the person had done it; apps get `dnd_updated_user`."""
        now = int(time.time())
        user = self.workspace.find_user(name)
        paused = (now - 1, now + int(minutes * 60))
        self.workspace.save_user(replace(user, paused=paused))
        return self.workspace.users[user.id]

    def resume_notifications(self, name: str) -> User:
        user = self.workspace.find_user(name)
        self.workspace.save_user(replace(user, paused=None))
        return self.workspace.users[user.id]

    def add_channel(
        self, name: str, *members: str, private: bool = False, archived: bool = False
    ) -> Channel:
        people = [self.workspace.find_user(each) for each in members]
        made = self.workspace.add_channel(name, members=people, private=private, archived=archived)
        if made.kind == "public":  # of a private one an app hears when it is invited
            self._tell("created", made, made.creator)
        return made

    def put_in(self, name: str, channel: str) -> Channel:
        """Invite somebody, or the bot, to a channel; apps in it get `member_joined_channel`."""
        where, user = self.workspace.find_channel(channel), self.workspace.find_user(name)
        if user.id in where.members:
            return where
        where = self.workspace.save_channel(replace(where, members=(*where.members, user.id)))
        if self.workspace.bot.id in where.members:
            event = events.about_member("member_joined_channel", self.workspace, where, user)
            self.workspace.emit("member_joined_channel", event)
        return where

    def take_out(self, name: str, channel: str) -> Channel:
        where, user = self.workspace.find_channel(channel), self.workspace.find_user(name)
        was_in = self.workspace.bot.id in where.members
        members = tuple(each for each in where.members if each != user.id)
        where = self.workspace.save_channel(replace(where, members=members))
        if was_in:
            event = events.about_member("member_left_channel", self.workspace, where, user)
            self.workspace.emit("member_left_channel", event)
        if user.id == self.workspace.bot.id and where.kind == "private":
            event = events.about_channel("group_left", self.workspace, where, user)
            self.workspace.emit("group_left", event)
        return where

    def rename(self, channel: str, name: str, *, by: str = "alice") -> Channel:
        where = replace(self.workspace.find_channel(channel), name=name)
        return self._tell("rename", self.workspace.save_channel(where), by)

    def archive(self, channel: str, *, by: str = "alice") -> Channel:
        where = replace(self.workspace.find_channel(channel), archived=True)
        return self._tell("archive", self.workspace.save_channel(where), by)

    def unarchive(self, channel: str, *, by: str = "alice") -> Channel:
        where = replace(self.workspace.find_channel(channel), archived=False)
        return self._tell("unarchive", self.workspace.save_channel(where), by)

    def delete(self, channel: str, *, by: str = "alice") -> Channel:
        """As if there had never been such a channel."""
        where = self.workspace.find_channel(channel)
        with self.workspace.editing():
            del self.workspace.channels[where.id]
            del self.workspace.messages[where.id]
        return self._tell("deleted", where, by)

    def add_group(self, handle: str, *members: str) -> str:
        """A user group that can be mentioned as `@handle`; its id."""
        return groups.add(self.workspace, handle, *members)

    def _tell(self, what: str, channel: Channel, by: str) -> Channel:
        events.channel_happened(what, self.workspace, channel, self.workspace.find_user(by))
        return channel
