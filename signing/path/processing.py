"""Whether every step of a chain is allowed: RFC 5280, section 6.1, from the root down.

For each certificate: 1 its dates, 2 extensions that nobody understands, 3 its names under the constraints above,
4 its policies; and for each that issues: 5 policy mappings and counters, 6 new name constraints, 7 that it is an
authority, 8 how long the chain below may be, 9 keyCertSign. The chain of signatures and names is what the search in
`building` found. Every fault is reported, not only the first.
"""

from __future__ import annotations

from dataclasses import dataclass

from signing.errors import NeedsCare
from signing.path.building import Chain, is_self_signed
from signing.path.clock import Clock
from signing.path.constraints import check_names
from signing.path.extensions import ANY_POLICY, NameConstraints
from signing.path.model import Certificate
from signing.path.policies import PolicyState
from signing.path.policy import Policy
from signing.path.sunsets import check_chain_sunsets
from signing.path.trust import SIGNERS, Purpose, TrustAnchor
from signing.path.usage import check_strength, check_usage
from signing.reasons import Reason


@dataclass(frozen=True, slots=True)
class Judged:
    """`policies`: under which the chain is valid, in the root's language."""

    reasons: tuple[Reason, ...]
    policies: frozenset[str] = frozenset()


def judge(chain: Chain, *, purpose: Purpose | None, clock: Clock, policy: Policy) -> Judged:
    """Everything wrong with a chain at `clock`; `purpose` None means any signer."""
    reasons = list(chain.reasons)
    if policy.signer_profile:
        reasons += check_usage(chain.certificates[0], purpose)
        reasons += check_strength(chain)
        reasons += check_chain_sunsets(chain, policy=policy, clock=clock)
    if chain.anchor is not None:
        reasons += _check_anchor(chain.anchor, purpose, clock)
    walked = walk(chain, policy=policy, clock=clock)
    return Judged(tuple(dict.fromkeys((*reasons, *walked.reasons))), walked.policies)


def walk(chain: Chain, *, policy: Policy, clock: Clock) -> Judged:
    """Section 6.1 alone, without what a profile adds."""
    try:
        walked = _Walk(chain, policy, clock)
        walked.run()
    except NeedsCare:
        return Judged((Reason.RESOURCE_LIMIT,))
    return Judged(tuple(walked.reasons), walked.accepted)


def _check_anchor(anchor: TrustAnchor, purpose: Purpose | None, clock: Clock) -> list[Reason]:
    wanted = SIGNERS if purpose is None else frozenset({purpose})
    reasons = [] if anchor.purposes & wanted else [Reason.ROOT_NOT_FOR_PURPOSE]
    if anchor.trusted_until is not None and clock.passed(Clock.BEST, anchor.trusted_until):
        reasons.append(Reason.ROOT_RETIRED)
    return reasons


class _Walk:
    """The state of section 6.1.2 on the way down."""

    def __init__(self, chain: Chain, policy: Policy, clock: Clock) -> None:
        top = chain.certificates[-1]
        has_root = len(chain.certificates) > 1 and (chain.anchor is not None or is_self_signed(top))
        self.root = top if has_root else None
        self.below = chain.certificates[-2::-1] if has_root else chain.certificates[::-1]
        self.clock = clock
        self.wanted = frozenset(policy.policies) or frozenset({ANY_POLICY})
        self.reasons: list[Reason] = []
        self.accepted: frozenset[str] = frozenset()
        self.constraints: list[NameConstraints] = []
        self.room = len(self.below)
        self.policies = PolicyState.start(
            len(self.below),
            explicit=policy.explicit_policy,
            inhibit_mapping=policy.inhibit_mapping,
            inhibit_any=policy.inhibit_any_policy,
        )

    def run(self) -> None:
        if self.root is not None:
            self._enter(self.root)
        last = len(self.below) - 1
        for index, certificate in enumerate(self.below):
            self._check(certificate, is_last=index == last)
            if index < last:
                self._prepare_next(certificate)
        satisfied, self.accepted = self.policies.wrap_up(self.below[-1], self.wanted)
        if not satisfied:
            self.reasons.append(Reason.POLICY_NOT_MET)

    def _enter(self, root: Certificate) -> None:
        """What a listed root says of itself binds those below it (RFC 5937); one of version 1 can say nothing."""
        self._dates(root)
        if root.version == 3:
            self._authority(root)
        if root.basic is not None and root.basic.path_length is not None:
            self.room = min(self.room, root.basic.path_length)
        if root.name_constraints is not None:
            self.constraints.append(root.name_constraints)

    def _check(self, certificate: Certificate, *, is_last: bool) -> None:
        self._dates(certificate)  # 1
        if certificate.critical:  # 2
            self.reasons.append(Reason.UNKNOWN_CRITICAL_EXTENSION)
        if is_last or not certificate.is_self_issued:  # 3
            self.reasons += check_names(certificate, self.constraints)
        if not self.policies.check(certificate, is_last=is_last):  # 4
            self.reasons.append(Reason.POLICY_NOT_MET)

    def _prepare_next(self, certificate: Certificate) -> None:
        if not self.policies.prepare_next(certificate):  # 5
            self.reasons.append(Reason.POLICY_NOT_MET)
        if certificate.name_constraints is not None:  # 6
            self.constraints.append(certificate.name_constraints)
        self._authority(certificate)  # 7, 9
        if not certificate.is_self_issued:  # 8
            if self.room <= 0:
                self.reasons.append(Reason.PATH_TOO_LONG)
            self.room -= 1
        if certificate.basic is not None and certificate.basic.path_length is not None:
            self.room = min(self.room, certificate.basic.path_length)

    def _authority(self, certificate: Certificate) -> None:
        may_sign = certificate.usages is None or "keyCertSign" in certificate.usages
        if not certificate.is_authority or not may_sign:
            self.reasons.append(Reason.ISSUER_NOT_AUTHORITY)

    def _dates(self, certificate: Certificate) -> None:
        """Before its time: it could not have signed. After it: perhaps it signed in time, unless the signer says
        himself that he did not."""
        clock = self.clock
        if not clock.reached(Clock.BEST, certificate.not_before):
            self.reasons.append(Reason.NOT_YET_VALID)
        elif clock.passed(Clock.BEST, certificate.not_after):
            said_later = clock.has_claim and clock.passed(Clock.CLAIMED, certificate.not_after)
            self.reasons.append(Reason.EXPIRED if said_later else Reason.EXPIRED_NO_PROOF)
