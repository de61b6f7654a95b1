"""Alice pages Bob and Carol: the main job, from the command to the end of the thread."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import office_in
from tests.e2e.office import LONG, Office


@pytest.fixture(scope="module", params=["socket-sqlite", "http-postgresql"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("story")
    url = None
    if request.param == "http-postgresql":
        new_postgres: Callable[[], str] = request.getfixturevalue("new_postgres")
        url = new_postgres()
    socket = request.param == "socket-sqlite"
    with office_in(folder, url, socket=socket, TOCSIN_CLOCK_SPEED="60") as opened:
        yield opened


def test_from_the_command_to_the_end_of_the_thread(office: Office) -> None:
    office.rules("bob", f"slack, wait 1m, email, {LONG}, slack")
    office.rules("carol", f"slack, {LONG}, email")
    message = "The database is down\nWrites fail since 14:02 & <nobody> knows why"

    form = office.form()
    form.fill("Message", message)
    form.choose("People", "bob", "carol")
    form.wait_for("Slack now, e-mail in 1 min, Slack in 4 h 1 min")
    form.wait_for("Slack now, e-mail in 4 h")
    assert form.submit().closed

    alert = office.alert("The database is down")
    shown = office.reads(alert)
    assert "Writes fail since 14:02 & <nobody> knows why" in shown
    assert "Firing: nobody has answered yet" in shown
    for button in ("[Acknowledge]", "[Resolve]", "[Silence]", "[Responders]"):
        assert button in shown
    told = office.told("The alert is in #incidents")
    assert f"/archives/{alert.channel}/p{alert.ts.replace('.', '')}" in told
    assert office.person("bob").ephemerals("incidents") == []

    mine = office.direct("carol", "The database is down")
    office.direct("bob", "The database is down")
    assert "alice paged you by your default rules" in office.reads(mine)
    [mail] = office.box.mail.wait_for("bob@example.com")
    assert "Writes fail since 14:02 & <nobody> knows why" in mail.text
    assert mail.subject == "[firing] The database is down"

    slack = {"Slack message sent to bob.", "Slack message sent to carol."}
    office.wait_thread(alert, *slack, "E-mail to bob.")
    assert office.person("carol").press(mine, "Acknowledge").failed is None
    office.wait_reads(alert, "Acknowledged", "carol has it")
    office.wait_reads(mine, "You have it")
    assert "[Acknowledge]" not in office.reads(mine)
    bobs = office.direct("bob", "The database is down")
    office.wait_reads(bobs, "carol has it", "not paged any more")
    assert "[Acknowledge]" not in office.reads(bobs)

    assert office.person("alice").press(alert, "Resolve").failed is None
    office.wait_reads(alert, "Resolved by alice", "[Unresolve]")
    lines = office.wait_thread(alert, "alice resolved this.")
    assert lines[:3] == [
        "alice asked for help.",
        "alice paged bob (default rules: Slack, e-mail after 1 min, Slack after 4 h).",
        "alice paged carol (default rules: Slack, e-mail after 4 h).",
    ]
    # Each is told of when it is there, and a message may take longer than the mail.
    assert sorted(lines[3:6]) == sorted([*slack, "E-mail to bob."])
    assert lines[6:] == [
        "carol acknowledged: carol has it. The page to bob stopped.",
        "alice resolved this.",
    ]
    assert office.box.mail.to("carol@example.com") == []
    assert office.bot.health().status == 200
