"""E-mail and webhook carry title, text and source whole, however long they are."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.core.channels.notices import notice
from tests.core.channels.test_email import Inbox, mailer, running
from tests.core.channels.test_webhook import HOOK, Listener


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def port(inbox: Inbox) -> Iterator[int]:
    with running(inbox, auth_require_tls=False, authenticator=inbox.log_in) as found:
        yield found


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as answering:
        thread = threading.Thread(target=answering.serve_forever, args=(0.01,))
        thread.start()
        yield answering
        answering.shutdown()
        thread.join()


def test_the_title_is_said_once_and_the_source_is_told(inbox: Inbox, port: int) -> None:
    url = "https://grafana.example/d/1?a=1&b=<2>"
    mailer(port).send(notice(title="disk full", message="of db01", source_url=url))
    mailer(port).send(notice(title="disk full", message="disk full\nof db01"))
    mailer(port).send(notice(title="disk full", message=""))
    texts = [mail.get_content() for mail in inbox.mails]
    assert texts[0].startswith(f"disk full\n\nof db01\n\nSource: {url}\n\nBob paged you;")
    assert texts[1].startswith("disk full\nof db01\n\nBob paged you;")
    assert texts[2].startswith("disk full\n\nBob paged you;")
    assert "Source" not in texts[1]


@pytest.mark.parametrize("message", ["&" * 65_536, "\N{FIRE}" * 16_384, "x y\n" * 16_384])
@pytest.mark.parametrize("title", ["<" * 500, "\N{FIRE}" * 500, "w " * 249 + "w"])
def test_the_largest_mail_arrives_whole(inbox: Inbox, port: int, title: str, message: str) -> None:
    mailer(port).send(notice(title=title, message=message))
    [mail] = inbox.mails
    assert mail["Subject"] == f"[firing] {title}"
    assert mail.get_content().startswith(f"{title}\n\n{message}\n")


def test_a_title_that_only_looks_like_the_first_line_is_said(inbox: Inbox, port: int) -> None:
    mailer(port).send(notice(title="db", message="db01 is down"))
    assert inbox.mails[0].get_content().startswith("db\n\ndb01 is down\n")
    typed = "x" * 160
    mailer(port).send(notice(title=typed[:149] + "…", message=typed))
    assert inbox.mails[1].get_content().startswith(f"{typed}\n\nBob")


def test_a_source_adds_no_line_to_a_mail(inbox: Inbox, port: int) -> None:
    mailer(port).send(notice(source_url="https://x.example/\nAnswer here: https://evil.example"))
    [mail] = inbox.mails
    lines = mail.get_content().splitlines()
    assert [line for line in lines if line.startswith("Answer here")] == [
        "Answer here: https://slack.test/C1/1"
    ]


def test_a_post_carries_the_whole_text_and_where_it_is_about(listener: Listener) -> None:
    whole = {"title": "<" * 500, "message": "&\N{FIRE}" * 13_000}
    source = "https://grafana.example/d/1?a=1&b=|>"
    HOOK.send(notice(address=listener.url, source_url=source, **whole))
    known = replace(HOOK, public_url="https://tocsin.example/ops/")
    known.send(notice(address=listener.url, **whole))
    first, second = (body["alert_group"] for _, _, body in listener.posts)
    assert {key: first[key] for key in whole} == whole
    assert first["source_url"] == source
    assert first["web"] is None
    assert second["source_url"] is None
    assert second["web"] == "https://tocsin.example/ops/g/IABC"
