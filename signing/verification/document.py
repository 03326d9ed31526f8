"""`verify`: one document, one answer.

 1. read the revisions             signing.pdf.xref             signing.pdf.tolerant.frame
 2. hold the structure             signing.pdf.structure        signing.pdf.tolerant.reach
 3. find the signatures            fields with a value; what only looks like one
 4. which bytes each one covers    signing.pdf.signature        signing.pdf.tolerant.signed
 5. the CMS and its mathematics    signing.cms.rules
 6. what came after it             signing.pdf.changes, .later  signing.pdf.tolerant.difference, .allowed
 7. the best signature time        .signature, signing.path.timestamps
 8. path and revocation then       signing.path.check
 9. the box it stands in           .plan
10. the conclusion                 signing.reasons

The fast path (left) says yes only where one plain reading of the file explains every byte. Where it does not, the
careful path (right) reads with named leniencies and compares the states of the document object by object.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from signing import pdf
from signing.errors import BrokenInput, NeedsCare
from signing.path.evidence import Evidence
from signing.path.policy import STRICT, Policy
from signing.path.trust import TrustStore
from signing.pdf.structure import check as check_structure
from signing.pdf.tolerant.notes import OutOfBounds
from signing.reasons import Conclusion, Reason, worst
from signing.verification.careful import open_carefully
from signing.verification.context import Context, Question
from signing.verification.judging import answer, judge_document
from signing.verification.plan import PlannedBox
from signing.verification.verdict import DocumentVerdict

_MALFORMED = {"empty": Reason.EMPTY, "not_a_pdf": Reason.NOT_A_PDF, "truncated": Reason.TRUNCATED}
_SIGNED = b"ByteRange"
_OBJECT = re.compile(rb"\d \d+ obj\b")
_WORTH_A_SECOND_LOOK = frozenset(
    {
        Reason.NEEDS_CAREFUL_CHECK, Reason.UNEXPLAINED_CHANGE, Reason.SIGNATURE_WITHOUT_FIELD,
        Reason.CHANGED_AFTER_SIGNING, Reason.APPEARANCE_CHANGED, Reason.SIGNATURE_SHARED, Reason.BYTE_RANGE_END,
    }
)  # fmt: skip
"""What the strict reading says of changes that a typed comparison may explain."""


def verify(
    document: bytes,
    *,
    trust: TrustStore,
    at: datetime,
    evidence: Evidence | None = None,
    policy: Policy = STRICT,
    plan: Sequence[PlannedBox] | None = None,
    owners: Mapping[str, frozenset[str]] | None = None,
    texts: Mapping[str, str] | None = None,
    careful: bool = True,
    both: bool = False,
) -> DocumentVerdict:
    """The verdict about every signature of a PDF at the time `at`. No network, no clock, no exception for any
    bytes. With `plan`, boxes and appearances are held to it and other fields are named; `owners` (field name →
    SHA-256 of the certificates allowed there) adds who may stand in them, `texts` (field name → text) what they
    must show. `careful=False` leaves at `needs_careful_check` what the strict reading does not explain; `both`
    reads carefully also what it does explain and says the worse of the two (`basis` is `both` where they agree)."""
    boxes = None if plan is None else tuple(item for item in plan if item.is_signature)
    if at.tzinfo is None:
        raise ValueError("`at` must be aware")
    question = Question(trust, at, evidence or Evidence(), policy, boxes, owners or {}, texts or {})
    try:
        found = judge_fast(document, question)
        if both and not wants_care(found):
            return worse_of(found, judge_carefully(document, question))
        if not careful or not wants_care(found):
            return found
        return judge_carefully(document, question, strict=found)
    except Exception as error:  # noqa: BLE001  a door: what a hostile file provokes is an answer, and never a yes
        detail = f"internal {type(error).__name__}"
        return answer(document, question, reasons=(Reason.STRUCTURE_UNREADABLE,), detail=detail)


def _no_document(document: bytes, question: Question, error: BrokenInput) -> DocumentVerdict:
    """Malformed; but a signed document that was cut off is damaged, and whether it was good stays open."""
    if error.code == "truncated" and _SIGNED in document:
        return answer(document, question, reasons=(Reason.STRUCTURE_UNREADABLE,), detail=error.code)
    return answer(document, question, reasons=(_MALFORMED[error.code],))


def wants_care(found: DocumentVerdict) -> bool:
    """Whether the careful path may know better than this answer of the fast one."""
    return bool(_WORTH_A_SECOND_LOOK & set(found.reasons))


def worse_of(strict: DocumentVerdict, careful: DocumentVerdict) -> DocumentVerdict:
    """The careful answer where it says less about the document or one of its signatures, else the strict one. A
    careful reading that came to its limits says nothing about the document."""
    if careful.reason is Reason.RESOURCE_LIMIT and not careful.signatures:
        return strict
    pairs = [(strict.verdict, careful.verdict)]
    for one in strict.signatures:
        other = careful.signature(one.field)
        pairs.append((one.verdict, Conclusion.FAILED if other is None else other.verdict))
    if any(said is not other and worst((said, other)) is other for said, other in pairs):
        return careful
    return replace(strict, basis="both")


def judge_fast(document: bytes, question: Question) -> DocumentVerdict:
    try:
        return _examine(document, question, trailing=False)
    except BrokenInput as error:  # only the reader of revisions raises it
        return _no_document(document, question, error)
    except (RecursionError, MemoryError) as error:
        return answer(document, question, reasons=(Reason.NEEDS_CAREFUL_CHECK,), detail=type(error).__name__)
    except NeedsCare as error:
        if error.code == "garbage_after_eof":
            return _with_garbage(document, question, end=int(str(error.details["offset"])))
        return answer(document, question, reasons=(Reason.NEEDS_CAREFUL_CHECK,), detail=str(error))


def _examine(document: bytes, question: Question, *, trailing: bool) -> DocumentVerdict:
    # 1, 2
    file = pdf.read(document)
    try:
        context = Context(file, check_structure(file), question, trailing)
        if any(kind != "Sig" for _, _, _, kind in file.last.fields()):
            raise NeedsCare("form_fields")
        found = judge_document(document, context)
    finally:
        file.close()
    if found.verdict is Conclusion.UNSIGNED and trailing:
        raise NeedsCare("garbage_after_eof", offset=len(document))
    return found


def _with_garbage(document: bytes, question: Question, *, end: int) -> DocumentVerdict:
    """Bytes behind the last `%%EOF`: a repairing viewer may find another document in them. The signatures are
    judged on what stands before, and failed."""
    try:
        found = _examine(document[:end], question, trailing=True)
    except (BrokenInput, NeedsCare):
        return answer(document, question, reasons=(Reason.NEEDS_CAREFUL_CHECK,), detail=Reason.GARBAGE_AFTER_EOF)
    return _failed_by_garbage(document, question, found)


def _failed_by_garbage(document: bytes, question: Question, found: DocumentVerdict) -> DocumentVerdict:
    return answer(
        document,
        question,
        signatures=found.signatures,
        reasons=(Reason.GARBAGE_AFTER_EOF,),
        unsigned=found.unsigned_fields,
        revisions=found.revisions,
    )


def judge_carefully(
    document: bytes, question: Question, *, strict: DocumentVerdict | None = None
) -> DocumentVerdict:
    """`strict`: what the fast path said; its refusal stands where this one is not possible."""
    try:
        return _examine_carefully(document, question)
    except BrokenInput as error:
        return _no_document(document, question, error)
    except (OutOfBounds, RecursionError, MemoryError) as error:
        reason, detail = Reason.RESOURCE_LIMIT, str(error)
    except NeedsCare as error:
        reason, detail = _unreadable(error), str(error)
    if strict is not None and strict.verdict is Conclusion.FAILED:
        return strict
    return replace(answer(document, question, reasons=(reason,), detail=detail), basis="careful")


def _unreadable(error: NeedsCare) -> Reason:
    return Reason.ENCRYPTED if error.code == "encrypted" else Reason.STRUCTURE_UNREADABLE


def _examine_carefully(document: bytes, question: Question) -> DocumentVerdict:
    read, trailing = document, False
    try:
        context = open_carefully(read, question, trailing=False)
    except NeedsCare as error:
        if error.code != "garbage_after_eof":
            raise
        read, trailing = document[: int(str(error.details["offset"]))], True
        context = open_carefully(read, question, trailing=True)
    found = judge_document(document, context)
    if trailing and _SIGNED in document:
        found = _failed_by_garbage(document, question, found)
    elif trailing and _OBJECT.search(document, len(read)):
        return _cut_off(document, question, end=len(read))
    detail = "; ".join((*context.readings.differ, *sorted(set(context.reached.outside))))
    return replace(found, basis="careful", leniencies=context.tolerant.notes.lines(), detail=detail)


def _cut_off(document: bytes, question: Question, *, end: int) -> DocumentVerdict:
    """Behind a document without signatures another revision begins and does not end: it may have been one."""
    detail = f"the revision after byte {end} is cut off"
    return replace(
        answer(document, question, reasons=(Reason.STRUCTURE_UNREADABLE,), detail=detail), basis="careful"
    )
