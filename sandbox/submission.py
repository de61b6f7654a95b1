"""What a client does before it sends a modal, and with the app's answer to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox import state
from sandbox.blocks.surfaces import checked_view
from sandbox.delivery import Ack
from sandbox.host import Host
from sandbox.shapes import ApiError, Json
from sandbox.views import View

TROUBLE = "We had some trouble connecting. Try again?"
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
REQUIRED = "Please complete this required field."


@dataclass(frozen=True)
class Submitted:
    """What the person sees after pressing the button; exactly one of the first five says so."""

    # The modal went away (and with it those below, if `cleared`).
    closed: bool = False
    # Label of the field: what is wrong with it.  Nothing was sent if `sent` is false.
    errors: Mapping[str, str] = field(default_factory=dict)
    updated: View | None = None
    pushed: View | None = None
    failed: str | None = None
    cleared: bool = False
    sent: bool = True
    # The same errors by block id.
    block_errors: Mapping[str, str] = field(default_factory=dict)


def labelled(view: View, errors: Mapping[str, str]) -> dict[str, str]:
    labels = {
        block["block_id"]: block["label"]["text"]
        for block in view.blocks
        if block["type"] == "input"
    }
    return {labels.get(block_id, block_id): text for block_id, text in errors.items()}


def refusals(view: View) -> dict[str, str]:
    """What the client itself finds wrong, by block id: then nothing is sent."""
    errors: dict[str, str] = {}
    for each in state.fields(view.blocks):
        if not each.is_input:
            continue
        value = view.values.get(each.key) or each.initial()
        text = refusal(each, value)
        if text:
            errors[each.key[0]] = text
    return errors


def refusal(each: state.Field, value: Json) -> str | None:
    if state.is_empty(value):
        return None if each.block.get("optional") else REQUIRED
    held = value[state.VALUES[each.type][0]]
    element = each.element
    if each.type == "plain_text_input":
        if len(held) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        if len(held) > element.get("max_length", 3000):
            return f"Please enter at most {element.get('max_length', 3000)} characters."
    if each.type == "email_text_input" and "@" not in held:
        return "Please enter a valid email address."
    if each.type == "url_text_input" and "://" not in held:
        return "Please enter a valid URL."
    if each.type == "number_input":
        return number_refusal(element, held)
    return None


def number_refusal(element: Json, held: str) -> str | None:
    if not (DECIMAL if element["is_decimal_allowed"] else WHOLE).fullmatch(held):
        return "Please enter a number."
    number = Decimal(held)
    if number < Decimal(element.get("min_value", number)):
        return f"Please enter {element['min_value']} or more."
    if number > Decimal(element.get("max_value", number)):
        return f"Please enter {element['max_value']} or less."
    return None


def settle(host: Host, view: View, ack: Ack) -> Submitted:
    """Do what the app answered to a submission of `view`."""
    if ack.failure is not None:
        return Submitted(failed=TROUBLE)
    answer = ack.answer or {}
    if host.views.get(view.id).closed and answer:
        # An answer to an old copy or a second delivery: nothing is left to show it in.
        errors = answer.get("errors") or {}
        return Submitted(errors=labelled(view, errors), block_errors=errors)
    action = answer.get("response_action")
    try:
        if action is None:
            if answer:
                raise ApiError("invalid_response", [f"unknown answer {sorted(answer)}"])
            host.views.close(view.id)
            return Submitted(closed=True)
        if action == "errors":
            return show_errors(host, view, answer)
        if action == "clear":
            host.views.close_all(view.user)
            return Submitted(closed=True, cleared=True)
        if action == "update":
            body = checked_view(answer.get("view"), "modal")
            return Submitted(updated=host.views.update(view, body))
        if action == "push":
            body = checked_view(answer.get("view"), "modal")
            return Submitted(pushed=host.views.push(body, view.user, None, on=view.id))
        raise ApiError("invalid_response_action", [str(action)])
    except ApiError as error:
        with host.workspace.editing():
            host.workspace.problems.append(
                f"view_submission answered with {action}: {error.error} {error.messages}"
            )
        return Submitted(failed=TROUBLE)


def show_errors(host: Host, view: View, answer: Json) -> Submitted:
    errors = answer.get("errors")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise ApiError("invalid_errors", ["no errors given"])
    unknown = sorted(set(errors) - inputs)
    if unknown:
        raise ApiError("invalid_errors", [f"no input block has the id {unknown}"])
    if not all(isinstance(text, str) and text for text in errors.values()):
        raise ApiError("invalid_errors", ["an error has no text"])
    host.views.show_errors(view.id, errors)
    return Submitted(errors=labelled(view, errors), block_errors=dict(errors))
