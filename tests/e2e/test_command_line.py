"""`app.py` on the command line: what it says when it cannot start, and the sandbox."""

import signal
import socket
from pathlib import Path

import pytest

from tests.e2e.process import Process

WORKS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
    "TOCSIN_HTTP_PORT": "0",
}


def refused(folder: Path, environment: dict[str, str]) -> str:
    """What `serve` says when it will not start with these settings."""
    process = Process("serve", folder=folder, environment=environment)
    assert process.wait() == 1, process.log
    assert "Traceback" not in process.log
    return process.log


def test_without_tokens_it_says_how_to_get_them(tmp_path: Path) -> None:
    said = refused(tmp_path, {})
    for word in (
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "make sandbox",
        "manifest.yml",
        "api.slack.com",
    ):
        assert word in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xapp-wrong-kind-of-token"),
        ("SLACK_APP_TOKEN", "xoxb-wrong-kind-of-token"),
        ("SLACK_API_URL", "slack.com"),
        ("TOCSIN_HTTP_PORT", "http"),
        ("TOCSIN_CLOCK_SPEED", "0"),
        ("TOCSIN_DEFAULT_CHANNEL", "#incidents"),
        ("TOCSIN_PUBLIC_URL", "example.com"),
        ("TOCSIN_GUESTS_MAY_PAGE", "perhaps"),
        ("DATABASE_URL", "mysql://u:secret-password@host/db"),
        ("SMTP_PORT", "70000"),
        ("SMTP_HOST", "mail.example.com"),
        ("MAIL_FROM", "Tocsin"),
    ],
)
def test_a_setting_that_cannot_work_is_named(tmp_path: Path, name: str, value: str) -> None:
    said = refused(tmp_path, {**WORKS, name: value})
    expected = "MAIL_FROM" if name == "SMTP_HOST" else name
    assert expected in said
    assert "wrong-kind-of-token" not in said
    assert "secret-password" not in said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://tocsin:secret-password@127.0.0.1:9/tocsin",
        "sqlite:////nowhere/at/all/tocsin.db",
    ],
)
def test_a_database_that_cannot_be_reached(tmp_path: Path, url: str) -> None:
    said = refused(tmp_path, {**WORKS, "DATABASE_URL": url})
    assert "DATABASE_URL" in said
    assert "secret-password" not in said


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(tmp_path, {**WORKS, "TOCSIN_HTTP_PORT": port})
    assert "TOCSIN_HTTP_PORT" in said
    assert port in said


def test_the_sandbox_plays_its_story_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    process = Process("sandbox", folder=tmp_path, environment={})
    process.wait_for("The workspace is up at http://127.0.0.1:", timeout=60)
    process.signal(signal.SIGINT)
    assert process.wait() == 0, process.log
    told = process.log
    assert "Traceback" not in told
    for part in (
        "alice asked for help.",
        "carol acknowledged: carol has it.",
        "alice resolved this.",
        "[firing] Checkout is down",
        "The alert is in #incidents.",
        "There is nothing left to do.",
    ):
        assert part in told, told
    assert list(tmp_path.iterdir()) == []


def test_the_sandbox_without_a_story(tmp_path: Path) -> None:
    process = Process("sandbox", "--no-story", folder=tmp_path, environment={})
    process.wait_for("The workspace is up at http://127.0.0.1:", timeout=30)
    process.signal(signal.SIGINT)
    assert process.wait() == 0, process.log
    assert "Checkout is down" not in process.log


def test_help_names_every_command(tmp_path: Path) -> None:
    process = Process("--help", folder=tmp_path, environment={})
    assert process.wait() == 0
    for command in ("serve", "sandbox", "people", "rules"):
        assert command in process.log
