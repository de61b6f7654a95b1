"""What goes wrong around a running bot, and how it comes back."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from core import clock
from core.models import Delivery, Post, RuleType, Timer
from sandbox import Sandbox
from tests.chaos import rows
from tests.e2e.conftest import watched
from tests.e2e.hooks import Hooks
from tests.e2e.office import Office
from tests.e2e.process import START, Bot
from tests.ports import quiet_port
from tests.workspace import workspace


def hurry(office: Office, *models: type[Delivery | Post | Timer]) -> None:
    """Let the time pass for which these were put off."""
    with office.database() as database, database.transaction() as session:
        for model in models:
            session.execute(
                update(model)
                .where(col(model.due_at).is_not(None), col(model.lease).is_(None))
                .values(due_at=clock.now())
            )


def nothing_is_on_its_way(session: Session) -> bool:
    """Whether everything that can be sent has its receipt, and only timers are left."""
    left = list(rows.unfinished_in(session))
    return all(each.startswith(("page ", "timer ")) for each in left)


def nothing_is_leased(session: Session) -> bool:
    """Whether every send that was tried has been put off or has its receipt."""
    return not any(rows.leased(session))


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
            process.wait_for("people read from Slack")
            box.wait_connected(timeout=START)
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
    # The first message may be refused only after the mail.
    health = office.bot.wait_health(lambda health: health.status == 503)
    assert health.problems == ["Slack refuses SLACK_BOT_TOKEN: it was revoked."]
    refused = office.person("alice").command("/escalate", "again", channel="incidents")
    assert refused.failed is None
    office.told("Nothing was paged: Slack did not open the form.")
    assert office.person("bob").dm_with_bot() == []

    office.box.accept_token()
    office.wait_rows(nothing_is_leased)  # what is being refused at this moment is put off, too
    hurry(office, Delivery, Post)
    office.direct("bob", "who took the keys")
    alert = office.alert("who took the keys")
    office.wait_thread(alert, "Slack message sent to bob.")
    office.bot.wait_health(lambda health: health.status == 200)


def test_what_is_on_its_way_arrives_before_the_process_ends(
    open_office: Callable[..., Office],
) -> None:
    office = open_office(TOCSIN_WEBHOOK_ALLOW_PRIVATE="true")
    with Hooks() as hooks:
        office.webhook("bob", f"{hooks.url}/bob")
        office.rules("bob", "webhook")
        with hooks.held():
            office.page("slowly but surely", ["bob"])
            hooks.wait_for("/bob")
            office.bot.running.signal(signal.SIGTERM)
            office.bot.running.wait_for("stopping")
        assert office.bot.ended() == 0
        office.bot.start()
        office.wait_thread(office.alert("slowly but surely"), "Webhook to bob.")
        assert len(hooks.to("/bob")) == 1


def test_what_does_not_end_in_time_is_handed_back(open_office: Callable[..., Office]) -> None:
    office = open_office(TOCSIN_WEBHOOK_ALLOW_PRIVATE="true")
    with Hooks() as hooks:
        office.webhook("bob", f"{hooks.url}/bob")
        office.rules("bob", "webhook")
        with hooks.held():
            office.page("never ending", ["bob"])
            hooks.wait_for("/bob")
            assert office.bot.stop() == 0  # and does not wait for the end of the answer
        assert "1 sends did not end in time and will be repeated" in office.bot.log
        with office.database() as database, database.reading() as session:
            sent = select(Delivery).where(col(Delivery.channel) == RuleType.WEBHOOK)
            [row] = session.scalars(sent)
            assert (row.outcome, row.lease) == (None, None)  # the lease was ended
            assert row.due_at is not None
            assert row.due_at <= clock.now()
        office.bot.start()
        first, again = hooks.to("/bob")[0], hooks.wait_for("/bob", count=2)
        assert first.key == again.key
        office.wait_thread(office.alert("never ending"), "Webhook to bob.")


def test_pages_go_on_where_a_killed_process_was(open_office: Callable[..., Office]) -> None:
    office = open_office()
    office.rules("bob", "slack, wait 5m, email")
    office.page("out of the blue", ["bob"])
    alert = office.alert("out of the blue")
    office.wait_thread(alert, "Slack message sent to bob.")
    # What is on its way would come twice, and only after its lease.
    office.wait_rows(nothing_is_on_its_way)
    office.bot.kill()
    office.bot.start()
    assert office.box.mail.to("bob@example.com") == []
    hurry(office, Timer)
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
            box.wait_connected(2, timeout=START)
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
