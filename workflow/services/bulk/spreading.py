"""One approved draft becomes many documents: a table is looked through whole, then each row makes one.

Nothing is made while a row is wrong, nor before its orderer has seen the lines (`looking`). A document that was
made so stands where its draft stands, before the format check: its content was approved with the draft, its own
words are seen by the clerk, and by the signer on paper.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from workflow.adapters import office, sheets
from workflow.adapters.blobs import Blobs
from workflow.domain import spreading
from workflow.domain.bulk import Act
from workflow.domain.errors import BadInput, stale
from workflow.domain.outgoing import NOT_SPREAD, STEPS, Action, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.spreading import Problem, Row
from workflow.domain.steps import require, step_for
from workflow.domain.text import clean, fold, name_key
from workflow.domain.unfilled import note_of
from workflow.services import search
from workflow.services.bulk import looking
from workflow.services.calendar import working_calendar
from workflow.services.documents import attachments
from workflow.services.documents.drafting import new_code
from workflow.services.documents.files import PDF, Place, add_version, keep, planned, replace_boxes
from workflow.services.documents.moves import due, true_facts
from workflow.services.documents.normalising import normalised
from workflow.services.documents.plans import fields_of
from workflow.services.documents.word_files import WORD
from workflow.services.exchange import recipients
from workflow.services.journal import local_day, record_document
from workflow.store import bulk as store
from workflow.store import corrections, cosigning, documents, exchange, unit_copies
from workflow.store.models import BulkItem, BulkRun, History, Outgoing, Spread
from workflow.store.session import UnitOfWork

COPIED = (
    "agency_id", "unit_id", "organ_id", "type_code", "urgency", "drafter_id", "drafter_post_id", "signer_id",
    "signer_post_id", "capacity", "skipped_review", "due_at",
)  # fmt: skip
"""What a document has of its draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The sheet, the PDFs that came with it by name, and the name of the form that brought both. `again`: whoever
    sends it knows that documents were made of this draft before, and wants these besides."""

    data: bytes
    files: Mapping[str, bytes]
    form: str
    again: bool = False


def look(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, table: Table, blobs: Blobs, now: dt.datetime
) -> tuple[int, list[Problem]]:
    """Look through a table. (run, nothing) where every row is good, else (0, all that is wrong): nothing kept. The
    run begins with a look into the files.

    Raises what the state table raises, `BadInput` where the table as a whole cannot be taken, or documents were
    made of the draft before and nobody said that these are wanted besides.
    """
    demand(actor, Permission.ACT_ON_DOCUMENT)
    document = documents.find(scope, uow.session, document_id)
    check_draft(uow, actor, document)
    earlier = store.by_key(uow.session, actor.person_id or 0, table.form)
    if earlier is not None:
        return earlier.id, []
    check_again(uow, document, again=table.again)
    names = _placeholders(uow, document, blobs)
    rows, problems = spreading.read(
        [list(map(str, row)) for row in uow.compute(sheets.read_sheet, table.data).rows]
    )
    problems += spreading.check_sources(rows, files=table.files.keys(), placeholders=names)
    problems += spreading.check_signs(rows, table.files)
    if problems:
        return 0, sorted(problems, key=lambda one: one.row)
    kept = {name: uow.compute(blobs.put, data) for name, data in table.files.items()}
    uow.begin_write()
    twin = store.by_key(uow.session, actor.person_id or 0, table.form)
    if twin is not None:  # the same form, which was looked through meanwhile
        return twin.id, []
    check_again(uow, documents.lock(scope, uow.session, document_id, version=None), again=table.again)
    for name, sha256 in kept.items():
        keep(uow, sha256=sha256, size=len(table.files[name]), now=now)
    try:
        with uow.session.begin_nested():
            return _write(uow, actor, document_id, table, rows, kept, now=now), []
    except IntegrityError:  # the same form in another process, not durable yet when we asked
        twin = store.by_key(uow.session, actor.person_id or 0, table.form)
        if twin is None:
            raise
        return twin.id, []


def check_draft(uow: UnitOfWork, actor: Actor, document: Outgoing) -> None:
    """Who may confirm its format may make many of it, while that may be done: signer chosen, every coordinating
    unit's initials given. That some were made of it already keeps it from its signer, not from another table.
    Of secret papers nothing is here.
    """
    step = step_for(STEPS, State(document.state), Action.CONFIRM_FORMAT, role=actor.role)
    require(step, true_facts(uow, actor, document, step=step) | {NOT_SPREAD})
    if document.secret:
        raise BadInput("secret_content_refused")
    if corrections.corrects(uow.session, document.id):  # what one document corrects, many of it cannot
        raise BadInput("spread_corrects")


def check_again(uow: UnitOfWork, document: Outgoing, *, again: bool) -> None:
    """A table sent from a second window made everything twice: what was made already has to be known to whoever
    wants more. A table under way counts."""
    standing, _when = store.standing_of(uow.session, document.id)
    if not again and (standing or store.awaited_of(uow.session, document.id)):
        raise BadInput("spread_again", count=standing)


def _placeholders(uow: UnitOfWork, document: Outgoing, blobs: Blobs) -> tuple[str, ...]:
    """Of the draft's Word file; none where it came as PDF."""
    original = documents.latest_file(uow.session, document.id, "original")
    if original is None or original.note != WORD:
        return ()
    sha256 = original.sha256
    return uow.compute(office.placeholders, uow.compute(blobs.get, sha256))


