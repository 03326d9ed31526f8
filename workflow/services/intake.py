"""Files from outside: kept as they came, judged before anybody registers them; open verdicts settle of themselves.

    received → verdict at once → provisional while evidence may still come → settled

What becomes of a received file (registered, refused) is not decided here. Nothing of it is ever written to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

import signing
from signing import Conclusion, DocumentVerdict, Evidence, Reason
from workflow.adapters.blobs import Blobs
from workflow.domain.errors import BadInput
from workflow.domain.people import SYSTEM_ACTOR, Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import file_name
from workflow.services.journal import record
from workflow.services.signing import trust
from workflow.services.verification.causes import causes_between
from workflow.store import blobs as files
from workflow.store import incoming, verdicts
from workflow.store import intake as store
from workflow.store.models import Intake, IntakeVerdict
from workflow.store.session import UnitOfWork

SOURCES = frozenset({"upload", "scan", "folder", "mail", "exchange"})

MAY_STILL_COME = frozenset(
    {Reason.REVOCATION_UNKNOWN, Reason.REVOCATION_NOT_FRESH, Reason.TIMESTAMP_NOT_PROVEN, Reason.RESOURCE_LIMIT}
)
"""Reasons that newer evidence, or another try, may take away. An unknown root does not go away by waiting."""

LOOK_EVERY = dt.timedelta(hours=1)
WAIT_AT_MOST = dt.timedelta(days=14)
"""Authorities publish lists daily or weekly; after two weeks "not enough to decide" is the answer, until somebody
asks again."""

_MEDIA = {b"%PDF": "application/pdf"}
_JOB = "provisional verdicts are settled whoever received the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """`again`: this agency holds the same file already; nothing was added."""

    intake: Intake
    verdict: DocumentVerdict
    again: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict that was given already: as a value, as its text, and when."""

    verdict: DocumentVerdict
    body: str
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFile:
    """A file with its verdict, kept in the store of files; no row names it yet."""

    agency_id: int
    filename: str
    sha256: str
    size: int
    beside: str
    beside_size: int
    media_types: tuple[str, str]
    verdict: DocumentVerdict


def receive(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, data: bytes, filename: str, source: str, blobs: Blobs,
    now: dt.datetime, content: bytes | None = None,
) -> Received:  # fmt: skip
    """Keep a file exactly as it came and judge it. `content`: the file beside a detached signature.

    JudgedFile by the receiving agency's list of roots at `now`, which is also our receipt of it. A file that is no
    document, or bad, is kept too: what to do with it is the clerk's decision. Raises `BadInput`
    (`intake_empty`, `intake_source`).
    """
    if source not in SOURCES:
        raise BadInput("intake_source", source=source)
    judged = judge(uow, actor, scope, data=data, filename=filename, content=content, blobs=blobs, now=now)
    return keep(uow, actor, scope, judged=judged, source=source, now=now)


def judge(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, data: bytes, filename: str, blobs: Blobs, now: dt.datetime,
    content: bytes | None = None,
) -> JudgedFile:  # fmt: skip
    """The first half of `receive`, outside any write: several files of one document are judged before one act."""
    demand(actor, Permission.RECEIVE_DOCUMENT)
    agency = _agency(actor, scope)
    if not data:
        raise BadInput("intake_empty")
    verdict = _judge(uow, data, content, agency=agency, received_at=now, at=now)
    return JudgedFile(
        agency_id=agency, filename=file_name(filename), verdict=verdict,
        sha256=uow.compute(blobs.put, data), size=len(data),
        beside=uow.compute(blobs.put, content) if content is not None else "", beside_size=len(content or b""),
        media_types=(_media_type(data), _media_type(content or b"")),
    )  # fmt: skip


