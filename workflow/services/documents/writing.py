"""A draft written here: words from a template, set with all that is known already into the office's own layout.

The drafter writes the body only. Everything else (issuer, place, symbol, subject, recipients, signer's block) comes
from the draft's facts, anew with every version, so that nothing is written twice and nothing goes stale.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from workflow.adapters import render
from workflow.adapters.blobs import Blobs
from workflow.domain.dispatch import bare, is_file_copy, is_reference, outside_of
from workflow.domain.errors import BadInput, Missing
from workflow.domain.numbering import date_words
from workflow.domain.outgoing import MARKS, Urgency
from workflow.domain.people import Actor, Capacity
from workflow.domain.permissions import Scope
from workflow.domain.templates import Paragraph, Words, about, checked, fill, inline, listed, missing_in, paragraphs
from workflow.domain.templates import Place as Known
from workflow.services.documents.files import Place, upload_draft
from workflow.services.documents.remarks import issuer_of, signer_block
from workflow.services.documents.symbols import expected_notation
from workflow.services.documents.templates import Template
from workflow.services.journal import local_day
from workflow.store import documents, exchange, office, unit_copies
from workflow.store import drafting as store
from workflow.store.models import DraftText, Incoming, Outgoing, PostRow
from workflow.store.session import UnitOfWork

ADDRESSED = frozenset({"letter", "submission", "report", "public_letter"})
"""Kinds whose recipients stand after "Kính gửi:"; on the others only under *Nơi nhận*."""

BY_AUTHORITY = frozenset({"decision", "resolution"})
"""Kinds that name whose authority they rest on above their bases (Annex III, forms 1.1 and 1.2)."""

_BLANK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Begun:
    """Words to start from. `unknown`: places of the template for which nothing is known yet."""

    words: Words
    unknown: tuple[Known, ...] = ()


def begin_words(
    uow: UnitOfWork, scope: Scope, document: Outgoing, *, template: Template, now: dt.datetime
) -> Begun:  # fmt: skip
    """A template with its places filled from what is known of a draft."""
    known = known_of(uow, scope, document, now=now)
    unknown = missing_in(f"{template.basis}\n{template.body}", known)
    return Begun(Words(basis=fill(template.basis, known), body=fill(template.body, known)), unknown)


def written_here(uow: UnitOfWork, document: Outgoing) -> DraftText | None:
    """The words that the present draft was set from; None where somebody gave it another file since."""
    kept = store.latest_text(uow.session, document.id)
    newest = documents.latest_file(uow.session, document.id, "draft")
    return kept if kept is not None and newest is not None and kept.ordinal == newest.ordinal else None


def write(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int,
    basis: str,
    body: str,
    template: str,
    blobs: Blobs,
    now: dt.datetime,
) -> Outgoing:
    """Set the words as the draft's next version and keep them. The drafter's right in DRAFT and RETURNED.

    Raises `BadInput` with what `domain.templates.checked` finds, and whatever `upload_draft` raises.
    """
    document = documents.find(scope, uow.session, document_id)
    known = known_of(uow, scope, document, now=now)
    words = checked(basis, body)
    words = Words(basis=fill(words.basis, known), body=fill(words.body, known))
    letter = _letter(uow, document, words)
    made = uow.compute(render.render_letter, letter, made_at=now)
    document = upload_draft(
        uow, actor, scope, document_id=document_id, version=version, data=made.pdf,
        filename=f"du-thao-{document.code}.pdf", blobs=blobs, places=_places(document, made), now=now,
    )  # fmt: skip
    newest = documents.latest_file(uow.session, document.id, "draft")
    if newest is None:
        raise Missing("has_file")
    uow.add(
        DraftText(
            document_id=document.id, ordinal=newest.ordinal, template=template[:40], basis=words.basis,
            body=words.body, written_at=now, written_by_id=actor.person_id,
        )
    )  # fmt: skip
    uow.flush()
    return document


def _places(document: Outgoing, made: render.Rendered) -> tuple[Place, ...]:
    """Where nobody is named signer there is no typed block to be found: the template's own places count."""
    if document.signer_post_id is not None:
        return ()
    return tuple(
        Place(name=name, page=box.page, left=box.x0, bottom=box.y0, right=box.x1, top=box.y1)
        for name, box in made.boxes.items()
        if name in {"leader", "seal"}
    )


def known_of(uow: UnitOfWork, scope: Scope, document: Outgoing, *, now: dt.datetime) -> dict[Known, str]:
    """What a draft can tell a template; what it answers only where that lies in the reader's scope."""
    agency, unit = office.unit(uow.session, document.agency_id), office.unit(uow.session, document.unit_id)
    organ, _head = issuer_of(uow, document)
    titles, name = _signer(uow, document)
    answered = exchange.answered_documents(scope, uow.session, document.id)
    return {
        Known.ORGAN: organ,
        Known.SUPERIOR: agency.superior,
        Known.TOWN: agency.place,
        Known.UNIT: unit.name,
        Known.KIND: office.document_type(uow.session, document.type_code).name_vi,
        Known.SUBJECT: inline(document.subject),
        Known.RECIPIENTS: _series(_addressees(uow, document) or tuple(outside_of(document.recipients))),
        Known.SIGNER: name,
        Known.SIGNER_TITLE: _own_title(uow, document) if titles else "",
        Known.AUTHORITY: _authority(uow, document),
        Known.YEAR: str(local_day(now).year),
        **(_answered(uow, answered[0][1]) if answered else {}),
    }


