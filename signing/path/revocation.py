"""Was a certificate revoked at the time of the signature (checklist C2), and does the evidence prove it?

An answer proves "not revoked at T" only when it was issued at or after T (less the policy's grace). Where T is
not proven, the signature is known to exist only now, and the answer must be of now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509

from signing.path.answers import Answer, crl_answer, ocsp_answers
from signing.path.evidence import Evidence
from signing.path.policy import Policy
from signing.reasons import Reason


class RevocationState(StrEnum):
    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Moment:
    """`best`: the earliest time the signature is known to exist; `proven` unless that is merely `at`.
    `claimed`: what the signer says; it may count against the signature, never for it."""

    at: datetime
    best: datetime
    proven: bool
    claimed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revocation:
    """`answer` is the one that decided."""

    state: RevocationState
    reasons: tuple[Reason, ...] = ()
    answer: Answer | None = None


def check(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    evidence: Evidence,
    moment: Moment,
    policy: Policy,
    is_last: bool,
) -> Revocation:
    """The state of one certificate; `is_last` for the signer's own, else an authority of the chain."""
    answers = [
        answer
        for answer in _collect(certificate, issuer, evidence=evidence, is_last=is_last)
        if answer.this_update <= moment.at + policy.clock_skew
    ]
    revoked = _revoked(answers)
    if revoked is not None:
        return _judge_revoked(revoked, moment=moment, is_last=is_last)
    good = [answer for answer in answers if answer.revoked_at is None and _is_in_term(answer, certificate)]
    if not good:
        return Revocation(RevocationState.UNKNOWN, (Reason.REVOCATION_UNKNOWN,))
    newest = max(good, key=lambda answer: answer.this_update)
    return _judge_good(newest, moment=moment, policy=policy, is_last=is_last)


def _collect(
    certificate: x509.Certificate, issuer: x509.Certificate, *, evidence: Evidence, is_last: bool
) -> list[Answer]:
    lists = (crl_answer(item, certificate, issuer=issuer, is_last=is_last) for item in evidence.crls)
    found = [answer for answer in lists if answer is not None]
    for item in evidence.ocsps:
        found += ocsp_answers(item, certificate, issuer=issuer)
    return found


def _revoked(answers: list[Answer]) -> Answer | None:
    """A revocation stands for ever, whatever a later list leaves out; only a hold can be lifted by a newer good."""
    final = [answer for answer in answers if answer.revoked_at is not None and not answer.held]
    if final:
        return min(final, key=lambda answer: answer.revoked_at or answer.this_update)
    newest = max(answers, key=lambda answer: (answer.this_update, answer.revoked_at is not None), default=None)
    return newest if newest is not None and newest.revoked_at is not None else None


def _is_in_term(answer: Answer, certificate: x509.Certificate) -> bool:
    """Lists drop expired certificates: a good answer from after the expiry says nothing."""
    return answer.this_update <= certificate.not_valid_after_utc


def _judge_revoked(answer: Answer, *, moment: Moment, is_last: bool) -> Revocation:
    since = answer.revoked_at or answer.this_update
    if moment.proven and moment.best < since:
        return Revocation(RevocationState.GOOD, (Reason.REVOKED_LATER,), answer)
    if not is_last:
        return Revocation(RevocationState.REVOKED, (Reason.AUTHORITY_REVOKED,), answer)
    admitted = moment.claimed is not None and moment.claimed >= since
    return Revocation(RevocationState.REVOKED, (Reason.REVOKED if admitted else Reason.REVOKED_NO_PROOF,), answer)


def _judge_good(answer: Answer, *, moment: Moment, policy: Policy, is_last: bool) -> Revocation:
    if is_last:
        fresh = _proves(answer, moment=moment, policy=policy)
    else:
        fresh = answer.this_update >= moment.best or _is_current(answer, moment.best)
    if not fresh:
        return Revocation(RevocationState.UNKNOWN, (Reason.REVOCATION_NOT_FRESH,), answer)
    signed_at = moment.best if moment.proven else moment.claimed
    older = is_last and signed_at is not None and answer.this_update < signed_at
    return Revocation(RevocationState.GOOD, (Reason.REVOCATION_WITHIN_GRACE,) if older else (), answer)


def _proves(answer: Answer, *, moment: Moment, policy: Policy) -> bool:
    if moment.proven:
        return answer.this_update >= moment.best - policy.revocation_grace
    if answer.this_update < moment.at - policy.max_answer_age or not _is_current(answer, moment.at):
        return False
    return moment.claimed is None or answer.this_update >= moment.claimed - policy.revocation_grace


def _is_current(answer: Answer, when: datetime) -> bool:
    return answer.next_update is None or answer.next_update >= when