def keep(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, judged: JudgedFile, source: str, now: dt.datetime
) -> Received:
    """The second half: the rows. Judged and kept at the same `now`."""
    demand(actor, Permission.RECEIVE_DOCUMENT)
    if judged.agency_id != _agency(actor, scope):
        raise BadInput("intake_agency")
    uow.begin_write()
    if (before := _received_before(uow, scope, judged)) is not None:
        return before
    sizes = ((judged.sha256, judged.size), (judged.beside, judged.beside_size))
    for (digest, size), media_type in zip(sizes, judged.media_types, strict=True):
        if digest:
            files.name(uow.session, digest, size=size, media_type=media_type, now=now)
    verdict = judged.verdict
    taken = Intake(
        agency_id=judged.agency_id, sha256=judged.sha256, content_sha256=judged.beside, filename=judged.filename,
        source=source, received_at=now, received_by_id=actor.person_id, conclusion=str(verdict.verdict),
        reason=str(verdict.reason or ""), checked_at=now,
        next_check_at=_next_look(verdict, received_at=now, now=now),
    )  # fmt: skip
    try:
        with uow.session.begin_nested():
            uow.add(taken)
            uow.flush()
    except IntegrityError:  # a colleague's, in another process, was not durable yet when we looked
        if (before := _received_before(uow, scope, judged)) is None:
            raise
        return before
    uow.add(_row(taken, verdict, occasion="intake", cause="", now=now))
    facts: dict[str, object] = {"file": judged.sha256, "content": judged.beside, "source": source,
                                "conclusion": taken.conclusion, "reason": taken.reason,
                                "trust": verdict.trust_digest, "evidence": list(verdict.evidence)}  # fmt: skip
    record(uow, subject=f"intake:{taken.id}", tag="intake:file:received", facts=facts, actor=actor, now=now)
    return Received(intake=taken, verdict=verdict)


def take_over(
    uow: UnitOfWork, *, agency_id: int, sha256: str, filename: str, judged: Judged, now: dt.datetime
) -> Received:
    """A file that another agency of this installation issued: nothing is copied, and its verdict was given already
    by the roots that the receiving agency believes. In the open write phase of the issue.
    """
    if (before := _held(uow, agency_id, sha256)) is not None:
        return before
    verdict = judged.verdict
    taken = Intake(
        agency_id=agency_id, sha256=sha256, content_sha256="", filename=file_name(filename), source="exchange",
        received_at=now, received_by_id=None, conclusion=str(verdict.verdict), reason=str(verdict.reason or ""),
        checked_at=judged.at, next_check_at=_next_look(verdict, received_at=now, now=now),
    )  # fmt: skip
    try:
        with uow.session.begin_nested():
            uow.add(taken)
            uow.flush()
    except IntegrityError:  # another document brings the same file at this moment
        if (before := _held(uow, agency_id, sha256)) is None:
            raise
        return before
    uow.add(_row(taken, verdict, occasion="intake", cause="", now=judged.at, body=judged.body))
    facts: dict[str, object] = {"file": sha256, "content": "", "source": "exchange", "conclusion": taken.conclusion,
                                "reason": taken.reason, "trust": verdict.trust_digest,
                                "evidence": list(verdict.evidence)}  # fmt: skip
    record(uow, subject=f"intake:{taken.id}", tag="intake:file:received", facts=facts, actor=SYSTEM_ACTOR, now=now)
    return Received(intake=taken, verdict=verdict)


def _held(uow: UnitOfWork, agency_id: int, sha256: str) -> Received | None:
    if (held := store.held_by(uow.session, agency_id, sha256=sha256)) is None:
        return None
    row = store.newest_verdict(uow.session, held.id)
    return Received(intake=held, verdict=DocumentVerdict.from_json(row.body), again=True)


def _received_before(uow: UnitOfWork, scope: Scope, judged: JudgedFile) -> Received | None:
    found = store.known(
        scope, uow.session, agency_id=judged.agency_id, sha256=judged.sha256, content_sha256=judged.beside
    )
    if found is None:
        return None
    row = store.newest_verdict(uow.session, found.id)
    return Received(intake=found, verdict=DocumentVerdict.from_json(row.body), again=True)


def provisional(uow: UnitOfWork, *, now: dt.datetime, limit: int = 200) -> list[int]:
    """Received files to look at again now; the job does each in a unit of work of its own."""
    return list(store.provisional(uow.session, now=now, limit=limit))


def settle_one(uow: UnitOfWork, *, intake_id: int, blobs: Blobs, now: dt.datetime) -> Intake:
    """Judge a provisional file by what is known by now; store the answer where it changed."""
    row = store.for_jobs(uow.session, intake_id, reason=_JOB)
    judged = _judged_again(uow, row, blobs=blobs, now=now)
    uow.begin_write()
    row = store.for_jobs(uow.session, intake_id, reason=_JOB, for_update=True)
    return _note(uow, SYSTEM_ACTOR, row, judged, now=now)


def recheck(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, intake_id: int, blobs: Blobs, now: dt.datetime
) -> Intake:
    """The same by hand, for any received file: what can be proven today."""
    demand(actor, Permission.RECEIVE_DOCUMENT)
    judged = _judged_again(uow, store.find(scope, uow.session, intake_id), blobs=blobs, now=now)
    uow.begin_write()
    return _note(uow, actor, store.find(scope, uow.session, intake_id), judged, now=now)


