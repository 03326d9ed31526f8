"""What the register of outgoing documents is narrowed to. A year of one register bounds every question asked here.

Most lines are a number with its document, and the database judges them. Those that are kept in words of their own
(a cancelled number's line, a held number's reason, a former system's entry) have no folded text beside them: where
words are looked for, they are judged one by one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, between, case, false, func, or_, select

from workflow.domain.periods import midnight
from workflow.domain.permissions import Scope
from workflow.domain.registers import NumberStatus
from workflow.domain.text import fold
from workflow.store.document_list import escaped
from workflow.store.models import DocumentType, ImportedEntry, Outgoing, Register, RegisterNumber

ONE_DAY = dt.timedelta(days=1)


class LineState(StrEnum):
    """Where the number of a line stands."""

    ISSUED = "issued"
    UNISSUED = "unissued"
    """It has a document that was not issued yet."""
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines are shown. Empty fields do not narrow; `first_day` and `last_day` mean the document's date."""

    number: int | None = None
    symbol: str = ""
    """How it begins."""
    words: str = ""
    """Already folded; of a secret document's subject nothing is found."""
    type_code: str = ""
    signer: str = ""
    """A full name: lines of a former system know no persons."""
    state: LineState | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None


EVERYTHING = Wanted()


def kept_by(scope: Scope) -> ColumnElement[bool]:
    """The condition that a scope puts on registers: of its agencies, and where it reads nothing secret no register
    of secret documents."""
    mine = Register.agency_id.in_(scope.agency_ids)
    return and_(mine, Register.secret.is_(False)) if scope.no_secrets else mine


def of_numbers(wanted: Wanted, year: int) -> list[ColumnElement[bool]]:
    """Conditions on `RegisterNumber` joined to its document and `signer`'s name, all but those on words."""
    entry = RegisterNumber.entry
    made: list[ColumnElement[bool]] = []
    if wanted.number is not None:
        made.append(RegisterNumber.number == wanted.number)
    if wanted.symbol:
        made.append(_begins(RegisterNumber.symbol, wanted.symbol))
    if wanted.type_code:
        kind = case((entry.is_(None), Outgoing.type_code), else_=entry["type_code"].as_string())
        made.append(kind == wanted.type_code)
    if wanted.state in {LineState.HELD, LineState.CANCELLED}:
        made.append(RegisterNumber.status == str(wanted.state))
    elif wanted.state is not None:
        gone = Outgoing.issued_at.is_not(None) if wanted.state is LineState.ISSUED else Outgoing.issued_at.is_(None)
        made += [RegisterNumber.status == NumberStatus.USED, RegisterNumber.document_id.is_not(None), gone]
    if wanted.first_day or wanted.last_day:
        made += [RegisterNumber.status == NumberStatus.USED, _dated(wanted, year)]
    return made


def signed_by(wanted: Wanted, name: Any) -> list[ColumnElement[bool]]:
    """The condition on who signed; `name`: the column of the signer's name."""
    if not wanted.signer:
        return []
    entry = RegisterNumber.entry
    return [case((entry.is_(None), name), else_=entry["signer"].as_string()) == wanted.signer]


def told_by_document(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Lines that are told by their document, whose subject holds the words."""
    words = [Outgoing.subject_folded.like(escaped(word), escape="/") for word in wanted.words.split()]
    return [RegisterNumber.entry.is_(None), Outgoing.secret.is_(False), *words]


def told_apart() -> ColumnElement[bool]:
    """Lines in words of their own: numbers held, and numbers that were cancelled with the line they had."""
    return or_(RegisterNumber.document_id.is_(None), RegisterNumber.entry.is_not(None))


def says(row: Any, wanted: Wanted) -> bool:
    """Whether such a line, or one of a former system, holds the words in its subject or its reason."""
    said = row.subject if isinstance(row, ImportedEntry) else (row.entry or {}).get("subject", "")
    text = fold(f"{said}\n{row.reason}")
    return all(word in text for word in wanted.words.split())


def saying(rows: Iterable[ImportedEntry], wanted: Wanted, limit: int | None) -> Iterator[ImportedEntry]:
    """Those of a former system's lines that hold the words, as many as are wanted and no further."""
    found = 0
    for row in rows:
        if says(row, wanted):
            yield row
            found += 1
            if found == limit:
                return


def of_entries(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The same conditions on lines of a former system; a used one counts as issued."""
    made: list[ColumnElement[bool]] = []
    if wanted.number is not None:
        made.append(ImportedEntry.number == wanted.number)
    if wanted.symbol:
        made.append(_begins(ImportedEntry.symbol, wanted.symbol))
    if wanted.type_code:
        names = select(DocumentType.name_vi).where(DocumentType.code == wanted.type_code)
        made.append(ImportedEntry.type_name.in_(names))
    if wanted.signer:
        made.append(ImportedEntry.signer == wanted.signer)
    if wanted.state is LineState.UNISSUED:
        made.append(false())
    elif wanted.state is not None:
        status = NumberStatus.USED if wanted.state is LineState.ISSUED else wanted.state
        made.append(ImportedEntry.status == str(status))
    if wanted.first_day:
        made.append(ImportedEntry.document_date >= wanted.first_day)
    if wanted.last_day:
        made.append(ImportedEntry.document_date <= wanted.last_day)
    return made


def _begins(column: Any, text: str) -> ColumnElement[bool]:
    """LIKE would take case lightly on SQLite and not on PostgreSQL."""
    return func.substr(column, 1, len(text)) == text


def _dated(wanted: Wanted, year: int) -> ColumnElement[bool]:
    """The date as `numbering.document_date` has it: the day of the number; of a paper of December that got a number
    of the old year in January the day of its signature, or the year's last."""
    opens, closes = dt.date(year, 1, 1), dt.date(year, 12, 31)
    first, last = max(wanted.first_day or opens, opens), min(wanted.last_day or closes, closes)
    if first > last:
        return false()
    late = Outgoing.numbered_at >= midnight(closes + ONE_DAY)
    signed = _signed(first, last)
    if last == closes:
        signed = or_(signed, ~_signed(opens, closes))
    return or_(and_(~late, _within(Outgoing.numbered_at, first, last)), and_(late, signed))


def _signed(first: dt.date, last: dt.date) -> ColumnElement[bool]:
    """The day on the paper, else of the signature."""
    on_paper = Outgoing.signed_on.is_not(None)
    return case(
        (on_paper, between(Outgoing.signed_on, first, last)), else_=_within(Outgoing.signed_at, first, last)
    )


def _within(column: Any, first: dt.date, last: dt.date) -> ColumnElement[bool]:
    return and_(column >= midnight(first), column < midnight(last + ONE_DAY))
