"""A certificate's whole answer: chain, usage, validity, revocation, each facet apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from signing.errors import BrokenInput
from signing.path import revocation
from signing.path.certificates import load
from signing.path.chain import Chain, PathState, find_chains, fingerprint, judge, state_of
from signing.path.evidence import Evidence
from signing.path.policy import STRICT, Policy
from signing.path.revocation import Moment, Revocation, RevocationState
from signing.path.trust import Purpose, SignatureKind, TrustStore
from signing.reasons import Conclusion, Reason, conclude


@dataclass(frozen=True, slots=True)
class PathResult:
    """`chain` holds SHA-256 fingerprints, leaf first. `answer_*` describe the revocation answer about the leaf."""

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
    harder = {Reason.REVOKED_NO_PROOF: Reason.REVOKED, Reason.EXPIRED_NO_PROOF: Reason.EXPIRED}
    return _with_reasons(result, tuple(harder.get(reason, reason) for reason in result.reasons))


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
    try:
        leaf = load(der)
    except BrokenInput:
        return _result((Reason.CERTIFICATE_UNREADABLE,), PathState.INVALID, RevocationState.NOT_CHECKED)
    pool = tuple(dict.fromkeys(chain + evidence.certificates))
    results = [
        _judge_chain(found, evidence=evidence, moment=moment, purpose=purpose, policy=policy)
        for found in find_chains(leaf, pool=pool, trust=trust, longest=policy.max_path_length)
    ]
    return min(results, key=lambda result: (_RANK[result.verdict], len(result.reasons)))


_RANK = {Conclusion.PASSED: 0, Conclusion.INDETERMINATE: 1, Conclusion.FAILED: 2}


def _judge_chain(
    chain: Chain, *, evidence: Evidence, moment: Moment, purpose: Purpose | None, policy: Policy
) -> PathResult:
    reasons = judge(chain, purpose=purpose, when=moment.best, claimed=moment.claimed)
    state = state_of(chain, reasons)
    answers = _revocations(chain, evidence=evidence, moment=moment, policy=policy) if chain.anchor else []
    reasons += tuple(reason for answer in answers for reason in answer.reasons)
    return _result(reasons, state, _combined(answers), chain=chain, answers=answers)


def _revocations(chain: Chain, *, evidence: Evidence, moment: Moment, policy: Policy) -> list[Revocation]:
    """Leaf first. The root has nobody to revoke it."""
    pairs = list(zip(chain.certificates, chain.certificates[1:], strict=False))
    checked = pairs if policy.check_authority_revocation else pairs[:1]
    return [
        revocation.check(certificate, issuer, evidence=evidence, moment=moment, policy=policy, is_last=depth == 0)
        for depth, (certificate, issuer) in enumerate(checked)
    ]


def _combined(answers: list[Revocation]) -> RevocationState:
    order = (RevocationState.REVOKED, RevocationState.UNKNOWN, RevocationState.GOOD)
    states = {answer.state for answer in answers}
    return next((state for state in order if state in states), RevocationState.NOT_CHECKED)


def _result(
    reasons: tuple[Reason, ...],
    path: PathState,
    state: RevocationState,
    *,
    chain: Chain | None = None,
    answers: list[Revocation] | None = None,
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
        revocation=state,
        chain=tuple(map(fingerprint, chain.certificates)) if chain else (),
        root_label=anchor.label if anchor else "",
        kind=anchor.kind if anchor else SignatureKind.UNKNOWN,
        purposes=anchor.purposes if anchor else frozenset(),
        answer_source=decided.source if decided else "",
        answer_digest=decided.digest if decided else "",
        answer_time=decided.this_update if decided else None,
        revoked_at=decided.revoked_at if decided else None,
        evidence=tuple(sorted({answer.digest for answer in found})),
    )


def _with_reasons(result: PathResult, reasons: tuple[Reason, ...]) -> PathResult:
    verdict, ordered = conclude(reasons)
    return replace(result, verdict=verdict, reasons=ordered, reason=ordered[0] if ordered else None)
