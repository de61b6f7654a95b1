"""Forms are redrawn from what was done last, and lose nothing, however fast it comes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bot import ids
from sandbox import payloads
from sandbox.modals import Modal
from sandbox.shapes import Json
from tests.bot.stage import Stage


def choice(stage: Stage, modal: Modal, names: Sequence[str]) -> Json:
    """What is sent when these people are chosen, not sent yet."""
    field = modal.find("People")
    value = {"type": field.type, "selected_users": [stage.id(name) for name in names]}
    view = replace(modal.view, values={**modal.view.values, field.key: value})
    stage.box.host.views.fill(modal.id, field.key, value)
    trigger_id = stage.box.host.triggers.issue(modal.person, view=modal.id)
    return payloads.block_actions_in_view(
        stage.box.workspace,
        stage.box.workspace.user(modal.person),
        view,
        [payloads.action(field, value)],
        trigger_id=trigger_id,
    )


def shown(stage: Stage, modal: Modal) -> list[str]:
    """Whom the form has a line for, in order."""
    names = {user.id: user.name for user in stage.box.workspace.users.values()}
    blocks = (block["block_id"] for block in modal.view.blocks)
    return [
        names[id_.removeprefix(ids.RULES_BLOCK)]
        for id_ in blocks
        if id_.startswith(ids.RULES_BLOCK)
    ]


def test_quick_choices_while_slack_is_slow(stage: Stage) -> None:
    stage.box.faults.add("views.update", delay=0.3, count=2)
    modal = stage.box.person("alice").command("/escalate", "down").modal()
    modal.choose("People", "bob")
    modal.fill("Message", "down, still")
    modal.choose("People", "bob", "carol")
    modal.choose("People", "bob", "carol", "dave")
    stage.box.wait(lambda: shown(stage, modal) == ["bob", "carol", "dave"])
    modal.choose(f"rules:{stage.id('carol')}", "Important rules")
    modal.choose("People", "carol", "dave")
    stage.box.wait(lambda: shown(stage, modal) == ["carol", "dave"])
    assert modal.submit().closed
    assert stage.group().message == "down, still"
    assert stage.paged() == {"carol": True, "dave": False}


def test_the_older_choice_comes_last(stage: Stage) -> None:
    modal = stage.box.person("alice").command("/escalate", "down").modal()
    older = choice(stage, modal, ["bob"])
    newer = choice(stage, modal, ["bob", "carol"])
    stage.box.deliver("interactive", newer)
    stage.box.wait(lambda: shown(stage, modal) == ["bob", "carol"])
    stage.box.deliver("interactive", older)
    modal.choose(f"rules:{stage.id('bob')}", "Important rules")
    modal.wait_for("Important rules")
    assert shown(stage, modal) == ["bob", "carol"]


def test_choices_at_the_same_time(stage: Stage) -> None:
    modal = stage.box.person("alice").command("/escalate", "down").modal()
    names = ["bob", "carol", "dave", "alice"]
    sent = [choice(stage, modal, names[: n + 1]) for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        acks = list(pool.map(lambda each: stage.box.deliver("interactive", each), sent))
    assert [ack.failure for ack in acks] == [None] * 4
    stage.box.wait(lambda: shown(stage, modal) == names)


def test_another_process_has_drawn_in_between(stage: Stage) -> None:
    modal = stage.box.person("alice").command("/escalate", "down").modal()
    sent = choice(stage, modal, ["bob"])
    stage.client.views_update(view_id=modal.id, view=modal.view.body)
    stage.box.deliver("interactive", sent)  # with the hash from before that
    stage.box.wait(lambda: shown(stage, modal) == ["bob"])
    stage.client.views_update(view_id=modal.id, view=modal.view.body)
    modal.choose("People", "bob", "carol")
    stage.box.wait(lambda: shown(stage, modal) == ["bob", "carol"])


def test_slack_limits_and_fails(stage: Stage) -> None:
    stage.box.faults.add("views.update", retry_after=1, count=1)
    stage.box.faults.add("views.update", error="internal_error", count=1)
    modal = stage.box.person("alice").command("/escalate", "down").modal()
    modal.choose("People", "bob")
    stage.box.wait(lambda: shown(stage, modal) == ["bob"])


def test_closed_before_it_was_drawn(stage: Stage) -> None:
    alice = stage.box.person("alice")
    modal = alice.command("/escalate", "down").modal()
    sent = choice(stage, modal, ["bob"])
    modal.close()
    assert stage.box.deliver("interactive", sent).failure is None
    assert alice.modal() is None
