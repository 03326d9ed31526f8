"""Steps 6–10: one signature that could be read, from its later changes to its verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from signing.cms.algorithms import hash_of
from signing.errors import NeedsCare
from signing.path.chain import PathState
from signing.path.check import PathResult, check_path
from signing.path.evidence import Evidence, Receipt, TimeSource
from signing.path.revocation import Moment
from signing.path.timestamps import TimestampResult, check_token
from signing.pdf import SignatureField
from signing.pdf.signature import SignedRange
from signing.reasons import Conclusion, Reason, conclude
from signing.verification.context import Context
from signing.verification.embedded import claimed_time, with_message
from signing.verification.facets import (
    INDICATIONS,
    NO_PATH,
    digest_reasons,
    identity_of,
    integrity_of,
    judge_tokens,
    proves,
    shown,
    strength_of,
    sub_indication,
    token_reason,
)
from signing.verification.later import Later
from signing.verification.plan import Place, check_appearance, check_planned, check_text
from signing.verification.reading import Reading, digest_of
from signing.verification.verdict import (
    Coverage,
    Integrity,
    SignatureRole,
    SignatureVerdict,
    Times,
)

_ANYWHERE = (-1e6, -1e6, 1e6, 1e6)


def judge_signature(
    context: Context,
    reading: Reading,
    *,
    later: Later,
    evidence: Evidence,
    stamps: tuple[SignatureVerdict, ...],
) -> SignatureVerdict:
    """An approval or certification signature. `stamps`: document timestamps already judged."""
    own = evidence if reading.message is None else with_message(evidence, reading.message)
    # 7. the best signature time
    times, proven, time_reasons = _best_time(context, reading, evidence=own, stamps=stamps)
    # 8. path and revocation at that time
    path = _path(context, reading, evidence=own, times=times, proven=proven)
    # 9. the box it stands in
    reasons = [*reading.reasons, *later.reasons, *time_reasons, *path.reasons, *_box_reasons(context, reading)]
    reasons += digest_reasons(reading.checked, context.question.policy, times.best)
    # 10. the conclusion
    return _verdict(context, reading, later=later, times=times, path=path, reasons=reasons)


def judge_stamp(
    context: Context, reading: Reading, *, later: Later, evidence: Evidence, stamps: tuple[SignatureVerdict, ...]
) -> SignatureVerdict:
    """A document timestamp (ETSI EN 319 142-1, 5.4.3). `stamps`: those behind it, already judged."""
    question = context.question
    result = TimestampResult(Conclusion.INDETERMINATE, (), None)
    if reading.covered is not None and reading.message is not None:
        covered = reading.covered
        result = check_token(
            reading.token,
            lambda name: digest_of(context, covered, name),
            trust=question.trust,
            evidence=evidence,
            at=question.at,
            policy=question.policy,
            existed=min((time for time, _ in _proofs(context, reading, stamps)), default=None),
        )
    times = Times(result.time or question.at, TimeSource.TIMESTAMP if result.time else TimeSource.CALLER)
    reasons = [*reading.reasons, *later.reasons, *result.reasons]
    verdict = _verdict(context, reading, later=later, times=times, path=result.path or NO_PATH, reasons=reasons)
    broken = Reason.TIMESTAMP_INVALID in result.reasons
    return replace(verdict, integrity=Integrity.BROKEN) if broken and reading.checked else verdict


def _best_time(
    context: Context, reading: Reading, *, evidence: Evidence, stamps: tuple[SignatureVerdict, ...]
) -> tuple[Times, bool, list[Reason]]:
    """The earliest proven time; a claim is kept apart, and a bad token is reported, not replaced by it."""
    question = context.question
    proofs = _proofs(context, reading, stamps)
    results = _tokens(context, reading, evidence=evidence, existed=min((time for time, _ in proofs), default=None))
    proofs += [(item.time, TimeSource.TIMESTAMP) for item in results if item.time is not None and proves(item)]
    known = proofs
    best, source = min(known, key=lambda item: item[0], default=(question.at, TimeSource.CALLER))
    reasons = [token_reason(item) for item in results if not proves(item)]
    return Times(best, source, _claimed(reading), shown(results)), bool(known), reasons


def _proofs(
    context: Context, reading: Reading, stamps: tuple[SignatureVerdict, ...]
) -> list[tuple[datetime, TimeSource]]:
    """What proves from outside that all of this signature was there: timestamps behind it, receipts."""
    behind = [(stamp.times.best, TimeSource.TIMESTAMP) for stamp in stamps if _covers(stamp, reading)]
    return behind + _receipts(context, reading)


def _receipts(context: Context, reading: Reading) -> list[tuple[datetime, TimeSource]]:
    """What the caller held and when: the whole file, or an older state that already had this signature."""
    question, evidence = context.question, context.question.evidence
    given = [item for item in (evidence.receipt, *evidence.older_receipts) if item is not None]
    return [
        (item.at, item.source)
        for item in given
        if item.at <= question.at + question.policy.clock_skew
        and (item.source is TimeSource.ANCHORED_RECEIPT or question.policy.own_receipt_proves)
        and _is_about(context, reading, item)
    ]


def _is_about(context: Context, reading: Reading, receipt: Receipt) -> bool:
    if receipt.size is None:
        return True
    if reading.covered is None or reading.covered.end > receipt.size:
        return False
    return context.prefix_digest(receipt.size) == receipt.sha256


def _tokens(
    context: Context, reading: Reading, *, evidence: Evidence, existed: datetime | None
) -> list[TimestampResult]:
    signer = reading.checked.signer if reading.checked is not None else None
    if signer is None:
        return []
    return judge_tokens(context.question, signer, evidence=evidence, existed=lambda _: existed)


def _covers(stamp: SignatureVerdict, reading: Reading) -> bool:
    """A document timestamp proves what stood in the file before it."""
    is_good = stamp.verdict is Conclusion.PASSED and stamp.integrity is Integrity.INTACT
    end = reading.covered.end if reading.covered is not None else None
    return is_good and end is not None and stamp.signed_bytes is not None and end <= stamp.signed_bytes


def _claimed(reading: Reading) -> datetime | None:
    """The later of /M and the signing-time attribute: a claim may only count against the signature."""
    value = reading.field.value
    claims = [claimed_time(value.get("M")) if value is not None else None]
    claims.append(reading.checked.claimed if reading.checked is not None else None)
    return max((item for item in claims if item is not None), default=None)


def _path(context: Context, reading: Reading, *, evidence: Evidence, times: Times, proven: bool) -> PathResult:
    if reading.certificate is None or reading.message is None:
        return NO_PATH
    question = context.question
    return check_path(
        reading.certificate,
        chain=reading.message.certificates,
        trust=question.trust,
        evidence=evidence,
        moment=Moment(at=question.at, best=times.best, proven=proven, claimed=times.claimed),
        purpose=None,
        policy=question.policy,
    )


def _box_reasons(context: Context, reading: Reading) -> list[Reason]:
    """One signature per box, unmoved, by its owner, drawn plainly; no box so large that it could be a page."""
    item, plan = reading.field, context.question.plan
    reasons: list[Reason] = []
    if sum(other.name == item.name for other in context.fields) > 1:
        reasons.append(Reason.FIELD_DOUBLED)
    if any(_is_too_large(context, other.name) and not _stood(context, reading, other) for other in context.fields):
        reasons.append(Reason.FIELD_TOO_LARGE)
    expected = context.question.texts.get(item.name)
    if expected is not None:
        reasons += check_text(context.file.last, item, expected)
    if plan is None:
        return reasons
    planned = next((entry for entry in plan if entry.name == item.name), None)
    if planned is None:
        return [*reasons, Reason.UNPLANNED_FIELD]
    reasons += check_planned(planned, context.places.get(item.name))
    reasons += check_appearance(context.file.last, item)
    owner = hash_of("sha256", reading.certificate).hex() if reading.certificate else ""
    allowed = context.question.owners.get(item.name)
    if allowed is not None and owner not in allowed:
        reasons.append(Reason.WRONG_OWNER)
    return reasons


def _stood(context: Context, reading: Reading, other: SignatureField) -> bool:
    """Whether this signature covers what `other` shows: it is invisible, its own, or was signed before."""
    if not other.visible or other.name == reading.field.name:
        return True
    if other.value is None or reading.revision is None:
        return False
    try:
        located = context.locate(other)
    except NeedsCare:
        return False
    is_whole = isinstance(located.found, SignedRange) and located.revision is not None
    return is_whole and (located.revision or 0) < reading.revision


def _is_too_large(context: Context, name: str) -> bool:
    """Large, and over something that is written: over empty paper it can hide nothing. Twice as large it could be
    a page of its own; and of a page without any text, perhaps a scan, nobody knows where it is empty."""
    place = context.places.get(name, Place(None, None))
    share = context.question.policy.max_field_share
    if place.area <= share * place.page_area:
        return False
    known = context.is_written_on(place.page, _ANYWHERE)
    return place.area > 2 * share * place.page_area or not known or context.is_written_on(place.page, place.box)


def _verdict(
    context: Context, reading: Reading, *, later: Later, times: Times, path: PathResult, reasons: list[Reason]
) -> SignatureVerdict:
    integrity = _integrity(reading)
    if integrity is not Integrity.INTACT and not reasons:
        reasons = [Reason.NEEDS_CAREFUL_CHECK]
    if path.path is not PathState.TRUSTED and not path.reasons and not reasons:
        reasons = [Reason.CERTIFICATE_NOT_FOUND]
    verdict, ordered = conclude(reasons)
    covered, place = reading.covered, context.places.get(reading.field.name, Place(None, None))
    return SignatureVerdict(
        field=reading.field.name,
        kind=_role(reading),
        verdict=verdict,
        reason=ordered[0] if ordered else None,
        reasons=ordered,
        integrity=integrity,
        coverage=_coverage(context, reading),
        changes_after=later.kind,
        changes=later.changes,
        changes_permitted=later.permitted,
        algorithms=strength_of(reading.checked, ordered),
        algorithm=reading.checked.algorithm.name if reading.checked and reading.checked.algorithm else "",
        path=path.path,
        revocation=path.revocation,
        times=times,
        signature_kind=path.kind,
        signer=identity_of(reading.certificate),
        indication=INDICATIONS[verdict],
        sub_indication=sub_indication(verdict, ordered),
        chain=path.chain,
        root_label=path.root_label,
        revocation_source=path.answer_source,
        revocation_answer=path.answer_digest,
        revocation_time=path.answer_time,
        revoked_at=path.revoked_at,
        evidence=path.evidence,
        revision=reading.revision,
        signed_bytes=covered.end if covered is not None else None,
        page=place.page,
        box=place.box,
        subfilter=reading.subfilter,
    )


def _integrity(reading: Reading) -> Integrity:
    """A range that is not what it must be is broken; a CMS that cannot be checked is unreadable."""
    checked = reading.checked
    if checked is not None and checked.signer is not None:
        return integrity_of(checked)
    return Integrity.UNREADABLE if reading.covered is not None else Integrity.BROKEN


def _coverage(context: Context, reading: Reading) -> Coverage:
    if reading.covered is None or reading.revision is None:
        return Coverage.PARTIAL
    is_last = reading.revision == len(context.file.revisions) - 1 and not context.trailing
    return Coverage.WHOLE_FILE if is_last else Coverage.REVISION


def _role(reading: Reading) -> SignatureRole:
    if reading.is_timestamp:
        return SignatureRole.TIMESTAMP
    return SignatureRole.CERTIFICATION if reading.certifies else SignatureRole.APPROVAL
