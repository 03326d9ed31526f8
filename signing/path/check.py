"""A certificate's whole answer: chain, usage, validity, revocation, each facet apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from signing.errors import BrokenInput
from signing.path.building import Chain, Pool, find_chains
from signing.path.cache import PathCache, key_of
from signing.path.chain import PathState, state_of
from signing.path.clock import Clock, Moment
from signing.path.evidence import Evidence
from signing.path.model import Certificate, read_certificate
from signing.path.policy import STRICT, Policy
from signing.path.processing import judge
from signing.path.revocation import Revocation, RevocationState, check, is_good_authority
from signing.path.statements import Inquiry
from signing.path.trust import Purpose, SignatureKind, TrustStore
from signing.reasons import Conclusion, Reason, conclude


@dataclass(frozen=True, slots=True)
class PathResult:
    """`chain` holds SHA-256 fingerprints, leaf first. `answer_*` describe the revocation answer about the leaf.

    `policies`: under which the chain is valid, as the root calls them. `details`: for experts, why other chains
    and which evidence did not count.
    """

    verdict: Conclusion
    reason: Reason | None
    reasons: tuple[Reason, ...]
    path: PathState
    revocation: RevocationState
    chain: tuple[str, ...] = ()
    root_label: str = ""
    kind: SignatureKind = SignatureKind.UNKNOWN
    purposes: frozenset[Purpose] = frozenset()
    answer_source: str = ""
    answer_digest: str = ""
    answer_time: datetime | None = None
    revoked_at: datetime | None = None
    evidence: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


CACHE: PathCache[PathResult] = PathCache()

_NOW = {
    Reason.REVOKED_NO_PROOF: Reason.REVOKED,
    Reason.EXPIRED_NO_PROOF: Reason.EXPIRED,
    Reason.AUTHORITY_REVOKED: Reason.CHAIN_REVOKED,
    Reason.ALGORITHM_ENDED: Reason.ALGORITHM_WEAK,
}
"""Open questions about a signature's past that are none where there is no signature yet."""


def check_certificate(
    der: bytes,
    *,
    chain: tuple[bytes, ...] = (),
    trust: TrustStore,
    evidence: Evidence,
    at: datetime,
    purpose: Purpose | None = None,
    policy: Policy = STRICT,
) -> PathResult:
    """May this certificate sign at `at`? For enrolment and before signing (Decree 23/2025, Art. 15).

    A certificate revoked or expired at `at` fails: there is no signature yet whose earlier existence could
    be proven.
    """
    moment = Moment(at=at, best=at, proven=False)
    result = check_path(
        der, chain=chain, trust=trust, evidence=evidence, moment=moment, purpose=purpose, policy=policy
    )
    verdict, ordered = conclude(_NOW.get(reason, reason) for reason in result.reasons)
    return replace(result, verdict=verdict, reasons=ordered, reason=ordered[0] if ordered else None)


def check_path(
    der: bytes,
    *,
    chain: tuple[bytes, ...],
    trust: TrustStore,
    evidence: Evidence,
    moment: Moment,
    purpose: Purpose | None,
    policy: Policy,
) -> PathResult:
    """The same for a signature that exists since `moment.best`."""
    key = key_of((der, *chain), trust=trust, evidence=evidence, policy=policy, purpose=purpose)
    known = CACHE.find(key, moment)
    if known is not None:
        return known
    clock = Clock(moment)
    try:
        leaf = read_certificate(der)
    except BrokenInput as error:
        return _result((Reason.CERTIFICATE_UNREADABLE,), PathState.INVALID, details=(str(error),))
    pool = Pool(trust, chain + evidence.certificates)
    inquiry = Inquiry(clock, policy, evidence, pool, is_good_authority)
    result = _best(leaf, inquiry, purpose)
    CACHE.keep(key, moment, clock.bounds, result)
    return result


_RANK = {Conclusion.PASSED: 0, Conclusion.INDETERMINATE: 1, Conclusion.FAILED: 2}


