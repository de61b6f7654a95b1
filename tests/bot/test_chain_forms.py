"""Admins write escalation chains from the Home tab, over real sockets."""

import pytest

from core.models import ChainStep, PolicyType, Role
from sandbox.modals import Modal
from tests.bot.setting_up import SettingUp, added, made
from tests.bot.stage import Stage
from tests.core.teams import CHANNEL, REPEAT, RESOLVE, members, persons


@pytest.fixture
def alice(stage: Stage) -> SettingUp:
    """Alice is an admin."""
    return SettingUp(stage)


def picked(form: Modal, policy_id: str, what: str) -> Modal:
    """What comes to the front when this is chosen in the menu of a step."""
    chosen = form.choose(f"step:{policy_id}", what)
    assert chosen is not None
    return chosen.modal()


def lines(form: Modal) -> list[str]:
    """The steps as the form shows them."""
    return [line for line in form.text.replace("*", "").splitlines() if line[:1].isdigit()]


def test_a_chain_with_two_steps(alice: SettingUp) -> None:
    form = made(alice)
    assert "No steps yet." in form.text
    step = added(form, "Notify people")
    step.choose("People", "carol", "bob")
    step.wait_for("Notify carol and bob")
    step.choose("Important", "Use their important notification rules")
    assert step.submit().closed
    form.wait_for("Notify carol and bob (important)")
    step = added(form, "Wait")
    step.wait_for("Minutes")
    step.fill("Minutes", "10")
    assert step.submit().closed
    form.wait_for("Wait 10 min")
    assert lines(form) == ["1. Notify carol and bob (important)", "2. Wait 10 min"]
    key = alice.stage.key
    assert alice.steps("Day") == [
        ChainStep(
            PolicyType.NOTIFY_PERSONS,
            policy_id=alice.steps("Day")[0].policy_id,
            persons=(key("carol"), key("bob")),
            important=True,
        ),
        ChainStep(PolicyType.WAIT, policy_id=alice.steps("Day")[1].policy_id, duration=600),
    ]
    alice.waits("alice", "now carol and bob (important) · 10 min")


def test_steps_are_moved_changed_and_removed(alice: SettingUp) -> None:
    bob, carol = alice.user("bob"), alice.user("carol")
    alice.chain("Day", persons(bob), 5, persons(carol, important=True))
    form = alice.finds("Find a chain", "Day")
    third = alice.steps("Day")[2].policy_id
    form.choose(f"step:{third}", "Move up")
    form.wait_for("*2.* Notify carol")
    form.choose(f"step:{third}", "Move up")
    form.wait_for("*1.* Notify carol")
    form.choose(f"step:{third}", "Move down")
    form.wait_for("*2.* Notify carol")
    assert lines(form) == ["1. Notify bob", "2. Notify carol (important)", "3. Wait 5 min"]
    step = picked(form, third, "Edit")
    assert "People: [@carol]" in step.text
    assert "(x) Use their important notification rules" in step.text
    step.choose("People", "carol", "dave")
    step.choose("Important")
    assert step.submit().closed
    form.wait_for("2.* Notify carol and dave")
    form.choose(f"step:{alice.steps('Day')[0].policy_id}", "Remove")
    form.wait_for("1.* Notify carol and dave")
    assert lines(form) == ["1. Notify carol and dave", "2. Wait 5 min"]
    assert [step.important for step in alice.steps("Day")] == [False, False]


def test_what_was_typed_outlives_the_steps(alice: SettingUp) -> None:
    alice.chain("Day", 5)
    form = alice.finds("Find a chain", "Day")
    form.fill("Name", "Night")
    step = added(form, "Notify people")
    step.choose("People", "bob")
    assert step.submit().closed
    form.wait_for("2.* Notify bob")
    assert form.submit().closed
    assert alice.chain_names() == ["Night"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Taken", "There is an escalation chain called Taken already."),
        ("  ", "Give the chain a name."),
    ],
)
def test_names_that_cannot_be(alice: SettingUp, typed: str, said: str) -> None:
    alice.chain("Taken")
    form = alice.presses("New chain")
    form.fill("Name", typed)
    assert form.submit().errors == {"Name": said}
    form.fill("Name", "Day")
    assert form.submit().updated is not None
    form.fill("Name", typed)
    assert form.submit().errors == {"Name": said}
    assert alice.chain_names() == ["Day", "Taken"]


def test_a_step_removed_by_somebody_else(alice: SettingUp) -> None:
    day = alice.chain("Day", persons(alice.user("bob")), 5)
    form = alice.finds("Find a chain", "Day")
    [first, _] = alice.steps("Day")
    step = picked(form, first.policy_id, "Edit")
    alice.change(day, 5)
    assert step.submit().errors == {"What it does": "This step does not exist any more."}
    step.close()
    told = picked(form, first.policy_id, "Move down")
    assert "This step does not exist any more." in told.text
    told.close()
    form.wait_for("1.* Wait 5 min")
    assert len(lines(form)) == 1


