"""Was a certificate revoked at the time of the signature (checklist C2), and does the evidence prove it?

An answer proves "not revoked at T" only when it was issued at or after T (less the policy's grace). Where T is
not proven, the signature is known to exist only now, and the answer must be of now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from signing.path.answers import Answer
from signing.path.building import Chain
from signing.path.clock import Clock, Moment, shifted
from signing.path.extensions import ALL_REASONS
from signing.path.model import Certificate
from signing.path.policy import Policy
from signing.path.statements import Inquiry, answers_about
from signing.reasons import Reason

__all__ = ["Moment", "Revocation", "RevocationState", "check", "is_good_authority"]

_HOLD = "certificateHold"


class RevocationState(StrEnum):
    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Revocation:
    """`answer` is the one that decided."""

    state: RevocationState
    reasons: tuple[Reason, ...] = ()
    answer: Answer | None = None


def check(inquiry: Inquiry, chain: Chain, depth: int, *, is_last: bool) -> Revocation:
    """The state of one certificate of the chain; `is_last` for the signer's own, else an authority's."""
    answers = answers_about(inquiry, chain, depth)
    clock = inquiry.clock
    revoked = _revoked(answers)
    if revoked is not None:
        return _judge_revoked(revoked, clock=clock, is_last=is_last)
    good = _complete([answer for answer in answers if _is_in_term(answer, chain.certificates[depth])])
    if not good:
        return Revocation(RevocationState.UNKNOWN, (Reason.REVOCATION_UNKNOWN,))
    return _judge_good(good, clock=clock, policy=inquiry.policy, is_last=is_last)


def is_good_authority(inquiry: Inquiry, chain: Chain, depth: int) -> bool:
    """For signers of lists and OCSP responders: revoked at any time, or unknown, is not good."""
    found = check(inquiry, chain, depth, is_last=False)
    return found.state is RevocationState.GOOD and Reason.REVOKED_LATER not in found.reasons


def _revoked(answers: list[Answer]) -> Answer | None:
    """A revocation stands for ever, whatever a later list leaves out; only a hold can be lifted, by a newer good
    from somebody who speaks about holds."""
    final = [answer for answer in answers if answer.revoked_at is not None and not answer.held]
    if final:
        return min(final, key=lambda answer: answer.revoked_at or answer.this_update)
    about_holds = [answer for answer in answers if answer.held or _HOLD in answer.reasons]
    newest = max(about_holds, key=lambda answer: (answer.this_update, answer.revoked_at is not None), default=None)
    return newest if newest is not None and newest.revoked_at is not None else None


def _is_in_term(answer: Answer, certificate: Certificate) -> bool:
    """Lists drop expired certificates: a good answer from after the expiry says nothing."""
    return answer.revoked_at is None and answer.this_update <= certificate.not_after


def _complete(good: list[Answer]) -> list[Answer]:
    """Newest first, about every reason: those that speak of all, and the newest of each part put together."""
    whole = [answer for answer in good if answer.reasons == ALL_REASONS]
    parts: dict[frozenset[str], Answer] = {}
    for answer in sorted(good, key=lambda item: item.this_update):
        if answer.reasons != ALL_REASONS:
            parts[answer.reasons] = answer
    if parts and frozenset().union(*parts) == ALL_REASONS:
        oldest = min(parts.values(), key=lambda item: item.this_update)
        ends = [item.next_update for item in parts.values() if item.next_update is not None]
        whole.append(replace(oldest, next_update=min(ends, default=None), reasons=ALL_REASONS))
    return sorted(whole, key=lambda item: item.this_update, reverse=True)


def _judge_revoked(answer: Answer, *, clock: Clock, is_last: bool) -> Revocation:
    since = answer.revoked_at or answer.this_update
    if clock.moment.proven and not clock.reached(Clock.BEST, since):
        return Revocation(RevocationState.GOOD, (Reason.REVOKED_LATER,), answer)
    if not is_last:
        return Revocation(RevocationState.REVOKED, (Reason.AUTHORITY_REVOKED,), answer)
    admitted = clock.has_claim and clock.reached(Clock.CLAIMED, since)
    return Revocation(RevocationState.REVOKED, (Reason.REVOKED if admitted else Reason.REVOKED_NO_PROOF,), answer)


def _judge_good(good: list[Answer], *, clock: Clock, policy: Policy, is_last: bool) -> Revocation:
    for answer in good:
        if not _is_fresh(answer, clock=clock, policy=policy, is_last=is_last):
            continue
        signed = clock.signed if is_last else None
        older = signed is not None and clock.passed(signed, answer.this_update)
        return Revocation(RevocationState.GOOD, (Reason.REVOCATION_WITHIN_GRACE,) if older else (), answer)
    return Revocation(RevocationState.UNKNOWN, (Reason.REVOCATION_NOT_FRESH,), good[0])


def _is_fresh(answer: Answer, *, clock: Clock, policy: Policy, is_last: bool) -> bool:
    if not is_last:
        return not clock.passed(Clock.BEST, answer.this_update) or _is_current(answer, clock, Clock.BEST)
    if clock.moment.proven:
        return not clock.passed(Clock.BEST, shifted(answer.this_update, policy.revocation_grace))
    if clock.passed(Clock.AT, shifted(answer.this_update, policy.max_answer_age)):
        return False
    if not _is_current(answer, clock, Clock.AT):
        return False
    return not clock.has_claim or not clock.passed(
        Clock.CLAIMED, shifted(answer.this_update, policy.revocation_grace)
    )


def _is_current(answer: Answer, clock: Clock, which: int) -> bool:
    return answer.next_update is None or not clock.passed(which, answer.next_update)
