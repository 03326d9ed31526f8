"""What an administrator allows. Everything that may be asked is listed here; nothing is by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from signing.fetch.addresses import look_up

MEGABYTE = 1_000_000
Resolver = Callable[[str, int], Sequence[str]]
"""(host, port) → addresses. Called once for each fetch."""


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """`hosts`: the only ones asked, by exact name.

    `mirrors`: host → URL to ask instead; the path of the original is put behind it. `proxy`: `http://host:port`;
    it then looks up names itself, so only the list of hosts protects. Both are the administrator's own words and
    may lie in a private network, which what stands in a certificate may not.

    `tls_roots`: a PEM file of authorities for https instead of the system's. `allow_loopback` is for tests: this
    machine may be asked, on any port.
    """

    hosts: frozenset[str] = frozenset()
    mirrors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    proxy: str | None = None
    max_bytes: int = 10 * MEGABYTE
    seconds: float = 10.0
    max_fetches: int = 12
    tls_roots: str | None = None
    resolver: Resolver = look_up
    allow_loopback: bool = False

    def lists(self, host: str) -> bool:
        return host in {item.lower().rstrip(".") for item in self.hosts}
