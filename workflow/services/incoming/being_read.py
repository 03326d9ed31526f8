"""A document and the reading of its file: what was read fills what is empty, and never what somebody typed.

Before registration it stands on the clerk's form. What is read after it (a scan of a paper that was registered
first, a scan that nobody waited for) is compared with the register; a person takes a difference over, or dismisses
it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workflow.domain.errors import BadInput, WorkflowError, stale
from workflow.domain.incoming import BEFORE_REGISTER
from workflow.domain.outgoing import Urgency
from workflow.domain.people import SYSTEM_ACTOR, Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import journal, search
from workflow.services.incoming import arriving, differences
from workflow.services.incoming.arriving import ISSUER_LENGTH, SUBJECT_LENGTH, Facts
from workflow.services.incoming.moves import begin
from workflow.services.incoming.what_came import ReadText
from workflow.services.journal import local_day
from workflow.store import incoming as store
from workflow.store import office, reading
from workflow.store.models import Incoming
from workflow.store.session import UnitOfWork

SLOW = dt.timedelta(minutes=5)
"""After so long a clerk is told not to wait."""
_JOB = "what was read of a file is told to the document that waits for it"


def note(
    uow: UnitOfWork, actor: Actor, document: Incoming, read: ReadText, *, ordinal: int, sha256: str,
    now: dt.datetime,
) -> None:  # fmt: skip
    """In the open write: the file whose facts a document takes came; they are known, or will be."""
    if read.state == "none":
        return
    waits = read.state == "waiting"
    reading.note(
        uow.session, document.id, ordinal=ordinal, sha256=sha256, waiting=waits, trouble=read.trouble, now=now
    )
    if waits:
        document.reading = "waiting"
    else:
        _take(uow, actor, document, read, now=now)


def note_new(uow: UnitOfWork, document: Incoming, read: ReadText, *, sha256: str, now: dt.datetime) -> None:
    """The same for a new document, which was made from what is known of its first file."""
    if read.state != "none":
        reading.note(
            uow.session, document.id, ordinal=1, sha256=sha256, waiting=read.state == "waiting",
            trouble=read.trouble, now=now,
        )  # fmt: skip


def ready(uow: UnitOfWork) -> Sequence[int]:
    """Documents that wait for what is known by now."""
    return reading.ready(uow.session)


def deliver(uow: UnitOfWork, *, incoming_id: int, now: dt.datetime) -> str:
    """Tell one document what was read of its file: `read`, `unreadable`, or "" where it waits for nothing any more.

    Its version stays: whoever has its form open sends it as if nothing had happened, and what they typed stands.
    """
    uow.begin_write()
    document = store.for_jobs(uow.session, incoming_id, reason=_JOB)
    row = reading.of_document(uow.session, incoming_id)
    known = reading.of(uow.session, row.sha256) if row is not None and row.waiting else None
    if row is None or known is None or known.facts not in reading.KNOWN:
        return ""
    row.waiting, row.trouble = False, known.trouble
    _take(uow, SYSTEM_ACTOR, document, ReadText(tuple(known.proposals), known.facts, known.trouble), now=now)
    return known.facts


def _take(uow: UnitOfWork, actor: Actor, document: Incoming, read: ReadText, *, now: dt.datetime) -> None:
    """The facts of a file as it is known now."""
    document.proposals = differences.carried_over(document, list(read.proposals))
    document.reading = read.state
    filled: dict[str, object] = {}
    if document.state in BEFORE_REGISTER and not document.secret:
        try:
            filled = arriving.fill(uow, document, facts_of_reading(uow, read, now=now), now=now)
        except WorkflowError:  # something that no register takes: it is shown beside the form all the same
            filled = {}
    uow.flush()
    differences.settle(uow, document)
    row = reading.of_document(uow.session, document.id)
    told: dict[str, object] = {
        "file": row.sha256 if row else "", "trouble": read.trouble, "filled": filled,
        "read": {str(one.get("field")): str(one.get("value")) for one in reversed(read.proposals)},
    }  # fmt: skip
    journal.record_incoming(uow, document, tag="document:incoming:read", facts=told, actor=actor, now=now)
    search.index(uow, "in", document)


def take_over(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, name: str, read: str,
    remark: str, now: dt.datetime,
) -> Incoming:  # fmt: skip
    """Put what the file says in the place of one fact: a correction with its line of history.

    `read`: the value that the person saw; another one by now is `Conflict("stale")`. Raises as `arriving.correct`.
    """
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    found = _open(document, name, read)
    facts = arriving.with_fact(document, name, found.read)
    return arriving.correct(
        uow, actor, scope, incoming_id=incoming_id, version=version, facts=facts, remark=remark, now=now,
        taken=name,
    )  # fmt: skip


def dismiss(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, name: str, read: str, now: dt.datetime
) -> Incoming:
    """What stands in the register is right; `name` "" for every difference there is. Kept in the journal."""
    demand(actor, Permission.RECEIVE_DOCUMENT)
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=None)
    given = differences.open_ones(document)
    if name:
        given = [_open(document, name, read)]
    for one in given:
        differences.answer(document, "dismissed", only=one.name)
    uow.flush()
    differences.settle(uow, document)
    told: dict[str, object] = {"dismissed": {one.name: [one.typed, one.read] for one in given}}
    tag = "document:incoming:dismiss_reading"
    journal.record_incoming(uow, document, tag=tag, facts=told, actor=actor, now=now)
    return document


def _open(document: Incoming, name: str, read: str) -> differences.Difference:
    for one in differences.open_ones(document):
        if one.name == name and one.read == read:
            return one
    raise stale(document)


def facts_of_reading(uow: UnitOfWork, read: ReadText, *, now: dt.datetime) -> Facts:
    """What was read, as far as the register can take it; the clerk confirms or corrects it."""
    best: dict[str, str] = {}
    for one in read.proposals:
        text = line(str(one.get("value", "")))
        if text:
            best.setdefault(str(one.get("field", "")), text)
    kinds = {row.code for row in office.document_types(uow.session)}
    kind, urgency = best.get("type_code", ""), best.get("urgency", "")
    return Facts(
        issuer=best.get("issuer", "")[:ISSUER_LENGTH], symbol=best.get("symbol", "")[:60],
        issued_on=_day(best.get("date", ""), now=now), type_code=kind if kind in kinds else None,
        subject=best.get("subject", "")[:SUBJECT_LENGTH], signer=best.get("signer", "")[:100],
        signer_title=best.get("signer_title", "")[:100],
        urgency=Urgency(urgency) if urgency in set(Urgency) else Urgency.NORMAL,
    )  # fmt: skip


def line(value: str) -> str:
    """A stranger's words on one line; "" for what no register takes."""
    try:
        return clean(" ".join(value.split()))
    except BadInput:
        return ""


def _day(text: str, *, now: dt.datetime) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if found <= local_day(now) else None
