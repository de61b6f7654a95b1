"""Mail servers that are away, busy, odd or slow."""

from time import monotonic
from typing import Any

import pytest

from core.channels import ChannelError
from tests.core.channels.notices import drip, notice, server
from tests.core.channels.test_email import mailer
from tests.core.running import SOON
from tests.ports import quiet_port


def test_nobody_at_home() -> None:
    with (
        quiet_port() as gone,
        pytest.raises(ChannelError, match="cannot be reached") as caught,
    ):
        mailer(gone).send(notice())
    assert not caught.value.permanent


def test_a_server_that_hangs_up_or_is_busy() -> None:
    for hello in (b"", b"421 too busy\r\n", b"not smtp at all\r\n"):
        with server(lambda connection, hello=hello: connection.sendall(hello)) as odd:  # type: ignore[misc]
            with pytest.raises(ChannelError) as caught:
                mailer(odd).send(notice())
            assert not caught.value.permanent, hello


def test_a_server_that_wants_nobody_says_so_at_once() -> None:
    with (
        server(lambda connection: connection.sendall(b"554 go away\r\n")) as odd,
        pytest.raises(ChannelError, match="554") as caught,
    ):
        mailer(odd).send(notice())
    assert caught.value.permanent


@pytest.mark.parametrize("start", [b"220-", b"220 hi\r\n250-"])
def test_a_server_that_drips_bytes_is_cut_off(start: bytes) -> None:
    with server(drip(start)) as slow:
        began = monotonic()
        with pytest.raises(ChannelError) as caught:
            mailer(slow, total=0.4).send(notice())
        assert monotonic() - began < SOON
        assert not caught.value.permanent


def test_a_server_that_drips_into_the_tls_handshake_is_cut_off() -> None:
    def talk(connection: Any) -> None:
        connection.sendall(b"220 hi\r\n")
        connection.recv(100)
        connection.sendall(b"250 STARTTLS\r\n")
        connection.recv(100)
        drip(b"220 go\r\n\x16\x03\x03\x40\x00")(connection)

    with server(talk) as slow:
        began = monotonic()
        with pytest.raises(ChannelError):
            mailer(slow, starttls=True, total=0.5).send(notice())
        assert monotonic() - began < SOON
