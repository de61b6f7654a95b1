"""The forms as Slack would check them, at their largest too."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from slack_sdk.models.views import View

from bot import ids
from bot.views import escalate, responders
from bot.views.chosen import NOBODY, Block, Chosen, notice
from bot.views.forecast import Candidate, Prospect, Standing
from bot.views.team_choice import HINT, TeamChoice, TeamProspect
from core.audiences import Member
from core.models import ChainStep, PolicyType, RuleType, State
from core.outlook import Outlook, StepOutlook
from core.plan import Problem, Source, Stage
from core.story import Person, Responder, Story
from sandbox.blocks.surfaces import checked_view

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LONG = "<Somebody & Family>" * 20


def check(view: Block) -> Block:
    """As strict as the SDK and the sandbox are, who check different things."""
    parsed = View(**view)
    parsed.validate_json()
    for block in parsed.blocks or []:
        block.validate_json()
    return dict(checked_view(json.loads(json.dumps(view)), "modal"))


def crowd(size: int) -> dict[str, Candidate]:
    stages = tuple(
        Stage(way, timedelta(minutes=5), problem, NOON + timedelta(days=3))
        for way in RuleType
        for problem in (None, Problem.NOT_CONFIGURED, Problem.NO_CONTACT)
        if way is not RuleType.WAIT
    )
    worst = Prospect(Source.FALLBACK, False, True, stages, stages)
    people = [
        Candidate(f"U{n}", LONG, ZoneInfo("Asia/Tokyo"), Standing.PERSON, worst, worst)
        for n in range(size)
    ]
    return {each.slack_user_id: each for each in people}


def worst_team() -> TeamProspect:
    members = tuple(Member(f"U{n}", LONG) for n in range(100))
    step = ChainStep(PolicyType.NOTIFY_PERSONS, persons=("U1",), important=True)
    going = Outlook((StepOutlook(step, members),) * 100, True, LONG, "C1", LONG)
    return TeamProspect(going, may_differ=True)


def draft(**changes: object) -> escalate.Draft:
    given = {"channel": "C1", "is_private": True, "response_url": "https://x.io/1", **changes}
    return escalate.Draft(**given)  # type: ignore[arg-type]


def state_of(view: Block) -> Block:
    """The state Slack sends for a view that nobody has touched."""
    values: Block = {}
    for block in view["blocks"]:
        [element] = block.get("elements", [{}])
        element = block.get("element") or block.get("accessory") or element
        held = {
            "plain_text_input": {"value": element.get("initial_value")},
            "multi_users_select": {"selected_users": element.get("initial_users", [])},
            "static_select": {"selected_option": element.get("initial_option")},
            "external_select": {"selected_option": element.get("initial_option")},
            "checkboxes": {"selected_options": element.get("initial_options", [])},
        }.get(str(element.get("type")))
        if held is not None:
            values[block["block_id"]] = {element["action_id"]: held}
    return {**view, "state": {"values": values}}


@pytest.mark.parametrize(
    "kept",
    [
        draft(),
        draft(message="<&>" * 1_000, notes=("x" * 3_000, "<@U1> *y*")),
        draft(chosen=Chosen(("U1", "U0", "U2"), frozenset({"U2"}))),
        draft(is_private=False, response_url=None),
        draft(hint=HINT),
        draft(team=TeamChoice("T1", "SRE & <Co>")),
        draft(team=TeamChoice("T1", "SRE", important=True), chosen=Chosen(("U1",))),
    ],
)
def test_a_draft_survives_the_form(kept: escalate.Draft) -> None:
    view = check(escalate.form(kept, crowd(3), at=NOON, team=TeamProspect()))
    assert escalate.Draft.parse(state_of(view)) == kept


def test_the_largest_form() -> None:
    people = crowd(30)
    chosen = Chosen(tuple(people), frozenset(people))
    team = TeamChoice("T1", LONG, important=True)
    whole = draft(message="x" * 3_000, chosen=chosen, team=team, notes=("n" * 3_000,) * 3)
    view = check(escalate.form(whole, people, at=NOON, team=worst_team()))
    assert len(view["blocks"]) <= 100
    assert escalate.Draft.parse(state_of(view)).chosen == chosen


def test_metadata_always_fits() -> None:
    kept = draft(response_url="https://x.io/" + "y" * 4_000)
    assert len(kept.metadata) <= 3_000
    assert escalate.Draft.parse(escalate.form(kept, {}, at=NOON)).channel == "C1"
    again = responders.Draft("I1", "https://x.io/" + "y" * 4_000)
    assert len(again.metadata) <= 3_000


def test_rules_of_people_taken_out_are_forgotten() -> None:
    view = state_of(
        escalate.form(draft(chosen=Chosen(("U1",), frozenset({"U1"}))), crowd(2), at=NOON)
    )
    view["state"]["values"][ids.PEOPLE_BLOCK][ids.PEOPLE_SELECT]["selected_users"] = ["U0"]
    assert Chosen.parse(view) == Chosen(("U0",))
    assert Chosen.parse({"state": {"values": {}}}) == NOBODY
    assert Chosen.parse({}) == NOBODY


def test_people_nobody_knows() -> None:
    new = Candidate("U9", None, ZoneInfo("UTC"), Standing.NEW)
    gone = Candidate("U8", None, ZoneInfo("UTC"), Standing.GONE)
    kept = draft(chosen=Chosen(("U9", "U8")))
    view = check(escalate.form(kept, {"U9": new, "U8": gone}, at=NOON))
    rows = view["blocks"][-2:]
    assert rows[0]["text"]["text"].startswith("<@U9>\nNew here")
    assert "accessory" in rows[0]
    assert "accessory" not in rows[1]


def person(n: int) -> Person:
    return Person(f"P{n}", LONG, f"U{n}", "Asia/Tokyo")


def tale(size: int, state: State = State.FIRING) -> Story:
    people = tuple(
        Responder(f"PAGE{n}", person(n), person(0), n % 2 == 0, None, (), (), None, None)
        for n in range(size)
    )
    return Story(
        id="I1",
        title="<&>" * 50,
        message="down",
        state=state,
        author=person(0),
        created_at=NOON,
        holder=None,
        since=NOON,
        silenced_until=None,
        responders=people,
    )


@pytest.mark.parametrize("size", [0, 1, 50, 51, 300])
def test_responders(size: int) -> None:
    people = crowd(30)
    chosen = Chosen(tuple(people), frozenset(people))
    kept = responders.Draft("I1", "https://x.io/1", chosen)
    view = check(responders.form(kept, tale(size, State.RESOLVED), people, at=NOON))
    assert len(view["blocks"]) <= 100
    assert responders.Draft.parse(state_of(view)) == kept
    text = json.dumps(view)
    assert ("Nobody is being paged." in text) is (size == 0)
    assert ("Not shown, for want of room" in text) is (size > 50)


def test_notice() -> None:
    check(notice("Tocsin", ["<!channel> & so on"]))
