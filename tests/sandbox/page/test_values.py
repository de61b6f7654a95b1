"""What a page may send for an element, and what no screen could have sent."""

import pytest

from sandbox import Sandbox
from sandbox.page.values import checked
from sandbox.shapes import Json, NotPossible
from sandbox.state import Field
from tests.sandbox.forms import option

OPTIONS = [option("red"), option("blue")]
GROUPS = [{"label": {"type": "plain_text", "text": "G"}, "options": OPTIONS}]
MANY = {"type": "multi_static_select", "options": OPTIONS, "max_selected_items": 1}


def check(box: Sandbox, element: Json, value: Json) -> Json:
    block = {"type": "input", "block_id": "b"}
    return checked(box.person("alice"), Field(block, {"action_id": "a", **element}), value)


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "plain_text_input"}, {"value": "x" * 3000}),
        ({"type": "plain_text_input"}, {"value": None}),
        # What was typed wrong is said when the form is sent.
        ({"type": "number_input"}, {"value": "many"}),
        ({"type": "email_text_input"}, {"value": "nobody"}),
        ({"type": "url_text_input"}, {"value": "nowhere"}),
        ({"type": "static_select", "options": OPTIONS}, {"selected_option": option("red")}),
        ({"type": "static_select", "option_groups": GROUPS}, {"selected_option": option("blue")}),
        ({"type": "static_select", "options": OPTIONS}, {"selected_option": None}),
        ({"type": "external_select"}, {"selected_option": option("anything")}),
        ({"type": "multi_external_select"}, {"selected_options": [option("anything")]}),
        (MANY, {"selected_options": [option("red")]}),
        ({"type": "radio_buttons", "options": OPTIONS}, {"selected_option": option("red")}),
        ({"type": "checkboxes", "options": OPTIONS}, {"selected_options": []}),
        ({"type": "datepicker"}, {"selected_date": "2028-02-29"}),
        ({"type": "timepicker"}, {"selected_time": "23:59"}),
        ({"type": "timepicker", "timezone": "UTC"}, {"selected_time": "00:00", "timezone": "UTC"}),
        ({"type": "datetimepicker"}, {"selected_date_time": 1795267264}),
        ({"type": "datetimepicker"}, {"selected_date_time": None}),
    ],
)
def test_what_goes_through(box: Sandbox, element: Json, value: Json) -> None:
    assert check(box, element, value) == {"type": element["type"], **value}


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "plain_text_input"}, {"value": "x" * 3001}),
        ({"type": "plain_text_input"}, {"value": 7}),
        ({"type": "plain_text_input"}, {"value": ["x"]}),
        ({"type": "rich_text_input"}, {"rich_text_value": "x"}),
        ({"type": "static_select", "options": OPTIONS}, {"selected_option": option("green")}),
        ({"type": "static_select", "options": OPTIONS}, {"selected_option": "red"}),
        ({"type": "static_select", "options": OPTIONS}, {"selected_option": {}}),
        ({"type": "external_select"}, {"selected_option": {"value": "x"}}),
        ({"type": "external_select"}, {"selected_option": {**option("x"), "more": "y"}}),
        (MANY, {"selected_options": OPTIONS}),
        (MANY, {"selected_options": option("red")}),
        (MANY, {}),
        ({**MANY, "max_selected_items": 2}, {"selected_options": [option("red")] * 2}),
        ({"type": "users_select"}, {"selected_user": "U000"}),
        ({"type": "users_select"}, {"selected_user": {"id": "U000"}}),
        ({"type": "multi_users_select"}, {"selected_users": [None]}),
        ({"type": "channels_select"}, {"selected_channel": "C000"}),
        ({"type": "datepicker"}, {"selected_date": "2027-02-29"}),
        ({"type": "datepicker"}, {"selected_date": "20270228"}),
        ({"type": "timepicker"}, {"selected_time": "24:00"}),
        ({"type": "timepicker"}, {"selected_time": "1\u0663:00"}),
        ({"type": "datetimepicker"}, {"selected_date_time": True}),
        ({"type": "datetimepicker"}, {"selected_date_time": 12}),
        ({"type": "datetimepicker"}, {"selected_date_time": "1795267264"}),
        ({"type": "overflow", "options": OPTIONS}, {}),
    ],
)
def test_what_does_not(box: Sandbox, element: Json, value: Json) -> None:
    with pytest.raises(NotPossible):
        check(box, element, value)


def test_people_and_channels_one_can_see(box: Sandbox) -> None:
    workspace = box.workspace

    def conversation(name: str, **element: object) -> Json:
        channel = workspace.find_channel(name).id
        kind = {"type": "conversations_select", **element}
        return check(box, kind, {"selected_conversation": channel})

    bob, rob = box.person("bob").id, box.person("rob").id
    assert check(box, {"type": "users_select"}, {"selected_user": bob})["selected_user"] == bob
    with pytest.raises(NotPossible):
        check(box, {"type": "users_select"}, {"selected_user": rob})
    assert conversation("secret-room")
    with pytest.raises(NotPossible):
        conversation("secret-room", filter={"include": ["public"]})
    with pytest.raises(NotPossible):
        conversation("old-war-room")
    hidden = box.admin.add_channel("hidden", "bob", private=True)
    with pytest.raises(NotPossible):
        conversation(hidden.id)
    secret = workspace.find_channel("secret-room").id
    with pytest.raises(NotPossible):
        check(box, {"type": "channels_select"}, {"selected_channel": secret})


def test_nothing_else_comes_along(box: Sandbox) -> None:
    forged = {"type": "button", "value": "x", "more": "y"}
    assert check(box, {"type": "plain_text_input"}, forged) == {
        "type": "plain_text_input",
        "value": "x",
    }
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "value": "real"}
    assert check(box, button, forged) == {}