def _answered(uow: UnitOfWork, row: Incoming) -> dict[Known, str]:
    """What an answer says of what it answers. Of a secret paper not what it is about: the answer may be open."""
    kind = office.document_type(uow.session, row.type_code).name_vi if row.type_code else "Văn bản"
    day = date_words(row.issued_on) if row.issued_on else ""
    parts = [kind, f"số {row.symbol}" if row.symbol else "", day, f"của {row.issuer}" if row.issuer else ""]
    return {
        Known.ANSWERED: " ".join(part for part in parts if part),
        Known.ANSWERED_SYMBOL: row.symbol,
        Known.ANSWERED_DAY: day,
        Known.ANSWERED_ISSUER: row.issuer,
        Known.ANSWERED_SUBJECT: "" if row.secret else inline(row.subject).removeprefix("về việc "),
        Known.ARRIVAL_NUMBER: str(row.number or ""),
    }


def _letter(uow: UnitOfWork, document: Outgoing, words: Words) -> render.Letter:
    kind = office.document_type(uow.session, document.type_code)
    agency = office.unit(uow.session, document.agency_id)
    organ, _head = issuer_of(uow, document)
    to = _addressees(uow, document)
    return render.Letter(
        agency=organ,
        parent=agency.superior,
        title=kind.name_vi if kind.abbreviation else "",
        subject=document.subject if kind.abbreviation else about(document.subject),
        addressees=to,
        parts=_parts(uow, document, words),
        recipients=listed(_copies(uow, document, to=to)),
        urgency=MARKS.get(Urgency(document.urgency), ""),
        filled=_blanks(uow, document, agency.place),
    )


def _parts(uow: UnitOfWork, document: Outgoing, words: Words) -> tuple[render.Part | render.Table, ...]:
    authority = _authority(uow, document) if document.type_code in BY_AUTHORITY else ""
    above = (render.Part(authority.upper(), render.PartKind.CENTRE),) if authority else ()
    return (
        *above,
        *_set(paragraphs(words)),
    )


def _set(lines: tuple[Paragraph, ...]) -> Iterator[render.Part | render.Table]:
    """Paragraphs; lines in a row that begin with a bar are a table, the first one its head."""
    for barred, some in groupby(lines, key=lambda one: one.text.startswith("|") and not one.label):
        if barred:
            rows = [tuple(cell.strip() for cell in one.text[1:].split("|")) for one in some]
            yield _table(rows)
        else:
            yield from (render.Part(one.text, render.PartKind(one.setting), one.label) for one in some)


def _table(rows: list[tuple[str, ...]]) -> render.Table:
    """Every row as long as the head; a column is as wide as its words ask for, within reason."""
    columns = len(rows[0])
    even = [(*row, *("",) * columns)[:columns] for row in rows]
    widths = tuple(float(min(24, max(4, *(len(row[place]) for row in even)))) for place in range(columns))
    return render.Table(even[0], tuple(even[1:]), widths)


def _blanks(uow: UnitOfWork, document: Outgoing, place: str) -> render.Filled:
    """Symbol, place and signer as they are known; number and day blank, wide enough to be written in later."""
    try:
        notation = expected_notation(uow, document)
    except (Missing, BadInput):
        notation = "……"  # no register takes this type yet: numbering will say so
    titles, name = _signer(uow, document)
    day = f"ngày{_BLANK * 8}tháng{_BLANK * 8}năm{_BLANK * 10}"
    return render.Filled(
        number=f"{_BLANK * 12}/{notation}", date=f"{place}, {day}" if place else day, titles=titles, name=name
    )


def _signer(uow: UnitOfWork, document: Outgoing) -> tuple[tuple[str, ...], str]:
    return signer_block(uow, document) if document.signer_post_id is not None else ((), "")


def _own_title(uow: UnitOfWork, document: Outgoing) -> str:
    post = uow.session.get(PostRow, document.signer_post_id) if document.signer_post_id else None
    return post.title if post is not None else ""


def _authority(uow: UnitOfWork, document: Outgoing) -> str:
    """The organ itself where a collective decides (TM.), else its head."""
    organ, head = issuer_of(uow, document)
    if Capacity(document.capacity) is Capacity.TM or not head:
        return organ
    return f"{head} {organ}"


def _addressees(uow: UnitOfWork, document: Outgoing) -> tuple[str, ...]:
    """Who stands after "Kính gửi:". Own units only get a copy, unless nobody else is named."""
    if document.type_code not in ADDRESSED:
        return ()
    units = [unit.name for unit in unit_copies.named(uow.session, document.id)]
    return tuple(outside_of(document.recipients, without=units) or outside_of(document.recipients))


def _copies(uow: UnitOfWork, document: Outgoing, *, to: tuple[str, ...]) -> tuple[str, ...]:
    """The lines under *Nơi nhận*: references first, then who gets a copy, the file copy last (Annex I, cell 9b).

    `to`: whom the paper addresses; they stand above it, `Như trên` is their line.
    """
    lines = [words for line in document.recipients.split("\n") if (words := bare(line))]
    references = ["Như trên"] if to else [line for line in lines if is_reference(line)]
    filed = [line for line in lines if is_file_copy(line)] or [_filed(uow, document)]
    return (*references, *outside_of(document.recipients, without=to), *filed)


def _series(names: tuple[str, ...]) -> str:
    """`A`, `A và B`, `A, B và C`."""
    return " và ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _filed(uow: UnitOfWork, document: Outgoing) -> str:
    """`Lưu: VT, KT`: the clerk's office and the unit that drafted it."""
    unit = office.unit(uow.session, document.unit_id)
    part = unit.abbreviation if unit.id != document.agency_id else ""
    return f"Lưu: VT, {part}" if part else "Lưu: VT"


__all__ = ["Begun", "begin_words", "known_of", "write", "written_here"]
