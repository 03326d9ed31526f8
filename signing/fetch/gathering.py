"""Evidence for one certificate: from the addresses in its chain, once that chain leads to a listed root."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlsplit

from signing.errors import BrokenInput, FetchRefused
from signing.fetch.addresses import PORTS, Target, parse
from signing.fetch.content import OCSP_REQUEST, ContentKind, ocsp_question, read
from signing.fetch.http import request
from signing.fetch.reasons import FetchReason
from signing.fetch.settings import FetchSettings
from signing.path.certificates import inspect_certificate
from signing.path.chain import PathState
from signing.path.check import check_certificate
from signing.path.evidence import Evidence
from signing.path.policy import STRICT, Policy
from signing.path.trust import Purpose, TrustStore


@dataclass(frozen=True, slots=True)
class Fetched:
    """Bytes and the facts an evidence record keeps. `asked` differs from `url` where a mirror was asked; `address`
    is the one connected to, a proxy's where there is one. `sha256` (hex) is over what came, before reading."""

    url: str
    asked: str
    kind: ContentKind
    items: tuple[bytes, ...]
    sha256: str
    size: int
    address: str
    content_type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """An address that gave nothing. `url` is empty where none was asked at all."""

    url: str
    reason: FetchReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """`evidence` holds what was given and what came."""

    evidence: Evidence
    fetched: tuple[Fetched, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    url: str
    kind: ContentKind
    question: bytes | None = None


def fetch(
    url: str, kind: ContentKind, *, settings: FetchSettings, at: datetime, question: bytes | None = None
) -> Fetched:
    """One address of a listed host; `FetchRefused` with a `FetchReason`. `question` is posted (OCSP)."""
    named = parse(url, any_port=settings.allow_loopback)
    if not settings.lists(named.host):
        raise FetchRefused(FetchReason.HOST_NOT_LISTED, host=named.host)
    mirror = settings.mirrors.get(named.host)
    target = named if mirror is None else _mirrored(mirror, named, settings)
    answer = request(
        target, settings, body=question, content_type=OCSP_REQUEST if question else "", private=mirror is not None
    )
    return Fetched(
        url=url,
        asked=target.url,
        kind=kind,
        items=read(kind, answer.body),
        sha256=hashlib.sha256(answer.body).hexdigest(),
        size=len(answer.body),
        address=answer.address,
        content_type=answer.content_type,
        at=at,
    )


def _mirrored(mirror: str, named: Target, settings: FetchSettings) -> Target:
    base = parse(mirror, any_port=settings.allow_loopback)
    if urlsplit(mirror).query:
        raise FetchRefused(FetchReason.URL_MALFORMED)
    return Target(base.scheme, base.host, base.port, base.resource.rstrip("/") + named.resource)


def gather(
    certificate: bytes,
    *,
    chain: tuple[bytes, ...] = (),
    trust: TrustStore,
    settings: FetchSettings,
    at: datetime,
    evidence: Evidence | None = None,
    purpose: Purpose | None = None,
    policy: Policy = STRICT,
) -> Gathered:
    """Lists and answers about every certificate of the chain below the root, and what their issuers publish.

    Only addresses out of certificates that lead to a listed root are asked: anybody can write an address into a
    certificate of their own. One that gives nothing stops no other.
    """
    known = (evidence or Evidence()).plus(certificates=chain)
    path = check_certificate(
        certificate, chain=chain, trust=trust, evidence=known, at=at, purpose=purpose, policy=policy
    )
    if path.path is not PathState.TRUSTED:
        return Gathered(known, problems=(Problem("", FetchReason.CHAIN_NOT_TRUSTED, str(path.reason or "")),))
    everything = (certificate, *known.certificates, *(anchor.certificate for anchor in trust.anchors))
    by_fingerprint = {hashlib.sha256(der).hexdigest(): der for der in everything}
    ordered = tuple(by_fingerprint[name] for name in path.chain if name in by_fingerprint)
    fetched: list[Fetched] = []
    problems: list[Problem] = []
    for number, source in enumerate(dict.fromkeys(_sources(ordered, problems))):
        if number == settings.max_fetches:
            problems.append(Problem(source.url, FetchReason.TOO_MANY))
            break
        try:
            found = fetch(source.url, source.kind, settings=settings, at=at, question=source.question)
        except FetchRefused as error:
            problems.append(Problem(source.url, FetchReason(error.code), str(error)))
            continue
        fetched.append(found)
        known = _with(known, found)
    return Gathered(known, tuple(fetched), tuple(problems))


def _sources(chain: tuple[bytes, ...], problems: list[Problem]) -> Iterator[_Source]:
    """Leaf first; of each certificate its lists, its responders, its issuer's certificates."""
    for der, issuer in pairwise(chain):
        try:
            facts = inspect_certificate(der)
            question = ocsp_question(der, issuer) if facts.ocsp_urls else None
        except (BrokenInput, FetchRefused) as error:
            problems.append(Problem("", FetchReason.CONTENT_UNREADABLE, str(error)))
            continue
        yield from (_Source(url, ContentKind.CRL) for url in facts.crl_urls if _is_web(url))
        yield from (_Source(url, ContentKind.OCSP, question) for url in facts.ocsp_urls if _is_web(url))
        yield from (_Source(url, ContentKind.CERTIFICATES) for url in facts.ca_issuer_urls if _is_web(url))


def _is_web(url: str) -> bool:
    """LDAP and file addresses stand beside web ones in many certificates: they are passed over, not reported."""
    return url.partition(":")[0].lower() in PORTS


def _with(known: Evidence, found: Fetched) -> Evidence:
    return known.plus(
        certificates=found.items if found.kind is ContentKind.CERTIFICATES else (),
        crls=found.items if found.kind is ContentKind.CRL else (),
        ocsps=found.items if found.kind is ContentKind.OCSP else (),
    )
