"""Why a verdict about the same signature came out differently later."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from signing import DocumentVerdict, Reason


class Cause(StrEnum):
    """What was different: a newer revocation list or answer · the listed roots · how strictly is judged · time that
    went by · the file itself (a later signature, or damage) · the careful reading, which found what the strict one
    had not."""

    EVIDENCE = "evidence"
    TRUST = "trust"
    POLICY = "policy"
    TIME = "time"
    FILE = "file"
    CAREFUL = "careful"


_ROOTS = frozenset(
    {
        Reason.NO_TRUST_GIVEN, Reason.ISSUER_NOT_FOUND, Reason.ROOT_NOT_TRUSTED, Reason.ROOT_NOT_FOR_PURPOSE,
        Reason.ROOT_RETIRED,
    }
)  # fmt: skip
_LISTS = frozenset(
    {
        Reason.REVOKED, Reason.REVOKED_NO_PROOF, Reason.REVOKED_LATER, Reason.AUTHORITY_REVOKED,
        Reason.CHAIN_REVOKED, Reason.REVOCATION_UNKNOWN, Reason.REVOCATION_NOT_FRESH,
        Reason.REVOCATION_WITHIN_GRACE,
    }
)  # fmt: skip
_YEARS = frozenset(
    {
        Reason.EXPIRED, Reason.EXPIRED_NO_PROOF, Reason.NOT_YET_VALID, Reason.REVOCATION_NOT_FRESH,
        Reason.ALGORITHM_ENDED,
    }
)  # fmt: skip
_STRICTNESS = frozenset(
    {
        Reason.REVOCATION_NOT_FRESH, Reason.REVOCATION_WITHIN_GRACE, Reason.ALGORITHM_WEAK,
        Reason.CHAIN_ALGORITHM_WEAK, Reason.POLICY_NOT_MET, Reason.ALGORITHM_ENDED,
    }
)  # fmt: skip
_GROUPS = ((Cause.EVIDENCE, _LISTS), (Cause.TRUST, _ROOTS), (Cause.POLICY, _STRICTNESS), (Cause.TIME, _YEARS))


def causes_between(
    before: DocumentVerdict, after: DocumentVerdict, *, changed: Iterable[Reason], issued: Collection[str] = ()
) -> tuple[Cause, ...]:
    """Of what both rested on, that which is different and can have brought or taken away the `changed` reasons.

    Where none of it can, all that is different is named; where nothing is, it was time. `issued`: files that are
    the same document to everybody, since the clock only put timestamps and evidence behind it.
    """
    different = {
        Cause.EVIDENCE: before.evidence != after.evidence,
        Cause.TRUST: before.trust_digest != after.trust_digest,
        Cause.POLICY: before.policy_digest != after.policy_digest,
        Cause.FILE: before.sha256 != after.sha256 and not {before.sha256, after.sha256} <= set(issued),
    }
    possible = [cause for cause in Cause if different.get(cause, False)]
    reasons = set(changed)
    fitting = [cause for cause, group in _GROUPS if reasons & group and (cause in possible or cause is Cause.TIME)]
    if reasons - frozenset().union(*(group for _cause, group in _GROUPS)) and Cause.FILE in possible:
        fitting.append(Cause.FILE)
    if not any(different.values()) and after.basis == "careful" != before.basis:
        return (Cause.CAREFUL,)
    known = [cause for cause in fitting if cause is not Cause.TIME] or fitting or possible
    return tuple(known) or (Cause.TIME,)
