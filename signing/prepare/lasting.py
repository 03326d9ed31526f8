"""What a signed and stamped file rests on, and whether a file proves itself with what it carries.

A file lasts when every signature of it was valid at the time of a document timestamp that covers it, by answers
about revocation issued at or after that time, and when a later timestamp covers these answers too: then nobody
needs our lists, only a current word about the last timestamp's own authority.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from signing.cms import der
from signing.cms.codec import read_signed_data
from signing.errors import NeedsCare
from signing.path.evidence import Evidence, Receipt, TimeSource
from signing.path.policy import Policy
from signing.path.trust import TrustStore
from signing.pdf import HexString, read
from signing.prepare.stamps import Store
from signing.reasons import Conclusion, Reason
from signing.verification.document import verify
from signing.verification.plan import PlannedBox
from signing.verification.verdict import DocumentVerdict, SignatureRole, SignatureVerdict


@dataclass(frozen=True, slots=True)
class Rests:
    """`store`: everything that a verdict rested on. `lacks`: why the file would not last with it; empty where it
    would."""

    store: Store
    lacks: tuple[Reason, ...] = ()


def rests_on(
    document: bytes, *, trust: TrustStore, evidence: Evidence, at: datetime, policy: Policy,
    plan: Sequence[PlannedBox] | None = None, owners: Mapping[str, frozenset[str]] | None = None,
    texts: Mapping[str, str] | None = None, again: bool = False,
) -> Rests:  # fmt: skip
    """Judge a stamped file as whoever gets it years from now: a second timestamp that would be given at `at`, no
    receipts of ours, no grace for answers from before the stamp. `again`: the file lasts already and carries what
    its signatures rest on; the store is about its timestamps alone."""
    known = replace(evidence, receipt=_as_if_stamped(at), older_receipts=())
    verdict = verify(
        document, trust=trust, at=at, evidence=known, policy=_bare(policy), plan=plan, owners=owners, texts=texts,
        careful=False,
    )  # fmt: skip
    about = [item for item in verdict.signatures if item.kind is SignatureRole.TIMESTAMP or not again]
    return Rests(_store(document, about, trust=trust, evidence=evidence), _lacks(verdict))


def lasts(document: bytes, *, trust: TrustStore, at: datetime, policy: Policy) -> bool:
    """Whether the file is proven by nothing but what it carries, the listed roots, and its timestamps; for the last
    of these, which may be another authority's than those before, a word about it comes from outside."""
    verdict = verify(
        document, trust=trust, at=at, evidence=Evidence(receipt=_as_if_stamped(at)), policy=_bare(policy),
        careful=False,
    )  # fmt: skip
    last = verdict.signatures[-1] if verdict.signatures else None
    is_open = last is not None and last.kind is SignatureRole.TIMESTAMP and set(last.reasons) <= _WORDS
    return not _lacks(replace(verdict, signatures=verdict.signatures[:-1]) if is_open else verdict)


_WORDS = frozenset({Reason.REVOCATION_UNKNOWN, Reason.REVOCATION_NOT_FRESH})


def _as_if_stamped(at: datetime) -> Receipt:
    return Receipt(at, TimeSource.ANCHORED_RECEIPT)


def _bare(policy: Policy) -> Policy:
    return replace(policy, revocation_grace=timedelta(0), own_receipt_proves=False)


def _lacks(verdict: DocumentVerdict) -> tuple[Reason, ...]:
    """The last timestamp's first: what stands before it depends on it."""
    found = [reason for item in reversed(verdict.signatures) for reason in _lacking(item)]
    if not any(item.kind is SignatureRole.TIMESTAMP for item in verdict.signatures):
        found.append(Reason.TIMESTAMP_NOT_PROVEN)
    return tuple(dict.fromkeys(found))


def _lacking(item: SignatureVerdict) -> tuple[Reason, ...]:
    if item.verdict is not Conclusion.PASSED:
        return item.reasons
    is_proven = item.kind is SignatureRole.TIMESTAMP or item.times.source is TimeSource.TIMESTAMP
    return () if is_proven else (Reason.TIMESTAMP_NOT_PROVEN,)


def _store(document: bytes, about: Sequence[SignatureVerdict], *, trust: TrustStore, evidence: Evidence) -> Store:
    """By the digests and fingerprints in the verdicts, without listed roots: whoever judges brings their own."""
    used = {digest for item in about for digest in item.evidence}
    chain = {name for item in about for name in item.chain if trust.anchor(name) is None}
    near = (*_carried(document), *evidence.certificates)
    return Store(
        certificates=_chosen(near, chain), crls=_chosen(evidence.crls, used), ocsps=_chosen(evidence.ocsps, used)
    )


def _chosen(items: Sequence[bytes], digests: set[str]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(item for item in items if hashlib.sha256(item).hexdigest() in digests))


def _carried(document: bytes) -> Iterator[bytes]:
    """Certificates that travel in the signatures of a file."""
    for field in read(document).signature_fields():
        contents = field.value.get("Contents") if field.value is not None else None
        if not isinstance(contents, HexString):
            continue
        try:
            message, _ = der.read_prefix(bytes(contents))
            yield from read_signed_data(message.raw).certificates
        except NeedsCare:
            continue
