"""The lines of the three registers in the legal columns (Decree 30/2020, Annex IV), for page and print alike.

A line is either a document of this installation or an `ImportedEntry` of a former system. Of secret papers a line
shows that they exist, not what they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from workflow.domain.dispatch import outside_of
from workflow.domain.incoming import State
from workflow.domain.numbering import number_text
from workflow.domain.outgoing import Medium
from workflow.domain.registers import NumberStatus
from workflow.domain.terms import DueKind
from workflow.services.documents.symbols import dated
from workflow.store.models import ImportedEntry
from workflow.web import format
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.types import type_names

OUTGOING = (
    N_("Number and symbol"), N_("Date of the document"), N_("Type and subject"), N_("Signed by"), N_("Recipients"),
    N_("Unit or person keeping the file copy"), N_("Number of copies"), N_("Date of dispatch"), N_("Receipt"),
    N_("Remarks"),
)  # fmt: skip
ARRIVALS = (
    N_("Arrived on"), N_("Arrival number"), N_("Issued by"), N_("Number and symbol"), N_("Date of the document"),
    N_("Type and subject"), N_("Unit or person receiving"), N_("Date of transfer"), N_("Receipt"), N_("Remarks"),
)  # fmt: skip
FOLLOW_UP = (
    N_("Arrival number"), N_("Type, number, symbol, date and issuer"), N_("Unit or person receiving"),
    N_("Time limit"), N_("Progress"), N_("Number and symbol of the answer"), N_("Remarks"),
)  # fmt: skip

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says besides its row: numbers of answers, and what became of the document since it was issued."""

    answers: Sequence[str] = ()
    marks: Sequence[str] = ()


NOTHING = Told()
Line = Callable[[Any, Told], Cells]


@dataclass(frozen=True, slots=True)
class Book:
    """One of the three registers. `number`: the column that leads to the document; `dates`: columns of days.

    `printed`: the title as the decree has it; `widths`: shares of the printed page's width.
    """

    direction: str
    path: str
    title: str
    printed: str
    columns: tuple[str, ...]
    number: int
    line: Line
    dates: tuple[int, ...]
    widths: tuple[float, ...]


def document_key(row: Any) -> int | None:
    """The document that a line leads to; a held number, a cancelled one and an imported line have none."""
    return None if isinstance(row, ImportedEntry) else row.id


def status_of(row: Any) -> tuple[str, str]:
    """(`used`, `held` or `cancelled`, why) of a line's number."""
    return getattr(row, "status", "used"), getattr(row, "reason", "")


def outgoing_line(row: Any, told: Told) -> Cells:
    """One line of the register of what goes out. A cancelled number's reads as it did when it was cancelled."""
    if isinstance(row, ImportedEntry):
        return _imported_outgoing(row)
    if row.id is None:
        return (number_text(row.number), "", _ended(row), "", "", "", "", "", "", "")
    said = row if row.entry is None else SimpleNamespace(**row.entry)
    remarks = [label(Medium.INK)] if said.medium == Medium.INK else []
    cancelled = row.status == NumberStatus.CANCELLED
    if cancelled:
        again = [_("the document bears %(symbol)s", symbol=row.symbol_now)] if row.symbol_now else []
        remarks = [_ended(row), *again]
    elif row.reason:
        remarks.append(row.reason)
    if not cancelled:
        remarks += told.marks
    subject = _("secret") if said.secret else said.subject
    return (
        row.symbol or number_text(row.number),
        "" if cancelled else format.day(dated(row)),
        f"{type_names().get(said.type_code, said.type_code)}: {subject}",
        said.signer or "",
        "\n".join(outside_of(said.recipients)) or said.recipients,  # names, where a line gives more than "Như trên"
        f"{said.unit_name}, {said.drafter}",
        "1" if said.medium == Medium.INK else _("electronic"),
        format.day(row.issued_at) if row.issued_at and not cancelled else "",
        "",
        "; ".join(remarks),
    )


def arrivals_line(row: Any, told: Told) -> Cells:
    """One line of the register of arrivals."""
    if isinstance(row, ImportedEntry):
        return (
            _day(row.arrived_on), f"{row.number}{row.suffix}", row.issuer, row.symbol, _day(row.document_date),
            _what(row), row.parties, _day(row.moved_on), row.receipt, _remarks(row),
        )  # fmt: skip
    remarks = [row.note] if row.note else []
    if row.state in {State.RETURNED, State.RECALLED}:
        remarks.append(label(State(row.state)))
    if row.copies > 1:
        remarks.append(_("%(n)s copies", n=row.copies))
    remarks += told.marks
    receipt = f"{row.reader or ''} {format.moment(row.read_at)}".strip() if row.read_at else ""
    return (
        format.day(row.arrived_at), str(row.number), row.issuer, row.symbol, _day(row.issued_on),
        f"{_kind(row)}{_subject(row)}", _receiver(row), format.day(row.directed_at) if row.directed_at else "",
        receipt, "; ".join(remarks),
    )  # fmt: skip


