"""A modal or home tab in front of a person: fill in, choose, press, submit, close."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Self

from sandbox import payloads, state, submission
from sandbox.choices import chosen, options_of, pick_option
from sandbox.delivery import Ack
from sandbox.host import Host
from sandbox.plain_text import Reader
from sandbox.shapes import ApiError, Json, NotPossible
from sandbox.submission import Submitted
from sandbox.suggestions import suggested
from sandbox.views import View
from sandbox.workspace import PATIENCE

REASONS = {"timeout": "operation_timeout"}


def failure_word(ack: Ack) -> str | None:
    """The error the platform shows for an interaction nobody answered."""
    return None if ack.failure is None else REASONS.get(ack.failure, "dispatch_failed")


@dataclass(frozen=True)
class Interaction:
    """Something a person did, and how the app answered at once."""

    host: Host
    person: str
    trigger_id: str
    ack: Ack
    # What the person is shown when the app does not answer, else None.
    failed: str | None = None
    # What a command was acknowledged with, if it was text.
    text: str | None = None

    def modal(self, timeout: float = PATIENCE) -> "Modal":
        """The modal that opened because of this; AssertionError if none does in time."""
        found: list[View] = []

        def opened() -> bool:
            found[:] = [
                view
                for view in self.host.views.by_id.values()
                if view.trigger_id == self.trigger_id
            ]
            return bool(found)

        if not self.host.workspace.wait(opened, timeout):
            raise AssertionError(f"no modal opened within {timeout} s (ack: {self.ack})")
        return Modal(self.host, self.person, found[0].id)


def interact(host: Host, person: str, payload: Json) -> Interaction:
    """Take an interaction of a person's to the app."""
    ack = host.deliver("interactive", payload)
    return Interaction(host, person, payload["trigger_id"], ack, failure_word(ack))


class OpenView:
    """What a modal and a home tab both are: a view somebody looks at."""

    def __init__(self, host: Host, person: str, view_id: str) -> None:
        self.host = host
        self.person = person
        self.id = view_id

    @property
    def view(self) -> View:
        """The view as it is now."""
        return self.host.views.get(self.id)

    @property
    def text(self) -> str:
        """The view as a person reads it."""
        return Reader(self.host).view(self.view)

    @property
    def labels(self) -> list[str]:
        return [field.label for field in state.interactive(self.view.blocks)]

    def find(self, name: str, *, kinds: Sequence[str] = ()) -> state.Field:
        """An element by block id, action id, label, or the text on a button."""
        fields = list(state.interactive(self.view.blocks))
        for field in fields:
            named = (*field.key, field.label)
            if name in named and (not kinds or field.type in kinds):
                return field
        raise NotPossible(f"there is no {name!r}; there is {[field.label for field in fields]}")

    def value(self, name: str) -> Json:
        """What a field holds, in the shape that travels."""
        return self.view.values[self.find(name).key]

    def fill(self, name: str, text: str) -> Interaction | None:
        """Type into a field (and press enter where that tells the app)."""
        field = self.find(name)
        if "initial_value" not in state.VALUES.get(field.type, ("", "", None)):
            raise NotPossible(f"{name!r} is a {field.type}; nothing can be typed there")
        value: Json = {"type": field.type, "value": text or None}
        return self.set(field, value)

    def suggestions(self, name: str, query: str) -> list[Json]:
        """The options the app suggests for what was typed into an external select."""
        return options_of(self.suggested(self.find(name), query))

    def suggested(self, field: state.Field, query: str) -> Json:
        """The same, in groups if the app groups them."""
        workspace = self.host.workspace

        def payload(where: Json) -> Json:
            user = workspace.user(self.person)
            return payloads.block_suggestion_in_view(workspace, user, self.view, where)

        return suggested(self.host, field, query, payload)

    def choose(self, name: str, *wanted: str) -> Interaction | None:
        """Pick in a select, in checkboxes, in a date picker; nothing wanted clears it.

        Returns the interaction if the app is told at once, else None.
        """
        field = self.find(name)
        offered: list[Json] = []
        if field.type.endswith("external_select"):
            for each in wanted:
                offered += self.suggestions(name, each)
        if field.type == "overflow":
            [option] = [pick_option(options_of(field.element), each) for each in wanted]
            return self.act(field, {"selected_option": option})
        return self.set(field, chosen(self.host, self.person, field, wanted, offered))

    def set(self, field: state.Field, value: Json) -> Interaction | None:
        self.keep(field, value)
        return self.act(field, value) if field.dispatches else None

    def keep(self, field: state.Field, value: Json) -> View:
        """What was typed or chosen stands there; the app is not told."""
        self.check_open()
        return self.host.views.fill(self.id, field.key, value)

    def press(self, name: str) -> Interaction:
        """Press a button (and confirm, if asked)."""
        return self.act(self.find(name, kinds=("button",)), {})

    def act(self, field: state.Field, value: Json) -> Interaction:
        """Tell the app that an element was used."""
        return interact(self.host, self.person, self.action(field, value))

    def action(self, field: state.Field, value: Json) -> Json:
        """What the app is sent when an element is used."""
        view = self.check_open()
        workspace = self.host.workspace
        user = workspace.user(self.person)
        trigger_id = self.host.triggers.issue(user.id, channel=view.channel, view=view.id)
        return payloads.block_actions_in_view(
            workspace, user, view, [payloads.action(field, value)], trigger_id=trigger_id
        )

    def check_open(self) -> View:
        view = self.view
        if view.closed:
            raise NotPossible("the modal is closed")
        return view


