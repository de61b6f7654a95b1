"""A JSON POST to a person's own URL, never to a private address unless that is allowed."""

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2

from core.channels import ChannelError, Notice
from core.channels.deadline import limit
from core.errors import Invalid

TIMEOUT = 10.0  # seconds for one socket operation
TOTAL = 25.0  # seconds for the whole exchange
MAX_URL = 2_000
LONGEST_WAIT = timedelta(hours=1)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")  # which ipaddress calls global before 3.12.4
PRIVATE = "the URL leads to a private address"


@dataclass(frozen=True)
class Webhook:
    """Posts notices as JSON."""

    allow_private: bool = False
    public_url: str | None = None  # where people reach this installation, ending in a slash
    seats: int = 8
    timeout: float = TIMEOUT
    total: float = TOTAL

    def send(self, notice: Notice) -> dict[str, Any]:
        """POST the notice; any 2xx is a success.  Raises ChannelError."""
        try:
            url = httpx2.URL(check_url(notice.address, allow_private=True))
            port = url.port or (443 if url.scheme == "https" else 80)
            addresses = self._resolve(url.raw_host.decode(), port)
        except Invalid:
            raise ChannelError("this is not a URL that can be called", permanent=True) from None
        try:
            answer = self._post(notice, url, addresses)
        except (httpx2.HTTPError, httpx2.StreamError, OSError, ValueError) as error:
            said = f"the URL cannot be reached ({type(error).__name__})"
            raise ChannelError(said) from None
        status = answer.status_code
        if 200 <= status < 300:
            return {"status": status}
        temporary = status >= 500 or status in {408, 425, 429}
        raise ChannelError(
            f"the URL answered {status}", permanent=not temporary, retry_in=_retry_in(answer)
        )

    def _post(self, notice: Notice, url: httpx2.URL, addresses: list[str]) -> httpx2.Response:
        """Ask the first of these addresses that takes a connection."""
        with (
            limit(self.total) as line,
            httpx2.Client(
                timeout=self.timeout, trust_env=False, follow_redirects=False, verify=_tls()
            ) as client,
        ):

            def hold(event: str, info: dict[str, Any]) -> None:
                if event == "connection.connect_tcp.complete":
                    line.hold(info["return_value"].get_extra_info("socket"))

            refused: Exception = OSError("no address")
            for address in addresses:
                request = client.build_request(
                    "POST",
                    url.copy_with(host=address),
                    json=body(notice, self.public_url),
                    headers={"Host": url.netloc.decode(), "Idempotency-Key": key(notice)},
                    extensions={"sni_hostname": url.raw_host.decode(), "trace": hold},
                )
                try:
                    answer = client.send(request, stream=True)  # what it says does not matter
                except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                    refused = error
                    continue
                answer.close()
                return answer
            raise refused

    def _resolve(self, host: str, port: int) -> list[str]:
        """Resolve once and connect to just these addresses: a name that answers otherwise
        the second time cannot lead us into a private network.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError, OverflowError):
            raise ChannelError("the URL's host name is not known") from None
        addresses = [str(item[4][0]) for item in found]
        for address in addresses:
            if not self.allow_private and not is_public(address):
                raise ChannelError(PRIVATE, permanent=True)
        return list(dict.fromkeys(addresses))


@cache
def _tls() -> ssl.SSLContext:
    """Read the certificates once; it takes longer than most posts."""
    return httpx2.create_ssl_context(trust_env=False)


def check_url(url: str, *, allow_private: bool) -> str:
    """The URL as it will be called.  Raises Invalid; says nothing about names, only literals."""
    wrong = Invalid("Write a URL that begins with https:// (or http://).", field="webhook")
    url = url.strip()
    try:
        parts = urlsplit(url)
        if parts.port == 0 or not httpx2.URL(url).host:
            raise wrong
    except (ValueError, httpx2.InvalidURL):
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > MAX_URL:
        raise wrong
    if any(letter.isspace() for letter in url):
        raise wrong
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
    return url


def is_public(address: str) -> bool:
    """Whether this IP address belongs to the internet at large."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip in LOCAL_NAT64:
        return False
    within = [ip, *_wrapped(ip)]
    return all(each.is_global and not each.is_multicast for each in within)


def _wrapped(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 address may lead to."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    last = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    found = [ip.ipv4_mapped, ip.sixtofour]
    if ip in NAT64 or int(ip) >> 32 == 0:
        found.append(last)
    return [each for each in found if each is not None]


def _retry_in(answer: httpx2.Response) -> timedelta | None:
    """What the other side says about when to try again, up to an hour."""
    said = answer.headers.get("Retry-After", "")
    if not (said.isascii() and said.isdigit()) or len(said) > 9:
        return None
    return min(timedelta(seconds=int(said)), LONGEST_WAIT)


def key(notice: Notice) -> str:
    """Names this notice; a repeat carries the same."""
    return f"{notice.alert_group_id}.{notice.page_id}.{notice.run}.{notice.step}"


def body(notice: Notice, public_url: str | None = None) -> dict[str, Any]:
    """What is posted.  Text as it was typed, and all of it."""
    return {
        "type": "page",
        "id": key(notice),
        "alert_group": {
            "id": notice.alert_group_id,
            "title": notice.title,
            "message": notice.message,
            "state": notice.state.value,
            "created_at": notice.created_at.isoformat(),
            "source_url": notice.source_url,
            "link": notice.link,
            "web": f"{public_url}g/{notice.alert_group_id}" if public_url else None,
            "author": notice.author_name,
        },
        "user": {"id": notice.user_id, "name": notice.user_name},
        "paged_by": notice.paged_by_name,
        "team": notice.team,
        "by_chain": notice.by_chain,
        "important": notice.important,
        "step": notice.step,
    }