def _write(
    uow: UnitOfWork, actor: Actor, document_id: int, table: Table, rows: list[Row], kept: Mapping[str, str], *,
    now: dt.datetime,
) -> int:  # fmt: skip
    run = BulkRun(
        person_id=actor.person_id, post_id=actor.post_id, act=Act.SPREAD, once_key=table.form,
        wanted=looking.begins(files=any(row.file for row in rows)), source_id=document_id, created_at=now,
    )  # fmt: skip
    uow.add(run)
    uow.flush()
    uow.add(
        *(
            BulkItem(
                bulk_id=run.id, place=place, version=0, file_sha256=kept.get(row.file) if row.file else None,
                content={
                    "row": row.row, "recipients": row.recipients, "subject": row.subject, "values": row.values,
                },
            )
            for place, row in enumerate(rows, 1)
        )
    )  # fmt: skip
    uow.flush()
    return run.id


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """A line of the table and where it comes from."""

    run_id: int
    source_id: int
    content: Mapping[str, Any]
    file_sha256: str | None


def make_one(uow: UnitOfWork, actor: Actor, scope: Scope, *, one: One, blobs: Blobs, now: dt.datetime) -> Outgoing:
    """The document of one row, with its own file, before the format check. Raises what `look` raises."""
    demand(actor, Permission.ACT_ON_DOCUMENT)
    source = documents.find(scope, uow.session, one.source_id)
    check_draft(uow, actor, source)
    places = tuple(
        Place(
            name=field.name,
            page=field.page,
            left=field.box[0],
            bottom=field.box[1],
            right=field.box[2],
            top=field.box[3],
            drawn=field.drawn,
        )
        for field in fields_of(uow, source.id)
    )
    same_pages = source.pages
    data, version = _file(uow, source, one, blobs), source.version
    made = uow.compute(normalised, data)
    plan, _words, dots = planned(uow, source, made, places=places if len(made.pages) == same_pages else (), now=now)
    original = uow.compute(blobs.put, data)
    uow.compute(blobs.put, made.data)
    uow.begin_write()
    source = documents.lock(scope, uow.session, one.source_id, version=version)
    check_draft(uow, actor, source)
    document, goes_to = _copy(uow, source, one, now=now)
    keep(uow, sha256=original, size=len(data), now=now, media_type=PDF)
    keep(uow, sha256=made.sha256, size=len(made.data), now=now)
    for kind, sha256 in (("original", original), ("draft", made.sha256)):
        note = ", ".join(note_of(dots)) if kind == "draft" else ""
        add_version(uow, document, kind=kind, sha256=sha256, actor=actor, now=now, filename=f"{source.code}.pdf",
                    note=note)  # fmt: skip
    document.file_sha256, document.pages = made.sha256, len(made.pages)
    replace_boxes(uow, document, plan)
    cosigning.copy(uow.session, source.id, to=document.id)
    attached = attachments.copy_to(uow, source, document, now=now)
    beside = {"cosigners": list(cosigning.persons(uow.session, document.id))}
    told = {**goes_to, "attachments": attached, **beside}
    _first_line(uow, actor, document, source, one, told=told, now=now)
    search.index(uow, "out", document)
    return document


