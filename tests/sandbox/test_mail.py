"""The mail server, as smtplib meets it."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from sandbox import Sandbox
from sandbox.workspace import PATIENCE


def letter(to: str, subject: str = "Wake up") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "tocsin@example.com", to, subject
    message.set_content("The database is down — ünïcode")
    return message


@pytest.fixture
def smtp(box: Sandbox) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", box.smtp_port, timeout=PATIENCE) as connection:
        yield connection


def test_mails_are_kept_by_address_in_order(box: Sandbox, smtp: smtplib.SMTP) -> None:
    smtp.send_message(letter("bob@example.com", "first"))
    smtp.send_message(letter("bob@example.com, carol@example.com", "second"))
    first, second = box.mail.wait_for("bob@example.com", 2)
    assert (first.subject, second.subject) == ("first", "second")
    assert first.text.strip() == "The database is down — ünïcode"
    assert first.sender == "tocsin@example.com"
    assert first.at <= second.at
    assert [each.subject for each in box.mail.to("Carol@example.com")] == ["second"]
    with pytest.raises(AssertionError, match="0 of 1 mails"):
        box.mail.wait_for("nobody@example.com", timeout=0.05)


def test_mails_are_refused(box: Sandbox, smtp: smtplib.SMTP) -> None:
    box.mail.refuse = "451 try again later"
    with pytest.raises(smtplib.SMTPDataError) as refused:
        smtp.send_message(letter("bob@example.com"))
    assert refused.value.smtp_code == 451
    box.mail.refuse = None
    box.mail.refuse_address["bob@example.com"] = "550 no such user"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        smtp.send_message(letter("bob@example.com"))
    smtp.send_message(letter("carol@example.com"))
    assert box.mail.to("bob@example.com") == []


def test_the_server_hangs_up(box: Sandbox) -> None:
    box.mail.drop = True
    smtp = smtplib.SMTP("127.0.0.1", box.smtp_port, timeout=PATIENCE)
    with pytest.raises((smtplib.SMTPServerDisconnected, smtplib.SMTPDataError)):
        smtp.send_message(letter("bob@example.com"))
    smtp.close()
    assert box.mail.received == []


def test_the_server_is_slow(box: Sandbox) -> None:
    smtp = smtplib.SMTP("127.0.0.1", box.smtp_port, timeout=PATIENCE)
    smtp.ehlo()
    box.mail.delay = 0.5
    assert smtp.sock is not None
    smtp.sock.settimeout(0.2)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        smtp.send_message(letter("bob@example.com"))
    smtp.close()
