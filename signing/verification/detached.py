"""`verify_detached`: a CMS or CAdES message (`.p7s`, `.p7m`), DER, BER, text or mail, over any file.

 1. take off the text around it     signing.cms.armour, .mime
 2. find content and signers        signing.cms.message
 3. each signer's mathematics       signing.cms.rules
 4. the best signature time         signing.path.timestamps
 5. path and revocation then        signing.path.check
 6. the conclusion                  signing.reasons

Every SignerInfo has its own verdict; countersignatures are attributes of a signature, never signers. The content
is hashed where it lies, a mapped file is never held whole.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from mmap import mmap

from signing.cms.algorithms import digest_name, hash_of
from signing.cms.archive import ARCHIVE_TIMESTAMP
from signing.cms.armour import unwrap
from signing.cms.attributes import SIGNATURE_TIMESTAMP, message_digest, values
from signing.cms.carried import Carried, carried
from signing.cms.codec import DATA, Signer, read_signed_data
from signing.cms.message import Message, digest_of, is_set_of_attributes, read_message, size_of
from signing.cms.mime import MAX_HEADER, Mail, is_same_text, looks_like_mail, may_be_signature, read_mail
from signing.cms.rules import Checked, Expected, check_signer
from signing.errors import BrokenInput, NeedsCare
from signing.path.chain import PathState
from signing.path.check import PathResult, check_path
from signing.path.evidence import Evidence, TimeSource
from signing.path.policy import STRICT, Policy
from signing.path.revocation import Moment
from signing.path.timestamps import TimestampResult
from signing.path.trust import TrustStore
from signing.reasons import Conclusion, Reason, conclude, worst
from signing.verification.archived import judge_archives
from signing.verification.context import Question
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
from signing.verification.verdict import (
    ChangesAfter,
    Coverage,
    DocumentVerdict,
    Integrity,
    SignatureRole,
    SignatureVerdict,
    Times,
)

Bytes = bytes | memoryview | mmap

MAX_SIGNERS = 200
_LIMITS = frozenset({"too_large", "too_many_values", "too_deep"})
_UNCLEAR = frozenset({"ber_encoding", "mail_unclear"})
_HARMLESS_BEHIND = b"\0\r\n"
_LONGEST_BEHIND = 4096


@dataclass(slots=True)
class _Case:
    """One message under examination; every digest of the content is made once."""

    message: Message
    question: Question
    pieces: tuple[memoryview, ...] | None
    reasons: tuple[Reason, ...] = ()
    is_attributes: bool = False
    _digests: dict[str, bytes] = field(default_factory=dict)

    def digest(self, name: str) -> bytes | None:
        if self.pieces is None:
            return None
        if name not in self._digests:
            self._digests[name] = digest_of(self.pieces, name)
        return self._digests[name]


def verify_detached(
    message: Bytes,
    content: Bytes | None = None,
    *,
    trust: TrustStore,
    at: datetime,
    evidence: Evidence | None = None,
    policy: Policy = STRICT,
) -> DocumentVerdict:
    """The verdict about every signer of a CMS message over `content`, or over what the message itself carries.

    No network, no clock, no exception for any bytes. Fields are called `signer-1`, `signer-2`, … in the order of
    the message; `signed_bytes` is the length of the content.
    """
    if at.tzinfo is None:
        raise ValueError("`at` must be aware")
    question = Question(trust, at, evidence or Evidence(), policy, None, {})
    whole = memoryview(message)
    if not len(whole):
        return answer(whole, question, reasons=(Reason.EMPTY,))
    head = bytes(whole[:MAX_HEADER])
    if not may_be_signature(head):
        return answer(whole, question, reasons=(Reason.NOT_A_SIGNATURE,))
    try:
        mail = read_mail(whole) if looks_like_mail(head) else Mail(unwrap(whole), is_mail=False)
        found = read_message(mail.message)
        case = _case(found, question, mail=mail, given=None if content is None else memoryview(content))
    except BrokenInput as error:
        return answer(whole, question, reasons=(Reason.NOT_A_SIGNATURE,), detail=str(error))
    except NeedsCare as error:
        return answer(whole, question, reasons=(_unread(error),), detail=str(error))
    try:
        return _examine(whole, case)
    except Exception as error:  # noqa: BLE001  a door, as in `verify`: never a yes
        detail = f"internal {type(error).__name__}"
        return answer(whole, question, reasons=(Reason.NEEDS_CAREFUL_CHECK,), detail=detail)


def _unread(error: NeedsCare) -> Reason:
    if error.code in _LIMITS:
        return Reason.RESOURCE_LIMIT
    if error.code == "der_truncated":
        return Reason.TRUNCATED
    return Reason.NEEDS_CAREFUL_CHECK if error.code in _UNCLEAR else Reason.NOT_A_SIGNATURE


def _case(found: Message, question: Question, *, mail: Mail, given: memoryview | None) -> _Case:
    """The content is what the message or the mail carries; a file given beside it must be the same."""
    reasons = []
    if len(found.rest) > _LONGEST_BEHIND or bytes(found.rest).strip(_HARMLESS_BEHIND):
        reasons.append(Reason.PADDING_NOT_ZERO)
    pieces = found.pieces
    if pieces is None:
        pieces = _signed_part(found, mail) or (None if given is None else (given,))
    elif mail.part is not None and b"".join(pieces) not in mail.contents:
        reasons.append(Reason.DIGEST_MISMATCH)
    if pieces is not None and given is not None and not _is_same(given, pieces, mail):
        reasons.append(Reason.DIGEST_MISMATCH)
    is_attributes = pieces is not None and is_set_of_attributes(pieces)
    return _Case(found, question, pieces, tuple(reasons), is_attributes)


def _is_same(given: memoryview, pieces: tuple[memoryview, ...], mail: Mail) -> bool:
    if pieces == (given,) or digest_of(pieces, "sha256") == digest_of((given,), "sha256"):
        return True
    return mail.is_mail and is_same_text(given, b"".join(pieces))


def _signed_part(found: Message, mail: Mail) -> tuple[memoryview, ...] | None:
    """The part as one of the signers has it: programs that sign binary data leave the line ends alone."""
    contents = mail.contents
    for content in contents:
        if any(_states(signer, content) for signer in found.data.signers[:MAX_SIGNERS]):
            return (memoryview(content),)
    return (memoryview(contents[0]),) if contents else None


def _states(signer: Signer, content: bytes) -> bool:
    try:
        return message_digest(signer) == hash_of(digest_name(signer.digest), content)
    except NeedsCare:
        return False  # it is judged as any other


def _examine(whole: memoryview, case: _Case) -> DocumentVerdict:
    signers = case.message.data.signers
    if len(signers) > MAX_SIGNERS:
        return answer(whole, case.question, reasons=(Reason.RESOURCE_LIMIT,), detail="too_many_signers")
    signatures = tuple(_judge(case, signer, number=number) for number, signer in enumerate(signers, start=1))
    unread = [signer for signer in signers if not carried(case.message.data, signer).is_read]
    reasons = (*case.reasons, Reason.EVIDENCE_UNREADABLE) if unread else case.reasons
    return answer(whole, case.question, signatures=signatures, reasons=reasons)


def _judge(case: _Case, signer: Signer, *, number: int) -> SignatureVerdict:
    # 3
    reasons = [*case.reasons]
    checked = _check(case, signer, reasons)
    # 4
    evidence = _evidence(case, signer)
    receipts = _receipts(case.question)
    held = min((time for time, _ in receipts), default=None)
    archive = judge_archives(
        case.question, case.message.data, signer, digest=case.digest, evidence=evidence, held=held
    )
    tokens = judge_tokens(case.question, signer, evidence=evidence, existed=archive.signature_token)
    tokens += archive.results
    times, proven = _best_time(case.question, checked, tokens=tokens, proofs=receipts)
    reasons += [token_reason(item) for item in tokens if not proves(item)]
    # 5
    path = NO_PATH
    if checked.certificate is not None:
        path = check_path(
            checked.certificate,
            chain=evidence.certificates,
            trust=case.question.trust,
            evidence=evidence,
            moment=Moment(at=case.question.at, best=times.best, proven=proven, claimed=times.claimed),
            purpose=None,
            policy=case.question.policy,
        )
    reasons += digest_reasons(checked, case.question.policy, times.best)
    # 6
    return _verdict(case, checked, number=number, times=times, path=path, reasons=[*reasons, *path.reasons])


def _check(case: _Case, signer: Signer, reasons: list[Reason]) -> Checked:
    expected = Expected(
        DATA,
        case.digest,
        certificate_id_optional=True,
        attributes_optional=True,
        is_attributes=case.is_attributes,
        certificates=case.question.evidence.certificates,
    )
    checked = Checked(signer=signer)
    try:
        check_signer(case.message.data, signer, expected, found=checked)
    except NeedsCare as error:
        unknown = error.code.endswith("_unknown")
        reasons.append(Reason.ALGORITHM_UNKNOWN if unknown else Reason.NEEDS_CAREFUL_CHECK)
    reasons += [Reason(code) for code in (*checked.faults, *checked.remarks)]
    return checked


def _evidence(case: _Case, signer: Signer) -> Evidence:
    """The caller's, what the message carries, and what its timestamps carry for themselves."""
    evidence = _with(case.question.evidence, carried(case.message.data, signer))
    for token in (*values(signer.unsigned, SIGNATURE_TIMESTAMP), *values(signer.unsigned, ARCHIVE_TIMESTAMP)):
        try:
            data = read_signed_data(token)
        except NeedsCare:
            continue  # `judge_tokens` says so
        evidence = _with(evidence, carried(data, next(iter(data.signers), None)))
    return evidence


