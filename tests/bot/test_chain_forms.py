"""Admins write escalation chains from the Home tab, over real sockets."""

import pytest

from core.models import ChainStep, PolicyType, Role
from sandbox.modals import Modal
from tests.bot.setting_up import SettingUp
from tests.bot.stage import Stage
from tests.core.teams import CHANNEL, REPEAT, RESOLVE, members, persons


@pytest.fixture
def alice(stage: Stage) -> SettingUp:
    """Alice is an admin."""
    return SettingUp(stage)


def made(alice: SettingUp, name: str = "Day") -> Modal:
    """The form of a chain that was made just now."""
    form = alice.presses("New chain")
    form.fill("Name", name)
    assert form.submit().updated is not None
    return form


def added(form: Modal, kind: str) -> Modal:
    """The form of a new step of this kind, over the chain's form."""
    step = form.press("Add step").modal()
    if kind != "Notify people":
        step.choose("What it does", kind)
    return step


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


def test_every_kind_of_step(alice: SettingUp) -> None:
    alice.team("SRE", "dave")
    alice.group("S1", "ops")
    form = made(alice)
    step = added(form, "Notify one of several people, in turn")
    step.wait_for("People")
    step.choose("People", "bob", "carol")
    assert step.submit().closed
    step = added(form, "Notify a team")
    step.wait_for("Team")
    step.choose("Team", "SRE")
    step.wait_for("Notify team SRE (1 person)")
    assert step.submit().closed
    step = added(form, "Notify a Slack user group")
    step.wait_for("User group")
    step.choose("User group", "@ops")
    assert step.submit().closed
    step = added(form, "Wait for certain hours")
    step.wait_for("From (UTC)")
    step.choose("From (UTC)", "22:30")
    step.choose("To (UTC)", "06:00")
    assert step.submit().closed
    step = added(form, "Go on only after several alerts")
    step.wait_for("what comes after this step never runs")
    step.fill("More alerts than", "3")
    step.fill("Within minutes", "15")
    assert step.submit().closed
    for kind in ("Notify everybody in the Slack channel", "Start again from the first step"):
        step = added(form, kind)
        step.wait_for("The Slack channel is that of" if "Slack" in kind else "up to 5 times")
        assert step.submit().closed
    step = added(form, "Resolve the alert group")
    step.wait_for("Nobody is called any more")
    assert step.submit().closed
    form.wait_for("8.* Resolve")
    found = alice.steps("Day")
    assert [step.type for step in found] == [
        PolicyType.NOTIFY_NEXT,
        PolicyType.NOTIFY_TEAM,
        PolicyType.NOTIFY_USER_GROUP,
        PolicyType.IF_TIME,
        PolicyType.IF_ALERTS,
        PolicyType.NOTIFY_CHANNEL,
        PolicyType.REPEAT,
        PolicyType.RESOLVE,
    ]
    assert (found[3].time_from, found[3].time_to) == ("22:30:00Z", "06:00:00Z")
    assert (found[4].num_alerts, found[4].num_minutes) == (3, 15)
    assert "Steps 6 to 8 never run for a page by hand: step 5 waits for" in form.text


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


def test_more_than_fifty_people(alice: SettingUp) -> None:
    workspace = alice.stage.box.workspace
    crowd = [f"crowd{n:02}" for n in range(50)]
    for name in crowd:
        workspace.add_user(name, name)
    alice.stage.meet()
    sre, few = alice.team("SRE"), alice.team("Few")
    day = alice.chain("Day")
    alice.leads(few, day, channel=alice.channel("incidents", "bob"))
    alice.leads(sre, day, channel=alice.channel("general", "bob", "carol", *crowd))
    form = alice.finds("Find a chain", "Day")
    step = added(form, "Notify everybody in the Slack channel")
    step.wait_for("Notify everybody in #general (52 people)")
    assert step.submit().errors == {"That is many people": "Please complete this required field."}
    step.choose("That is many people", "Yes, notify all 52 people")
    assert step.submit().closed
    assert [each.type for each in alice.steps("Day")] == [PolicyType.NOTIFY_CHANNEL]


def test_a_channel_that_grows_while_the_form_is_open(alice: SettingUp) -> None:
    crowd = [f"crowd{n:02}" for n in range(51)]
    for name in crowd:
        alice.stage.box.workspace.add_user(name, name)
    alice.stage.meet()
    day = alice.chain("Day")
    step = added(alice.finds("Find a chain", "Day"), "Notify everybody in the Slack channel")
    step.wait_for("The Slack channel is that of")
    alice.leads(alice.team("SRE"), day, channel=alice.channel("general", *crowd))
    assert step.submit().updated is not None
    assert "Yes, notify all 51 people" in step.text
    assert alice.steps("Day") == []
    step.choose("That is many people", "Yes, notify all 51 people")
    assert step.submit().closed
    assert alice.steps("Day") == [
        ChainStep(PolicyType.NOTIFY_CHANNEL, policy_id=alice.steps("Day")[0].policy_id)
    ]


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
    assert "Whoever has it gets no chain in its place: SRE" in button["confirm"]["text"]["text"]
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
    [told] = step.submit().errors.values()
    assert told.startswith("Only admins can change teams and chains.")
    step.close()
    told = form.press("Delete this chain").modal()
    assert "Only admins can change teams and chains." in told.text
    told.close()
    told = picked(form, alice.steps("Day")[0].policy_id, "Remove")
    assert "Only admins can change teams and chains." in told.text
    assert [each.type for each in alice.steps("Day")] == [PolicyType.WAIT]


def test_newcomers_in_a_step(alice: SettingUp) -> None:
    alice.stage.forget("dave")
    step = added(made(alice), "Notify people")
    step.choose("People", "dave")
    step.wait_for("Notify dave")
    assert step.submit().closed
    assert alice.steps("Day")[0].persons == (alice.stage.key("dave"),)


def test_somebody_who_cannot_be_paged(alice: SettingUp) -> None:
    step = added(made(alice), "Notify people")
    alice.stage.change("bob", lambda user: setattr(user, "is_active", False))
    step.choose("People", "bob", "carol")
    step.wait_for("Notify carol")
    assert step.submit().errors == {"People": "bob is deactivated and cannot be paged."}


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