def follow_up_line(row: Any, told: Told) -> Cells:
    """One line of the follow-up register."""
    if isinstance(row, ImportedEntry):
        what = ", ".join(part for part in (row.symbol, _day(row.document_date), row.issuer) if part)
        return (
            f"{row.number}{row.suffix}", f"{row.type_name}: {what}" if row.type_name else what, row.parties,
            row.time_limit, row.progress, row.answers, row.follow_up_remarks,
        )  # fmt: skip
    what = ", ".join(part for part in (row.symbol, _day(row.issued_on), row.issuer) if part)
    progress = label(State(row.state))
    if row.done_at is not None:
        progress = f"{progress} {format.day(row.done_at)}"
        if row.due_at is not None and row.done_at > row.due_at:
            progress = f"{progress} ({_('overdue')})"
    due = format.day(row.due_at) if row.due_at else _("no deadline") if row.due_kind == DueKind.NONE else ""
    remarks = [_("clock stopped since %(day)s", day=format.day(row.paused_since))] if row.paused_since else []
    remarks += [row.result_words] if row.result_words and not told.answers else []
    remarks += told.marks
    return (
        str(row.number), f"{_kind(row)}{what}", _receiver(row), due, progress, "; ".join(told.answers),
        "; ".join(remarks),
    )  # fmt: skip


def _imported_outgoing(row: ImportedEntry) -> Cells:
    number = row.symbol or f"{number_text(row.number)}{row.suffix}"
    return (
        number, _day(row.document_date), _what(row), row.signer, row.parties, row.keeper, row.copies,
        _day(row.moved_on), row.receipt, _remarks(row),
    )  # fmt: skip


def _what(row: ImportedEntry) -> str:
    """Type and subject; of a number without a document, why it has none."""
    if not row.subject and row.status != "used":
        return _why(row)
    return f"{row.type_name}: {row.subject}" if row.type_name else row.subject


def _remarks(row: ImportedEntry) -> str:
    """A cancelled number says why in one place at least."""
    told = row.status == "used" or not row.subject or row.reason in row.remarks or row.reason in row.subject
    return row.remarks if told else "; ".join(part for part in (row.remarks, _why(row)) if part)


def _ended(row: Any) -> str:
    """Why a number is no document's: held for whom and until when, or cancelled by whom and when."""
    if row.status == NumberStatus.HELD:
        who, day = row.held_for, row.held_until
        until = _("until %(day)s", day=format.day(day)) if day else ""
    else:
        who, until = row.cancelled_by, format.day(row.cancelled_at) if row.cancelled_at else ""
    more = ", ".join(part for part in (who, until) if part)
    return _why(row) + (f" ({more})" if more else "")


def _why(row: Any) -> str:
    words = _("number held") if row.status == "held" else _("number cancelled")
    return f"{words}: {row.reason}"


def _day(value: Any) -> str:
    return format.day(value) if value else ""


def _kind(row: Any) -> str:
    return f"{type_names().get(row.type_code, row.type_code)}: " if row.type_code else ""


def _subject(row: Any) -> str:
    return _("secret") if row.secret else str(row.subject)


def _receiver(row: Any) -> str:
    return ", ".join(part for part in (row.unit, row.handler) if part)


_OUT, _IN, _FOLLOW = N_("Register of outgoing documents"), N_("Register of arrivals"), N_("Follow-up register")
BOOKS = {
    "outgoing": Book(
        "out", "/register", _OUT, _OUT, OUTGOING, 0, outgoing_line, (1, 7),
        (1.5, 1.1, 3.6, 1.5, 2.2, 1.9, 0.9, 1.1, 0.9, 1.5),
    ),
    "arrivals": Book(
        "in", "/incoming/register", _IN, N_("Register of incoming documents"), ARRIVALS, 1, arrivals_line,
        (0, 4, 7), (1.1, 0.8, 1.8, 1.5, 1.1, 3.1, 1.8, 1.1, 1.3, 1.7),
    ),
    "follow-up": Book(
        "in", "/incoming/register/follow-up", _FOLLOW, _FOLLOW, FOLLOW_UP, 0, follow_up_line, (),
        (0.8, 3.4, 2, 1.3, 1.8, 1.8, 1.8),
    ),
}  # fmt: skip
