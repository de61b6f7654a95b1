"""The Home tab and the forms of teams, chains and steps as Slack would check them."""

import json
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot import ids
from bot.views import chain_form, home, step_form, team_form
from bot.views.chosen import Block
from bot.views.crowd import Crowd
from bot.views.home import AnyChain, AnyTeam, Home, MyTeam
from bot.views.step_answer import StepForm
from bot.views.team_form import Choices, TeamForm
from core.audiences import Member
from core.models import ChainStep, PolicyType
from core.outlook import Outlook, StepOutlook
from sandbox.blocks.surfaces import checked_view

LONG = "<Somebody & Family>" * 20
NAME = LONG[:100]
CROWD = tuple(Member(f"U{n}", LONG) for n in range(1_000))
PERSONS = StepOutlook(ChainStep(PolicyType.NOTIFY_PERSONS, important=True), CROWD)
STEPS = tuple(
    StepOutlook(ChainStep(kind), CROWD if kind.notifies else (), LONG if kind.notifies else None)
    for kind in PolicyType
)
MUCH = Outlook(
    steps=(PERSONS,) * 50, calls=True, chain=NAME, slack_channel="C1", slack_channel_name=NAME
)
BUSY = Outlook(steps=STEPS * 8, calls=True, chain=NAME, slack_channel="C1")


def check(view: Block) -> Block:
    """As strict as the SDK and the sandbox are, who check different things."""
    parsed = View(**view)
    parsed.validate_json()
    for block in parsed.blocks or []:
        block.validate_json()
    return dict(checked_view(json.loads(json.dumps(view)), view["type"]))


def sent_back(view: Block, **changes: dict[str, Any]) -> Block:
    """The view as Slack sends it, with what was changed in it by block id."""
    keys = {
        "plain_text_input": ("value", "initial_value"),
        "number_input": ("value", "initial_value"),
        "multi_users_select": ("selected_users", "initial_users"),
        "external_select": ("selected_option", "initial_option"),
        "static_select": ("selected_option", "initial_option"),
        "timepicker": ("selected_time", "initial_time"),
        "checkboxes": ("selected_options", "initial_options"),
    }
    values = {}
    for block in view["blocks"]:
        element = block.get("element")
        if element:
            key, initial = keys[element["type"]]
            held = {key: element.get(initial)} | changes.get(block["block_id"], {})
            values[block["block_id"]] = {element["action_id"]: held}
    return view | {"state": {"values": values}}


def everything(*, admin: bool) -> Home:
    return Home(
        is_admin=admin,
        admins=(LONG,) * 5,
        mine=tuple(MyTeam(f"T{n}", NAME, 1_000, MUCH, BUSY) for n in range(home.MOST_MINE)),
        mine_count=1_000,
        teams=tuple(AnyTeam(f"T{n}", NAME, 1_000, n % 2 == 0) for n in range(home.MOST_TEAMS)),
        team_count=5_000,
        chains=tuple(
            AnyChain(f"F{n}", NAME, STEPS * 8, (NAME,) * 50) for n in range(home.MOST_CHAINS)
        ),
        chain_count=5_000,
    )


@pytest.mark.parametrize("admin", [True, False])
def test_the_largest_home_tab(admin: bool) -> None:
    view = check(home.view(everything(admin=admin), mark="1"))
    assert len(view["blocks"]) <= 100
    assert ("New team" in json.dumps(view)) is admin


def test_search_menus_are_empty_again_at_each_drawing() -> None:
    """And whatever else can be pressed is where it was."""
    menus, buttons = [], []
    for mark in ("1", "2"):
        ids_by_type: dict[str, set[str]] = {}
        for block in home.view(everything(admin=True), mark=mark)["blocks"]:
            for element in [*block.get("elements", ()), block.get("accessory", {})]:
                if "action_id" in element:
                    ids_by_type.setdefault(element["type"], set()).add(block["block_id"])
        menus.append(ids_by_type["external_select"])
        buttons.append(ids_by_type["button"])
    assert len(menus[0]) == 2
    assert not menus[0] & menus[1]
    assert len(buttons[0]) == home.MOST_MINE + home.MOST_TEAMS + home.MOST_CHAINS + 3
    assert buttons[0] == buttons[1]


