"""Webhooks, against a real HTTP server."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any

import pytest

from core.channels import ChannelError
from core.channels.webhook import Webhook, check_url, is_public
from core.errors import Invalid
from tests.core.channels.notices import PATIENT, drip, notice, server
from tests.core.running import SOON
from tests.ports import quiet_port


class Listener(ThreadingHTTPServer):
    """Keeps what is posted; answers as it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts: list[tuple[str, dict[str, str], Any]] = []
        self.status = 200
        self.headers: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, dict(self.headers), json.loads(body)))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"a body that nobody reads")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


HOOK = Webhook(allow_private=True, **PATIENT)


def test_a_page_is_posted_as_json_with_text_as_typed(listener: Listener) -> None:
    message = '<!channel> &amp; é🔥 "quoted"\n' * 90
    receipt = HOOK.send(notice(address=listener.url + "?a=1&b=%20x", message=message))
    [(path, headers, body)] = listener.posts
    assert receipt == {"status": 200}
    assert path == "/hook?a=1&b=%20x"
    assert headers["Content-Type"] == "application/json"
    assert headers["Host"] == f"127.0.0.1:{listener.server_port}"
    assert body["alert_group"]["message"] == message
    assert body["alert_group"]["id"] == "IABC"
    assert body["alert_group"]["link"] == "https://slack.test/C1/1"
    assert body["user"] == {"id": "UANA1", "name": "Ana"}
    assert headers["Idempotency-Key"] == body["id"] == "IABC.PXYZ.2.4"
    assert (body["paged_by"], body["team"], body["by_chain"]) == ("Bob", None, False)


def test_a_page_by_a_chain_says_so(listener: Listener) -> None:
    HOOK.send(notice(address=listener.url, team="SRE", by_chain=True))
    [(_, _, body)] = listener.posts
    assert (body["paged_by"], body["team"], body["by_chain"]) == ("Bob", "SRE", True)


def test_a_name_is_resolved_and_still_said(listener: Listener) -> None:
    HOOK.send(notice(address=f"http://localhost:{listener.server_port}/x"))
    [(_, headers, _)] = listener.posts
    assert headers["Host"] == f"localhost:{listener.server_port}"


def test_credentials_in_the_url_are_used_and_never_told(listener: Listener) -> None:
    address = f"http://ana:s3cret@127.0.0.1:{listener.server_port}/x?token=t0ken"
    HOOK.send(notice(address=address))
    assert listener.posts[0][1]["Authorization"].startswith("Basic ")
    listener.status = 500
    with pytest.raises(ChannelError) as caught:
        HOOK.send(notice(address=address))
    for secret in ("s3cret", "t0ken", "127.0.0.1"):
        assert secret not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("status", [200, 201, 204])
def test_any_2xx_is_a_success(listener: Listener, status: int) -> None:
    listener.status = status
    assert HOOK.send(notice(address=listener.url)) == {"status": status}


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (401, True), (404, True), (410, True), (408, False), (429, False), (500, False)],
)
def test_what_the_other_side_answers_decides(
    listener: Listener, status: int, permanent: bool
) -> None:
    listener.status = status
    with pytest.raises(ChannelError, match=str(status)) as caught:
        HOOK.send(notice(address=listener.url))
    assert caught.value.permanent is permanent


@pytest.mark.parametrize(
    ("said", "meant"),
    [("7", 7), ("99999", 3600), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), ("²", None)],
)
def test_the_other_side_may_say_when(listener: Listener, said: str, meant: int | None) -> None:
    listener.status = 429
    listener.headers = {"Retry-After": said}
    with pytest.raises(ChannelError) as caught:
        HOOK.send(notice(address=listener.url))
    assert caught.value.retry_in == (timedelta(seconds=meant) if meant else None)


def test_redirects_are_not_followed(listener: Listener) -> None:
    listener.status = 302
    listener.headers = {"Location": listener.url}
    with pytest.raises(ChannelError, match="302") as caught:
        HOOK.send(notice(address=listener.url))
    assert caught.value.permanent
    assert len(listener.posts) == 1


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fc00::1]",
        "[fe80::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[2002:7f00:1::]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::1]",
        "localhost",
        "user@127.0.0.1",
    ],
)
def test_no_private_address_however_it_is_written(host: str) -> None:
    with pytest.raises(ChannelError, match="private address") as caught:
        Webhook().send(notice(address=f"http://{host}:9/"))
    assert caught.value.permanent


