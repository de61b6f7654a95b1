"""What people are told when the database, Slack or Tocsin itself fails them."""

import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from slack_bolt import Ack, BoltRequest, BoltResponse
from slack_bolt.listener import thread_runner
from sqlmodel import Session

from bot import ids
from bot.app import create_app, create_desk
from bot.interaction import Interaction
from bot.listeners import escalate
from core.config import exactly
from core.db import Database
from core.matching import Matcher
from core.models import State
from sandbox.modals import Modal
from sandbox.workspace import PATIENCE
from tests.bot.stage import WAYS, Stage

NOT_PAGED = "Not paged: the database does not answer. Try again or phone."


def filled(stage: Stage, text: str = "@bob down") -> Modal:
    return stage.box.person("alice").command("/escalate", text, channel="incidents").modal()


def test_the_database_is_locked(either_stage: Stage) -> None:
    stage = either_stage
    modal = filled(stage)
    with stage.locked_database():
        done = modal.submit()
        assert done.errors == {"Message": NOT_PAGED}
        assert modal.is_open
        # The form itself needs nobody's turn: it opens and is redrawn all the same.
        modal.choose("People", "bob", "carol")
        modal.wait_for("*carol*")
    assert stage.groups() == []
    assert modal.submit().closed
    assert stage.paged() == {"bob": False, "carol": False}


def test_a_button_while_the_database_is_locked(stage: Stage) -> None:
    group_id = stage.escalate("alice", "db down", ["bob"])
    message = stage.post_button(ids.ACKNOWLEDGE, group_id)
    bob = stage.box.person("bob")
    with stage.locked_database():
        assert bob.press(message, "Press").failed is None
        bob.message(channel="incidents", containing="Not done: the database does not answer.")
    assert stage.group().state is State.FIRING


def test_a_commit_that_comes_late(stage: Stage) -> None:
    modal = filled(stage)
    view, payload = modal.view, modal.payload(modal.view)
    received = time.monotonic() - 2.9
    ack = Ack()  # type: ignore[no-untyped-call]
    interaction = Interaction(ack=ack, body=payload, client=stage.client, received=received)
    escalate.submit(interaction, stage.desk)
    assert stage.paged() == {"bob": False}
    # Slack has shown an error in the form by now: both the form and a message say it paged.
    assert "It did page, only late" in modal.text
    alice = stage.box.person("alice")
    alice.message(channel="incidents", containing="It did page, only late")
    assert modal.submit_stale(view).closed
    assert stage.paged() == {"bob": False}


def test_no_database_at_all(tmp_path: Path) -> None:
    answer = answered(Database(f"sqlite:///{tmp_path}/missing/tocsin.db"))
    assert (answer.status, answer.body) == (200, NOT_PAGED)


def test_an_answer_that_bolt_would_not_have_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall = Stall()
    monkeypatch.setattr(thread_runner, "time", stall)
    answer = answered(Stalled(f"sqlite:///{tmp_path}/missing/tocsin.db", stall))
    assert (answer.status, answer.body) == (200, NOT_PAGED)


class Stall:
    """Bolt's clock on a machine where four seconds pass before it looks for the answer."""

    def __init__(self) -> None:
        self._looks = 0
        self.is_over = threading.Event()

    def time(self) -> float:
        self._looks += 1
        if self._looks == 1:
            return time.time()
        self.is_over.set()
        return time.time() + 4

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Stalled(Database):
    """One that is asked only then."""

    def __init__(self, url: str, stall: Stall) -> None:
        super().__init__(url)
        self._stall = stall

    @contextmanager
    def reading(self) -> Iterator[Session]:
        assert self._stall.is_over.wait(PATIENCE)
        with super().reading() as session:
            yield session


def answered(db: Database) -> BoltResponse:
    """What the answer to a command is, on this database."""
    app = create_app(create_desk(exactly(), db, WAYS, Matcher()))
    command = {
        "command": "/escalate",
        "text": "db down",
        "user_id": "U1",
        "team_id": "T1",
        "channel_id": "C1",
    }
    answer = app.dispatch(BoltRequest(mode="socket_mode", body=command))
    app.listener_runner.listener_executor.shutdown()
    return answer


def test_something_breaks(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    modal = filled(stage, "@bob the secret plan")
    broken = replace(modal.view, body={**modal.view.body, "private_metadata": "{"})
    with caplog.at_level(logging.INFO):
        told = modal.submit_stale(broken).errors["Message"]
    found = re.fullmatch(
        r"Not paged: something broke in Tocsin \(error (\w+)\). Try again or phone.", told
    )
    assert found is not None
    assert found[1] in caplog.text
    assert "secret plan" not in caplog.text
    assert modal.submit().closed


def test_a_form_that_nobody_knows(either_stage: Stage) -> None:
    stage = either_stage
    modal = filled(stage)
    old = replace(modal.view, body={**modal.view.body, "callback_id": "escalate_v0"})
    done = modal.submit_stale(old)
    assert done.updated is not None
    assert "This form belongs to a version of Tocsin that is gone." in modal.text
    assert stage.groups() == []


def test_a_button_in_a_form_that_nobody_knows(stage: Stage) -> None:
    alice = stage.box.person("alice")
    modal = filled(stage)
    [block] = [b for b in modal.view.blocks if b["block_id"].startswith(ids.RULES_BLOCK)]
    strange = {**block, "accessory": {**block["accessory"], "action_id": "rules_v0"}}
    blocks = [strange if b is block else b for b in modal.view.blocks]
    stage.box.host.views.update(modal.view, {**modal.view.body, "blocks": blocks})
    modal.choose("rules_v0", "Important rules")
    stage.box.wait(lambda: "that is gone" in alice.modal().text)  # type: ignore[union-attr]


def test_a_form_submitted_after_it_was_closed(stage: Stage) -> None:
    modal = filled(stage)
    stale = modal.view
    assert modal.submit().closed
    assert modal.submit_stale(stale).closed
    other = replace(stale, values={**stale.values, modal.find("Message").key: {"value": "another"}})
    told = modal.submit_stale(other).errors["Message"]
    assert told == "This form was already sent, with other content."
    assert stage.paged() == {"bob": False}


def test_a_command_that_nobody_knows(stage: Stage) -> None:
    app = stage.app
    body = {"command": "/page", "text": "", "user_id": "U1", "team_id": "T1"}
    answer = app.dispatch(BoltRequest(mode="socket_mode", body=body))
    assert answer.body == (
        "This command belongs to a version of Tocsin that is gone. Nothing was changed."
    )
