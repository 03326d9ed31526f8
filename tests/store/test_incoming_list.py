"""The list of incoming documents against a plain loop over the rows: filters, orders, scopes, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.office import NOON, Office
from tests.support.shelf import shelve
from workflow.domain.incoming import State
from workflow.domain.permissions import NOTHING, Scope
from workflow.store import incoming, incoming_list
from workflow.store.incoming_list import SORTS, Filter
from workflow.store.models import Incoming
from workflow.store.session import make_engine, unit_of_work

DAY = dt.timedelta(days=1)


@pytest.fixture
def shelf(office: Office) -> Office:
    """Sixty documents that differ in all that a list filters by."""
    shelve(office, 60)
    return office


FILTERS: dict[str, tuple[Filter, Callable[[Any], bool]]] = {
    "nothing": (Filter(), lambda row: True),
    "open state": (Filter(states=(State.IN_PROGRESS,)), lambda row: row.state == "in_progress"),
    "states": (Filter(states=(State.DONE, State.FILED)), lambda row: row.state == "done"),
    "type": (Filter(type_code="decision"), lambda row: row.type_code == "decision"),
    "issuer": (Filter(issuer="cong tinh"), lambda row: row.issuer_folded == "cong an tinh"),
    "urgency": (Filter(urgency="urgent"), lambda row: row.urgency == "urgent"),
    "source": (Filter(source="exchange"), lambda row: row.source == "exchange"),
    "verdict": (Filter(conclusion="failed"), lambda row: row.conclusion == "failed"),
    "unchecked": (Filter(conclusion="unchecked"), lambda row: row.conclusion == ""),
    "no deadline": (Filter(due_kind="none"), lambda row: row.due_kind == "none"),
    "due soon": (
        Filter(due_from=NOON, due_before=NOON + DAY),
        lambda row: row.closed_at is None and row.due_at is not None and NOON <= row.due_at < NOON + DAY,
    ),
    "overdue": (
        Filter(overdue_at=NOON), lambda row: row.closed_at is None and row.due_at is not None and row.due_at < NOON,
    ),
    "open": (Filter(open_only=True), lambda row: row.closed_at is None),
    "arrived": (
        Filter(arrived_from=NOON - dt.timedelta(hours=3), arrived_before=NOON),
        lambda row: NOON - dt.timedelta(hours=3) <= row.arrived_at < NOON,
    ),
    "number": (Filter(year=2026, number=7), lambda row: row.number == 7),
    "symbol": (Filter(symbol_key="12/snv"), lambda row: row.symbol_key == "12/snv"),
    "words": (Filter(words="viec 5"), lambda row: "5" in row.subject_folded),
    "several": (Filter(open_only=True, type_code="letter", source="paper"),
                lambda row: row.closed_at is None and row.type_code == "letter"),
}  # fmt: skip

ORDERS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "newest": (lambda row: row.id, True),
    "oldest": (lambda row: row.id, False),
    "due": (lambda row: (row.due_at, row.id), False),
    "number": (lambda row: (row.year, row.number, row.id), True),
}


def scopes(office: Office) -> dict[str, Scope]:
    """Of every kind there is."""
    units, posts = office.units, office.posts
    return {
        "clerk": office.scope("clerk"), "head": office.scope("head"), "chief": office.scope("chief"),
        "specialist": office.scope("specialist"), "neighbour": office.scope("far_clerk"), "nothing": NOTHING,
        "head of two": Scope(
            unit_ids=(units["economy"], units["culture"]), person_id=posts["head"].person_id,
            person_in=units["commune"],
        ),
        "inspector of two": Scope(agency_ids=(units["commune"], units["far"])),
    }  # fmt: skip


@pytest.mark.parametrize("who", ["clerk", "head", "chief", "specialist", "neighbour", "nothing", "head of two",
                                 "inspector of two"])  # fmt: skip
def test_every_filter_and_order_in_pages(shelf: Office, who: str) -> None:
    """Pages of seven hold each row once, in order; the count agrees; the reach is that of `incoming.within`."""
    scope = scopes(shelf)[who]
    with unit_of_work(shelf.engine) as uow:
        within = uow.session.scalars(select(Incoming).where(incoming.within(scope))).all()
        assert (len(within) > 0) == (who not in {"neighbour", "nothing"})
        for name, (wanted, fits) in FILTERS.items():
            fitting = [row for row in within if fits(row)]
            assert incoming_list.count(scope, uow.session, wanted=wanted, cap=100) == len(fitting), name
            for sort in SORTS:
                key, falling = ORDERS[sort]
                shown = [row for row in fitting if sort != "due" or (row.closed_at is None and row.due_at)]
                expected = [row.id for row in sorted(shown, key=key, reverse=falling)]
                assert walked(scope, uow.session, wanted, sort) == expected, (name, sort)


def walked(scope: Scope, session: Any, wanted: Filter, sort: str) -> list[int]:
    """Every page, one after the other."""
    found: list[int] = []
    after: tuple[Any, ...] | None = None
    while True:
        rows = incoming_list.page(scope, session, wanted=wanted, sort=sort, after=after, limit=7)
        found += [row.id for row in rows[:7]]
        if len(rows) <= 7:
            return found
        after = tuple(getattr(rows[6], name) for name in incoming_list.SORT_COLUMNS[sort])


def test_counting_stops_at_the_cap(shelf: Office) -> None:
    """One above it says "more than"."""
    with unit_of_work(shelf.engine) as uow:
        for who in ("clerk", "head"):
            assert incoming_list.count(shelf.scope(who), uow.session, wanted=Filter(), cap=10) == 11


@pytest.mark.parametrize("sort", ["newest", "number"])
def test_lists_of_units_and_persons_walk_an_index(sqlite_url: str, sort: str) -> None:
    """In either order parts are read along their index from its end: nothing of a unit's history is sorted."""
    engine = make_engine(sqlite_url)
    reach = (f"{incoming_list._IN_UNIT}0", "person", "person_in")
    for going_on in (False, True):
        statement = incoming_list.statement_of(reach, (), sort, going_on, incoming_list.SHOWN)
        made = statement.compile(engine)
        with engine.connect() as connection:
            plan = [
                str(row[3])
                for row in connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {made}", (1,) * len(made.positiontup or ())
                )
            ]
        used = {"newest": "ix_incoming_part_{}", "number": "ix_incoming_part_{}_number"}[sort]
        for kind in ("unit", "person"):
            assert any(used.format(kind) in line for line in plan), plan
        assert not any("GROUP BY" in line for line in plan), plan
        assert sum("TEMP B-TREE FOR ORDER BY" in line for line in plan) <= 1, plan
    engine.dispose()
