"""Settings: read once from the environment and `.env`, validated, passed around."""

from email.utils import parseaddr
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr, ValidationError
from pydantic import field_validator as check
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from core import db

SLACK_API = "https://slack.com/api/"


NO_TOKENS = """\
Tocsin has no Slack tokens yet.

To try it without Slack:   make sandbox
To connect a workspace, five minutes:
  1. https://api.slack.com/apps > Create New App > From a manifest: paste manifest.yml
  2. Install it; OAuth & Permissions shows the Bot User OAuth Token:  SLACK_BOT_TOKEN=xoxb-...
  3. Basic Information > App-Level Tokens > scope connections:write:  SLACK_APP_TOKEN=xapp-...
     (or, to be called over HTTP instead, Basic Information shows:    SLACK_SIGNING_SECRET=...)
Write them into a file .env here, and run this again."""


class SettingsError(Exception):
    """Settings that cannot work; one line for each, naming the variable and what to do."""


def _nothing(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Optional = BeforeValidator(_nothing)  # `NAME=` in a .env file means: not set


class Settings(BaseSettings):
    """Every setting there is.  Secrets are never printed."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        hide_input_in_errors=True,
    )

    database_url: str = "sqlite:///tocsin.db"

    slack_bot_token: Annotated[SecretStr | None, Optional] = None
    slack_app_token: Annotated[SecretStr | None, Optional] = None
    slack_signing_secret: Annotated[SecretStr | None, Optional] = None
    slack_api_url: str = SLACK_API

    http_host: str = Field("127.0.0.1", validation_alias=AliasChoices("TOCSIN_HTTP_HOST"))
    http_port: int = Field(8080, validation_alias=AliasChoices("TOCSIN_HTTP_PORT"), ge=0, le=65535)
    public_url: Annotated[str | None, Optional] = Field(
        None, validation_alias=AliasChoices("TOCSIN_PUBLIC_URL")
    )
    default_channel: Annotated[str | None, Optional] = Field(
        None, validation_alias=AliasChoices("TOCSIN_DEFAULT_CHANNEL")
    )
    clock_speed: float = Field(
        1.0, validation_alias=AliasChoices("TOCSIN_CLOCK_SPEED"), gt=0, le=3600
    )
    api_rate_limit: int = Field(  # requests a minute for each token; 0: any number
        300, validation_alias=AliasChoices("TOCSIN_API_RATE_LIMIT"), ge=0
    )
    guests_may_page: bool = Field(False, validation_alias=AliasChoices("TOCSIN_GUESTS_MAY_PAGE"))
    webhook_allow_private: bool = Field(
        False, validation_alias=AliasChoices("TOCSIN_WEBHOOK_ALLOW_PRIVATE")
    )

    smtp_host: Annotated[str | None, Optional] = None
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_user: Annotated[str | None, Optional] = None
    smtp_password: Annotated[SecretStr | None, Optional] = None
    smtp_starttls: bool = True
    mail_from: Annotated[str | None, Optional] = None

    @check("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        try:
            db.parse(value)
        except Exception as error:
            raise ValueError(
                "write sqlite:///tocsin.db or postgresql://user:password@host/name"
            ) from error
        return value

    @check("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _token(value, "xoxb-", "the Bot User OAuth Token of your app's OAuth page")

    @check("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _token(value, "xapp-", "an App-Level Token with the scope connections:write")

    @check("slack_api_url", "public_url")
    @classmethod
    def _url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("write a URL that begins with https:// (or http://)")
        return value if value.endswith("/") else value + "/"

    @check("default_channel")
    @classmethod
    def _channel(cls, value: str | None) -> str | None:
        if value is not None and not (value[0] in "CG" and value.isalnum() and value.isupper()):
            raise ValueError(
                "write the channel's id, such as C024BE91L "
                "(in Slack: the channel's name, then About, at the bottom)"
            )
        return value

    @check("smtp_port")
    @classmethod
    def _submission(cls, value: int) -> int:
        if value == 465:
            raise ValueError("TLS from the first byte is not supported: use 587 and STARTTLS")
        return value

    @check("mail_from")
    @classmethod
    def _sender(cls, value: str | None) -> str | None:
        if value is not None and "@" not in parseaddr(value)[1]:
            raise ValueError("write an address such as Tocsin <tocsin@example.com>")
        return value


class _Exactly(Settings):
    model_config = SettingsConfigDict(populate_by_name=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def exactly(**values: Any) -> Settings:
    """These settings and no others, whatever the environment says.  Raises SettingsError."""
    return _validated(_Exactly, values)


def load() -> Settings:
    """The settings of the environment and `.env`.  Raises SettingsError."""
    return _validated(Settings, {})


def _validated(kind: type[Settings], values: dict[str, Any]) -> Settings:
    try:
        settings = kind(**values)
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(problem) for problem in error.errors())) from None
    problems = []
    if settings.smtp_host and not settings.mail_from:
        problems.append("MAIL_FROM: SMTP_HOST is set, so say which address mail comes from.")
    if settings.mail_from and not settings.smtp_host:
        problems.append("SMTP_HOST: MAIL_FROM is set, so say which server takes the mail.")
    if settings.smtp_user and not settings.smtp_password:
        problems.append("SMTP_PASSWORD: SMTP_USER is set, so its password is needed.")
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def require_slack(settings: Settings) -> None:
    """Raises SettingsError unless a Slack workspace can be served with these settings."""
    if settings.slack_bot_token is None:
        raise SettingsError(NO_TOKENS)
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise SettingsError(
            "SLACK_APP_TOKEN: set it to connect by Socket Mode, "
            "or set SLACK_SIGNING_SECRET to be called at /slack/events."
        )


def _explain(problem: Any) -> str:
    field = str(problem["loc"][0])
    known = {name: f.validation_alias for name, f in Settings.model_fields.items()}
    alias = known.get(field)
    name = alias.choices[0] if isinstance(alias, AliasChoices) else field.upper()
    return f"{name}: {problem['msg'].removeprefix('Value error, ')}."


def _token(value: SecretStr | None, prefix: str, what: str) -> SecretStr | None:
    if value is not None and not value.get_secret_value().startswith(prefix):
        raise ValueError(f"this does not begin with {prefix}: use {what}")
    return value
