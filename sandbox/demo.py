"""One whole page, played by the people of the demo workspace, and printed as they read it."""

from collections.abc import Callable
from functools import partial

from sandbox.driver import Person
from sandbox.server import Sandbox

# What the demo people want to be told by: (default, important), as they would type it.
RULES = {
    "alice@example.com": ("slack, wait 15m, email", "slack, wait 1m, email"),
    "bob@example.com": ("slack, wait 5m, email, wait 30m, email", "slack, email"),
    "carol@example.com": ("slack, wait 15m, email", "slack, wait 15m, email"),
    "dave@example.com": ("slack, wait 5m, email", "slack, email"),
    "gail@example.com": ("email, wait 5m, slack", "email, slack"),
}

PATIENCE = 20.0  # seconds for anything to happen
ON_CALL = ("bob", "carol")


def furnish(box: Sandbox) -> None:
    """What a team can be set up with: a channel #sre and a user group @sre."""
    box.admin.add_channel("sre", "alice", *ON_CALL, box.workspace.bot.name)
    box.admin.add_group("sre", *ON_CALL)


def play(box: Sandbox, tell: Callable[[str], None]) -> None:
    """Alice pages Bob and Carol; Bob is slow; Carol answers; Alice resolves."""
    alice, bob, carol = (box.person(name) for name in ("alice", "bob", "carol"))

    tell("Alice, in #incidents, types:  /escalate @bob @carol! Checkout is down")
    form = alice.command(
        "/escalate",
        "@bob @carol! Checkout is down\nEvery payment fails since 14:02.",
        channel="incidents",
    ).modal()
    tell(_indented(form.text))
    tell("She presses Page.\n")
    form.submit()
    alert = alice.message(channel="incidents", containing="Checkout is down")

    tell("Bob does not answer. Five minutes later (five seconds here) his phone shows a mail:")
    mail = box.mail.wait_for("bob@example.com", timeout=PATIENCE)[0]
    tell(_indented(f"{mail.subject}\n\n{mail.text}"))

    box.wait(lambda: "E-mail to bob" in alice.sees("incidents"), PATIENCE)
    tell("Carol presses Acknowledge in her direct message.\n")
    direct = carol.message(channel="@tocsin", containing="Checkout is down")
    carol.press(direct, "Acknowledge")
    box.wait(lambda: "Acknowledged" in alice.reads(alice.newest(alert)), PATIENCE)
    tell("It is fixed, and Alice presses Resolve.\n")
    alice.press(alice.newest(alert), "Resolve")
    box.wait(lambda: "Resolved" in alice.reads(alice.newest(alert)), PATIENCE)
    box.wait(lambda: "resolved" in alice.sees("incidents"), PATIENCE)
    for person in (bob, carol):
        box.wait(partial(_has_read, person, "Resolved"), PATIENCE)

    tell("#incidents, as Alice reads it now:")
    tell(_indented(alice.sees("incidents")))
    for person, name in ((bob, "Bob"), (carol, "Carol")):
        tell(f"{name}'s direct messages from Tocsin:")
        tell(_indented("\n".join(person.dm_with_bot())))


def _has_read(person: Person, word: str) -> bool:
    """Whether it is in what the bot wrote to them."""
    return word in "\n".join(person.dm_with_bot())


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines()) + "\n"
