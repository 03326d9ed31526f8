"""From which number on a register's year is kept here, on both databases."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.support.office import Office
from tests.support.years import YEAR, begun_at, mixed_year
from workflow.store import imported, office
from workflow.store.session import unit_of_work


def kept(town: Office, register: int, *, who: str = "clerk") -> tuple[int, int, int]:
    """(first number, the same by the totals, numbers missing)."""
    with unit_of_work(town.engine) as uow:
        named = {"register_id": register, "year": YEAR}
        totals = imported.totals(town.scope(who), uow.session, **named)
        return imported.kept_from(town.scope(who), uow.session, **named), totals.first, totals.missing


def test_the_first_number_with_a_line_counts(office: Office) -> None:
    """Begun elsewhere, nothing before it is missing; another agency's clerk learns nothing."""
    register = begun_at(office, 1034)
    assert kept(office, register) == (1034, 1034, 0)
    assert kept(office, register, who="far_clerk") == (1, 1, 0)


def test_lines_brought_in_count_too(office: Office) -> None:
    """With numbers 1 and 2 of a former system the year begins at 1, and 3 is missing."""
    assert kept(office, mixed_year(office)) == (1, 1, 1)


def test_the_list_of_registers_says_the_same(office: Office) -> None:
    """A book without a line begins at its next number."""
    register = begun_at(office, 41, lines=0)
    with unit_of_work(office.engine) as uow:
        rows = store_rows(uow.session, office)
    assert rows[register] == 41
    assert set(rows.values()) == {1, 41}


def store_rows(session: Session, town: Office) -> dict[int, int]:
    """Register → first number kept here."""
    found = office.registers_with_series(town.scope("clerk"), session, year=YEAR)
    return {row.Register.id: row.first_number for row in found}