CHOICES = Choices(NAME, tuple(f"U{n:09}" for n in range(1_000)), "C1", "F1", "F2")
TEAM = TeamForm("T1", was=CHOICES, now=CHOICES)
TEAM_DRAWING = team_form.Drawing(
    labels={"C1": LONG, "F1": LONG, "F2": LONG},
    default=MUCH,
    important=BUSY,
    notes=("*A note*",) * 3,
)


def test_the_largest_form_of_a_team() -> None:
    view = check(team_form.form(TEAM, TEAM_DRAWING))
    assert TeamForm.parse(sent_back(view)) == TEAM


def test_what_was_changed_in_the_form_of_a_team() -> None:
    view = check(team_form.form(TEAM, TEAM_DRAWING))
    back = sent_back(
        view,
        people={"selected_users": ["U000000001", "U2"]},
        default_chain={"selected_option": {"value": team_form.NONE}},
        name={"value": "Web"},
    )
    parsed = TeamForm.parse(back)
    assert parsed.was == CHOICES
    assert parsed.now == replace(CHOICES, name="Web", people=("U000000001", "U2"), chain=None)
    assert parsed.added == ("U2",)
    assert len(parsed.removed) == 999


def test_a_form_that_is_drawn_again_knows_how_it_was() -> None:
    view = check(team_form.form(TEAM, TEAM_DRAWING))
    changed = TeamForm.parse(sent_back(view, name={"value": "Web"}))
    again = check(team_form.form(changed, TEAM_DRAWING))
    assert TeamForm.parse(sent_back(again)).was == CHOICES
    assert "Delete this team" in json.dumps(again)


def test_a_new_team_has_nothing_to_delete() -> None:
    nothing = TeamForm(None, Choices(), Choices())
    drawing = team_form.Drawing({}, Outlook(), Outlook(), has_chains=False)
    view = check(team_form.form(nothing, drawing))
    assert view["submit"]["text"] == "Create"
    assert "Delete" not in json.dumps(view)
    assert TeamForm.parse(sent_back(view)) == nothing


def test_the_largest_form_of_a_chain() -> None:
    drawing = chain_form.Drawing(
        steps=[(f"E{n}", PERSONS) for n in range(100)],
        warnings=(LONG,) * 200,
        teams=(NAME,) * 100,
        note=LONG,
    )
    view = check(chain_form.form("F1", NAME, drawing))
    parsed = chain_form.ChainForm.parse(sent_back(view))
    assert parsed == chain_form.ChainForm("F1", NAME, NAME)
    menus = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    assert len(menus) == chain_form.MOST_STEPS
    assert [each["value"] for each in menus[0]["options"]] == ["edit:E0", "down:E0", "remove:E0"]


def test_the_only_step_cannot_be_moved() -> None:
    drawing = chain_form.Drawing(steps=[("E1", PERSONS)], warnings=(), teams=())
    view = check(chain_form.form("F1", "Day", drawing))
    [menu] = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    assert [each["text"]["text"] for each in menu["options"]] == ["Edit", "Remove"]


FULL = ChainStep(
    PolicyType.WAIT,
    important=True,
    persons=("U1", "U2"),
    team_id="T1",
    user_group_id="G1",
    time_from="22:00:00Z",
    time_to="06:30:00Z",
    num_alerts=3,
    num_minutes=10,
    schedule_id="S1",
    webhook_id="W1",
)


def test_pages_without_a_team_are_read_back() -> None:
    alone = Choices(slack_channel="C1", chain="F1", important_chain="F2")
    shown = TeamForm(team_form.NO_TEAM, was=alone, now=alone)
    drawing = replace(TEAM_DRAWING, crowd=Crowd(people=1_234))
    view = check(team_form.form(shown, drawing))
    assert TeamForm.parse(sent_back(view)) == shown
    ticked = {"selected_options": [{"value": "1234"}]}
    assert TeamForm.parse(sent_back(view, whole_channel=ticked)).confirmed == 1_234


