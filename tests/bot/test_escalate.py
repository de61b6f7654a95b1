"""/escalate from the command to the rows, over real sockets."""

import pytest

from core.models import State
from tests.bot.stage import Stage


def test_command_form_submit(either_stage: Stage) -> None:
    stage = either_stage
    alice = stage.box.person("alice")
    modal = alice.command("/escalate", "@bob @carol! db is down", channel="incidents").modal()
    stage.settle()
    assert stage.called() == ["views.open"]  # nothing before it, nothing after
    assert modal.value("Message")["value"] == "db is down"
    assert "Slack now, e-mail in 5 min" in modal.text
    assert modal.submit().closed
    group = stage.group()
    assert group.message == "db is down"
    assert stage.paged(group) == {"bob": False, "carol": True}
    assert group.state is State.FIRING
    assert group.slack_channel == alice.channel("incidents").id
    assert not group.slack_channel_is_private
    assert group.response_url


def test_bare_command(either_stage: Stage) -> None:
    stage = either_stage
    modal = stage.box.person("alice").command("/escalate").modal()
    modal.fill("Message", "a < b & <!channel>")
    modal.choose("People", "bob")
    modal.wait_for("Slack now")
    assert modal.submit().closed
    assert stage.group().message == "a < b & <!channel>"


def test_the_word_payload_is_a_word(either_stage: Stage) -> None:
    alice = either_stage.box.person("alice")
    modal = alice.command("/escalate", "@bob the payload queue is stuck").modal()
    assert modal.value("Message")["value"] == "the payload queue is stuck"


@pytest.mark.parametrize(
    ("channel", "private"),
    [("ops", False), ("secret-room", True), ("@tocsin", True), ("@bob", True)],
)
def test_what_is_private(stage: Stage, channel: str, private: bool) -> None:
    alice = stage.box.person("alice")
    assert alice.command("/escalate", "@bob down", channel=channel).modal().submit().closed
    assert stage.group().slack_channel_is_private is private


def test_choosing_and_switching_rules_keeps_everything(stage: Stage) -> None:
    stage.rules("bob", default="email", important="slack, wait 1m, email")
    modal = stage.box.person("alice").command("/escalate").modal()
    modal.fill("Message", "disk full")
    modal.choose("People", "bob")
    modal.wait_for("E-mail now.")
    modal.choose(f"rules:{stage.id('bob')}", "Important rules")
    modal.wait_for("Slack now, e-mail in 1 min.")
    modal.fill("Message", "disk full on db-1")
    modal.choose("People", "bob", "carol")
    modal.wait_for("*carol*")
    modal.choose(f"rules:{stage.id('carol')}", "Important rules")
    modal.wait_for("No rules of their own.")
    modal.choose("People", "carol", "bob", "dave")
    modal.wait_for("*dave*")
    assert modal.submit().closed
    assert stage.group().message == "disk full on db-1"
    assert stage.paged() == {"carol": True, "bob": True, "dave": False}


def test_nobody_chosen_or_nothing_said(stage: Stage) -> None:
    modal = stage.box.person("alice").command("/escalate", "down").modal()
    assert "People" in modal.submit().errors
    stale = modal.view
    # Slack itself refuses that; a client that does not is answered all the same.
    assert modal.submit_stale(stale).errors == {"People": "Choose at least one person to page."}
    modal.choose("People", "bob")
    modal.fill("Message", "  \n ")
    assert modal.submit().errors == {"Message": "Say what is wrong."}
    modal.fill("Message", "down")
    assert modal.submit().closed
    assert stage.paged() == {"bob": False}


def test_a_message_of_3001_characters(stage: Stage) -> None:
    alice = stage.box.person("alice")
    text = "x" * 2_990 + " and the end of it"
    modal = alice.command("/escalate", f"@bob {text}").modal()
    assert "its last 8 characters are not in the message" in modal.text
    assert "nd of it" in modal.text
    modal.choose("People", "bob", "carol")
    modal.wait_for("*carol*")
    assert "its last 8 characters" in modal.text
    modal.fill("Message", "y" * 3_001)
    assert "at most 3000" in modal.submit().errors["Message"]
    told = modal.submit_stale(modal.view).errors["Message"]
    assert told == "The message is 3,001 characters long; 3,000 fit."
    modal.fill("Message", "y" * 3_000)
    assert modal.submit().closed
    assert len(stage.group().message) == 3_000


def test_help_is_a_form_too(stage: Stage) -> None:
    modal = stage.box.person("alice").command("/escalate", "help").modal()
    assert "/escalate @bob @carol! db is down" in modal.text
    assert modal.value("Message")["value"] == "help"


def test_more_people_than_fit(stage: Stage) -> None:
    workspace = stage.box.workspace
    names = [f"helper{n:02}" for n in range(31)]
    for name in names:
        workspace.add_user(name, f"Helper {name} with a name as long as names can be " * 3)
    stage.meet()
    text = " ".join(f"@{name}!" for name in names)
    modal = stage.box.person("alice").command("/escalate", f"{text} all hands").modal()
    assert "30 people fit. Page these later" in modal.text
    assert "helper30" in modal.text
    assert modal.submit().closed
    assert list(stage.paged()) == names[:30]
    assert all(stage.paged().values())


def test_the_same_submit_twice(stage: Stage) -> None:
    for at_once in (True, False):
        stage.clear()
        modal = stage.box.person("alice").command("/escalate", "@bob down").modal()
        first, second = modal.submit_twice(at_once=at_once)
        assert first.closed
        assert second.closed
        assert stage.paged() == {"bob": False}
