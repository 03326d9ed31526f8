"""URLs and network addresses: which may be asked at all."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from signing.errors import FetchRefused
from signing.fetch.reasons import FetchReason

PORTS = {"http": 80, "https": 443}
MAX_URL = 2048
_PLAIN = re.compile(r"[!-~]+")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_WRAPPING = tuple(
    map(
        ipaddress.IPv6Network,
        ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"),
    )
)
"""IPv6 ranges that hold an IPv4 address: compatible, mapped, NAT64 (RFC 6052, 8215), Teredo, 6to4."""
_SPECIAL = tuple(
    map(ipaddress.ip_network, ("192.88.99.0/24", "100.64.0.0/10", "fec0::/10", "fc00::/7", "3fff::/20"))
)


@dataclass(frozen=True, slots=True)
class Target:
    """One place to ask. `resource` is the path with its query."""

    scheme: str
    host: str
    port: int
    resource: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.resource}"


def parse(url: str, *, any_port: bool = False) -> Target:
    """A plain http or https URL, without user, fragment or anything that two readers split differently."""
    if len(url) > MAX_URL or not _PLAIN.fullmatch(url) or "\\" in url:
        raise FetchRefused(FetchReason.URL_MALFORMED)
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise FetchRefused(FetchReason.URL_MALFORMED) from error
    if parts.scheme not in PORTS:
        raise FetchRefused(FetchReason.SCHEME_REFUSED, scheme=parts.scheme)
    bare = parts.netloc.lower().rpartition(":")[0] if port is not None else parts.netloc.lower().rstrip(":")
    shown = f"[{host}]" if ":" in host else host
    if "@" in parts.netloc or parts.fragment or not _HOST.fullmatch(shown) or bare.rstrip(".") != shown:
        raise FetchRefused(FetchReason.URL_MALFORMED)
    port = PORTS[parts.scheme] if port is None else port
    if port not in PORTS.values() and not any_port:
        raise FetchRefused(FetchReason.PORT_REFUSED, port=port)
    return Target(parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, in the order of the system."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(item[4][0]) for item in found))


def is_open(address: str, *, private: bool = False, loopback: bool = False) -> bool:
    """Whether an address may be connected to: public ones; `private` networks and `loopback` only where allowed."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False  # also a scope, as in fe80::1%eth0
    if found.is_loopback:
        return loopback
    if isinstance(found, ipaddress.IPv6Address) and any(found in net for net in _WRAPPING):
        return False
    if found.is_multicast or found.is_link_local or found.is_unspecified or _is_reserved(found):
        return False
    is_private = not found.is_global or any(found.version == net.version and found in net for net in _SPECIAL)
    return private if is_private else True


def _is_reserved(found: _Address) -> bool:
    """240.0.0.0/4 and 0.0.0.0/8 lead nowhere; `is_reserved` of IPv6 also covers what is not given out yet."""
    return found.is_reserved or (found.version == 4 and int(found) >> 24 == 0)
