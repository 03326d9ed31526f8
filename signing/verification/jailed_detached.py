"""`verify_detached` inside the jail, for messages of strangers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from signing import jail
from signing.errors import BrokenInput
from signing.jail import JailResult, Limits
from signing.path.evidence import Evidence
from signing.path.policy import STRICT, Policy
from signing.path.trust import TrustStore
from signing.reasons import Reason
from signing.verification import serial
from signing.verification.context import Question
from signing.verification.detached import answer, verify_detached
from signing.verification.jailed import LIMITS, Asked
from signing.verification.verdict import DocumentVerdict

TASK = "signing.verification.jailed_detached:task"


def verify_detached_in_jail(
    message: bytes,
    content: bytes | None = None,
    *,
    trust: TrustStore,
    at: datetime,
    evidence: Evidence | None = None,
    policy: Policy = STRICT,
    limits: Limits = LIMITS,
) -> DocumentVerdict:
    """The same verdict as `verify_detached`; over the limits, or where the child dies, indeterminate with the
    reason. Message and content are handed over whole, so the caller bounds their size."""
    if at.tzinfo is None:
        raise ValueError("`at` must be aware")
    asked = Asked(trust.anchors, at, evidence or Evidence(), policy, None, (), ())
    arguments = {"asked": serial.dump(asked), "message": len(message), "beside": content is not None}
    try:
        found = jail.run(TASK, message + (content or b""), arguments=arguments, limits=limits)
        return DocumentVerdict.from_json(str(found.json))
    except jail.ResourceLimit as error:
        reason, detail = Reason.RESOURCE_LIMIT, error.code
    except (jail.JailError, BrokenInput) as error:
        reason, detail = Reason.STRUCTURE_UNREADABLE, error.code
    question = Question(trust, at, asked.evidence, policy, None, {})
    return answer(memoryview(message), question, reasons=(reason,), detail=detail)


def task(payload: bytes, arguments: dict[str, Any]) -> JailResult:
    """The jailed task: the message, then the content."""
    asked = serial.load(Asked, str(arguments["asked"]))
    whole, end = memoryview(payload), int(arguments["message"])
    verdict = verify_detached(
        whole[:end],
        whole[end:] if arguments["beside"] else None,
        trust=TrustStore(asked.anchors),
        at=asked.at,
        evidence=asked.evidence,
        policy=asked.policy,
    )
    return JailResult(verdict.to_json())
