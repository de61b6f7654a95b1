"""Settings that cannot work are named, with what to do, and no secret is told."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import AliasChoices

from core import config, ids
from core.config import SettingsError

NAMES = {
    name
    for field, info in config.Settings.model_fields.items()
    for name in (
        info.validation_alias.choices
        if isinstance(info.validation_alias, AliasChoices)
        else [field.upper()]
    )
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in map(str, NAMES):
        monkeypatch.delenv(name, raising=False)


def test_nothing_needs_to_be_set() -> None:
    settings = config.load()
    assert settings.database_url == "sqlite:///tocsin.db"
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
    assert settings.clock_speed == 1
    assert (settings.smtp_host, settings.mail_from) == (None, None)


def test_an_empty_value_means_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SMTP_HOST", "TOCSIN_PUBLIC_URL", "TOCSIN_DEFAULT_CHANNEL"):
        monkeypatch.setenv(name, " ")
    settings = config.load()
    assert settings.slack_bot_token is None
    assert settings.smtp_host is None
    assert settings.public_url is None
    assert settings.default_channel is None


def test_a_file_sets_what_the_environment_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("TOCSIN_HTTP_PORT=9001\nTOCSIN_HTTP_HOST=0.0.0.0\nOTHER=1\n")
    monkeypatch.setenv("TOCSIN_HTTP_PORT", "9002")
    settings = config.load()
    assert (settings.http_host, settings.http_port) == ("0.0.0.0", 9002)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "mysql://root:hunter2@db/x", "write sqlite:///tocsin.db or postgresql://"),
        ("DATABASE_URL", "hunter2", "write sqlite:///tocsin.db or postgresql://"),
        ("DATABASE_URL", "sqlite://", "write sqlite:///tocsin.db or postgresql://"),
        ("DATABASE_URL", "sqlite:///:memory:", "write sqlite:///tocsin.db"),
        ("SLACK_BOT_TOKEN", "xoxp-hunter2", "does not begin with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-hunter2", "does not begin with xapp-"),
        ("SLACK_API_URL", "hunter2", "begins with https://"),
        ("TOCSIN_PUBLIC_URL", "tocsin.example.com", "begins with https://"),
        ("TOCSIN_HTTP_PORT", "http", "valid integer"),
        ("TOCSIN_HTTP_PORT", "70000", "65535"),
        ("TOCSIN_DEFAULT_CHANNEL", "#incidents", "write the channel's id"),
        ("TOCSIN_CLOCK_SPEED", "0", "greater than 0"),
        ("TOCSIN_CLOCK_SPEED", "fast", "number"),
        ("TOCSIN_CLOCK_SPEED", "nan", "3600"),
        ("TOCSIN_GUESTS_MAY_PAGE", "perhaps", "boolean"),
        ("TOCSIN_WEBHOOK_ALLOW_PRIVATE", "perhaps", "boolean"),
        ("SMTP_PORT", "0", "greater than or equal to 1"),
        ("SMTP_PORT", "465", "use 587"),
        ("SMTP_STARTTLS", "perhaps", "boolean"),
        ("MAIL_FROM", "Tocsin", "write an address such as"),
    ],
)
def test_each_error_names_the_variable_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        config.load()
    [line] = [x for x in str(caught.value).splitlines() if x.startswith(f"{name}: ")]
    assert says in line
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_all_errors_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HTTP_PORT", "x")
    monkeypatch.setenv("SMTP_PORT", "x")
    with pytest.raises(SettingsError) as caught:
        config.load()
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "TOCSIN_HTTP_PORT",
        "SMTP_PORT",
    ]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"SMTP_HOST": "mail"}, "MAIL_FROM"),
        ({"MAIL_FROM": "a@example.com"}, "SMTP_HOST"),
        ({"SMTP_HOST": "mail", "MAIL_FROM": "a@b.c", "SMTP_USER": "u"}, "SMTP_PASSWORD"),
    ],
)
def test_half_of_a_pair_is_an_error(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{missing}: "):
        config.load()


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-hunter2")
    monkeypatch.setenv("SMTP_PASSWORD", "hunter2")
    settings = config.load()
    assert "hunter2" not in f"{settings!r} {settings}"
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-hunter2"


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:p@h/n",
        "postgresql://u:p@h:5433/n",
        "postgresql+psycopg://u@/n?host=/tmp/socket",
        "sqlite:////var/lib/tocsin.db",
    ],
)
def test_database_urls_are_taken_as_any_tool_writes_them(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert config.load().database_url == url


def test_ids_tell_their_kind_and_are_easy_to_read_out() -> None:
    made: set[Any] = {ids.make("SSR") for _ in range(2_000)}
    assert len(made) == 2_000
    for one in made:
        assert one.startswith("SSR")
        assert len(one) == 15
        assert not set(one[3:]) & set("O0")
        assert set(one[3:]) <= set(ids.ALPHABET)
    assert len(ids.ALPHABET) == len(set(ids.ALPHABET)) == 34
