"""Steps 3–10 over one opened file, whichever reading opened it, and the answer about the whole document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from signing.pdf import HexString, SignatureField
from signing.reasons import WEIGHTS, Conclusion, Reason, conclude, worst
from signing.verification.careful import CarefulContext
from signing.verification.context import Context, Question
from signing.verification.embedded import with_store
from signing.verification.later import Later, judge_later
from signing.verification.reading import Reading, read_signature
from signing.verification.signature import judge_signature, judge_stamp
from signing.verification.verdict import (
    ChangeMade,
    ChangesAfter,
    DocumentVerdict,
    Integrity,
    RevisionFact,
    SignatureRole,
    SignatureVerdict,
)


def judge_document(document: bytes, context: Context) -> DocumentVerdict:
    """All signatures of the opened file; `document` is what the caller gave."""
    # 3
    signed = [item for item in context.fields if item.value is not None]
    # 4, 5 in the order of the file, in which each hash goes on from the one before
    read = {
        place: read_signature(context, signed[place]) for place in sorted(range(len(signed)), key=_hole(signed))
    }
    readings = [read[place] for place in range(len(signed))]
    # 6–10
    signatures, is_store_read = _judge_all(context, readings)
    loose = context.loose
    reasons = [Reason.SIGNATURE_WITHOUT_FIELD] if loose else []
    reasons += [] if is_store_read else [Reason.EVIDENCE_UNREADABLE]
    reasons += context.common if signed or loose else ()
    file = context.file
    return answer(
        document,
        context.question,
        signatures=signatures,
        reasons=tuple(reasons),
        unsigned=tuple(item.name for item in context.fields if item.value is None),
        revisions=tuple(RevisionFact(item.number, item.end_of_line) for item in file.revisions),
        sha256=context.sha256_of(document).hex(),
    )


def _hole(signed: list[SignatureField]) -> Callable[[int], int]:
    """Where a signature's value stands; of those without one nothing is hashed."""
    values = [item.value.get("Contents") if item.value is not None else None for item in signed]
    places = [value.start if isinstance(value, HexString) else 0 for value in values]
    return places.__getitem__


def _judge_all(context: Context, readings: list[Reading]) -> tuple[tuple[SignatureVerdict, ...], bool]:
    """Document timestamps first, from the last to the first: they prove when all before them existed."""
    evidence, is_read = with_store(context.question.evidence, context.file.last)
    judged: dict[int, SignatureVerdict] = {}
    for reading in readings:
        reading.reasons += context.common
    for index in _last_first(readings):
        reading = readings[index]
        if reading.is_timestamp:
            behind, later = tuple(judged.values()), _later(context, reading, readings)
            judged[index] = judge_stamp(context, reading, later=later, evidence=evidence, stamps=behind)
    stamps = tuple(judged.values())
    for index, reading in enumerate(readings):
        if index not in judged:
            later = _later(context, reading, readings)
            judged[index] = judge_signature(context, reading, later=later, evidence=evidence, stamps=stamps)
    ordered = sorted(judged, key=lambda index: (judged[index].signed_bytes or 0, index))
    return tuple(judged[index] for index in ordered), is_read


def _last_first(readings: list[Reading]) -> list[int]:
    def end(index: int) -> int:
        covered = readings[index].covered
        return -1 if covered is None else covered.end

    return sorted(range(len(readings)), key=end, reverse=True)


def _later(context: Context, reading: Reading, readings: list[Reading]) -> Later:
    if isinstance(context, CarefulContext):
        reading.reasons += context.order_reasons(reading, readings)
        later = context.later(reading, readings)
    else:
        later = judge_later(context, reading, readings=readings)
    if not context.trailing:
        return later
    tail = ChangeMade(len(context.file.revisions), ChangesAfter.OTHER, "garbage_after_eof")
    return Later(ChangesAfter.OTHER, (*later.changes, tail), False, (*later.reasons, Reason.GARBAGE_AFTER_EOF))


def answer(
    document: bytes,
    question: Question,
    *,
    reasons: tuple[Reason, ...] = (),
    signatures: tuple[SignatureVerdict, ...] = (),
    unsigned: tuple[str, ...] = (),
    revisions: tuple[RevisionFact, ...] = (),
    detail: str = "",
    sha256: str = "",
) -> DocumentVerdict:
    weighed = _weighed(signatures)
    reasons += (Reason.TIMESTAMP_NOT_PROVEN,) if len(weighed) < len(signatures) else ()
    own, _ = conclude(reasons)
    verdict = worst([own, *(item.verdict for item in weighed)])
    if not signatures and verdict is Conclusion.PASSED:
        verdict = Conclusion.UNSIGNED
    used = {digest for item in signatures for digest in item.evidence}
    return DocumentVerdict(
        verdict=verdict,
        reason=_first_reason(verdict, reasons, weighed),
        reasons=conclude([*reasons, *(reason for item in weighed for reason in item.reasons)])[1],
        signatures=signatures,
        at=question.at,
        sha256=sha256 or hashlib.sha256(document).hexdigest(),
        size=len(document),
        trust_digest=question.trust.digest,
        policy_digest=question.policy.digest,
        policy=question.policy.name,
        evidence=tuple(sorted(used | set(question.evidence.digests))),
        revisions=revisions,
        unsigned_fields=unsigned,
        detail=detail,
    )


_WORDS_FROM_ITS_AUTHORITY = frozenset(
    {Reason.REVOCATION_UNKNOWN, Reason.REVOCATION_NOT_FRESH, Reason.EXPIRED_NO_PROOF}
)


def _weighed(signatures: tuple[SignatureVerdict, ...]) -> tuple[SignatureVerdict, ...]:
    """What decides about the document. A document timestamp that fits the bytes, by an authority under a listed
    root of which only a current word is missing, proves nothing now; it takes nothing away either from signatures
    that pass without it, and those that need it are open themselves. So it is a remark, as inside a signature."""
    signed = tuple(item for item in signatures if not _is_unproven(item))
    return signed if any(item.kind is not SignatureRole.TIMESTAMP for item in signed) else signatures


def _is_unproven(item: SignatureVerdict) -> bool:
    is_open = item.kind is SignatureRole.TIMESTAMP and item.verdict is Conclusion.INDETERMINATE
    weights = {reason for reason in item.reasons if WEIGHTS[reason][0] is not Conclusion.PASSED}
    return is_open and item.integrity is Integrity.INTACT and weights <= _WORDS_FROM_ITS_AUTHORITY


def _first_reason(
    verdict: Conclusion, reasons: tuple[Reason, ...], signatures: tuple[SignatureVerdict, ...]
) -> Reason | None:
    """What decided; for a document that passed, the first remark, so that it is never silently plain."""
    if verdict is Conclusion.UNSIGNED:
        return None
    _, ordered = conclude([*reasons, *(reason for item in signatures for reason in item.reasons)])
    return ordered[0] if ordered else None
