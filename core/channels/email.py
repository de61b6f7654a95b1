"""E-mail over SMTP: plain text and a link, with a Message-ID that stays the same when repeated."""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.channels import ChannelError, Notice, begins_with_title, who_calls
from core.channels.deadline import Line, limit

TIMEOUT = 10.0  # seconds for one answer of the server
TOTAL = 25.0  # seconds for the whole conversation; the lease allows 30

REFUSED_ADDRESS = "the mail server refuses this address"


@dataclass(frozen=True)
class Email:
    """Sends notices by SMTP."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    starttls: bool = True
    seats: int = 8
    timeout: float = TIMEOUT
    total: float = TOTAL

    def send(self, notice: Notice) -> dict[str, str]:
        """Hand the mail to the server.  Raises ChannelError."""
        try:
            message = compose(notice, self.sender)
        except ValueError:
            raise ChannelError("this is not an e-mail address", permanent=True) from None
        try:
            self._deliver(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise ChannelError(REFUSED_ADDRESS, permanent=code >= 500) from None
        except smtplib.SMTPAuthenticationError:
            # A person can mend the password while the page runs, so it is tried again.
            raise ChannelError("the mail server refuses our login") from None
        except smtplib.SMTPResponseException as error:
            said = f"the mail server answered {error.smtp_code}"
            raise ChannelError(said, permanent=error.smtp_code >= 500) from None
        except smtplib.SMTPNotSupportedError:
            raise ChannelError("the mail server offers no TLS, or no login") from None
        except ssl.SSLError:
            raise ChannelError("no safe connection to the mail server") from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            said = f"the mail server cannot be reached ({type(error).__name__})"
            raise ChannelError(said) from None
        return {"message_id": message["Message-ID"]}

    def _deliver(self, message: EmailMessage) -> None:
        with limit(self.total) as line:
            server = _Server(self.host, timeout=self.timeout, line=line)
            code, said = server.connect(self.host, self.port)
            try:
                if code != 220:
                    raise smtplib.SMTPConnectError(code, said)
                if self.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password or "")
                server.send_message(message)
            finally:
                try:
                    server.quit()
                except (smtplib.SMTPException, OSError):
                    server.close()


class _Server(smtplib.SMTP):
    """A conversation whose connection can be cut."""

    def __init__(self, host: str, *, timeout: float, line: Line) -> None:
        self._line = line
        super().__init__(timeout=timeout)
        self._host = host  # whom the certificate must be for; `connect` does not say

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        connection: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        self._line.hold(connection)
        return connection


def compose(notice: Notice, sender: str) -> EmailMessage:
    """The mail.  What people typed cannot add a header or a recipient.  Raises ValueError."""
    message = EmailMessage()
    message["Subject"] = _for_header(f"[{notice.state.value}] {notice.title}")
    message["From"] = formataddr(parseaddr(sender))
    try:
        message["To"] = Address(_for_header(notice.user_name), addr_spec=notice.address)
    except (MessageError, IndexError) as error:  # what the parser makes of odd addresses
        raise ValueError(notice.address) from error
    message["Date"] = format_datetime(notice.created_at)
    host = parseaddr(sender)[1].rpartition("@")[2]
    # The same for a repeat, so that mail programs show what is sent twice once.
    name = f"{notice.alert_group_id}.{notice.page_id}.{notice.run}.{notice.step}"
    message["Message-ID"] = f"<{name}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    rules = "important" if notice.important else "default"
    calls = who_calls(notice.caller, notice.team, by_chain=notice.by_chain)
    at = notice.created_at.astimezone(_zone(notice.user_timezone)).strftime("%H:%M on %d %B %Y")
    lines = [
        *_report(notice),
        "",
        f"{_one_line(calls)}; your {rules} rules say e-mail.",
        f"Reported by {notice.author_name} at {at} ({notice.user_timezone}).",
        "",
        f"Answer here: {notice.link}"
        if notice.link
        else "Answer in Slack: see the direct message from Tocsin.",
    ]
    message.set_content("\n".join(lines) + "\n")
    return message


def _report(notice: Notice) -> list[str]:
    """Title and message, whole; the title once, if the message begins with it."""
    title = _one_line(notice.title)
    begins = begins_with_title(notice.title, notice.message)
    told = [notice.message] if begins else [each for each in (title, notice.message) if each]
    told = [line for each in told for line in (each, "")][:-1]
    return [*told, "", f"Source: {_one_line(notice.source_url)}"] if notice.source_url else told


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _for_header(text: str) -> str:
    """The text in one line of what can be seen.

    `=?utf-8?q?=0A?=` is a line end once it is decoded, and Python decodes it even in
    what it is given as plain text: then there would be another header.
    """
    seen = "".join(char if char.isprintable() else " " for char in text)
    return _one_line(seen.replace("=?", "= ?"))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
