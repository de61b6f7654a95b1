"""E-mail over SMTP: plain text and a link, with a Message-ID that stays the same when repeated."""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.channels import ChannelError, Notice
from core.channels.deadline import limit

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
        message = compose(notice, self.sender)
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
        except ssl.SSLError:
            raise ChannelError("no safe connection to the mail server") from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            said = f"the mail server cannot be reached ({type(error).__name__})"
            raise ChannelError(said) from None
        return {"message_id": message["Message-ID"]}

    def _deliver(self, message: EmailMessage) -> None:
        server = smtplib.SMTP(timeout=self.timeout)

        def cut() -> None:
            if server.sock is not None:
                server.sock.shutdown(socket.SHUT_RDWR)

        with limit(self.total, cut):
            server.connect(self.host, self.port)
            try:
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


def compose(notice: Notice, sender: str) -> EmailMessage:
    """The mail.  What people typed cannot add a header or a recipient."""
    message = EmailMessage()
    message["Subject"] = _one_line(f"[{notice.state.value}] {notice.title}")
    message["From"] = formataddr(parseaddr(sender))
    message["To"] = formataddr((_one_line(notice.user_name), _one_line(notice.address)))
    message["Date"] = format_datetime(notice.created_at)
    host = parseaddr(sender)[1].rpartition("@")[2]
    # The same for a repeat, so that mail programs show what is sent twice once.
    name = f"{notice.alert_group_id}.{notice.page_id}.{notice.run}.{notice.step}"
    message["Message-ID"] = f"<{name}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    rules = "important" if notice.important else "default"
    at = notice.created_at.astimezone(_zone(notice.user_timezone)).strftime("%H:%M on %d %B %Y")
    lines = [
        notice.message,
        "",
        f"{notice.paged_by_name or notice.author_name} paged you; your {rules} rules say e-mail.",
        f"Reported by {notice.author_name} at {at} ({notice.user_timezone}).",
        "",
        f"Answer here: {notice.link}"
        if notice.link
        else "Answer in Slack: see the direct message from Tocsin.",
    ]
    message.set_content("\n".join(lines) + "\n")
    return message


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