def test_a_name_that_leads_to_a_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, listener: Listener
) -> None:
    answers = [["93.184.215.14", "10.0.0.1"], ["127.0.0.1"]]
    real = socket.getaddrinfo

    def resolver(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host != "rebind.example":
            return real(host, port, *args, **kwargs)
        found = answers.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    address = f"http://rebind.example:{listener.server_port}/"
    for _ in range(2):
        with pytest.raises(ChannelError, match="private address"):
            Webhook().send(notice(address=address))
    assert listener.posts == []


def test_the_next_address_of_a_name_is_tried_when_the_first_takes_nobody(
    monkeypatch: pytest.MonkeyPatch, listener: Listener
) -> None:
    real = socket.getaddrinfo

    def resolver(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host != "twofold.example":
            return real(host, port, *args, **kwargs)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in ("127.0.0.2", "127.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    HOOK.send(notice(address=f"http://twofold.example:{listener.server_port}/"))
    assert len(listener.posts) == 1


def test_nobody_at_home_and_unknown_names_are_tried_again() -> None:
    with quiet_port() as gone:
        for host in (f"127.0.0.1:{gone}", "nowhere.invalid"):
            with pytest.raises(ChannelError) as caught:
                HOOK.send(notice(address=f"http://{host}/"))
            assert not caught.value.permanent


@pytest.mark.parametrize("address", ["", "http://", "http://[::1", "no url", "http://a\nb/"])
def test_what_is_no_url_is_refused_for_good(address: str) -> None:
    with pytest.raises(ChannelError) as caught:
        HOOK.send(notice(address=address))
    assert caught.value.permanent


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_a_server_that_drips_bytes_is_cut_off(start: bytes) -> None:
    with server(drip(start)) as slow:
        began = monotonic()
        with pytest.raises(ChannelError) as caught:
            Webhook(allow_private=True, **{**PATIENT, "total": 0.4}).send(
                notice(address=f"http://127.0.0.1:{slow}/")
            )
        assert monotonic() - began < SOON
        assert not caught.value.permanent


def test_a_server_that_drips_into_the_tls_handshake_is_cut_off() -> None:
    with server(drip(b"\x16\x03\x03\x40\x00")) as slow:
        began = monotonic()
        with pytest.raises(ChannelError):
            Webhook(allow_private=True, **{**PATIENT, "total": 0.4}).send(
                notice(address=f"https://127.0.0.1:{slow}/")
            )
        assert monotonic() - began < SOON


def test_a_body_that_never_ends_is_not_read() -> None:
    with server(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")) as slow:
        began = monotonic()
        HOOK.send(notice(address=f"http://127.0.0.1:{slow}/"))
        assert monotonic() - began < SOON


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.com",
        "example.com",
        "http://",
        "http://[::1",
        "http://a b.com/",
        "http://example.com:99999/",
        "javascript:alert(1)",
        "https://example.com/" + "x" * 2000,
        "http://example.com/\x00",
        "http://exa\u3000mple.com",
    ],
)
def test_a_url_is_checked_when_it_is_set(url: str) -> None:
    with pytest.raises(Invalid, match="begins with https://") as caught:
        check_url(url, allow_private=True)
    assert caught.value.field == "webhook"


def test_a_private_literal_is_refused_when_it_is_set() -> None:
    for url in ("http://127.0.0.1/", "http://localhost/", "http://[::1]:80/", "https://10.0.0.1"):
        with pytest.raises(Invalid, match="TOCSIN_WEBHOOK_ALLOW_PRIVATE"):
            check_url(url, allow_private=False)
        assert check_url(f" {url} ", allow_private=True) == url
    assert check_url("https://example.com/a?b", allow_private=False) == "https://example.com/a?b"


def test_public_addresses_are_public() -> None:
    for address in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::8.8.8.8"):
        assert is_public(address)