def test_a_chain_deleted_by_somebody_else(alice: SettingUp) -> None:
    day = alice.chain("Day", 5)
    form = alice.finds("Find a chain", "Day")
    step = added(form, "Resolve the alert group")
    step.wait_for("Nobody is called any more")
    alice.deletes_chain(day)
    gone = "This escalation chain does not exist any more."
    assert step.submit().errors == {"What it does": gone}
    step.close()
    assert form.submit().errors == {"Name": gone}


def test_deleting_a_chain(alice: SettingUp) -> None:
    day = alice.chain("Day", persons(alice.user("bob")))
    alice.leads(alice.team("SRE", "alice"), day)
    form = alice.finds("Find a chain", "Day")
    button = form.find("Delete this chain").element
    assert button["confirm"]["title"]["text"] == "Delete the chain Day?"
    assert (
        "SRE: pages that would start it start no chain then, or the team's other one."
        in button["confirm"]["text"]["text"]
    )
    form.press("Delete this chain")
    form.wait_for("The chain was deleted.")
    assert alice.chain_names() == []
    alice.waits("alice", "Nobody hears of a page to SRE")


def test_no_admin_any_more(alice: SettingUp) -> None:
    alice.chain("Day", 5)
    form = alice.finds("Find a chain", "Day")
    step = added(form, "Resolve the alert group")
    step.wait_for("Nobody is called any more")
    alice.stage.change("alice", lambda user: setattr(user, "given_role", Role.EDITOR))
    [said] = step.submit().errors.values()
    assert said.startswith("Only admins can change teams and chains.")
    step.close()
    told = form.press("Delete this chain").modal()
    assert "Only admins can change teams and chains." in told.text
    told.close()
    told = picked(form, alice.steps("Day")[0].policy_id, "Remove")
    assert "Only admins can change teams and chains." in told.text
    assert [each.type for each in alice.steps("Day")] == [PolicyType.WAIT]


def test_a_long_chain(alice: SettingUp) -> None:
    bob = alice.user("bob")
    alice.chain("Day", *[persons(bob)] * 100)
    form = alice.finds("Find a chain", "Day")
    assert len(form.view.blocks) <= 100
    assert "And 15 more, for which there is no room: use the API." in form.text
    step = added(form, "Resolve the alert group")
    step.wait_for("Nobody is called any more")
    [told] = step.submit().errors.values()
    assert told == "There are 100 steps in this chain already: delete one of them first."


def test_what_is_wrong_with_a_chain(alice: SettingUp) -> None:
    alice.chain("Day", REPEAT, members(alice.team("SRE")), CHANNEL, RESOLVE, 5)
    shown = alice.finds("Find a chain", "Day").text
    assert "Please look at this" in shown
    assert "This chain calls nobody." in shown
    assert "Step 2 calls nobody now: team SRE has no members." in shown
    assert "Step 5 never runs: step 4 resolves the alert group." in shown


def test_a_chain_that_two_teams_share(alice: SettingUp) -> None:
    """A page of each calls everybody in its own channel, not in that of the other."""
    day = alice.chain("Day", CHANNEL)
    sre, web = alice.team("SRE"), alice.team("Web")
    alice.leads(sre, day, channel=alice.channel("incidents", "bob", "carol"))
    alice.home("alice", "now everybody in #incidents (2 people)")
    alice.leads(web, day, channel=alice.channel("ops", "dave"))
    alice.home("alice", "now everybody in the team's Slack channel (up to 2 people)")
    form = alice.finds("Find a chain", "Day")
    assert lines(form) == ["1. Notify everybody in the team's Slack channel (up to 2 people)"]
    alice.leads(web, day)
    alice.home("alice", "now everybody in the team's Slack channel (up to 2 people)")
    alice.leads(web)
    alice.home("alice", "now everybody in #incidents (2 people)")


def test_a_channel_that_was_not_read_yet(alice: SettingUp) -> None:
    """It is not empty: nobody knows how many are in it."""
    day = alice.chain("Day", CHANNEL)
    alice.leads(alice.team("SRE"), day, channel=alice.unread_channel("general"))
    form = alice.finds("Find a chain", "Day")
    assert lines(form) == ["1. Notify everybody in #general (not counted yet)"]
    assert "Tocsin has not read yet who is in #general." in form.text
    assert "calls nobody" not in form.text


def test_nobody_is_waited_for_once_the_last_member_is_taken_out(alice: SettingUp) -> None:
    team, wait = alice.team("SRE", "bob"), ChainStep(PolicyType.WAIT, duration=900)
    alice.leads(team, alice.chain("All", members(team), wait, persons(alice.user("carol"))))
    form = alice.finds("Find a team", "SRE")
    assert "will call team SRE (1 person) at once" in form.text
    form.choose("Members")
    form.wait_for("Any page to SRE, important or not, will call carol at once.")
