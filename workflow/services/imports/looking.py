"""The dry run: read a sheet, look through every row, keep what was found. Nothing is taken in yet."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.adapters import sheets
from workflow.adapters.sheets import ReadSheet
from workflow.domain.errors import BadInput, Refused
from workflow.domain.imports import headings, offices, registers, staff
from workflow.domain.imports.headings import Kind
from workflow.domain.imports.offices import Known
from workflow.domain.imports.problems import Fault
from workflow.domain.imports.reading import Row
from workflow.domain.imports.registers import Book
from workflow.domain.imports.rights import DIRECTIONS, NEEDS
from workflow.domain.imports.staff import KnownPost
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope, demand
from workflow.domain.text import file_name
from workflow.services.imports import outside
from workflow.services.imports.entries import same
from workflow.services.journal import local_day, record
from workflow.store import imported, office, people
from workflow.store import imports as store
from workflow.store.models import ImportRun
from workflow.store.session import UnitOfWork

Examined = tuple[Row, dict[str, Any]]

EARLIEST = 1976
"""The oldest year of a register that can be brought in."""
LONGEST_CELL = 2_500
"""Letters of a cell that are kept to give a faulty row back: more than any field takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A sheet and what its sender said of it. `register_id`, `year`: of registers only; `basis`: the decision
    behind units and posts whose row names none.
    """

    kind: Kind
    data: bytes
    filename: str
    register_id: int = 0
    year: int = 0
    basis: str = ""


@dataclass(slots=True)
class Looked:
    """What was found: rows with their meaning, which of them are here already, in which order, what is missing."""

    rows: list[Examined]
    known: list[bool]
    places: list[int]
    gaps: list[tuple[int, int]]


def look(uow: UnitOfWork, actor: Actor, scope: Scope, *, upload: Upload, now: dt.datetime) -> int:
    """Look through a sheet; returns the import's key.

    Raises `BadInput` where the file as a whole cannot be taken (`sheet_…`), `NotFound("register_not_found")`,
    `Refused("series_closed")`.
    """
    demand(actor, NEEDS[upload.kind])
    if upload.kind in DIRECTIONS:
        _demand_open(uow, scope, upload, today=local_day(now))
    sheet = uow.compute(sheets.read_sheet, upload.data)
    head, columns = headings.find_head(upload.kind, sheet.rows)
    if lacking := headings.lacking(upload.kind, columns):
        raise BadInput("sheet_headings", names=", ".join(f"“{words}”" for words in lacking))
    rows = _rows(upload.kind, sheet, head, columns)
    if not rows:
        raise BadInput("sheet_empty")
    looked = LOOKERS[upload.kind](uow, scope, upload, rows, local_day(now))
    return _keep(uow, actor, upload, sheet=sheet, head=head, columns=columns, looked=looked, now=now)


def _demand_open(uow: UnitOfWork, scope: Scope, upload: Upload, *, today: dt.date) -> None:
    register = store.register(scope, uow.session, upload.register_id, DIRECTIONS[upload.kind])
    if not EARLIEST <= upload.year <= today.year:
        raise BadInput("import_year", first=EARLIEST, last=today.year)
    series = store.series(uow.session, register.id, upload.year)
    if series is not None and series.closed_at is not None:
        raise Refused("series_closed", register=register.name, year=upload.year)


def _rows(kind: Kind, sheet: ReadSheet, head: int, columns: Mapping[str, int]) -> list[Row]:
    """Rows below the headings that say anything; a row that only counts the columns is none."""
    made = []
    for place, cells in enumerate(sheet.rows[head + 1 :], head + 1):
        said = {name: cells[column] if column < len(cells) else "" for name, column in columns.items()}
        if not any(words.strip() for words in said.values()) or headings.is_numbering(cells):
            continue
        formulas = frozenset(name for name, column in columns.items() if (place, column) in sheet.formulas)
        made.append(Row(kind, place + 1, said, formulas))
    return made


def _look_at_register(uow: UnitOfWork, scope: Scope, upload: Upload, rows: list[Row], today: dt.date) -> Looked:
    types = [(row.abbreviation, row.name_vi) for row in office.every_type(uow.session)]
    book = Book.of(upload.year, today, types)
    examined = [(row, registers.READERS[upload.kind](row, book)) for row in rows]
    span: dict[str, Any] = {"register_id": upload.register_id, "year": upload.year}
    drawn = store.taken_numbers(scope, uow.session, **span)
    brought = {(one.number, one.suffix): one for one in imported.entries(scope, uow.session, **span)}
    first: dict[tuple[int, str], int] = {}
    known = []
    for row, content in examined:
        key = (content["number"], content["suffix"])
        earlier = brought.get(key)
        field = _number_field(row)
        if not key[0]:
            known.append(False)
            continue
        if key in first:
            row.wrong(field, Fault.TWICE_IN_FILE, row=first[key], text=_number(key))
        elif (key[0] in drawn and not key[1]) or (earlier and not same(earlier, content)):
            row.wrong(field, Fault.NUMBER_TAKEN, text=_number(key), year=upload.year)
        first.setdefault(key, row.number)
        known.append(earlier is not None)
    if upload.year == today.year:
        _note_jumps(uow, upload, examined, drawn | {number for number, suffix in brought if not suffix})
    there = drawn | {number for number, _suffix in brought}
    good = {content["number"] for row, content in examined if not row.problems and content["number"]}
    return Looked(examined, known, [0] * len(rows), registers.gaps(there | good) if good else [])


def _note_jumps(uow: UnitOfWork, upload: Upload, examined: list[Examined], there: set[int]) -> None:
    """One slip, 2500 for 250, would make every number of the rest of the year wrong."""
    series = store.series(uow.session, upload.register_id, upload.year)
    good = [(row, (content["number"], content["suffix"])) for row, content in examined if not row.problems]
    found = registers.jumps(
        (key for _row, key in good if key[0]), max(there | {series.last_number if series else 0})
    )
    for row, key in good:
        if key in found:
            text, last, most = _number(key), f"{found[key]:02d}", registers.FARTHEST
            row.wrong(_number_field(row), Fault.NUMBER_JUMPS, text=text, last=last, most=most)


def _number_field(row: Row) -> str:
    """Where the number stands of which something is said."""
    return "symbol" if row.kind is Kind.OUTGOING and "symbol" in row.cells else "number"


def _number(key: tuple[int, str]) -> str:
    return f"{key[0]:02d}{key[1]}"


def _look_at_units(uow: UnitOfWork, scope: Scope, _upload: Upload, rows: list[Row], _today: dt.date) -> Looked:
    examined = [(row, offices.read_unit(row)) for row in rows]
    known = [Known(unit.id, unit.code, unit.name) for unit in people.units(scope, uow.session)]
    codes = [content["code"] for _row, content in examined]
    places = offices.link(examined, known, elsewhere=store.unit_codes_elsewhere(scope, uow.session, codes))
    here = {unit.code for unit in known}
    return Looked(examined, [code in here for code in codes], places, [])


def _look_at_people(uow: UnitOfWork, scope: Scope, _upload: Upload, rows: list[Row], _today: dt.date) -> Looked:
    examined = [(row, staff.read_person(row)) for row in rows]
    units = [Known(unit.id, unit.code, unit.name) for unit in people.units(scope, uow.session)]
    posts = [
        KnownPost(row[0], row[1], row[2] or "", row[3], row[4], row[5], row[6], row[7].isoformat())
        for row in store.posts(scope, uow.session)
    ]
    logins = [content["login"] for _row, content in examined if content["login"]]
    elsewhere = store.logins_elsewhere(scope, uow.session, logins)
    known = staff.place_people(examined, units, posts, elsewhere=elsewhere)
    return Looked(examined, known, [0] * len(rows), [])


def _look_at_outside(uow: UnitOfWork, scope: Scope, _upload: Upload, rows: list[Row], _today: dt.date) -> Looked:
    examined, known = outside.look_at(uow, scope.agency_ids[0], rows)
    return Looked(examined, known, [0] * len(rows), [])


LOOKERS: dict[Kind, Callable[[UnitOfWork, Scope, Upload, list[Row], dt.date], Looked]] = {
    Kind.OUTGOING: _look_at_register,
    Kind.INCOMING: _look_at_register,
    Kind.UNITS: _look_at_units,
    Kind.PEOPLE: _look_at_people,
    Kind.OUTSIDE: _look_at_outside,
}


def _keep(
    uow: UnitOfWork, actor: Actor, upload: Upload, *, sheet: ReadSheet, head: int, columns: Mapping[str, int],
    looked: Looked, now: dt.datetime,
) -> int:  # fmt: skip
    uow.begin_write()
    made = ImportRun(
        agency_id=actor.agency_id, kind=str(upload.kind), register_id=upload.register_id or None,
        year=upload.year or None, filename=file_name(upload.filename),
        sha256=hashlib.sha256(upload.data).hexdigest(),
        basis=upload.basis, headings=_cut(sheet.rows[head]), columns=dict(columns),
        gaps=[list(gap) for gap in looked.gaps], created_at=now, created_by_id=actor.person_id,
    )  # fmt: skip
    uow.add(made)
    uow.flush()
    store.add_rows(uow.session, _stored(made.id, sheet, looked))
    facts: dict[str, object] = {
        "kind": str(upload.kind), "file": made.sha256, "register": made.register_id, "year": made.year,
        "rows": len(looked.rows), "bad": sum(bool(row.problems) for row, _content in looked.rows),
    }  # fmt: skip
    record(uow, subject=f"import:{made.id}", tag="import:file:checked", facts=facts, actor=actor, now=now)
    return made.id


def _stored(import_id: int, sheet: ReadSheet, looked: Looked) -> Iterator[dict[str, Any]]:
    """Every row as it is kept. Of a secret one nothing but its number: secret content has no place here, not even
    to be given back as faulty."""
    for (row, content), known, place in zip(looked.rows, looked.known, looked.places, strict=True):
        secret = not row.fine("secrecy")
        problems = [one for one in row.problems if not secret or one.field == "secrecy"]
        yield {
            "import_id": import_id, "row_no": row.number, "place": place, "state": _state(row, known=known),
            "cells": [] if secret else _cut(sheet.rows[row.number - 1]),
            "content": {"number": content["number"]} if secret else content,
            "problems": [one.to_json() for one in problems],
        }  # fmt: skip


def _cut(cells: tuple[str, ...]) -> list[str]:
    return [cell[:LONGEST_CELL] for cell in cells]


def _state(row: Row, *, known: bool) -> str:
    if row.problems:
        return "bad"
    return "known" if known else "ready"
