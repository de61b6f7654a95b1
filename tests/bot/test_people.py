"""People join, change, leave and pause, as Slack tells it."""

import dataclasses
import logging
from datetime import UTC, datetime

import pytest

from core import clock
from core.models import User
from sandbox.shapes import Json
from tests.bot.stage import Stage


def send(stage: Stage, event: Json) -> None:
    payload = {
        "type": "event_callback",
        "team_id": stage.box.workspace.team_id,
        "event_id": "Ev1",
        "event": event,
    }
    assert stage.box.deliver("events_api", payload).failure is None
    stage.settle()


def known(stage: Stage, name: str) -> User:
    with stage.db.reading() as session:
        return stage.user(session, name)


def test_somebody_joins_changes_and_leaves(either_stage: Stage) -> None:
    stage = either_stage
    stage.forget("carol")
    carol = stage.box.workspace.find_user("carol")
    team = stage.box.workspace.team_id
    for _ in range(2):  # events come again
        send(stage, {"type": "team_join", "user": carol.as_json(team_id=team, email=True)})
    assert known(stage, "carol").timezone == "Asia/Tokyo"
    moved = dataclasses.replace(carol, tz="Europe/Rome", deleted=False)
    send(stage, {"type": "user_change", "user": moved.as_json(team_id=team, email=True)})
    assert known(stage, "carol").timezone == "Europe/Rome"
    left = dataclasses.replace(carol, deleted=True)
    send(stage, {"type": "user_change", "user": left.as_json(team_id=team, email=True)})
    assert not known(stage, "carol").is_active


def test_strangers_are_not_kept(stage: Stage) -> None:
    stage.forget("stella")
    stella = stage.box.workspace.find_user("stella")
    said = stella.as_json(team_id=stage.box.workspace.team_id, email=True)
    send(stage, {"type": "user_change", "user": said})
    assert stella.id not in stage.known_slack_ids()


def test_notifications_are_paused(stage: Stage) -> None:
    now = int(clock.now().timestamp())
    status = {
        "dnd_enabled": True,
        "next_dnd_start_ts": now - 60,
        "next_dnd_end_ts": now + 3600,
    }
    bob = stage.id("bob")
    send(stage, {"type": "dnd_updated_user", "user": bob, "dnd_status": status})
    ends = datetime.fromtimestamp(now + 3600, UTC)
    assert known(stage, "bob").paused_until(clock.now()) == ends
    modal = stage.box.person("alice").command("/escalate", "@bob down").modal()
    assert "Slack now (notifications paused until" in modal.text
    assert "e-mail now" in modal.text
    send(stage, {"type": "dnd_updated_user", "user": bob, "dnd_status": {"dnd_enabled": False}})
    assert known(stage, "bob").paused_until(clock.now()) is None


@pytest.mark.parametrize("event", ["tokens_revoked", "app_uninstalled"])
def test_the_app_is_taken_away(stage: Stage, caplog: pytest.LogCaptureFixture, event: str) -> None:
    with caplog.at_level(logging.CRITICAL):
        send(stage, {"type": event, "tokens": {"bot": ["U1"]}})
    assert "set SLACK_BOT_TOKEN to the new token" in caplog.text


def test_an_event_that_makes_no_sense(stage: Stage) -> None:
    send(stage, {"type": "user_change", "user": {}})
    send(stage, {"type": "dnd_updated_user"})
    send(stage, {"type": "emoji_changed"})
