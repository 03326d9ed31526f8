"""`verify` inside the jail: hostile files cost a bounded child, not the process that asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from signing import jail
from signing.errors import BrokenInput
from signing.jail import JailResult, Limits
from signing.path.evidence import Evidence
from signing.path.policy import STRICT, Policy
from signing.path.trust import TrustAnchor, TrustStore
from signing.reasons import Reason
from signing.verification import serial
from signing.verification.context import Question
from signing.verification.document import verify
from signing.verification.judging import answer
from signing.verification.plan import PlannedBox
from signing.verification.verdict import DocumentVerdict

TASK = "signing.verification.jailed:task"
LIMITS = Limits(cpu=4.0, cpu_per_megabyte=0.2, memory_per_megabyte=48 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class CarriedBox:
    """A planned box on its way into the jail."""

    name: str
    page: int
    box: tuple[float, float, float, float]
    is_signature: bool


@dataclass(frozen=True, slots=True)
class Owner:
    name: str
    certificates: frozenset[str]


@dataclass(frozen=True, slots=True)
class Text:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as plain values."""

    anchors: tuple[TrustAnchor, ...]
    at: datetime
    evidence: Evidence
    policy: Policy
    plan: tuple[CarriedBox, ...] | None
    owners: tuple[Owner, ...]
    texts: tuple[Text, ...]
    both: bool = False


def verify_in_jail(
    document: bytes,
    *,
    trust: TrustStore,
    at: datetime,
    evidence: Evidence | None = None,
    policy: Policy = STRICT,
    plan: Sequence[PlannedBox] | None = None,
    owners: Mapping[str, frozenset[str]] | None = None,
    texts: Mapping[str, str] | None = None,
    both: bool = False,
    limits: Limits = LIMITS,
) -> DocumentVerdict:
    """The same verdict as `verify`; over the limits, or where the child dies, indeterminate with the reason."""
    if at.tzinfo is None:
        raise ValueError("`at` must be aware")
    asked = Asked(
        anchors=trust.anchors,
        at=at,
        evidence=evidence or Evidence(),
        policy=policy,
        plan=None if plan is None else tuple(map(_carried, plan)),
        owners=tuple(Owner(name, held) for name, held in sorted((owners or {}).items())),
        texts=tuple(Text(name, text) for name, text in sorted((texts or {}).items())),
        both=both,
    )
    try:
        found = jail.run(TASK, document, arguments={"asked": serial.dump(asked)}, limits=limits)
        return DocumentVerdict.from_json(str(found.json))
    except jail.ResourceLimit as error:
        return _unanswered(document, asked, Reason.RESOURCE_LIMIT, error.code)
    except (jail.JailError, BrokenInput) as error:
        return _unanswered(document, asked, Reason.STRUCTURE_UNREADABLE, error.code)


def _carried(item: PlannedBox) -> CarriedBox:
    left, bottom, right, top = item.box
    box = (float(left), float(bottom), float(right), float(top))
    return CarriedBox(item.name, item.page, box, item.is_signature)


def _unanswered(document: bytes, asked: Asked, reason: Reason, detail: str) -> DocumentVerdict:
    question = Question(TrustStore(asked.anchors), asked.at, asked.evidence, asked.policy, None, {})
    return answer(document, question, reasons=(reason,), detail=detail)


def task(payload: bytes, arguments: dict[str, Any]) -> JailResult:
    """The jailed task behind `verify_in_jail`."""
    asked = serial.load(Asked, str(arguments["asked"]))
    verdict = verify(
        payload,
        trust=TrustStore(asked.anchors),
        at=asked.at,
        evidence=asked.evidence,
        policy=asked.policy,
        plan=asked.plan,
        owners={item.name: item.certificates for item in asked.owners},
        texts={item.name: item.text for item in asked.texts},
        both=asked.both,
    )
    return JailResult(verdict.to_json())
