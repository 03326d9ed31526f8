"""RFC 3161 timestamps: a token over given bytes, by an authority under a TSA root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from signing.cms import der
from signing.cms.algorithms import STRONG, digest_name, hash_of
from signing.cms.codec import TST_INFO, SignedData, algorithm, read_signed_data
from signing.cms.rules import Checked, Expected, check
from signing.errors import BrokenInput, NeedsCare
from signing.path.check import PathResult, check_path
from signing.path.evidence import Evidence
from signing.path.model import read_certificate
from signing.path.policy import Policy
from signing.path.revocation import Moment
from signing.path.sunsets import check_digest_sunset
from signing.path.trust import Purpose, TrustStore
from signing.reasons import Conclusion, Reason, conclude


@dataclass(frozen=True, slots=True)
class TokenContent:
    """TSTInfo (RFC 3161, 2.4.2). `nonce` as the question had it, None without."""

    hash_name: str
    imprint: bytes
    time: datetime
    serial: int
    policy: str
    nonce: int | None = None


@dataclass(frozen=True, slots=True)
class TimestampResult:
    """`time` is believed only when `verdict` is passed."""

    verdict: Conclusion
    reasons: tuple[Reason, ...]
    time: datetime | None
    certificate: bytes | None = None
    path: PathResult | None = None
    checked: Checked | None = None
    content: SignedData | None = None


def check_token(
    token: bytes,
    digest_of: Callable[[str], bytes],
    *,
    trust: TrustStore,
    evidence: Evidence,
    at: datetime,
    policy: Policy,
    existed: datetime | None = None,
) -> TimestampResult:
    """Judge a TimeStampToken whose imprint must be `digest_of` the stamped bytes.

    `existed`: when something else proves that the token was there, a later timestamp over it or a receipt. What
    has happened to its authority since then counts no more (ETSI EN 319 102-1, 5.6.2: past validation).
    """
    try:
        data = read_signed_data(token)
        content = read_content(data.content or b"")
        checked = check(data, _expected(data))
    except NeedsCare:
        return TimestampResult(Conclusion.INDETERMINATE, (Reason.TIMESTAMP_INVALID,), None)
    is_bad = bool(checked.faults) or checked.certificate is None or content.hash_name not in STRONG
    if is_bad or digest_of(content.hash_name) != content.imprint or content.time > at + policy.clock_skew:
        return TimestampResult(Conclusion.FAILED, (Reason.TIMESTAMP_INVALID,), content.time, checked.certificate)
    moments = [Moment(at=at, best=at, proven=False)]
    if existed is not None and existed <= at:
        moments.append(Moment(at=at, best=existed, proven=True))
    results = []
    for moment in moments:
        path = check_path(
            checked.certificate or b"",
            chain=data.certificates,
            trust=trust,
            evidence=evidence,
            moment=moment,
            purpose=Purpose.TSA,
            policy=policy,
        )
        reasons = (*path.reasons, *_outside(content.time, checked.certificate or b""))
        reasons += _ended(content, checked, policy=policy, best=moment.best)
        verdict, ordered = conclude(reasons)
        results.append(TimestampResult(verdict, ordered, content.time, checked.certificate, path, checked, data))
        if verdict is Conclusion.PASSED:
            break
    return results[-1]


def _expected(data: SignedData) -> Expected:
    return Expected(TST_INFO, lambda name: hash_of(name, data.content or b""), attached=True)


def _ended(content: TokenContent, checked: Checked, *, policy: Policy, best: datetime) -> tuple[Reason, ...]:
    """Neither what the authority signed with nor the hash of what it stamped may have ended: a collision of the
    latter gives another content this old time."""
    signed = {checked.algorithm.digest} if checked.algorithm is not None else set()
    names = sorted(signed | {content.hash_name})
    return tuple(reason for name in names for reason in check_digest_sunset(name, policy=policy, best=best))


def _outside(time: datetime, certificate: bytes) -> tuple[Reason, ...]:
    """The token's own time must lie in the life of the certificate that signed it."""
    try:
        found = read_certificate(certificate)
    except BrokenInput:
        return (Reason.CERTIFICATE_UNREADABLE,)
    inside = found.not_before <= time <= found.not_after
    return () if inside else (Reason.TIMESTAMP_INVALID,)


def read_content(data: bytes) -> TokenContent:
    """TSTInfo out of the attached content."""
    parts = list(der.read(data).expect(der.SEQUENCE).children())
    if len(parts) < 5 or der.integer(parts[0]) != 1:
        raise NeedsCare("tst_info")
    imprint = parts[2].expect(der.SEQUENCE).children()
    if len(imprint) != 2:
        raise NeedsCare("tst_info")
    return TokenContent(
        hash_name=digest_name(algorithm(imprint[0])),
        imprint=imprint[1].expect(der.OCTET_STRING).content,
        time=der.time(parts[4].expect(der.GENERALIZED_TIME)),
        serial=der.integer(parts[3]),
        policy=der.oid(parts[1]),
        nonce=next((der.integer(part) for part in parts[5:] if part.tag == der.INTEGER), None),
    )
