"""A JSON POST to a person's own URL, never to a private address unless that is allowed."""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2

from core.channels import ChannelError, Notice
from core.channels.deadline import limit
from core.errors import Invalid

TIMEOUT = 10.0  # seconds for one socket operation
TOTAL = 25.0  # seconds for the whole exchange
MAX_URL = 2_000
PRIVATE = "the URL leads to a private address"


@dataclass(frozen=True)
class Webhook:
    """Posts notices as JSON."""

    allow_private: bool = False
    seats: int = 8
    timeout: float = TIMEOUT
    total: float = TOTAL

    def send(self, notice: Notice) -> dict[str, Any]:
        """POST the notice; any 2xx is a success.  Raises ChannelError."""
        url = httpx2.URL(notice.address)
        host = url.host
        # Resolve once and connect to just that address: a name that answers otherwise
        # the second time cannot lead us into a private network.
        address = self._resolve(host, url.port or (443 if url.scheme == "https" else 80))
        client = httpx2.Client(timeout=self.timeout, trust_env=False, follow_redirects=False)
        try:
            with limit(self.total, client.close), client:
                request = client.build_request(
                    "POST",
                    url.copy_with(host=address),
                    json=body(notice),
                    headers={"Host": url.netloc.decode(), "Idempotency-Key": key(notice)},
                    extensions={"sni_hostname": host},
                )
                answer = client.send(request, stream=True)  # what it says does not matter
                answer.close()
        except (httpx2.HTTPError, httpx2.StreamError, OSError, RuntimeError) as error:
            said = f"the URL cannot be reached ({type(error).__name__})"
            raise ChannelError(said) from None
        status = answer.status_code
        if status < 300:
            return {"status": status}
        temporary = status >= 500 or status in {408, 425, 429}
        raise ChannelError(f"the URL answered {status}", permanent=not temporary)

    def _resolve(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise ChannelError("the URL's host name is not known") from None
        addresses = [str(item[4][0]) for item in found]
        for address in addresses:
            if not self.allow_private and not is_public(address):
                raise ChannelError(PRIVATE, permanent=True)
        return addresses[0]


def check_url(url: str, *, allow_private: bool) -> str:
    """The URL as it will be called.  Raises Invalid; says nothing about names, only literals."""
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > MAX_URL:
        raise Invalid("Write a URL that begins with https:// (or http://).", field="webhook")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        literal = None
    private = parts.hostname == "localhost" or (literal and not is_public(str(literal)))
    if private and not allow_private:
        raise Invalid(
            "This URL leads to a private address. "
            "Set TOCSIN_WEBHOOK_ALLOW_PRIVATE=true if that is what you want.",
            field="webhook",
        )
    return url.strip()


def is_public(address: str) -> bool:
    """Whether this IP address belongs to the internet at large."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (mapped is None or mapped.is_global)


def key(notice: Notice) -> str:
    """Names this notice; a repeat carries the same."""
    return f"{notice.alert_group_id}.{notice.page_id}.{notice.run}.{notice.step}"


def body(notice: Notice) -> dict[str, Any]:
    """What is posted.  Text as it was typed."""
    return {
        "type": "page",
        "id": key(notice),
        "alert_group": {
            "id": notice.alert_group_id,
            "title": notice.title,
            "message": notice.message,
            "state": notice.state.value,
            "created_at": notice.created_at.isoformat(),
            "link": notice.link,
            "author": notice.author_name,
        },
        "user": {"id": notice.user_id, "name": notice.user_name},
        "paged_by": notice.paged_by_name,
        "important": notice.important,
        "step": notice.step,
    }