def _agency(actor: Actor, scope: Scope) -> int:
    if actor.agency_id is None or actor.agency_id not in scope.agency_ids:
        raise BadInput("intake_agency")
    return actor.agency_id


def _judged_again(uow: UnitOfWork, row: Intake, *, blobs: Blobs, now: dt.datetime) -> DocumentVerdict:
    old = DocumentVerdict.from_json(store.newest_verdict(uow.session, row.id).body)
    sha256, beside, received_at, agency = row.sha256, row.content_sha256, row.received_at, row.agency_id
    data = uow.compute(blobs.get, sha256)
    content = uow.compute(blobs.get, beside) if beside else None
    return _judge(uow, data, content, agency=agency, received_at=received_at, at=now, cited=old.evidence)


def _judge(
    uow: UnitOfWork, data: bytes, content: bytes | None, *, agency: int, received_at: dt.datetime, at: dt.datetime,
    cited: tuple[str, ...] = (),
) -> DocumentVerdict:  # fmt: skip
    """Always in the jail: it is a stranger's file. Lists that an earlier verdict rested on stay evidence."""
    roots, policy = trust.trust_store(uow, agency), trust.policy(uow)
    evidence: Evidence = trust.evidence(uow, at=at, received_at=received_at)
    evidence = evidence.plus(
        crls=tuple(row.der for row in verdicts.lists(uow.session, cited) if row.this_update <= at)
    )
    return uow.compute(
        signing.verify_file_in_jail, data, content, trust=roots, at=at, evidence=evidence, policy=policy
    )


def _note(uow: UnitOfWork, actor: Actor, row: Intake, judged: DocumentVerdict, *, now: dt.datetime) -> Intake:
    old = DocumentVerdict.from_json(store.newest_verdict(uow.session, row.id).body)
    row.checked_at = now
    if judged.reason is Reason.RESOURCE_LIMIT and not judged.signatures:
        if row.next_check_at is not None:  # the check came to no end: no answer about the file, so once more
            row.next_check_at = now + LOOK_EVERY if now < row.received_at + WAIT_AT_MOST else None
        return row
    row.next_check_at = _next_look(judged, received_at=row.received_at, now=now)
    if (judged.verdict, _reasons(judged)) == (old.verdict, _reasons(old)):
        return row
    changed = {reason for _field, reason in _reasons(judged) ^ _reasons(old)}
    cause = " ".join(causes_between(old, judged, changed=changed))
    facts: dict[str, object] = {"before": row.conclusion, "after": str(judged.verdict), "cause": cause,
                                "reason": str(judged.reason or ""), "trust": judged.trust_digest,
                                "evidence": list(judged.evidence)}  # fmt: skip
    row.conclusion, row.reason = str(judged.verdict), str(judged.reason or "")
    incoming.follow_verdict(uow.session, row.id, conclusion=row.conclusion, reason=_JOB)
    uow.add(_row(row, judged, occasion="recheck", cause=cause, now=now))
    record(uow, subject=f"intake:{row.id}", tag="intake:verdict:changed", facts=facts, actor=actor, now=now)
    return row


def _reasons(judged: DocumentVerdict) -> frozenset[tuple[str, Reason]]:
    """Every reason with the field that it is about; the document's own under no field."""
    own = {("", reason) for reason in judged.reasons}
    return frozenset(own | {(found.field, reason) for found in judged.signatures for reason in found.reasons})


def _next_look(judged: DocumentVerdict, *, received_at: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    open_now = judged.verdict is Conclusion.INDETERMINATE
    waits = {reason for _field, reason in _reasons(judged)} & MAY_STILL_COME
    return now + LOOK_EVERY if open_now and waits and now < received_at + WAIT_AT_MOST else None


def _row(
    row: Intake, judged: DocumentVerdict, *, occasion: str, cause: str, now: dt.datetime, body: str = ""
) -> IntakeVerdict:
    return IntakeVerdict(
        intake_id=row.id, occasion=occasion, at=now, conclusion=str(judged.verdict),
        reason=str(judged.reason or ""), cause=cause, body=body or judged.to_json(),
        trust_digest=judged.trust_digest,
    )  # fmt: skip


def _media_type(data: bytes) -> str:
    return _MEDIA.get(data[:4], "application/octet-stream")
