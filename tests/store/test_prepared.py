"""Prepared statements give what the engine gives, on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine, Select, bindparam, literal, select

from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.calendar_seed import SEED
from workflow.store import office as office_store
from workflow.store.models import CalendarDay, Outgoing
from workflow.store.prepared import Prepared
from workflow.store.session import unit_of_work

_T = Outgoing.__table__.c
STATEMENTS: dict[str, tuple[Select[Any], dict[str, object]]] = {
    "moments, booleans and nothings": (
        select(_T.id, _T.issued_at, _T.secret, _T.due_at, _T.subject).where(_T.issued_at >= bindparam("since"))
        .order_by(_T.id).limit(bindparam("limit")),
        {"since": NOON - dt.timedelta(hours=1), "limit": 2},
    ),
    "a value written into the statement": (select(_T.id, literal("x%y")).where(_T.number > 0), {}),
    "the same value twice": (
        select(_T.id).where((_T.number == bindparam("n")) | (_T.year == bindparam("n"))), {"n": 2026},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STATEMENTS)
def test_rows_are_the_engines_rows(engine: Engine, office: Office, name: str) -> None:
    """Values turned over both ways; twice, since the text is kept."""
    add_issued(office, *(issued_row(office, secret=number % 2 == 0) for number in range(3)))
    statement, values = STATEMENTS[name]
    prepared = Prepared(statement)
    with unit_of_work(engine) as uow:
        expected = [tuple(row) for row in uow.session.execute(statement, values)]
        assert expected
        for _time in range(2):
            assert list(prepared.rows(uow.session, values)) == expected


def test_it_reads_in_the_sessions_own_transaction(engine: Engine, office: Office) -> None:
    """What the unit of work wrote is seen before it is committed."""
    prepared = Prepared(select(CalendarDay.__table__.c.day).where(CalendarDay.__table__.c.name_vi == "Thử"))
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(CalendarDay(day=dt.date(2027, 3, 1), working=False, name_vi="Thử"))
        uow.flush()
        assert list(prepared.rows(uow.session, {})) == [(dt.date(2027, 3, 1),)]


def test_the_calendars_mark_moves_with_every_change(engine: Engine, office: Office) -> None:
    """Another day, another date, another word on whether it is worked."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        seen = {office_store.calendar_mark(uow.session)}
        row = uow.session.get_one(CalendarDay, 1)
        for change in ({"day": dt.date(2027, 3, 1)}, {"working": not row.working}):
            for name, value in change.items():
                setattr(row, name, value)
            uow.flush()
            seen.add(office_store.calendar_mark(uow.session))
        uow.session.delete(row)
        uow.flush()
        seen.add(office_store.calendar_mark(uow.session))
    assert len(seen) == 4
    assert len(SEED) > 20


def test_a_row_is_drawn_once_for_each_content(engine: Engine, office: Office) -> None:
    """The same values again are not drawn again; a changed one is."""
    add_issued(office, issued_row(office), issued_row(office))
    prepared = Prepared(select(_T.id, _T.version, _T.issued_at).order_by(_T.id))
    drawn: list[object] = []
    kept: dict[object, str] = {}

    def draw(row: tuple[object, ...]) -> str:
        drawn.append(row)
        return f"{row[0]} at {row[1]}"

    with unit_of_work(engine) as uow:
        uow.begin_write()
        for _time in range(2):
            assert prepared.rows(uow.session, {}).drawn(draw, kept) == ["1 at 8", "2 at 8"]
        uow.session.get_one(Outgoing, 2).version = 9
        uow.flush()
        assert prepared.rows(uow.session, {})[1:].drawn(draw, kept) == ["2 at 9"]
    assert [row[:2] for row in drawn] == [(1, 8), (2, 8), (2, 9)]  # type: ignore[index]
    assert drawn[0][2] == NOON  # type: ignore[index]
