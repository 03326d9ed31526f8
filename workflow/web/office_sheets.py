"""Units and people as sheets that can be brought in again: the headings that an import reads, in Vietnamese."""

from __future__ import annotations

from collections.abc import Sequence

from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.imports.headings import FIELDS, Kind
from workflow.domain.people import Role, UnitKind
from workflow.store import imports as store
from workflow.store import people
from workflow.web.context import current
from workflow.web.labels import label
from workflow.web.register_paper import office_language


def units_sheet() -> Sheet:
    """Every unit within reach, dissolved ones too."""
    here = current()
    found = people.units(here.figures_scope, here.uow.session)
    codes = {unit.id: unit.code for unit in found}
    with office_language():
        rows: list[Sequence[Cell]] = [
            (
                unit.code, unit.name, unit.abbreviation, label(UnitKind(unit.kind)),
                codes.get(unit.parent_id or 0, ""), unit.place, unit.superior, unit.head_title, unit.email,
                "có" if unit.is_office else "", unit.valid_from, unit.valid_to, unit.decree,
            )
            for unit in found
        ]  # fmt: skip
    return _sheet(Kind.UNITS, "Đơn vị", rows)


def people_sheet() -> Sheet:
    """Every post within reach, past ones too, one row each."""
    here = current()
    codes = {unit.id: unit.code for unit in people.units(here.figures_scope, here.uow.session)}
    with office_language():
        rows: list[Sequence[Cell]] = [
            (name, email, login or "", codes[unit], title, label(Role(role)), since, until, "")
            for _key, name, login, email, unit, role, title, since, until in store.posts(
                here.figures_scope, here.uow.session
            )
        ]
    return _sheet(Kind.PEOPLE, "Cán bộ", rows)


def _sheet(kind: Kind, name: str, rows: Sequence[Sequence[Cell]]) -> Sheet:
    head = [field.heading for field in FIELDS[kind]]
    return Sheet(name, head, rows, [20.0] * len(head))