def _best(leaf: Certificate, inquiry: Inquiry, purpose: Purpose | None) -> PathResult:
    """The best of all chains: one that fails hides none that holds. What is wrong with the others is kept."""
    results: list[PathResult] = []
    for found in _chains(leaf, inquiry):
        results.append(_judge_chain(found, inquiry, purpose))
        if results[-1].verdict is Conclusion.PASSED:
            break
    best = min(results, key=lambda result: (_RANK[result.verdict], len(result.reasons)))
    details = [f"certificate {item}" for item in leaf.oddities]
    if best.verdict is not Conclusion.PASSED:
        details += [f"{what}: {why}" for what, why in inquiry.notes.items()]
        details += [_in_short(result) for result in results if len(results) > 1]
    return replace(best, details=tuple(details)) if details else best


def _chains(leaf: Certificate, inquiry: Inquiry) -> list[Chain]:
    """By RFC 5280 alone, a listed root is a path of its own; but no signer signs with one."""
    anchor = inquiry.pool.trust.anchor(leaf.fingerprint)
    if anchor is not None and not inquiry.policy.signer_profile:
        return [Chain((leaf,), (leaf.key_info,), anchor)]
    return find_chains(leaf, pool=inquiry.pool, longest=inquiry.policy.max_path_length)


def _in_short(result: PathResult) -> str:
    return f"chain {' < '.join(item[:8] for item in result.chain)}: {', '.join(result.reasons)}"


def _judge_chain(chain: Chain, inquiry: Inquiry, purpose: Purpose | None) -> PathResult:
    judged = judge(chain, purpose=purpose, clock=inquiry.clock, policy=inquiry.policy)
    reasons = judged.reasons
    state = state_of(chain, reasons)
    answers = _revocations(chain, inquiry, purpose) if chain.anchor is not None else []
    reasons += tuple(reason for answer in answers for reason in answer.reasons)
    policies = tuple(sorted(judged.policies)) if state is PathState.TRUSTED else ()
    return _result(reasons, state, chain=chain, answers=answers, policies=policies)


def _revocations(chain: Chain, inquiry: Inquiry, purpose: Purpose | None) -> list[Revocation]:
    """Leaf first. The root has nobody to revoke it. A timestamp authority whose token is proven by a later one is
    asked like any authority: a list that was current then is enough, for the later token covers that list too."""
    checked = len(chain.certificates) - 1 if inquiry.policy.check_authority_revocation else 1
    is_archived = purpose is Purpose.TSA and inquiry.clock.moment.proven
    return [check(inquiry, chain, depth, is_last=depth == 0 and not is_archived) for depth in range(checked)]


def _combined(answers: list[Revocation]) -> RevocationState:
    order = (RevocationState.REVOKED, RevocationState.UNKNOWN, RevocationState.GOOD)
    states = {answer.state for answer in answers}
    return next((state for state in order if state in states), RevocationState.NOT_CHECKED)


def _result(
    reasons: tuple[Reason, ...],
    path: PathState,
    *,
    chain: Chain | None = None,
    answers: list[Revocation] | None = None,
    policies: tuple[str, ...] = (),
    details: tuple[str, ...] = (),
) -> PathResult:
    verdict, ordered = conclude(reasons)
    found = [item.answer for item in answers or () if item.answer is not None]
    decided = answers[0].answer if answers else None
    anchor = chain.anchor if chain else None
    return PathResult(
        verdict=verdict,
        reason=ordered[0] if ordered else None,
        reasons=ordered,
        path=path,
        revocation=_combined(answers or []),
        chain=chain.fingerprints if chain else (),
        root_label=anchor.label if anchor else "",
        kind=anchor.kind if anchor else SignatureKind.UNKNOWN,
        purposes=anchor.purposes if anchor else frozenset(),
        answer_source=decided.source if decided else "",
        answer_digest=decided.digest if decided else "",
        answer_time=decided.this_update if decided else None,
        revoked_at=decided.revoked_at if decided else None,
        evidence=tuple(sorted({answer.digest for answer in found})),
        policies=policies,
        details=details,
    )
