"""What people do with a page: answer, decline, come second, bring in others, say nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.e2e.office import LONG, Office


def test_people_and_rules_can_be_typed_after_the_command(office: Office) -> None:
    office.rules("carol", "slack")
    form = office.form("@bob @carol! disk & <swap> are full, ask @dave")
    assert form.value("People")["selected_users"] == [
        office.person("bob").id,
        office.person("carol").id,
    ]
    assert form.value("Message")["value"] == "disk & <swap> are full, ask @dave"
    form.wait_for("[Important rules]")
    assert form.submit().closed
    alert = office.alert("disk & <swap> are full")
    lines = office.wait_thread(alert, "paged carol")
    by_rules = "default rules, as there are no important ones that work: Slack"
    assert f"alice paged carol ({by_rules})." in lines
    direct = office.direct("carol", "disk & <swap> are full, ask @dave")
    assert "by your important rules" in office.reads(direct)


def test_who_cannot_says_so_and_the_author_hears_when_nobody_is_left(office: Office) -> None:
    office.page("the mail queue is stuck", ["bob", "carol"])
    alert = office.alert("the mail queue is stuck")
    assert office.person("bob").press(office.direct("bob", "mail queue"), "I can't").failed is None
    lines = office.wait_thread(alert, "bob can't.")
    assert "Nobody has answered" not in "\n".join(lines)
    assert (
        office.person("carol").press(office.direct("carol", "mail queue"), "I can't").failed is None
    )
    lines = office.wait_thread(alert, "page someone else")
    assert lines[-2:] == [
        "carol can't.",
        "*Nobody has answered.* @alice, page someone else: press *Responders* above.",
    ]
    told = office.direct("alice", "Nobody has answered")
    assert "[Responders]" in office.reads(told)
    office.wait_reads(alert, "nobody is being paged any more")
    mine = office.direct("carol", "mail queue")
    office.wait_reads(mine, "You said that you can't.")
    assert "[I can't]" not in office.reads(mine)


def test_nobody_answers(open_office: Callable[..., Office]) -> None:
    office = open_office(TOCSIN_CLOCK_SPEED="60")
    office.rules("dave", "slack")
    office.rules("bob", f"slack, {LONG}, slack")
    office.page("the vault is sealed", ["dave"])
    alert = office.alert("the vault is sealed")
    lines = office.wait_thread(alert, "page someone else")
    assert lines[-2:] == [
        "No answer from dave: everything in the rules has run.",
        "*Nobody has answered.* @alice, page someone else: press *Responders* above.",
    ]
    told = office.direct("alice", "the vault is sealed")
    assert "Nobody has answered" in office.reads(told)
    # From there somebody else is paged, and who has not answered still can.
    form = office.person("alice").press(told, "Responders").modal()
    assert "dave: no answer" in form.text.replace("*", "")
    form.choose("Add people", "bob")
    assert form.submit().closed
    office.wait_reads(alert, "bob: being paged by default rules")
    assert (
        office.person("dave").press(office.direct("dave", "the vault"), "Acknowledge").failed
        is None
    )
    office.wait_reads(alert, "dave has it")


def test_two_press_at_once_and_the_second_is_told_who_was_first(office: Office) -> None:
    office.page("the queue grows", ["bob", "carol"])
    alert = office.alert("the queue grows")
    direct = {name: office.direct(name, "the queue grows") for name in ("bob", "carol")}
    with ThreadPoolExecutor(2) as pool:
        pressed = [
            pool.submit(office.person(name).press, message, "Acknowledge")
            for name, message in direct.items()
        ]
        assert [each.result().failed for each in pressed] == [None, None]
    shown = office.wait_reads(alert, "Acknowledged by")
    first, second = ("bob", "carol") if "Acknowledged by bob" in shown else ("carol", "bob")
    office.direct(second, f"{first} has already acknowledged this.")
    lines = office.wait_thread(alert, f"{first} acknowledged")
    assert [line for line in lines if "acknowledged" in line] == [
        f"{first} acknowledged: {first} has it. The page to {second} stopped."
    ]


def test_the_same_submit_twice_pages_once(office: Office) -> None:
    form = office.form("the lift is stuck")
    form.choose("People", "bob")
    first, second = form.submit_twice()
    assert first.closed
    assert second.closed
    alert = office.alert("the lift is stuck")
    office.direct("bob", "the lift is stuck")
    office.wait_thread(alert, "Slack message sent to bob.")
    assert office.person("alice").sees("incidents").count("[Acknowledge] [Resolve]") >= 1
    opened = [m for m in office.person("carol").messages("incidents") if "lift" in m.text]
    assert len(opened) == 1
    assert sum("the lift is stuck" in text for text in office.person("bob").dm_with_bot()) == 1


def test_responders_adds_and_removes_and_refuses_when_resolved(
    open_office: Callable[..., Office],
) -> None:
    office = open_office()  # the stories above may have used up Slack's allowance of edits
    office.page("the cache is cold", ["bob"])
    alert = office.alert("the cache is cold")
    alice = office.person("alice")
    form = alice.press(alert, "Responders").modal()
    assert "bob: being paged by default rules" in form.text.replace("*", "")
    assert form.press("Remove").failed is None
    form.wait_for("bob*: removed")
    lines = office.wait_thread(alert, "alice took bob off.")
    office.wait_reads(office.direct("bob", "the cache is cold"), "You were taken off this.")
    form.choose("Add people", "carol")
    form.wait_for("Slack now")
    assert form.submit().closed
    office.direct("carol", "the cache is cold")
    lines = office.wait_thread(alert, "alice paged carol")
    assert lines.index("alice took bob off.") < len(lines) - 1

    stale = alice.press(alert, "Responders").modal()
    stale.choose("Add people", "bob")
    assert alice.press(alert, "Resolve").failed is None
    office.wait_reads(alert, "Resolved by alice")
    assert "[Responders]" not in office.reads(alert)
    refused = stale.submit()
    assert refused.errors == {"Add people": "Cannot add responders for a resolved alert group"}
