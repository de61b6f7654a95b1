"""Who is in the workspace, read from it page by page."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.roster import Roster
from bot.slack import Slack
from core import people
from core.channels import ChannelError
from core.db import Database
from core.models import User, Workspace
from sandbox import Sandbox
from sandbox.workspace import PATIENCE
from tests.bot.slack.patience import Patience
from tests.core.test_races import wait_until_blocked
from tests.workspace import workspace


@pytest.fixture
def crowd() -> Iterator[Sandbox]:
    """More people than one page holds."""
    box = workspace()
    for number in range(220):
        box.workspace.add_user(f"person{number}", f"Person {number}")
    with box:
        yield box


@pytest.fixture
def patience() -> Patience:
    return Patience()


def roster(box: Sandbox, db: Database, patience: Patience) -> Roster:
    slack = Slack(box.bot_token, base_url=box.api_url, clock=patience.clock)
    return Roster(slack, db, patience)


def users(db: Database) -> dict[str, User]:
    with db.reading() as session:
        return {user.username: user for user in session.scalars(select(User))}


def test_we_learn_where_we_are(box: Sandbox, sqlite: Database, patience: Patience) -> None:
    reader = roster(box, sqlite, patience)
    reader.read_workspace()
    reader.read_workspace()
    with sqlite.reading() as session:
        [workspace] = session.scalars(select(Workspace)).all()
    assert workspace.team_id == reader.team_id == box.workspace.team_id
    assert workspace.name == box.workspace.name
    assert workspace.bot_user_id == box.workspace.bot.id


def test_two_processes_that_start_at_once_learn_it_both(
    box: Sandbox, postgresql: Database, patience: Patience
) -> None:
    reader = roster(box, postgresql, patience)
    with ThreadPoolExecutor(1) as pool:
        with postgresql.transaction() as session:
            people.workspace(session, box.workspace.team_id)
            theirs = pool.submit(reader.read_workspace)
            wait_until_blocked(postgresql, 1)
        theirs.result(PATIENCE)
    with postgresql.reading() as session:
        assert session.scalars(select(Workspace)).one().name == box.workspace.name


def test_everybody_is_kept_page_by_page(
    crowd: Sandbox, sqlite: Database, patience: Patience
) -> None:
    reader = roster(crowd, sqlite, patience)
    reader.read_workspace()
    reader.read_people()
    found = users(sqlite)
    assert len(found) == len(crowd.workspace.users)
    assert found["alice"].is_admin
    assert found["gail"].is_guest
    assert found["deploybot"].is_bot
    assert not found["rob"].is_active
    assert found["stella"].slack_team_id != found["bob"].slack_team_id
    assert found["bob"].email == "bob@example.com"
    pages = [call for call in crowd.workspace.journal if call.method == "users.list"]
    assert len(pages) == 2


def test_what_has_changed_is_written(box: Sandbox, sqlite: Database, patience: Patience) -> None:
    reader = roster(box, sqlite, patience)
    reader.read_people()
    before = users(sqlite)
    with sqlite.transaction() as session:
        bob = people.find_slack(session, box.workspace.find_user("bob").id)
        assert bob is not None
        bob.name, bob.is_admin = "Robert", True
    reader.read_people()
    after = users(sqlite)
    assert after == before


def test_a_rate_limit_in_the_middle_is_waited_for(
    crowd: Sandbox, sqlite: Database, patience: Patience
) -> None:
    crowd.faults.add("users.list", retry_after=1, count=1)
    roster(crowd, sqlite, patience).read_people()
    assert len(users(sqlite)) == len(crowd.workspace.users)
    assert patience.waits == [timedelta(seconds=1)]


def test_what_passes_is_tried_again_a_few_times(
    box: Sandbox, sqlite: Database, patience: Patience
) -> None:
    fault = box.faults.add("users.list", status=503, count=3)
    reader = roster(box, sqlite, patience)
    reader.read_people()
    assert fault.left == 0
    box.faults.add("users.list", status=503)
    with pytest.raises(ChannelError):
        reader.read_people()
    asked = [call for call in box.workspace.journal if call.method == "users.list"]
    assert len(asked) == 4 + 4


def test_a_refused_token_is_not_waited_for(
    box: Sandbox, sqlite: Database, patience: Patience
) -> None:
    box.faults.add("dnd.teamInfo", error="missing_scope")
    reader = roster(box, sqlite, patience)
    reader.read_workspace()
    reader.read_people()
    with pytest.raises(ChannelError, match="lacks a scope"):
        reader.read_pauses()
    assert patience.waits == []


def test_pauses_are_kept_for_those_who_can_be_paged(
    crowd: Sandbox, sqlite: Database, patience: Patience
) -> None:
    reader = roster(crowd, sqlite, patience)
    reader.read_workspace()
    reader.read_people()
    with sqlite.transaction() as session:
        alice = people.find_slack(session, crowd.workspace.find_user("alice").id)
        assert alice is not None
        people.pause(session, alice.slack_user_id or "", alice.created_at, alice.created_at)
    reader.read_pauses()
    found = users(sqlite)
    assert found["dave"].pause_ends_at is not None
    assert found["alice"].pause_ends_at is None
    asked = [call for call in crowd.workspace.journal if call.method == "dnd.teamInfo"]
    assert len(asked) == 5
    assert all(len(call.arguments["users"].split(",")) <= 50 for call in asked)
    together = ",".join(call.arguments["users"] for call in asked)
    for nobody in ("rob", "deploybot", "stella"):
        assert crowd.workspace.find_user(nobody).id not in together
