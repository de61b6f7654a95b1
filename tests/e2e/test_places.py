"""Where the alert goes when it cannot go where it was asked for, and who is told what."""

from collections.abc import Iterator

import pytest

from sandbox.channels import Message
from tests.e2e.conftest import office_in
from tests.e2e.office import Office


@pytest.fixture(scope="module")
def with_default(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("default")
    with office_in(folder, TOCSIN_DEFAULT_CHANNEL="#general") as opened:
        yield opened


def alerts(office: Office, channel: str, text: str) -> list[Message]:
    where = office.box.workspace.find_channel(channel)
    return [m for m in office.box.workspace.history(where.id) if text in m.text]


def test_a_private_channel_without_the_bot(with_default: Office) -> None:
    office = with_default
    office.page("a secret is out", ["bob"], channel="secret-room")
    told = office.told("a secret is out", channel="secret-room")
    assert "invite me with /invite @tocsin" in told
    assert "in your direct messages with me" in told
    alert = office.direct("alice", "a secret is out")
    assert "[Resolve]" in office.reads(alert)
    # What was typed in private goes nowhere else, and no link that Bob cannot open.
    assert alerts(office, "general", "a secret is out") == []
    assert "Open the alert" not in office.reads(office.direct("bob", "a secret is out"))
    assert (
        office.person("bob").press(office.direct("bob", "a secret"), "Acknowledge").failed is None
    )
    office.wait_reads(alert, "bob has it")


def test_an_archived_channel_gives_way_to_the_default_one(with_default: Office) -> None:
    office = with_default
    office.box.admin.add_channel("war-room", "alice", "bob")
    form = office.form("the war is over", channel="war-room")
    form.choose("People", "bob")
    office.box.admin.archive("war-room")
    assert form.submit().closed
    office.alert("the war is over", channel="general")
    told = office.told("The alert is in #general", channel="war-room")
    assert "That channel is archived." in told
    assert "Open it" in told


def test_an_archived_channel_without_a_default_one(office: Office) -> None:
    office.box.admin.add_channel("war-room", "alice", "bob")
    form = office.form("the war goes on", channel="war-room")
    form.choose("People", "bob")
    office.box.admin.archive("war-room")
    assert form.submit().closed
    alert = office.direct("alice", "the war goes on")
    assert "[Resolve]" in office.reads(alert)
    assert "That channel is archived." in office.told("the war goes on", channel="war-room")


def test_between_two_people(with_default: Office) -> None:
    office = with_default
    office.page("between you and me", ["carol"], channel="@bob")
    office.told("between you and me", channel="@bob")
    assert "[Resolve]" in office.reads(office.direct("alice", "between you and me"))
    assert alerts(office, "general", "between you and me") == []


def test_a_public_channel_without_the_bot_is_fine(office: Office) -> None:
    office.page("operations are down", ["carol"], channel="ops")
    alert = office.alert("operations are down", channel="ops")
    office.told("The alert is in #ops", channel="ops")
    office.wait_thread(alert, "Slack message sent to carol.")


def test_trouble_that_passes_is_waited_for_at_the_same_place(with_default: Office) -> None:
    office = with_default
    office.box.faults.add("chat.postMessage", status=503, count=2)
    office.page("storm in a teacup", ["carol"])
    office.alert("storm in a teacup", channel="incidents")
    assert alerts(office, "general", "storm in a teacup") == []


def test_a_command_that_slack_forgot_is_answered_by_direct_message(office: Office) -> None:
    form = office.form("late but true")
    form.choose("People", "bob")
    office.box.host.response_urls.expire()
    assert form.submit().closed
    told = office.direct("alice", "The alert is in #incidents")
    assert "late but true" in office.reads(told)
