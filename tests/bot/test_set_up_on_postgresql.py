"""Admins set a team up with PostgreSQL behind the bot: every query of the forms once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot import ids
from bot.listeners import team_setup
from bot.views.team_form import Choices, TeamForm
from core import alert_groups, chains, routes, teams, turns
from core.db import Database
from core.models import Team
from core.turns import Turn
from tests.bot.conftest import fresh
from tests.bot.setting_up import SettingUp, added
from tests.bot.stage import Stage
from tests.bot.test_alert_group import press
from tests.bot.wire import staged
from tests.core.test_races import wait_until_blocked


@pytest.fixture(scope="module")
def on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, kept_postgres: Database
) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("postgresql"), on=kept_postgres) as found:
        yield found


@pytest.fixture
def alice(on_postgresql: Stage) -> Iterator[SettingUp]:
    for stage in fresh(on_postgresql):
        yield SettingUp(stage)


def test_from_nothing_to_a_team_with_a_chain_and_back(alice: SettingUp) -> None:
    alice.channel("incidents", "bob", "carol")
    alice.private_channel("war-room", "alice")
    alice.group("S1", "ops")
    form = alice.presses("New team")
    form.fill("Name", "SRE")
    form.choose("Members", "bob", "carol")
    assert len(form.suggestions("Slack channel", "r")) == 2  # none, and #war-room
    form.choose("Slack channel", "#incidents")
    form.choose("Chain for a normal page", "A new chain that calls the whole team")
    form.wait_for("A page to SRE will call team SRE (2 people) at once.")
    assert form.submit().updated is not None
    step = added(form, "Notify everybody in the Slack channel")
    step.wait_for("Notify everybody in #incidents (2 people)")
    assert step.submit().closed
    form.wait_for("2.* Notify everybody in #incidents (2 people)")
    step = added(form, "Notify a Slack user group")
    step.wait_for("User group")
    step.choose("User group", "@ops")
    assert step.submit().closed
    form.wait_for("3.* Notify user group @ops")
    last = alice.steps("SRE")[2].policy_id
    form.choose(f"step:{last}", "Move up")
    form.wait_for("2.* Notify user group @ops")
    edit = form.choose(f"step:{last}", "Edit")
    assert edit is not None
    edit.modal().choose("What it does", "Wait")
    step = edit.modal().wait_for("Minutes")
    assert step.submit().closed
    form.wait_for("2.* Wait 5 min")
    assert form.submit().closed
    shown = alice.home("bob").text
    assert "now team SRE (2 people) · 5 min · everybody in #incidents (2 people)" in shown
    edit_team = alice.finds("Find a team", "SRE")
    edit_team.choose("Members", "bob")
    assert edit_team.submit().closed
    assert alice.members("SRE") == ["bob"]
    chain = alice.finds("Find a chain", "SRE")
    chain.press("Delete this chain")
    chain.wait_for("The chain was deleted.")
    team = alice.presses("Edit")
    team.press("Delete this team")
    team.wait_for("The team was deleted.")
    alice.waits("alice", "All teams (0)")


def test_somebody_new_answers_while_a_file_is_applied(alice: SettingUp) -> None:
    """A file takes people before alert groups; whoever answers does so too."""
    stage = alice.stage
    stage.forget("carol")
    group_id = stage.escalate("alice", "db down", ["bob"])
    with stage.db.transaction() as session:
        turns.take(session, Turn.PEOPLE)
        press(stage, "carol", ids.ACKNOWLEDGE, group_id, "incidents")
        wait_until_blocked(stage.db, 1)
        alert_groups.lock(session, group_id)
    stage.settle()
    assert stage.name_of(stage.group().acknowledged_by_id) == "carol"


def test_a_team_is_saved_while_another_admin_leads_its_route_elsewhere(
    postgresql: Database,
) -> None:
    """The integration comes first, as over HTTP: neither waits for ever."""
    with postgresql.transaction() as session:
        team_id = teams.make(session, "SRE").id
        chain_id = chains.make(session, "Gently").id
    was = Choices(name="SRE")
    form = TeamForm(team_id, was=was, now=replace(was, important_chain=chain_id))

    def save() -> None:
        with postgresql.transaction() as session:
            team_setup.save(session, form, {})

    with ThreadPoolExecutor(1) as pool:
        with postgresql.transaction() as session:
            team = session.get_one(Team, team_id)
            _, default = routes.of_team(session, team)
            saved = pool.submit(save)
            wait_until_blocked(postgresql, 1)
            chains.hold(session, chain_id)
            routes.lead_to(session, default, chain_id)
        saved.result()
    with postgresql.transaction() as session:
        found = routes.of_team(session, session.get_one(Team, team_id))
        assert [route and route.escalation_chain_id for route in found] == [chain_id, chain_id]
