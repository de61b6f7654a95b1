"""The buttons of alert messages and direct messages, over real sockets."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot import ids
from core.models import State
from sandbox.modals import Interaction
from tests.bot.stage import Stage


def press(stage: Stage, name: str, action_id: str, value: str, channel: str) -> Interaction:
    message = stage.post_button(action_id, value, channel=channel)
    return stage.box.person(name).press(message, "Press")


def hears(stage: Stage, name: str, text: str, channel: str = "incidents") -> None:
    person = stage.box.person(name)
    message = person.message(channel=channel, containing=text)
    assert message.ephemeral_to == person.id


def test_every_button(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob"])
    for action_id, value, state in (
        (ids.ACKNOWLEDGE, group_id, State.ACKNOWLEDGED),
        (ids.UNACKNOWLEDGE, group_id, State.FIRING),
        (ids.RESOLVE, group_id, State.RESOLVED),
        (ids.UNRESOLVE, group_id, State.FIRING),
        (ids.UNSILENCE, group_id, State.FIRING),
    ):
        if action_id == ids.UNSILENCE:
            silence(stage, f"{group_id}:1800")
            assert stage.group().state is State.SILENCED
        press(stage, "bob", action_id, value, "incidents")
        stage.settle()
        assert stage.group().state is state


def silence(stage: Stage, value: str) -> None:
    message = stage.post_select(ids.SILENCE, "30 min", value)
    stage.box.person("bob").press(message, "Silence", "30 min")
    stage.settle()


def test_silence_for_ever(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob"])
    silence(stage, f"{group_id}:-1")
    assert stage.group().state is State.SILENCED
    assert stage.group().silenced_until is None


def test_a_silence_that_says_no_time(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob"])
    silence(stage, group_id)
    hears(stage, "bob", "This button belongs to another version of Tocsin")
    assert stage.group().state is State.FIRING


def test_two_press_at_once(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob", "carol"])
    message = stage.post_button(ids.ACKNOWLEDGE, group_id)
    people = [stage.box.person(name) for name in ("dave", "alice")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda person: person.press(message, "Press"), people))
    stage.settle()
    first = stage.name_of(stage.group().acknowledged_by_id)
    [second] = {"dave", "alice"} - {first}
    hears(stage, second, f"{first} has already acknowledged this.")
    assert stage.box.person(first).ephemerals("incidents") == []


def test_a_paged_person_joins(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob", "carol"])
    press(stage, "alice", ids.ACKNOWLEDGE, group_id, "incidents")
    stage.settle()
    with stage.db.transaction() as session:
        stage.page(session, group_id, ["dave"])
    press(stage, "dave", ids.ACKNOWLEDGE, group_id, "incidents")
    hears(stage, "dave", "alice has already acknowledged this. You are on it too now.")


def test_decline(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob"])
    press(stage, "carol", ids.DECLINE, group_id, "incidents")
    hears(stage, "carol", "You are not being paged for this.")
    press(stage, "bob", ids.DECLINE, group_id, "incidents")
    press(stage, "bob", ids.DECLINE, group_id, "incidents")
    hears(stage, "bob", "You have already said that you can't.")


def test_a_group_that_is_gone(either_stage: Stage) -> None:
    stage = either_stage
    press(stage, "bob", ids.ACKNOWLEDGE, "I000000000000", "incidents")
    hears(stage, "bob", "This alert does not exist any more.")


def test_a_button_that_nobody_knows(either_stage: Stage) -> None:
    stage = either_stage
    group_id = stage.escalate("alice", "db down", ["bob"])
    press(stage, "bob", "acknowledge_v0", group_id, "incidents")
    hears(stage, "bob", "This button belongs to a version of Tocsin that is gone.")
    assert stage.group().state is State.FIRING


def test_response_url_does_not_work(stage: Stage) -> None:
    stage.box.faults.add("response_url", status=500)
    press(stage, "bob", ids.ACKNOWLEDGE, "I000000000000", "incidents")
    hears(stage, "bob", "This alert does not exist any more.")
    stage.box.faults.add("chat.postEphemeral", error="user_not_in_channel")
    press(stage, "bob", ids.RESOLVE, "I000000000000", "incidents")
    stage.box.person("bob").message(channel="@tocsin", containing="does not exist any more")


def test_guests_answer_what_they_were_paged_for(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob"])
    press(stage, "gail", ids.ACKNOWLEDGE, group_id, "incidents")
    hears(stage, "gail", "Guests can only answer alerts that they were paged for.")
    with stage.db.transaction() as session:
        stage.page(session, group_id, ["gail"])
    press(stage, "gail", ids.ACKNOWLEDGE, group_id, "incidents")
    stage.settle()
    assert stage.group().state is State.ACKNOWLEDGED


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("action_id", [ids.ACKNOWLEDGE, ids.RESPONDERS])
def test_people_of_other_workspaces(stage: Stage, known: bool, action_id: str) -> None:
    if not known:
        stage.forget("stella")
    group_id = stage.escalate("alice", "db down", ["bob"])
    press(stage, "stella", action_id, group_id, "shared-vendor")
    hears(stage, "stella", "People of other workspaces cannot use Tocsin here.", "shared-vendor")
    assert stage.group().state is State.FIRING


def test_somebody_new(stage: Stage) -> None:
    stage.forget("carol")
    group_id = stage.escalate("alice", "db down", ["bob"])
    press(stage, "carol", ids.ACKNOWLEDGE, group_id, "incidents")
    stage.settle()
    assert stage.name_of(stage.group().acknowledged_by_id) == "carol"


def test_a_link_is_only_acknowledged(stage: Stage) -> None:
    done = press(stage, "bob", ids.LINK, "somewhere", "incidents")
    assert done.failed is None
    stage.settle()
    assert stage.box.person("bob").ephemerals("incidents") == []


def test_a_pressed_direct_message_changes_at_once(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob"])
    message = stage.post_direct("bob", group_id)
    bob = stage.box.person("bob")
    bob.press(message, "Press")
    stage.settle()
    assert "You have it." in bob.reads(bob.newest(message))
    assert "Acknowledge" not in bob.reads(bob.newest(message))
