"""Any file of a stranger, judged inside the jail: what it is, its first bytes say."""

from __future__ import annotations

from datetime import datetime

from signing.cms.mime import MAX_HEADER, may_be_signature
from signing.jail import Limits
from signing.path.evidence import Evidence
from signing.path.policy import STRICT, Policy
from signing.path.trust import TrustStore
from signing.verification.jailed import LIMITS, verify_in_jail
from signing.verification.jailed_detached import verify_detached_in_jail
from signing.verification.verdict import DocumentVerdict


def verify_file_in_jail(
    data: bytes,
    content: bytes | None = None,
    *,
    trust: TrustStore,
    at: datetime,
    evidence: Evidence | None = None,
    policy: Policy = STRICT,
    limits: Limits = LIMITS,
) -> DocumentVerdict:
    """A PDF by `verify`; a CMS message (`.p7s`, `.p7m`), and whatever stands beside a `content`, by
    `verify_detached`. Anything else is `malformed`."""
    if content is not None or may_be_signature(data[:MAX_HEADER]):
        return verify_detached_in_jail(
            data, content, trust=trust, at=at, evidence=evidence, policy=policy, limits=limits
        )
    return verify_in_jail(data, trust=trust, at=at, evidence=evidence, policy=policy, limits=limits)
