"""What goes wrong around a running bot, and how it comes back."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col

from core import clock
from core.models import Delivery, Post
from sandbox import Sandbox
from tests.chaos import rows
from tests.e2e.conftest import watched
from tests.e2e.hooks import Hooks
from tests.e2e.office import Office
from tests.e2e.process import Bot
from tests.ports import quiet_port
from tests.workspace import workspace


def hurry(office: Office) -> None:
    """Let the time pass for which sends were put off."""
    with office.database() as database, database.transaction() as session:
        for model in (Delivery, Post):
            session.execute(
                update(model)
                .where(col(model.due_at).is_not(None), col(model.lease).is_(None))
                .values(due_at=clock.now())
            )


def wait_recorded(office: Office) -> None:
    """Wait until everything that was sent has its receipt."""
    deadline = time.monotonic() + 20
    with office.database() as database:
        while rows.stuck(database) and time.monotonic() < deadline:
            time.sleep(0.02)  # nobody tells when another process commits


def test_slack_is_down_at_the_start(tmp_path: Path) -> None:
    with quiet_port() as port:
        box = workspace(port=port)
        box.host.url = f"http://127.0.0.1:{port}"  # where it will be
        box.mail.port = 25
        slack_comes_late(box, Bot(box, f"sqlite:///{tmp_path}/tocsin.db", tmp_path, {}))


def slack_comes_late(box: Sandbox, bot: Bot) -> None:
    with watched(bot):
        process = bot.launch()
        process.wait_for("reading from Slack: Slack cannot be reached.")
        health = bot.health()
        assert not health.is_connected
        assert health.body["database"] == "ok"
        assert health.problems == []  # a minute's grace
        box.mail.port = 0
        with box:
            process.wait_for("people read from Slack", 30)
            box.wait_connected(timeout=30)
            process.wait_for("Slack is connected")
            assert bot.health().is_connected
            office = Office(box, bot)
            office.page("back again", ["bob"])
            office.direct("bob", "back again")


def test_a_token_that_is_revoked_while_pages_run(open_office: Callable[..., Office]) -> None:
    office = open_office(TOCSIN_CLOCK_SPEED="60")
    office.rules("bob", "slack, wait 1m, email")
    form = office.form("who took the keys")
    form.choose("People", "bob")
    office.box.refuse_token("token_revoked")
    assert form.submit().closed
    # Mail is another way, and goes on.
    office.box.mail.wait_for("bob@example.com")
    health = office.bot.health()
    assert health.status == 503
    assert health.problems == ["Slack refuses SLACK_BOT_TOKEN: it was revoked."]
    refused = office.person("alice").command("/escalate", "again", channel="incidents")
    assert refused.failed is None
    office.told("Nothing was paged: Slack did not open the form.")
    assert office.person("bob").dm_with_bot() == []

    office.box.accept_token()
    hurry(office)
    office.direct("bob", "who took the keys")
    alert = office.alert("who took the keys")
    office.wait_thread(alert, "Slack message sent to bob.")
    assert office.bot.health().status == 200


def test_what_is_on_its_way_arrives_before_the_process_ends(
    open_office: Callable[..., Office],
) -> None:
    office = open_office(TOCSIN_WEBHOOK_ALLOW_PRIVATE="true")
    with Hooks() as hooks:
        office.webhook("bob", f"{hooks.url}/bob")
        office.rules("bob", "webhook")
        hooks.seconds = 2.0
        office.page("slowly but surely", ["bob"])
        hooks.wait_for("/bob")
        assert office.bot.stop() == 0
        office.bot.start()
        office.wait_thread(office.alert("slowly but surely"), "Webhook to bob.")
        assert len(hooks.to("/bob")) == 1


def test_what_does_not_end_in_time_is_handed_back(open_office: Callable[..., Office]) -> None:
    office = open_office(TOCSIN_WEBHOOK_ALLOW_PRIVATE="true")
    with Hooks() as hooks:
        office.webhook("bob", f"{hooks.url}/bob")
        office.rules("bob", "webhook")
        hooks.seconds = 24.0
        office.page("never ending", ["bob"])
        hooks.wait_for("/bob")
        began = time.monotonic()
        assert office.bot.stop() == 0
        assert time.monotonic() - began < 18
        assert "1 sends did not end in time and will be repeated" in office.bot.log
        hooks.seconds = 0.0
        office.bot.start()
        began = time.monotonic()
        first, again = hooks.to("/bob")[0], hooks.wait_for("/bob", count=2)
        assert time.monotonic() - began < 10  # the lease was ended, not waited for
        assert first.key == again.key
        office.wait_thread(office.alert("never ending"), "Webhook to bob.")


def test_pages_go_on_where_a_killed_process_was(open_office: Callable[..., Office]) -> None:
    office = open_office(TOCSIN_CLOCK_SPEED="60")
    office.rules("bob", "slack, wait 5m, email")
    office.page("out of the blue", ["bob"])
    alert = office.alert("out of the blue")
    office.wait_thread(alert, "Slack message sent to bob.")
    wait_recorded(office)  # what is on its way would come twice, and only after its lease
    office.bot.kill()
    office.bot.start()
    [mail] = office.box.mail.wait_for("bob@example.com")
    assert "out of the blue" in mail.text
    office.wait_thread(alert, "E-mail to bob.")
    assert len(office.person("bob").dm_with_bot()) == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_processes_start_at_once_on_an_empty_database(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/tocsin.db"
    if kind == "postgresql":
        new_postgres: Callable[[], str] = request.getfixturevalue("new_postgres")
        url = new_postgres()
    with workspace() as box:
        first, second = (Bot(box, url, tmp_path, {}) for _ in range(2))
        with watched(first), watched(second):
            for bot in (first, second):
                bot.launch()
            for bot in (first, second):
                bot.running.wait_for("people read from Slack")
            box.wait_connected(2)
            office = Office(box, first)
            office.page("two are one", ["bob"])
            office.wait_thread(office.alert("two are one"), "Slack message sent to bob.")
            assert len(office.person("bob").dm_with_bot()) == 1


def test_requests_that_are_not_slacks_do_nothing(open_office: Callable[..., Office]) -> None:
    office = open_office(socket=False)
    alice = office.person("alice")
    office.box.http.forge = True
    assert alice.command("/escalate", "forged", channel="incidents").failed is not None
    office.box.http.forge = False
    office.box.http.clock_offset = -301
    assert alice.command("/escalate", "stale", channel="incidents").failed is not None
    office.box.http.clock_offset = 0.0
    assert alice.modal() is None
    assert office.form("genuine").is_open


def test_it_stops_cleanly_as_soon_as_it_is_ready(tmp_path: Path) -> None:
    with workspace() as box:
        bot = Bot(box, f"sqlite:///{tmp_path}/tocsin.db", tmp_path, {})
        with watched(bot):
            bot.launch().wait_for("ready: ")