@pytest.mark.parametrize("kind", list(PolicyType))
def test_every_kind_of_step_is_read_back(kind: PolicyType) -> None:
    outlook = StepOutlook(FULL, CROWD, LONG)
    drawing = step_form.Drawing(outlook, team=LONG, user_group=LONG, crowd=Crowd(people=1_234))
    shown = StepForm("F1", NAME, "E1", replace(FULL, type=kind), minutes="1.5")
    parsed = StepForm.parse(sent_back(check(step_form.form(shown, drawing))))
    assert (parsed.chain_id, parsed.chain_name, parsed.policy_id) == ("F1", NAME, "E1")
    kept = {
        PolicyType.NOTIFY_PERSONS: ("persons", "important"),
        PolicyType.NOTIFY_NEXT: ("persons", "important"),
        PolicyType.NOTIFY_TEAM: ("team_id", "important"),
        PolicyType.NOTIFY_USER_GROUP: ("user_group_id", "important"),
        PolicyType.NOTIFY_ON_CALL: ("important",),
        PolicyType.IF_TIME: ("time_from", "time_to"),
        PolicyType.IF_ALERTS: ("num_alerts", "num_minutes"),
    }.get(kind, ())
    facts = {name: getattr(FULL, name) for name in kept}
    assert parsed.step == ChainStep(kind, schedule_id="S1", webhook_id="W1", **facts)
    assert parsed.minutes == ("1.5" if kind is PolicyType.WAIT else "")


@pytest.mark.parametrize("kind", list(PolicyType))
def test_whom_a_step_calls_now(kind: PolicyType) -> None:
    """It is said of steps that call somebody, once somebody is chosen."""
    drawing = step_form.Drawing(StepOutlook(replace(FULL, type=kind), CROWD[:2], "x"))
    chosen = step_form.form(StepForm("F1", "Day", None, replace(FULL, type=kind)), drawing)
    empty = step_form.form(StepForm("F1", "Day", None, ChainStep(kind)), drawing)
    channel = {PolicyType.NOTIFY_CHANNEL}
    says = {
        PolicyType.NOTIFY_PERSONS,
        PolicyType.NOTIFY_NEXT,
        PolicyType.NOTIFY_TEAM,
        PolicyType.NOTIFY_USER_GROUP,
    }
    assert ("Now:" in json.dumps(chosen)) is (kind in says | channel)
    assert ("Now:" in json.dumps(empty)) is (kind in channel)


def test_what_cannot_be_used_yet_is_not_offered() -> None:
    new = StepForm("F1", "Day", None, ChainStep(PolicyType.WAIT))
    drawing = step_form.Drawing(StepOutlook(new.step))
    written = json.dumps(check(step_form.form(new, drawing)))
    assert PolicyType.NOTIFY_ON_CALL.value not in written
    assert PolicyType.TRIGGER_WEBHOOK.value not in written
    there = replace(new, policy_id="E1", step=ChainStep(PolicyType.TRIGGER_WEBHOOK))
    shown = json.dumps(check(step_form.form(there, drawing)))
    assert "webhooks cannot be used yet" in shown


@pytest.mark.parametrize(("crowd", "asked"), [(50, False), (51, True)])
def test_who_is_asked_about_a_crowd(crowd: int, asked: bool) -> None:
    shown = StepForm("F1", "Day", None, ChainStep(PolicyType.NOTIFY_CHANNEL))
    outlook = StepOutlook(shown.step, CROWD[:crowd], "general")
    view = check(step_form.form(shown, step_form.Drawing(outlook, crowd=Crowd(people=crowd))))
    found = any(block["block_id"] == ids.WHOLE_CHANNEL_BLOCK for block in view["blocks"])
    assert found is asked
