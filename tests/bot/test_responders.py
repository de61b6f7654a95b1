"""The Responders form, over real sockets."""

import pytest

from bot import ids
from core import alert_groups, lifecycle
from core.models import Outcome, Page, State
from sandbox.channels import Message
from sandbox.modals import Modal
from tests.bot.stage import Stage


def alert(stage: Stage, group_id: str) -> Message:
    """A message with the group's Responders button, as the bot posts it."""
    return stage.post_button(ids.RESPONDERS, group_id, label="Responders")


def opened(stage: Stage, group_id: str, by: str = "alice") -> Modal:
    return stage.box.person(by).press(alert(stage, group_id), "Responders").modal()


def outcomes(stage: Stage) -> dict[str, Outcome | None]:
    with stage.db.reading() as session:
        pages = alert_groups.pages(session, stage.group())
        names = {stage.user(session, n).id: n for n in ("bob", "carol", "dave")}
        return {names[page.user_id]: page.outcome for page in pages}


def test_who_is_being_paged(stage: Stage) -> None:
    stage.rules("bob", default="slack, wait 5m, email")
    modal = opened(stage, stage.escalate("alice", "db down", ["bob", "carol"]))
    assert "db down" in modal.text
    assert "bob: being paged by default rules." in modal.text.replace("*", "")
    assert "e-mail at" in modal.text
    assert modal.text.count("[Remove]") == 2


def test_more_people(stage: Stage) -> None:
    modal = opened(stage, stage.escalate("alice", "db down", ["bob"]), by="carol")
    modal.choose("Add people", "carol", "dave")
    modal.wait_for("*dave*")
    modal.choose(f"rules:{stage.id('dave')}", "Important rules")
    modal.wait_for("Important rules")
    assert stage.paged() == {"bob": False}  # choosing pages nobody
    assert modal.submit().closed
    assert stage.paged() == {"bob": False, "carol": False, "dave": True}


def test_nobody_chosen(stage: Stage) -> None:
    modal = opened(stage, stage.escalate("alice", "db down", ["bob"]))
    told = modal.submit_stale(modal.view).errors
    assert told == {"Add people": "Choose at least one person to page."}


def test_nobody_is_paged_twice(stage: Stage) -> None:
    stage.rules("carol", important="slack")
    modal = opened(stage, stage.escalate("alice", "db down", ["bob", "carol"]))
    modal.choose("Add people", "bob")
    modal.wait_for("Is being paged already: nothing changes.")
    told = modal.submit().errors["Add people"]
    assert told == "bob is being paged already. Nobody is paged twice: choose somebody else."
    modal.choose("Add people", "bob", "carol", "dave")
    modal.wait_for("*dave*")
    modal.choose(f"rules:{stage.id('carol')}", "Important rules")
    modal.wait_for("this raises it to important")
    assert modal.submit().closed
    assert stage.paged() == {"bob": False, "carol": True, "dave": False}
    alice = stage.box.person("alice")
    heard = alice.reads(alice.message(channel="incidents", containing="Being paged now: dave."))
    assert "Raised to their important rules: carol." in heard
    assert "Being paged already, so not again: bob." in heard


def test_nobody_is_raised_to_important_rules_that_they_do_not_have(stage: Stage) -> None:
    modal = opened(stage, stage.escalate("alice", "db down", ["bob"]))
    modal.choose("Add people", "bob")
    modal.wait_for("Is being paged already: nothing changes.")
    modal.choose(f"rules:{stage.id('bob')}", "Important rules")
    modal.wait_for("Is being paged already, and has no important rules that work: nothing changes.")
    told = modal.submit().errors["Add people"]
    assert told == "bob is being paged already. Nobody is paged twice: choose somebody else."


def test_the_same_submit_twice(stage: Stage) -> None:
    modal = opened(stage, stage.escalate("alice", "db down", ["bob"]))
    modal.choose("Add people", "carol")
    first, second = modal.submit_twice()
    assert first.closed
    assert second.closed
    assert stage.paged() == {"bob": False, "carol": False}


def test_remove_keeps_what_was_chosen(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob", "carol"])
    modal = opened(stage, group_id)
    modal.choose("Add people", "dave")
    modal.wait_for("*dave*")
    modal.choose(f"rules:{stage.id('dave')}", "Important rules")
    page = next(each for each in pages(stage) if each.user_id == stage.key("bob"))
    modal.press(ids.REMOVE_BLOCK + page.id)
    modal.wait_for("*bob*: removed")
    assert outcomes(stage) == {"bob": Outcome.UNPAGED, "carol": None}
    assert modal.submit().closed
    assert stage.paged() == {"bob": False, "carol": False, "dave": True}


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.SILENCED])
def test_pages_onto_a_group_that_somebody_has(stage: Stage, state: State) -> None:
    group_id = stage.escalate("alice", "db down", ["bob"])
    act = lifecycle.acknowledge if state is State.ACKNOWLEDGED else lifecycle.silence
    with stage.db.transaction() as session:
        act(session, alert_groups.lock(session, group_id), by=stage.user(session, "bob"))
    modal = opened(stage, group_id)
    modal.choose("Add people", "carol")
    assert modal.submit().closed
    assert outcomes(stage)["carol"] is None
    assert stage.group().state is state


def test_a_resolved_group(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob"])
    modal = opened(stage, group_id)
    modal.choose("Add people", "carol")
    modal.wait_for("*carol*")
    with stage.db.transaction() as session:
        lifecycle.resolve(
            session, alert_groups.lock(session, group_id), by=stage.user(session, "bob")
        )
    told = modal.submit().errors
    assert told == {"Add people": "Cannot add responders for a resolved alert group"}
    modal.choose("Add people", "carol", "dave")
    modal.wait_for("This alert is resolved: nobody can be paged for it any more.")
    alice = stage.box.person("alice")
    alice.press(alert(stage, group_id), "Responders")
    alice.message(channel="incidents", containing="Cannot add responders for a resolved")


def test_a_group_that_is_gone(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob"])
    modal = opened(stage, group_id)
    modal.choose("Add people", "carol")
    modal.wait_for("*carol*")
    stage.forget_groups()
    told = modal.submit().errors
    assert told == {"Add people": "This alert does not exist any more."}
    modal.choose("Add people", "dave")
    alice = stage.box.person("alice")
    stage.box.wait(lambda: "does not exist any more" in alice.modal().text)  # type: ignore[union-attr]


def test_guests_may_not_page(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["gail"])
    gail = stage.box.person("gail")
    gail.press(alert(stage, group_id), "Responders")
    gail.message(channel="incidents", containing="Guests cannot page people here")


def test_more_responders_than_blocks(stage: Stage) -> None:
    workspace = stage.box.workspace
    names = [f"crowd{n:02}" for n in range(58)]
    for name in names:
        workspace.add_user(name, name)
    stage.meet()
    group_id = stage.escalate("alice", "all hands", names[:30])
    with stage.db.transaction() as session:
        stage.page(session, group_id, names[30:])
    modal = opened(stage, group_id)
    modal.choose("Add people", *names[:30])
    modal.wait_for("Is being paged already")
    assert len(modal.view.blocks) <= 100
    assert "Not shown, for want of room: crowd50" in modal.text


def pages(stage: Stage) -> list[Page]:
    with stage.db.reading() as session:
        return list(alert_groups.pages(session, stage.group()))
