"""What a verifier demands. Everything an office may tighten or loosen is a field here, and its digest is kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Sunset:
    """`algorithm` (one of `signing.path.sunsets.NAMES`) is acceptable for what is proven older than `until`."""

    algorithm: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Policy:
    """The defaults are strict: an answer about revocation must not be older than the signature it is about.

    `revocation_grace`: how much older than the signing time a CRL or OCSP answer may be and still prove that
    the certificate was not revoked. With zero, a leader who signs at 14:03 while the newest CRL is of 06:00
    gets `revocation_not_fresh` (try later) until the next CRL. With 24 hours it passes, with the remark
    `revocation_within_grace` and the time of the answer in the verdict.

    `max_answer_age`: without a proven time the signature is only known to exist now, so the answer must be
    of now: this is how old it may be. It must also not be older than the *claimed* signing time by more
    than the grace (a claim may count against a signature, never for it).

    For authorities, whose CRLs come out months apart, an answer that was current at the time is enough.
    """

    name: str = "strict"
    revocation_grace: timedelta = timedelta(0)
    max_answer_age: timedelta = timedelta(hours=24)
    own_receipt_proves: bool = False
    """Whether the caller's own receipt counts before its journal entry lies under an external timestamp."""
    check_authority_revocation: bool = True
    clock_skew: timedelta = timedelta(minutes=5)
    max_path_length: int = 6
    max_field_share: float = 0.25
    """Largest part of a page that one signature box may take, 0–1."""
    signer_profile: bool = True
    """Whether key usage, purposes and algorithms must be a document signer's; else RFC 5280 alone."""
    policies: tuple[str, ...] = ()
    """The user-initial-policy-set (RFC 5280, 6.1.1 c); empty: any."""
    explicit_policy: bool = False
    inhibit_mapping: bool = False
    inhibit_any_policy: bool = False
    """The other initial settings of RFC 5280, 6.1.1."""
    sunsets: tuple[Sunset, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical form, hex."""
        return _digest(self)


@lru_cache(maxsize=64)
def _digest(policy: Policy) -> str:
    plain = {
        key: value.total_seconds() if isinstance(value, timedelta) else value
        for key, value in asdict(policy).items()
    }
    ends = sorted([one.algorithm, one.until.isoformat()] for one in policy.sunsets)
    plain = {key: value for key, value in plain.items() if key != "sunsets"} | ({"sunsets": ends} if ends else {})
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


STRICT = Policy()
"""Nothing but an answer from after the signature counts."""

DAILY = Policy(
    name="daily",
    revocation_grace=timedelta(hours=25),
    max_answer_age=timedelta(hours=25),
    own_receipt_proves=True,
)
"""For offices whose CRLs are renewed daily and who trust their own journal: a CRL of the last day is accepted
and its age is shown."""

RFC5280 = Policy(
    name="rfc5280",
    max_answer_age=timedelta(days=365 * 100),
    max_path_length=64,
    signer_profile=False,
)
"""The plain algorithm: any current answer counts, weak algorithms are only computed, no usage is asked for."""
