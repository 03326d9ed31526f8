"""What every signature's verdict is put together from, in a PDF or beside a file: who, how strong, when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice

from signing.cms.algorithms import Strength, hash_of
from signing.cms.attributes import SIGNATURE_TIMESTAMP, values
from signing.cms.codec import Signer
from signing.cms.rules import Checked
from signing.errors import BrokenInput
from signing.path.certificates import inspect_certificate
from signing.path.chain import PathState
from signing.path.check import PathResult
from signing.path.evidence import Evidence
from signing.path.policy import Policy
from signing.path.revocation import RevocationState
from signing.path.sunsets import check_digest_sunset
from signing.path.timestamps import TimestampResult, check_token
from signing.reasons import WEIGHTS, Conclusion, Reason, SubIndication
from signing.verification.context import Question
from signing.verification.verdict import Indication, Integrity, SignerIdentity, Timestamp

MAX_TOKENS = 20
"""Timestamps looked at for one signature: anybody may add more, each costs two signatures to check."""

NO_PATH = PathResult(
    Conclusion.INDETERMINATE, None, (), PathState.INCOMPLETE, RevocationState.NOT_CHECKED
)  # fmt: skip
INDICATIONS = {
    Conclusion.PASSED: Indication.TOTAL_PASSED,
    Conclusion.FAILED: Indication.TOTAL_FAILED,
    Conclusion.INDETERMINATE: Indication.INDETERMINATE,
}


def judge_tokens(
    question: Question, signer: Signer, *, evidence: Evidence, existed: Callable[[bytes], datetime | None]
) -> list[TimestampResult]:
    """Every timestamp over the signature's value (ETSI EN 319 122-1, 5.3); `existed`: since when each is proven
    to be there."""
    return [
        check_token(
            token,
            lambda name: hash_of(name, signer.signature),
            trust=question.trust,
            evidence=evidence,
            at=question.at,
            policy=question.policy,
            existed=existed(token),
        )
        for token in islice(values(signer.unsigned, SIGNATURE_TIMESTAMP), MAX_TOKENS)
    ]


def proves(item: TimestampResult) -> bool:
    return item.verdict is Conclusion.PASSED and item.time is not None


def token_reason(item: TimestampResult) -> Reason:
    """A bad token is reported, never replaced by what the signer claims."""
    is_bad = item.verdict is Conclusion.FAILED or Reason.TIMESTAMP_INVALID in item.reasons
    return Reason.TIMESTAMP_INVALID if is_bad else Reason.TIMESTAMP_NOT_PROVEN


def shown(items: Iterable[TimestampResult]) -> tuple[Timestamp, ...]:
    return tuple(Timestamp(item.verdict, item.time, item.reasons, _authority(item)) for item in items)


def _authority(item: TimestampResult) -> str:
    try:
        return inspect_certificate(item.certificate).common_name if item.certificate else ""
    except BrokenInput:
        return ""


def integrity_of(checked: Checked) -> Integrity:
    """What contradicts the content is broken; a CMS that cannot be checked is unreadable."""
    if checked.signer is None:
        return Integrity.UNREADABLE
    if checked.digest_fits and checked.signature_fits:
        return Integrity.INTACT
    wrong = {"digest_mismatch", "signature_wrong"} & set(checked.faults)
    return Integrity.BROKEN if wrong else Integrity.UNREADABLE


def digest_reasons(checked: Checked | None, policy: Policy, best: datetime) -> list[Reason]:
    """Whether the digest that was signed may still be relied on at the best signature time."""
    algorithm = checked.algorithm if checked is not None else None
    return [] if algorithm is None else check_digest_sunset(algorithm.digest, policy=policy, best=best)


def strength_of(checked: Checked | None, reasons: Iterable[Reason]) -> Strength:
    if checked is not None and checked.strength is not Strength.ACCEPTABLE:
        return checked.strength
    weak = {Reason.ALGORITHM_WEAK, Reason.CHAIN_ALGORITHM_WEAK} & set(reasons)
    return Strength.WEAK if weak else Strength.ACCEPTABLE


def sub_indication(verdict: Conclusion, reasons: tuple[Reason, ...]) -> SubIndication | None:
    return WEIGHTS[reasons[0]][1] if reasons and verdict is not Conclusion.PASSED else None


def identity_of(certificate: bytes | None) -> SignerIdentity | None:
    """The signer in plain values; None without a certificate that can be read."""
    if certificate is None:
        return None
    try:
        facts = inspect_certificate(certificate)
    except BrokenInput:
        return None
    return SignerIdentity(
        name=facts.common_name,
        title=facts.title,
        organisation=facts.organisation,
        email=facts.email,
        uids=facts.uids,
        issuer=facts.issuer_name,
        serial=facts.serial,
        certificate_sha256=facts.sha256,
        not_before=facts.not_before,
        not_after=facts.not_after,
    )
