"""From a certificate up to a listed root: every way there, with bounded work (RFC 4158).

Candidates are found by name as RFC 5280 compares names; key identifiers only say whom to try first, for they are
hints and are often wrong. Cross certificates, look-alike names and loops are ordinary here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from signing.errors import BrokenInput
from signing.path.model import Certificate, read_certificate
from signing.path.names import RdnKey
from signing.path.signatures import SignatureState, lacks_parameters, signature_state, with_parameters
from signing.path.trust import TrustAnchor, TrustStore
from signing.reasons import Reason

MAX_TRIED = 128
"""Signatures tried in one search; a bound on hostile bundles of look-alike authorities."""
MAX_CHAINS = 16
MAX_NEAR = 8
MAX_POOL = 1024
"""Certificates looked at: listed roots first, then what the caller gives, in its order."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Leaf first, root last (only when found). `keys`: the SubjectPublicKeyInfo that counts for each, complete
    with inherited parameters. `reasons` say why it is not trusted."""

    certificates: tuple[Certificate, ...]
    keys: tuple[bytes, ...]
    anchor: TrustAnchor | None
    reasons: tuple[Reason, ...] = ()

    @property
    def fingerprints(self) -> tuple[str, ...]:
        return tuple(item.fingerprint for item in self.certificates)


class Pool:
    """All certificates at hand, by subject: listed roots first, each once. Unreadable ones cannot help."""

    __slots__ = ("_by_subject", "trust")

    def __init__(self, trust: TrustStore, given: Iterable[bytes]) -> None:
        self.trust = trust
        self._by_subject: dict[tuple[RdnKey, ...], list[Certificate]] = {}
        every = dict.fromkeys((*(anchor.certificate for anchor in trust.anchors), *given))
        for data in islice(every, MAX_POOL + len(trust.anchors)):
            try:
                found = read_certificate(data)
            except BrokenInput:
                continue
            if not found.subject.is_empty:
                self._by_subject.setdefault(found.subject.key, []).append(found)

    def named(self, key: tuple[RdnKey, ...]) -> list[Certificate]:
        return self._by_subject.get(key, [])

    def issuers(self, certificate: Certificate) -> list[Certificate]:
        """Who may have issued it, the likeliest first."""
        found = self.named(certificate.issuer.key)
        if len(found) < 2:
            return found
        return sorted(found, key=lambda item: (not may_be_key_of(certificate, item), item.is_self_issued))


def may_be_key_of(certificate: Certificate, issuer: Certificate) -> bool:
    """False where both name a key and they differ."""
    wanted = certificate.authority.key_id
    return wanted is None or issuer.key_id is None or wanted == issuer.key_id


@dataclass(slots=True)
class _Search:
    pool: Pool
    longest: int
    tried: int = 0
    near: list[tuple[Chain, Certificate, SignatureState]] = field(default_factory=list)

    @property
    def is_spent(self) -> bool:
        return self.tried >= MAX_TRIED


def find_chains(leaf: Certificate, *, pool: Pool, longest: int) -> list[Chain]:
    """Every chain from `leaf` to a listed root; else the one that tells most about why there is none."""
    search = _Search(pool, longest)
    anchored: list[Chain] = []
    loose: list[Chain] = []
    for chain in _climb(search, Chain((leaf,), (leaf.key_info,), None)):
        (loose if chain.anchor is None else anchored).append(chain)
        if len(anchored) >= MAX_CHAINS:
            break
    if anchored:
        return anchored
    missed = next(_near_misses(search), None)
    return [missed] if missed is not None else sorted(loose, key=lambda chain: -len(chain.certificates))[:1]


def _climb(search: _Search, path: Chain) -> Iterator[Chain]:
    top = path.certificates[-1]
    anchor = search.pool.trust.anchor(top.fingerprint) if len(path.certificates) > 1 else None
    if anchor is not None:
        yield Chain(path.certificates, path.keys, anchor)
        return
    found = False
    if len(path.certificates) < search.longest:
        for longer in _steps(search, path):
            found = True
            yield from _climb(search, longer)
    if not found:
        yield Chain(path.certificates, path.keys, None, (_why_no_anchor(search, path),))


def _steps(search: _Search, path: Chain) -> Iterator[Chain]:
    """The path with one more certificate on top, for each that signed its top."""
    top = path.certificates[-1]
    seen = {(item.subject, item.key_info) for item in path.certificates}
    for candidate in search.pool.issuers(top):
        if (candidate.subject, candidate.key_info) in seen:
            continue
        if search.is_spent:
            return
        key = effective_key(candidate, search.pool)
        search.tried += 1
        state = signature_state(top.tbs, top.algorithm, top.signature, key=key)
        if state is SignatureState.GOOD:
            yield Chain((*path.certificates, candidate), (*path.keys, key), None)
        elif len(search.near) < MAX_NEAR and may_be_key_of(top, candidate):
            search.near.append((path, candidate, state))


def effective_key(certificate: Certificate, pool: Pool, *, depth: int = 4) -> bytes:
    """Its key, where needed with the parameters of the key above it."""
    if not lacks_parameters(certificate.key_info) or not depth:
        return certificate.key_info
    for issuer in pool.issuers(certificate):
        if issuer == certificate:
            continue
        above = effective_key(issuer, pool, depth=depth - 1)
        completed = with_parameters(certificate.key_info, above)
        if completed is not None:
            return completed
    return certificate.key_info


def _near_misses(search: _Search) -> Iterator[Chain]:
    """A listed root stands above the only issuer of that name, but the signature is not that issuer's."""
    why = {
        SignatureState.WRONG: Reason.CERTIFICATE_SIGNATURE_WRONG,
        SignatureState.UNSUPPORTED: Reason.CHAIN_ALGORITHM_UNKNOWN,
    }
    for path, candidate, state in tuple(search.near):
        above = Chain((candidate,), (candidate.key_info,), search.pool.trust.anchor(candidate.fingerprint))
        rest = _Search(search.pool, search.longest, tried=search.tried)
        ways = [above] if above.anchor is not None else _climb(rest, above)
        for way in ways:
            if way.anchor is not None:
                joined = (path.certificates + way.certificates, path.keys + way.keys)
                yield Chain(*joined, way.anchor, (why[state],))


def _why_no_anchor(search: _Search, path: Chain) -> Reason:
    top = path.certificates[-1]
    if not search.pool.trust.anchors:
        return Reason.NO_TRUST_GIVEN
    if search.is_spent:
        return Reason.RESOURCE_LIMIT
    if top.is_self_issued and is_self_signed(top):
        return Reason.ROOT_NOT_TRUSTED
    if len(path.certificates) >= search.longest and search.pool.issuers(top):
        return Reason.RESOURCE_LIMIT
    return Reason.ISSUER_NOT_FOUND


def is_self_signed(certificate: Certificate) -> bool:
    state = signature_state(certificate.tbs, certificate.algorithm, certificate.signature, key=certificate.key_info)
    return certificate.is_self_issued and state is SignatureState.GOOD
