"""E-mail, against a real SMTP server."""

import shutil
import ssl
import subprocess
import threading
from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from core.channels import ChannelError
from core.channels.email import Email, compose
from tests.core.channels.notices import PATIENT, notice
from tests.core.running import SOON

SENDER = "Tocsin <tocsin@example.com>"


class Inbox:
    """Keeps what is mailed; answers as it is told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.logins: list[bytes] = []
        self.to_recipient = "250 OK"
        self.to_data = "250 OK"
        self.were_safe: list[bool] = []

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.to_data.startswith("250"):
            content = envelope.content.replace(b"\r\n", b"\n")
            self.mails.append(message_from_bytes(content, policy=policy.default))
            self.recipients.append(envelope.rcpt_tos)
            self.were_safe.append(session.ssl is not None)
        return self.to_data

    def log_in(self, server: Any, session: Any, envelope: Any, how: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login)
        return AuthResult(success=data.password == b"right", handled=False)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def port(inbox: Inbox) -> Iterator[int]:
    with running(inbox, auth_require_tls=False, authenticator=inbox.log_in) as found:
        yield found


class _AnyPort(Controller):
    """Takes a free port, and knocks at that one to see whether it is up."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def running(inbox: Inbox, **options: Any) -> Iterator[int]:
    controller = _AnyPort(inbox, hostname="127.0.0.1", port=0, ready_timeout=SOON, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def mailer(port: int, **options: Any) -> Email:
    usual = {"host": "127.0.0.1", "sender": SENDER, "starttls": False, **PATIENT}
    return Email(**{**usual, "port": port, **options})


def test_a_mail_says_what_is_wrong_and_where_to_answer(inbox: Inbox, port: int) -> None:
    receipt = mailer(port).send(notice())
    [mail] = inbox.mails
    assert inbox.recipients == [["ana@example.com"]]
    assert mail["Subject"] == "[firing] db down"
    assert mail["From"] == "Tocsin <tocsin@example.com>"
    assert mail["To"] == "Ana <ana@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert text.startswith("db down\nreally\n")
    assert "Bob paged you" in text
    assert "https://slack.test/C1/1" in text
    assert "13:30 on 01 July 2026 (Europe/Lisbon)" in text
    assert receipt == {"message_id": mail["Message-ID"]}


@pytest.mark.parametrize(
    ("team", "words"),
    [
        ("SRE", "Bob paged the SRE team: its escalation chain calls you"),
        ("SRE\n\nBcc: eve", "Bob paged the SRE Bcc: eve team: its escalation chain calls you"),
        (None, "Bob asked for help: an escalation chain calls you"),
    ],
)
def test_a_mail_says_that_a_chain_calls(team: str | None, words: str) -> None:
    mail = compose(notice(team=team, by_chain=True, important=True), SENDER)
    assert f"\n{words}; your important rules say e-mail.\n" in mail.get_content()


def test_a_repeat_has_the_same_message_id_and_another_step_another(inbox: Inbox, port: int) -> None:
    for step in (4, 4, 5):
        mailer(port).send(notice(step=step))
    first, again, other = (mail["Message-ID"] for mail in inbox.mails)
    assert first == again == "<IABC.PXYZ.2.4@example.com>"
    assert other != first


def test_what_people_typed_adds_no_header_and_no_recipient(inbox: Inbox, port: int) -> None:
    mailer(port).send(
        notice(
            title="down\r\nBcc: eve@example.com\r\n\r\nhello",
            user_name='Ana" <eve@example.com>, "x',
            message=".\r\nRSET\r\n.\nMAIL FROM:<eve@example.com>",
        )
    )
    [mail] = inbox.mails
    assert inbox.recipients == [["ana@example.com"]]
    assert mail["Bcc"] is None
    assert mail["Subject"] == "[firing] down Bcc: eve@example.com hello"
    assert [a.addr_spec for a in mail["To"].addresses] == ["ana@example.com"]
    assert "\n.\nRSET\n.\nMAIL FROM:<eve@example.com>\n" in mail.get_content()


def test_what_only_looks_encoded_adds_no_header_either(inbox: Inbox, port: int) -> None:
    hidden = "=?utf-8?q?db=0ABcc:_eve@example.com=0A=0Ahello?="
    mailer(port).send(notice(title=hidden, user_name=hidden, message="all of it"))
    [mail] = inbox.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == f"[firing] {hidden.replace('=?', '= ?')}"
    assert [a.addr_spec for a in mail["To"].addresses] == ["ana@example.com"]
    told = mail.get_content()
    assert told.startswith(f"{hidden}\n\nall of it\n")  # as it was typed


def test_what_cannot_be_seen_stays_out_of_the_subject(inbox: Inbox, port: int) -> None:
    mailer(port).send(notice(title="\x1b[31mdb\x07 down\u202e"))
    [mail] = inbox.mails
    assert mail["Subject"] == "[firing] [31mdb down"


@pytest.mark.parametrize(
    "address",
    [
        "a@example.com, b@example.com",
        "not an address",
        "",
        "a@b@c",
        "a@example.com\nBcc: b@c",
        "@",
        "ána@x.org",
    ],
)
def test_an_address_that_is_none_is_refused_for_good(port: int, address: str) -> None:
    with pytest.raises(ChannelError, match="not an e-mail address") as caught:
        mailer(port).send(notice(address=address))
    assert caught.value.permanent


def test_names_and_texts_in_any_script_arrive(inbox: Inbox, port: int) -> None:
    text = "&<>é漢🔥" * 500
    mailer(port).send(notice(user_name="Ana Gonçalves 漢字", title="übel 🔥", message=text))
    [mail] = inbox.mails
    assert mail["To"].addresses[0].display_name == "Ana Gonçalves 漢字"
    assert mail["Subject"] == "[firing] übel 🔥"
    assert text in mail.get_content()


def test_without_a_link_it_says_where_to_look() -> None:
    assert "Answer in Slack" in compose(notice(link=None), SENDER).get_content()


@pytest.mark.parametrize(
    ("answer", "permanent"), [("550 no such user", True), ("450 later", False)]
)
def test_a_refused_recipient(inbox: Inbox, port: int, answer: str, permanent: bool) -> None:
    inbox.to_recipient = answer
    with pytest.raises(ChannelError, match="refuses this address") as caught:
        mailer(port).send(notice())
    assert caught.value.permanent is permanent
    assert "ana@" not in str(caught.value)


@pytest.mark.parametrize(("answer", "permanent"), [("554 spam", True), ("451 busy", False)])
def test_a_refused_mail(inbox: Inbox, port: int, answer: str, permanent: bool) -> None:
    inbox.to_data = answer
    with pytest.raises(ChannelError, match=answer[:3]) as caught:
        mailer(port).send(notice())
    assert caught.value.permanent is permanent


def test_a_login(inbox: Inbox, port: int) -> None:
    mailer(port, user="tocsin", password="right").send(notice())
    assert inbox.logins == [b"tocsin"]
    with pytest.raises(ChannelError, match="refuses our login") as caught:
        mailer(port, user="tocsin", password="hunter2").send(notice())
    assert not caught.value.permanent  # somebody can mend it while the page runs
    assert "hunter2" not in str(caught.value)


def test_a_server_without_tls_is_not_spoken_to_in_the_clear(inbox: Inbox, port: int) -> None:
    with pytest.raises(ChannelError, match="no TLS") as caught:
        mailer(port, starttls=True, user="tocsin", password="right").send(notice())
    assert not caught.value.permanent
    assert inbox.mails == []
    assert inbox.logins == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For `localhost`, signed by itself; certificate and key in one file."""
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    wanted = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["-newkey", "rsa:2048", "-nodes", "-keyout", f"{path}.key", "-out", str(path)]
    subprocess.run(
        ["openssl", "req", "-x509", *made, *wanted, "-days", "2"], check=True, capture_output=True
    )
    path.write_text(path.read_text() + Path(f"{path}.key").read_text())
    return path


def test_starttls_is_checked_and_used(
    inbox: Inbox, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with running(inbox, tls_context=context, require_starttls=True) as safe:
        with pytest.raises(ChannelError, match="no safe connection") as caught:
            mailer(safe, host="localhost", starttls=True).send(notice())
        assert not caught.value.permanent
        assert inbox.mails == []

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        mailer(safe, host="localhost", starttls=True).send(notice())
        assert inbox.were_safe == [True]

        with pytest.raises(ChannelError, match="no safe connection"):  # another's name
            mailer(safe, host="127.0.0.1", starttls=True).send(notice())


def test_many_mails_at_once_leave_no_thread_behind(inbox: Inbox, port: int) -> None:
    threads = [threading.Thread(target=mailer(port).send, args=(notice(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(inbox.mails) == 8
    for timer in [x for x in threading.enumerate() if isinstance(x, threading.Timer)]:
        timer.join(SOON)
        assert not timer.is_alive()