def _file(uow: UnitOfWork, source: Outgoing, one: One, blobs: Blobs) -> bytes:
    """The row's own PDF, or the draft's Word file with the row's words, printed in the jail."""
    if one.file_sha256 is not None:
        return uow.compute(blobs.get, one.file_sha256)
    original = documents.latest_file(uow.session, source.id, "original")
    if original is None or original.note != WORD:
        raise stale(source)
    word = uow.compute(blobs.get, original.sha256)
    try:
        return uow.compute(
            office.to_pdf, word, accept=office.DRAFTS, draft=True, values=dict(one.content["values"])
        )
    except BadInput as refused:
        raise BadInput(f"draft_{refused.code}", **refused.details) from refused


def _copy(uow: UnitOfWork, source: Outgoing, one: One, *, now: dt.datetime) -> tuple[Outgoing, dict[str, object]]:
    """The document, and for the journal the agencies of this installation and the own units that the row names: it
    goes to them as any other."""
    subject = str(one.content["subject"])
    words, to, units = _recipients(uow, source, str(one.content["recipients"]), now=now)
    document = Outgoing(
        **{name: getattr(source, name) for name in COPIED}, code=new_code(), subject=subject,
        subject_folded=fold(subject)[: spreading.LONGEST_SUBJECT], recipients=words, state=State.FORMAT_CHECK,
        version=1, state_since=now, created_at=now, actor_before_id=_passed_by(uow, source), chain_length=0,
        chain_head="",
    )  # fmt: skip
    document.step_due_at = due(document, working_calendar(uow))
    uow.add(document)
    uow.flush()
    recipients.put(uow, document, to, unit_ids=units, now=now)
    return document, {"to": to, "units": units}


def _passed_by(uow: UnitOfWork, source: Outgoing) -> int | None:
    """Who brought the draft to its format check: they may take the row's document back too."""
    line = documents.last_move(uow.session, source.id)
    return line.person_id if line is not None and line.action != Action.CREATE else None


def _recipients(
    uow: UnitOfWork, source: Outgoing, text: str, *, now: dt.datetime
) -> tuple[str, list[int], list[int]]:
    """A line for each recipient of a row, and the keys of those that are agencies of this installation or parts of
    the own one."""
    day = local_day(now)
    agencies = exchange.agencies(uow.session, on=day, without=source.agency_id)
    parts = unit_copies.units(uow.session, source.agency_id, on=day)
    here = {name_key(name): (key, name) for key, name in agencies}
    inside = {name_key(row.name): (row.id, row.name) for row in parts if name_key(row.name) not in here}
    known = inside | here
    lines = [line for part in re.split(r"[;\n]", text) if (line := clean(part))]
    names = [known[name_key(line)][1] if name_key(line) in known else line for line in lines]
    found = {name_key(line) for line in lines}
    return (
        "\n".join(dict.fromkeys(names)),
        sorted({key for words, (key, _name) in here.items() if words in found}),
        sorted({key for words, (key, _name) in inside.items() if words in found}),
    )


ROW_OF = "Tách từ dự thảo {code}, dòng {row}"
"""The words of the first line of its history: where it comes from."""


def _first_line(
    uow: UnitOfWork, actor: Actor, document: Outgoing, source: Outgoing, one: One, *, told: Mapping[str, object],
    now: dt.datetime,
) -> None:  # fmt: skip
    remark = ROW_OF.format(code=source.code, row=one.content["row"])
    uow.add(Spread(outgoing_id=document.id, source_id=source.id, line=one.content["row"]))
    uow.add(
        History(
            document_id=document.id, ordinal=1, at=now, action=Action.CREATE, from_state="",
            to_state=document.state, person_id=actor.person_id, post_id=actor.post_id, remark=remark,
            file_sha256=document.file_sha256,
        )
    )  # fmt: skip
    facts = {
        "code": document.code, "type": document.type_code, "subject": document.subject, "secret": False, **told,
        "drafter": document.drafter_id, "signer": document.signer_id, "due": None,
        "urgency": str(document.urgency), "spread_from": source.id, "bulk_run": one.run_id,
    }  # fmt: skip
    record_document(uow, document, tag="document:outgoing:create", facts=facts, actor=actor, now=now)
    made = {"made": document.id, "code": document.code, "line": one.content["row"], "bulk_run": one.run_id}
    record_document(uow, source, tag="document:outgoing:spread", facts=made, actor=actor, now=now)