class Modal(OpenView):
    @property
    def is_open(self) -> bool:
        return not self.view.closed

    def submit(self) -> Submitted:
        """Press the submit button; what the client itself refuses is not sent."""
        view = self.check_submittable()
        errors = self.refuse(view)
        if errors:
            return Submitted(
                errors=submission.labelled(view, errors), block_errors=errors, sent=False
            )
        return self.settle(view, self.host.deliver("interactive", self.payload(view)))

    def check_submittable(self) -> View:
        view = self.check_open()
        if view.body.get("submit") is None:
            raise NotPossible("this modal has no button to submit it")
        if view.body.get("submit_disabled"):
            raise NotPossible("the submit button is disabled")
        return view

    def refuse(self, view: View) -> dict[str, str]:
        """What the client itself finds wrong, shown at the fields."""
        errors = submission.refusals(view)
        if errors:
            self.host.views.show_errors(self.id, errors)
        return errors

    def submit_stale(self, view: View) -> Submitted:
        """Submit an old copy of the modal, as a slow client or a second window does."""
        return self.settle(view, self.host.deliver("interactive", self.payload(view)))

    def submit_twice(self, *, at_once: bool = True) -> tuple[Submitted, Submitted]:
        """Deliver the very same submission two times, at once or one after the other."""
        view = self.check_open()
        payload = self.payload(view)
        with ThreadPoolExecutor(max_workers=2 if at_once else 1) as pool:
            sent = [pool.submit(self.host.deliver, "interactive", payload) for _ in range(2)]
            first, second = (each.result() for each in sent)
        return self.settle(view, first), self.settle(view, second)

    def payload(self, view: View) -> Json:
        workspace = self.host.workspace
        user = workspace.user(self.person)
        trigger_id = self.host.triggers.issue(user.id, channel=view.channel, view=view.id)
        return payloads.view_submission(
            workspace,
            user,
            view,
            trigger_id=trigger_id,
            response_urls=self.response_urls(view),
        )

    def response_urls(self, view: View) -> list[Json]:
        """An address for each channel that was chosen where the app asked for one."""
        urls = []
        for field in state.fields(view.blocks):
            value = view.values.get(field.key, {})
            channel = value.get("selected_conversation") or value.get("selected_channel")
            if field.element.get("response_url_enabled") and channel:
                path = self.host.response_urls.issue(self.person, channel)
                block_id, action_id = field.key
                urls.append(
                    {
                        "block_id": block_id,
                        "action_id": action_id,
                        "channel_id": channel,
                        "response_url": self.host.url + path,
                    }
                )
        return urls

    def settle(self, view: View, ack: Ack) -> Submitted:
        with self.host.workspace.editing():
            return submission.settle(self.host, view, ack)

    def close(self, *, everything: bool = False) -> Ack | None:
        """Cancel this modal, or with `everything` the whole stack; the app is told if it asked."""
        acks = [self.host.deliver("interactive", each) for each in self.take_away(everything)]
        return acks[-1] if acks else None

    def take_away(self, everything: bool) -> list[Json]:
        """Close it, and return what the app is to be told."""
        view = self.check_open()
        cleared = everything or bool(view.body.get("clear_on_close"))
        closing = self.host.views.close_all(self.person) if cleared else [view]
        if not cleared:
            self.host.views.close(self.id)
        workspace = self.host.workspace
        user = workspace.user(self.person)
        return [
            payloads.view_closed(workspace, user, replace(each, closed=True), is_cleared=cleared)
            for each in closing
            if each.body.get("notify_on_close")
        ]

    def wait_for(self, text: str, timeout: float = PATIENCE) -> Self:
        """Wait until a person reads this in the modal."""
        if not self.host.workspace.wait(lambda: text in self.text, timeout):
            raise AssertionError(f"{text!r} did not appear in:\n{self.text}")
        return self

    def top(self) -> "Modal":
        """The modal the person has in front of them, which may be one that was pushed."""
        stack = self.host.views.stack(self.person)
        if not stack:
            raise ApiError("not_found")
        return Modal(self.host, self.person, stack[-1].id)
