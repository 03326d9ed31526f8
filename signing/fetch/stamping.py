"""A timestamp asked of an authority (RFC 3161) over HTTP (3.4), and believed only after it was checked.

    stamped = stamp(digest, url="http://tsa.ca.gov.vn/", settings=FetchSettings(), trust=trust, at=now)

The URL is the administrator's own word: its host need not be listed and may lie in a private network or on this
machine. Whatever comes back may be a lie: `FetchRefused` with a `StampReason` (or a `FetchReason` for the way
there) and its details, never a token that was not asked for, and never a time of our own in its place.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from signing.cms import ber
from signing.cms import der as reading
from signing.cms.codec import read_signed_data
from signing.errors import BrokenInput, FetchRefused, NeedsCare
from signing.fetch.addresses import parse
from signing.fetch.http import request
from signing.fetch.settings import FetchSettings
from signing.path.certificates import PARSE_ERRORS, inspect_certificate
from signing.path.chain import PathState
from signing.path.check import PathResult
from signing.path.evidence import Evidence
from signing.path.policy import STRICT, Policy
from signing.path.timestamps import TimestampResult, TokenContent, check_token, read_content
from signing.path.trust import TrustStore
from signing.prepare import der as writing
from signing.prepare.algorithms import HashFunction, digest_algorithm
from signing.reasons import Reason

QUESTION = "application/timestamp-query"
MAX_TOKEN = 256 * 1024
"""Bytes of an answer; real ones with their chain take 3 to 8 KB."""
_GRANTED = frozenset({0, 1})
_STATUS_NAMES = {2: "rejection", 3: "waiting", 4: "revocation_warning", 5: "revocation_notification"}
_NO_EVIDENCE = Evidence()


class StampReason(StrEnum):
    """Why an answer is no timestamp of ours."""

    UNREADABLE = "stamp_unreadable"  # no TimeStampResp, or its token is none
    REJECTED = "stamp_rejected"  # the authority says no; `status` and `failure` as it gave them
    WRONG_IMPRINT = "stamp_wrong_imprint"  # it stamped something else
    WRONG_NONCE = "stamp_wrong_nonce"  # an answer to another question, perhaps an old one
    WRONG_TIME = "stamp_wrong_time"  # ahead of us, or long before we asked
    NOT_SIGNED = "stamp_not_signed"  # its signature, or the naming of its certificate, does not hold
    WRONG_PURPOSE = "stamp_wrong_purpose"  # not a certificate for timestamps and nothing else
    NOT_TRUSTED = "stamp_not_trusted"  # leads to no root that is listed for timestamps
    REVOKED = "stamp_revoked"  # its certificate, or an authority above, is known to be revoked


@dataclass(frozen=True, slots=True)
class Stamped:
    """`token` is the TimeStampToken (DER); `certificate` (DER) is its authority's, `name` what that is called and
    `until` when it ends; `chain`: the certificates above it that came. `proven`: whether the evidence given also
    shows that it was not revoked."""

    token: bytes
    time: datetime
    serial: int
    certificate: bytes
    name: str
    until: datetime
    proven: bool
    chain: tuple[bytes, ...] = ()


def question(digest: bytes, nonce: int) -> bytes:
    """TimeStampReq over a SHA-256 digest; the answer shall carry its certificate."""
    if len(digest) != 32:
        raise ValueError("a SHA-256 digest has 32 bytes")
    imprint = writing.sequence(digest_algorithm(HashFunction.SHA256), writing.octets(digest))
    return writing.sequence(writing.integer(1), imprint, writing.integer(nonce), writing.boolean(True))


def stamp(
    digest: bytes,
    *,
    url: str,
    settings: FetchSettings,
    trust: TrustStore,
    at: datetime,
    evidence: Evidence = _NO_EVIDENCE,
    policy: Policy = STRICT,
    clock: Callable[[], datetime] | None = None,
) -> Stamped:
    """One timestamp over `digest`, asked of `url`. `at` is when it is asked; `clock` reads the time when the answer
    is there, where one that took long shall not look as if it came from the future."""
    nonce = secrets.randbits(63) | 1 << 62
    own = replace(settings, allow_loopback=True, max_bytes=min(settings.max_bytes, MAX_TOKEN))
    asked = question(digest, nonce)
    answer = request(parse(url, any_port=True), own, body=asked, content_type=QUESTION, private=True)
    token = read_response(answer.body)
    content = _content(token)
    if content.hash_name != "sha256" or content.imprint != digest:
        raise FetchRefused(StampReason.WRONG_IMPRINT)
    if content.nonce != nonce:
        raise FetchRefused(StampReason.WRONG_NONCE)
    now = at if clock is None else clock()
    if not at - policy.clock_skew <= content.time <= now + policy.clock_skew:
        raise FetchRefused(StampReason.WRONG_TIME, time=content.time.isoformat())
    result = check_token(token, lambda name: digest, trust=trust, evidence=evidence, at=now, policy=policy)
    return _believed(token, content, result)


def read_response(body: bytes) -> bytes:
    """The token of a TimeStampResp (2.4.2), where it was granted; from BER, as some authorities write, in DER."""
    try:
        parts = reading.read(ber.to_der(body)).expect(reading.SEQUENCE).children()
        status = parts[0].expect(reading.SEQUENCE).children()
        code = reading.integer(status[0])
        if code not in _GRANTED:
            failure = next((item.content[1:].hex() for item in status[1:] if item.tag == 0x03), "")
            raise FetchRefused(StampReason.REJECTED, status=_STATUS_NAMES.get(code, str(code)), failure=failure)
        (token,) = parts[1:]
    except (NeedsCare, IndexError, ValueError) as error:
        raise FetchRefused(StampReason.UNREADABLE) from error
    return token.raw


def _content(token: bytes) -> TokenContent:
    try:
        return read_content(read_signed_data(token).content or b"")
    except NeedsCare as error:
        raise FetchRefused(StampReason.UNREADABLE) from error


def _believed(token: bytes, content: TokenContent, result: TimestampResult) -> Stamped:
    """Signed by an authority under a listed root. That no list about it is at hand yet does not matter today: the
    authority spoke just now, and whoever relies on the token later judges it with the lists of that day."""
    path = result.path
    if path is None or result.certificate is None:
        raise FetchRefused(StampReason.NOT_SIGNED, faults=sorted(result.checked.faults) if result.checked else [])
    if Reason.EXTENDED_KEY_USAGE_WRONG in path.reasons or Reason.KEY_USAGE_WRONG in path.reasons:
        raise FetchRefused(StampReason.WRONG_PURPOSE)
    if path.path is not PathState.TRUSTED:
        raise FetchRefused(StampReason.NOT_TRUSTED, because=str(path.reason or path.path))
    if {Reason.REVOKED, Reason.REVOKED_NO_PROOF, Reason.AUTHORITY_REVOKED, Reason.CHAIN_REVOKED} & set(
        path.reasons
    ):
        raise FetchRefused(StampReason.REVOKED)
    if not set(result.reasons) <= {*path.reasons} or set(path.reasons) - _MAY_BE_OPEN:
        raise FetchRefused(StampReason.NOT_SIGNED, because=[str(reason) for reason in result.reasons])
    try:
        facts = inspect_certificate(result.certificate)
    except (BrokenInput, *PARSE_ERRORS) as error:
        raise FetchRefused(StampReason.UNREADABLE) from error
    return Stamped(
        token=token, time=content.time, serial=content.serial, certificate=result.certificate,
        name=facts.common_name, until=facts.not_after, proven=not set(path.reasons) & _OPEN_YET,
        chain=tuple(one for one in _carried(result, path) if one != result.certificate),
    )  # fmt: skip


def _carried(result: TimestampResult, path: PathResult) -> tuple[bytes, ...]:
    """What came of the path that was followed: nobody signed the list of certificates beside it."""
    found = result.content.certificates if result.content is not None else ()
    return tuple(one for one in found if hashlib.sha256(one).hexdigest() in path.chain)


_OPEN_YET = frozenset({Reason.REVOCATION_UNKNOWN, Reason.REVOCATION_NOT_FRESH})
_MAY_BE_OPEN = _OPEN_YET | {Reason.REVOCATION_WITHIN_GRACE}