def _with(evidence: Evidence, more: Carried) -> Evidence:
    return evidence.plus(certificates=more.certificates, crls=more.crls, ocsps=more.ocsps)


def _receipts(question: Question) -> list[tuple[datetime, TimeSource]]:
    receipt = question.evidence.receipt
    if receipt is None or receipt.size is not None or receipt.at > question.at + question.policy.clock_skew:
        return []
    counts = receipt.source is TimeSource.ANCHORED_RECEIPT or question.policy.own_receipt_proves
    return [(receipt.at, receipt.source)] if counts else []


def _best_time(
    question: Question,
    checked: Checked,
    *,
    tokens: list[TimestampResult],
    proofs: list[tuple[datetime, TimeSource]],
) -> tuple[Times, bool]:
    """The earliest proven time; the signer's claim is kept apart."""
    stamped = [(item.time, TimeSource.TIMESTAMP) for item in tokens if item.time is not None and proves(item)]
    proofs = [*proofs, *stamped]
    best, source = min(proofs, key=lambda item: item[0], default=(question.at, TimeSource.CALLER))
    return Times(best, source, checked.claimed, shown(tokens)), bool(proofs)


def _verdict(
    case: _Case, checked: Checked, *, number: int, times: Times, path: PathResult, reasons: list[Reason]
) -> SignatureVerdict:
    if path.path is not PathState.TRUSTED and conclude(reasons)[0] is Conclusion.PASSED:
        reasons = [*reasons, Reason.CERTIFICATE_NOT_FOUND]
    verdict, ordered = conclude(reasons)
    return SignatureVerdict(
        field=f"signer-{number}",
        kind=SignatureRole.APPROVAL,
        verdict=verdict,
        reason=ordered[0] if ordered else None,
        reasons=ordered,
        integrity=Integrity.BROKEN if Reason.DIGEST_MISMATCH in ordered else integrity_of(checked),
        coverage=Coverage.WHOLE_FILE,
        changes_after=ChangesAfter.NONE,
        changes=(),
        changes_permitted=True,
        algorithms=strength_of(checked, ordered),
        algorithm=checked.algorithm.name if checked.algorithm is not None else "",
        path=path.path,
        revocation=path.revocation,
        times=times,
        signature_kind=path.kind,
        signer=identity_of(checked.certificate),
        indication=INDICATIONS[verdict],
        sub_indication=sub_indication(verdict, ordered),
        chain=path.chain,
        root_label=path.root_label,
        revocation_source=path.answer_source,
        revocation_answer=path.answer_digest,
        revocation_time=path.answer_time,
        revoked_at=path.revoked_at,
        evidence=path.evidence,
        signed_bytes=None if case.pieces is None else size_of(case.pieces),
        subfilter="CMS",
    )


def answer(
    whole: memoryview,
    question: Question,
    *,
    signatures: tuple[SignatureVerdict, ...] = (),
    reasons: tuple[Reason, ...] = (),
    detail: str = "",
) -> DocumentVerdict:
    verdict = worst([conclude(reasons)[0], *(item.verdict for item in signatures)])
    if not signatures and verdict is Conclusion.PASSED:
        verdict = Conclusion.UNSIGNED
    _, ordered = conclude([*reasons, *(reason for item in signatures for reason in item.reasons)])
    used = {digest for item in signatures for digest in item.evidence}
    return DocumentVerdict(
        verdict=verdict,
        reason=ordered[0] if ordered and verdict is not Conclusion.UNSIGNED else None,
        reasons=ordered,
        signatures=signatures,
        at=question.at,
        sha256=hashlib.sha256(whole).hexdigest(),
        size=len(whole),
        trust_digest=question.trust.digest,
        policy_digest=question.policy.digest,
        policy=question.policy.name,
        evidence=tuple(sorted(used | set(question.evidence.digests))),
        detail=detail,
    )
