"""Mails light up phones, in every tab and in their order."""

import smtplib
from email.message import EmailMessage

import pytest

from sandbox import Sandbox
from tests.sandbox.page.client import PATIENCE, Tab
from tests.sandbox.page.conftest import OpenTab


def send(box: Sandbox, address: str, title: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "bot@example.com", address, title
    mail.set_content("Checkout is down.\n")
    with smtplib.SMTP("127.0.0.1", box.smtp_port, timeout=PATIENCE) as server:
        server.send_message(mail)


def test_a_phone_lights_up(alice: Tab, open_tab: OpenTab, box: Sandbox) -> None:
    bob = alice.person("bob")["id"]
    send(box, "Bob@Example.com", "First")
    send(box, "nobody@example.com", "Second")
    alice.wait(lambda: len(alice.now["phones"]) == 2)
    first, second = alice.now["phones"]
    assert first["at"] > 0
    assert {key: first[key] for key in ("id", "user", "kind", "address", "title", "text")} == {
        "id": 1,
        "user": bob,
        "kind": "email",
        "address": "bob@example.com",
        "title": "First",
        "text": "Checkout is down.",
    }
    assert (second["id"], second["user"]) == (2, None)
    carol = open_tab("carol")
    assert carol.now["phones"] == [first, second]
    box.page.phones.ring(kind="sms", address="+49", title="", text="Hi", user=carol.me)
    for tab in (alice, carol):
        tab.wait_for("phones", lambda phones: len(phones) == 3)
        assert tab.now["phones"][-1]["kind"] == "sms"


def test_mail_that_is_refused_rings_nowhere(alice: Tab, box: Sandbox) -> None:
    rings = len(alice.now["phones"])
    alice.ask("trouble", name="mail", on=True)
    with pytest.raises(smtplib.SMTPDataError, match="451"):
        send(box, "bob@example.com", "Lost")
    alice.ask("trouble", name="mail", on=False)
    send(box, "bob@example.com", "Found")
    alice.wait(lambda: len(alice.now["phones"]) == rings + 1)
    assert alice.now["phones"][-1]["title"] == "Found"
