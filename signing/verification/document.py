"""`verify`: one document, one answer.

 1. read the revisions             signing.pdf.xref
 2. hold the strict structure      signing.pdf.structure
 3. find the signatures            fields with a value; what only looks like one
 4. which bytes each one covers    signing.pdf.signature
 5. the CMS and its mathematics    signing.cms.rules
 6. what came after it             signing.pdf.changes, .later
 7. the best signature time        .signature, signing.path.timestamps
 8. path and revocation then       signing.path.check
 9. the box it stands in           .plan
10. the conclusion                 signing.reasons

This is the fast path: it says yes or no only where one plain reading of the file explains every byte. For all
else it answers indeterminate, `needs_careful_check`, with the rule that was not held as `detail`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from signing import pdf
from signing.errors import BrokenInput, NeedsCare
from signing.path.evidence import Evidence
from signing.path.policy import STRICT, Policy
from signing.path.trust import TrustStore
from signing.pdf.signature import loose_signatures
from signing.pdf.structure import check as check_structure
from signing.reasons import Conclusion, Reason, conclude, worst
from signing.verification.context import Context, Question
from signing.verification.embedded import with_store
from signing.verification.later import Later, judge_later
from signing.verification.plan import PlannedBox
from signing.verification.reading import Reading, read_signature
from signing.verification.signature import judge_signature, judge_stamp
from signing.verification.verdict import (
    ChangeMade,
    ChangesAfter,
    DocumentVerdict,
    RevisionFact,
    SignatureVerdict,
)

_MALFORMED = {"empty": Reason.EMPTY, "not_a_pdf": Reason.NOT_A_PDF, "truncated": Reason.TRUNCATED}


def verify(
    document: bytes,
    *,
    trust: TrustStore,
    at: datetime,
    evidence: Evidence | None = None,
    policy: Policy = STRICT,
    plan: Sequence[PlannedBox] | None = None,
    owners: Mapping[str, frozenset[str]] | None = None,
) -> DocumentVerdict:
    """The verdict about every signature of a PDF at the time `at`. No network, no clock, no exception for any
    bytes. With `plan`, boxes and appearances are held to it and other fields are named; `owners` (field name →
    SHA-256 of the certificates allowed there) adds who may stand in them."""
    boxes = None if plan is None else tuple(item for item in plan if item.is_signature)
    if at.tzinfo is None:
        raise ValueError("`at` must be aware")
    question = Question(trust, at, evidence or Evidence(), policy, boxes, owners or {})
    try:
        return _examine(document, question, trailing=False)
    except BrokenInput as error:  # only the reader of revisions raises it
        return _answer(document, question, reasons=(_MALFORMED[error.code],))
    except NeedsCare as error:
        if error.code == "garbage_after_eof":
            return _with_garbage(document, question, end=int(str(error.details["offset"])))
        return _answer(document, question, reasons=(Reason.NEEDS_CAREFUL_CHECK,), detail=str(error))


def _examine(document: bytes, question: Question, *, trailing: bool) -> DocumentVerdict:
    # 1, 2
    file = pdf.read(document)
    context = Context(file, check_structure(file), question, trailing)
    if any(kind != "Sig" for _, _, _, kind in file.last.fields()):
        raise NeedsCare("form_fields")
    # 3
    signed = [item for item in context.fields if item.value is not None]
    loose = loose_signatures(context.structure, context.fields)
    # 4, 5
    readings = [read_signature(context, item) for item in signed]
    # 6–10
    signatures, is_store_read = _judge_all(context, readings)
    reasons = [Reason.SIGNATURE_WITHOUT_FIELD] if loose else []
    reasons += [] if is_store_read else [Reason.EVIDENCE_UNREADABLE]
    if not signatures and not reasons and trailing:
        raise NeedsCare("garbage_after_eof", offset=len(document))
    unsigned = tuple(item.name for item in context.fields if item.value is None)
    revisions = tuple(RevisionFact(item.number, item.end_of_line) for item in file.revisions)
    return _answer(
        document, question, signatures=signatures, reasons=tuple(reasons), unsigned=unsigned, revisions=revisions
    )


def _judge_all(context: Context, readings: list[Reading]) -> tuple[tuple[SignatureVerdict, ...], bool]:
    """Document timestamps first: they may prove when the others existed."""
    evidence, is_read = with_store(context.question.evidence, context.file.last)
    judged: dict[int, SignatureVerdict] = {}
    for index, reading in enumerate(readings):
        if reading.is_timestamp:
            later = _later(context, reading, readings)
            judged[index] = judge_stamp(context, reading, later=later, evidence=evidence)
    stamps = tuple(judged.values())
    for index, reading in enumerate(readings):
        if index not in judged:
            later = _later(context, reading, readings)
            judged[index] = judge_signature(context, reading, later=later, evidence=evidence, stamps=stamps)
    ordered = sorted(judged, key=lambda index: (judged[index].signed_bytes or 0, index))
    return tuple(judged[index] for index in ordered), is_read


def _later(context: Context, reading: Reading, readings: list[Reading]) -> Later:
    later = judge_later(context, reading, readings=readings)
    if not context.trailing:
        return later
    tail = ChangeMade(len(context.file.revisions), ChangesAfter.OTHER, "garbage_after_eof")
    return Later(ChangesAfter.OTHER, (*later.changes, tail), False, (*later.reasons, Reason.GARBAGE_AFTER_EOF))


def _with_garbage(document: bytes, question: Question, *, end: int) -> DocumentVerdict:
    """Bytes behind the last `%%EOF`: a repairing viewer may find another document in them. The signatures are
    judged on what stands before, and failed."""
    try:
        found = _examine(document[:end], question, trailing=True)
    except (BrokenInput, NeedsCare):
        signed = b"ByteRange" in document
        reason = Reason.GARBAGE_AFTER_EOF if signed else Reason.NEEDS_CAREFUL_CHECK
        return _answer(document, question, reasons=(reason,), detail=Reason.GARBAGE_AFTER_EOF)
    return _answer(
        document,
        question,
        signatures=found.signatures,
        reasons=(Reason.GARBAGE_AFTER_EOF,),
        unsigned=found.unsigned_fields,
        revisions=found.revisions,
    )


def _answer(
    document: bytes,
    question: Question,
    *,
    reasons: tuple[Reason, ...] = (),
    signatures: tuple[SignatureVerdict, ...] = (),
    unsigned: tuple[str, ...] = (),
    revisions: tuple[RevisionFact, ...] = (),
    detail: str = "",
) -> DocumentVerdict:
    own, _ = conclude(reasons)
    verdict = worst([own, *(item.verdict for item in signatures)])
    if not signatures and verdict is Conclusion.PASSED:
        verdict = Conclusion.UNSIGNED
    used = {digest for item in signatures for digest in item.evidence}
    return DocumentVerdict(
        verdict=verdict,
        reason=_first_reason(verdict, reasons, signatures),
        reasons=conclude([*reasons, *(reason for item in signatures for reason in item.reasons)])[1],
        signatures=signatures,
        at=question.at,
        sha256=hashlib.sha256(document).hexdigest(),
        size=len(document),
        trust_digest=question.trust.digest,
        policy_digest=question.policy.digest,
        policy=question.policy.name,
        evidence=tuple(sorted(used | set(question.evidence.digests))),
        revisions=revisions,
        unsigned_fields=unsigned,
        detail=detail,
    )


def _first_reason(
    verdict: Conclusion, reasons: tuple[Reason, ...], signatures: tuple[SignatureVerdict, ...]
) -> Reason | None:
    """What decided; for a document that passed, the first remark, so that it is never silently plain."""
    if verdict is Conclusion.UNSIGNED:
        return None
    _, ordered = conclude([*reasons, *(reason for item in signatures for reason in item.reasons)])
    return ordered[0] if ordered else None
