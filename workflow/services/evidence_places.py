"""Which addresses are asked for revocation evidence: those that certificates in use name, below a listed root; the
timestamp authority's is one of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

import signing
from signing import Purpose, TrustStore
from signing.fetch import ContentKind, FetchSettings
from workflow.services.proofs import authority
from workflow.services.signing.chains import split
from workflow.services.signing.roots import standing
from workflow.services.trust_evidence import Issuer
from workflow.store import evidence as store
from workflow.store.models import EvidencePlace
from workflow.store.session import UnitOfWork

BATCH = 500
_WEB = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class Place:
    """`issuer`, `subject` (DER): whose evidence it gives; a list has no subject. `called`: the issuer as the
    certificates below name it."""

    kind: ContentKind
    url: str
    issuer: bytes
    called: Issuer
    subject: bytes = b""

    @property
    def key(self) -> str:
        """The same for the same question."""
        parts = (str(self.kind).encode(), self.url.encode(), self.issuer, self.subject)
        return hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in parts)).hexdigest()

    @property
    def host(self) -> str:
        """The machine that it names."""
        return host_of(self.url)

    def row(self, now: dt.datetime) -> EvidencePlace:
        """As one that was never asked."""
        subject = signing.inspect_certificate(self.subject).common_name if self.subject else ""
        return EvidencePlace(
            key=self.key, kind=str(self.kind), url=self.url, issuer_name=self.called[0][:200],
            issuer_key_id=self.called[1][:64], subject=subject[:200], result="", failures=0, next_at=now,
        )  # fmt: skip


def host_of(url: str) -> str:
    """The machine an address names; empty where it names none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def named(
    uow: UnitOfWork, settings: FetchSettings, *, silent: Collection[Issuer], now: dt.datetime
) -> tuple[Place, ...]:
    """Every list that a certificate in use or an authority above it names; answers about a certificate where no
    list of its issuer can be asked for, or where the lists that are here decide nothing (`silent`)."""
    roots = TrustStore(tuple(one.anchor for one in standing(uow).roots))
    paths: dict[tuple[str, str, bytes], tuple[bytes, ...]] = {}
    found: dict[Place, None] = {}
    after = 0
    while rows := store.usable(uow.session, at=now, after=after, limit=BATCH):
        given = [(row.der, row.chain) for row in rows]
        found |= dict.fromkeys(uow.compute(_of_batch, given, paths, roots, settings, frozenset(silent), now))
        after = rows[-1].id
    for stamped in authority.chains(uow):
        found |= dict.fromkeys(uow.compute(_of_stamps, stamped, roots, settings, frozenset(silent), now))
    return tuple(found)


def _of_stamps(
    stamped: Sequence[bytes], roots: TrustStore, settings: FetchSettings, silent: frozenset[Issuer],
    now: dt.datetime,
) -> list[Place]:  # fmt: skip
    """About the timestamp authority (its certificate first) and those above it: lasting proof rests on them too."""
    if signing.inspect_certificate(stamped[0]).not_after <= now:
        return []
    above = _above(stamped[0], tuple(stamped[1:]), roots, now, purpose=Purpose.TSA)
    pairs = pairwise((stamped[0], *above))
    return [place for one, issuer in pairs for place in _about(one, issuer, settings, silent)]


def _of_batch(
    given: Sequence[tuple[bytes, bytes]], paths: dict[tuple[str, str, bytes], tuple[bytes, ...]], roots: TrustStore,
    settings: FetchSettings, silent: frozenset[Issuer], now: dt.datetime,
) -> list[Place]:  # fmt: skip
    """`paths` remembers the way to a root that certificates of one issuer and chain share."""
    return [place for der, chain in given for place in _of_one(der, chain, paths, roots, settings, silent, now)]


def _of_one(
    der: bytes, chain: bytes, paths: dict[tuple[str, str, bytes], tuple[bytes, ...]], roots: TrustStore,
    settings: FetchSettings, silent: frozenset[Issuer], now: dt.datetime,
) -> Iterator[Place]:  # fmt: skip
    facts = signing.inspect_certificate(der)
    shared = (facts.issuer_name, facts.authority_key_id, chain)
    if shared not in paths:
        paths[shared] = _above(der, split(chain), roots, now)
    above = paths[shared]
    for one, issuer in pairwise((der, *above)):
        yield from _about(one, issuer, settings, silent)


def _above(
    der: bytes, chain: tuple[bytes, ...], roots: TrustStore, now: dt.datetime, *, purpose: Purpose | None = None
) -> tuple[bytes, ...]:
    """The authorities from a certificate's issuer up to the root; none where it leads to no listed one: anybody can
    write an address into a certificate of their own."""
    path = signing.check_certificate(
        der, chain=chain, trust=roots, evidence=signing.Evidence(), at=now, purpose=purpose
    )
    if str(path.path) != "trusted":
        return ()
    known = (*chain, *(anchor.certificate for anchor in roots.anchors))
    by_fingerprint = {hashlib.sha256(one).hexdigest(): one for one in known}
    return tuple(by_fingerprint[name] for name in path.chain[1:] if name in by_fingerprint)


def _about(der: bytes, issuer: bytes, settings: FetchSettings, silent: frozenset[Issuer]) -> Iterator[Place]:
    facts = signing.inspect_certificate(der)
    lists, called = _web(facts.crl_urls), (facts.issuer_name, facts.authority_key_id)
    yield from (Place(ContentKind.CRL, url, issuer, called) for url in lists)
    reachable = any(settings.lists(host_of(url)) for url in lists)
    if not reachable or called in silent:
        yield from (Place(ContentKind.OCSP, url, issuer, called, der) for url in _web(facts.ocsp_urls))


def _web(urls: Iterable[str]) -> list[str]:
    """LDAP and file addresses stand beside web ones in many certificates."""
    return [url for url in urls if url.partition(":")[0].lower() in _WEB and host_of(url)]
