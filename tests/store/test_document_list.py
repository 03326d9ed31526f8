"""The list of documents against a plain loop over the rows: every filter, order and scope, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.outgoing import State
from workflow.domain.permissions import NOTHING, Scope
from workflow.store import desk, document_list
from workflow.store.document_list import SORTS, Filter
from workflow.store.session import make_engine, unit_of_work
from workflow.web.listing import SORT_COLUMNS

HOUR = dt.timedelta(hours=1)
Row = dict[str, Any]


@pytest.fixture
def rows(office: Office) -> list[Row]:
    """Forty documents of two agencies that differ in everything a list filters by."""
    made = [_row(office, number) for number in range(40)]
    keys = add_issued(office, *made)
    return [{**row, "id": key} for row, key in zip(made, keys, strict=True)]


def _row(office: Office, number: int) -> Row:
    waiting = {
        "state": "awaiting_signature", "signed_at": None, "numbered_at": None, "sealed_at": None, "closed_at": None,
        "number": None, "symbol": "", "leader_verdict": "", "seal_verdict": "",
    }  # fmt: skip
    at = NOON - (number % 7) * HOUR
    row = issued_row(
        office,
        unit=("economy", "culture", "far_office")[number % 3],
        issued_at=at,
        type_code=("letter", "decision")[number % 2],
        medium=("digital", "ink")[number % 5 == 0],
        secret=number % 4 == 0,
        exempt_by_id=office.posts["leader"].person_id if number % 6 == 0 else None,
        subject_folded=("bao lut 100%", "bao_cao thue", "hop giao ban")[number % 3],
        step_due_at=NOON + (number % 5 - 2) * HOUR,
        urgency=("normal", "normal", "urgent", "flash")[number % 4],
    )
    return {**row, **waiting, "issued_at": None} if number % 3 == 1 else row


FILTERS: dict[str, tuple[Filter, Callable[[Row], bool]]] = {
    "nothing": (Filter(), lambda row: True),
    "states": (Filter(states=(State.AWAITING_SIGNATURE,)), lambda row: row["state"] == "awaiting_signature"),
    "two states": (Filter(states=(State.ISSUED, State.FILED)), lambda row: row["state"] == "issued"),
    "type": (Filter(type_code="decision"), lambda row: row["type_code"] == "decision"),
    "medium": (Filter(medium="ink"), lambda row: row["medium"] == "ink"),
    "open": (Filter(open_only=True), lambda row: row["closed_at"] is None),
    "late": (Filter(overdue_at=NOON), lambda row: row["closed_at"] is None and row["step_due_at"] < NOON),
    "issued": (
        Filter(issued_from=NOON - 3 * HOUR, issued_before=NOON),
        lambda row: row["issued_at"] is not None and NOON - 3 * HOUR <= row["issued_at"] < NOON,
    ),
    "words": (Filter(words="bao 100%"), lambda row: row["subject_folded"] == "bao lut 100%"),
    "an underscore is a letter": (Filter(words="o_c"), lambda row: "o_c" in row["subject_folded"]),
    "created": (
        Filter(created_from=NOON - 12 * HOUR, created_before=NOON - 9 * HOUR),
        lambda row: NOON - 12 * HOUR <= row["created_at"] < NOON - 9 * HOUR,
    ),
    "urgency": (Filter(urgency="flash"), lambda row: row["urgency"] == "flash"),
    "no urgency": (Filter(urgency="normal"), lambda row: row["urgency"] == "normal"),
    "exempt": (Filter(exempt=True), lambda row: row["exempt_by_id"] is not None),
    "not exempt": (Filter(exempt=False), lambda row: row["exempt_by_id"] is None),
    "secret": (Filter(secret=True), lambda row: row["secret"]),
    "not secret": (Filter(secret=False), lambda row: not row["secret"]),
    "several": (Filter(medium="digital", type_code="letter", open_only=True),
                lambda row: row["medium"] == "digital" and row["type_code"] == "letter"
                and row["closed_at"] is None),
}  # fmt: skip


@pytest.mark.parametrize("name", FILTERS)
def test_filters_keep_what_they_say(engine: Engine, office: Office, rows: list[Row], name: str) -> None:
    """Page and count agree with the loop; the same shape with other values is no other statement's answer."""
    wanted, keeps = FILTERS[name]
    expected = [row["id"] for row in rows if row["agency_id"] == office.units["commune"] and keeps(row)]
    with unit_of_work(engine) as uow:
        scope = office.scope("clerk")
        found = document_list.page(scope, uow.session, wanted=wanted)
        assert [row.id for row in found] == sorted(expected, reverse=True)
        assert document_list.count(scope, uow.session, wanted=wanted, cap=1000) == len(expected)


@pytest.mark.parametrize(("field", "column"), [("unit_id", "unit_id"), ("signer_id", "signer_id"),
                                               ("drafter_id", "drafter_id"), ("symbol", "symbol"),
                                               ("number", "number")])  # fmt: skip
def test_values_are_left_open(engine: Engine, office: Office, rows: list[Row], field: str, column: str) -> None:
    """One statement serves every value of a filter."""
    with unit_of_work(engine) as uow:
        for value in {row[column] for row in rows if row[column]}:
            found = document_list.page(
                Scope(agency_ids=(office.units["commune"], office.units["far"])), uow.session,
                wanted=Filter(**{field: value}),
            )  # fmt: skip
            assert {row.id for row in found} == {row["id"] for row in rows if row[column] == value}


@pytest.mark.parametrize("sort", SORTS)
def test_pages_follow_each_other(engine: Engine, office: Office, rows: list[Row], sort: str) -> None:
    """In every order, by threes: nothing twice, nothing left out, in order."""
    column = SORT_COLUMNS[sort]
    mine = [row for row in rows if row["agency_id"] == office.units["commune"] and row[column] is not None]
    falling = sort not in {"oldest", "due", "issued_first", "created_first"}
    expected = [row["id"] for row in sorted(mine, key=lambda row: (row[column], row["id"]), reverse=falling)]
    seen: list[int] = []
    after: tuple[Any, int] | None = None
    with unit_of_work(engine) as uow:
        while True:
            found = document_list.page(
                office.scope("clerk"), uow.session, wanted=Filter(), sort=sort, after=after, limit=3
            )
            seen += [row.id for row in found[:3]]
            if len(found) <= 3:
                break
            after = (getattr(found[2], column), found[2].id)
    assert seen == expected


def test_scopes_reach_no_further_than_they_say(engine: Engine, office: Office, rows: list[Row]) -> None:
    """Agencies, units, one's own papers, nothing at all."""
    leader = office.posts["leader"].person_id
    reaches: list[tuple[Scope, Callable[[Row], bool]]] = [
        (NOTHING, lambda row: False),
        (Scope(agency_ids=(office.units["far"],)), lambda row: row["agency_id"] == office.units["far"]),
        (Scope(unit_ids=(office.units["economy"],)), lambda row: row["unit_id"] == office.units["economy"]),
        (
            Scope(person_id=leader, person_in=office.units["commune"]),
            lambda row: leader in {row["signer_id"], row["drafter_id"]},
        ),
        (Scope(person_id=leader, person_in=office.units["far"]), lambda row: False),
        (
            Scope(unit_ids=(office.units["far_office"],), person_id=leader, person_in=office.units["commune"]),
            lambda row: row["unit_id"] == office.units["far_office"] or row["signer_id"] == leader,
        ),
    ]
    with unit_of_work(engine) as uow:
        for scope, reaches_it in reaches:
            found = document_list.page(scope, uow.session, wanted=Filter(), limit=100)
            assert {row.id for row in found} == {row["id"] for row in rows if reaches_it(row)}


def test_counting_stops(engine: Engine, office: Office, rows: list[Row]) -> None:
    """One above the cap, so that the page can say "more than"."""
    assert len(rows) == 40
    with unit_of_work(engine) as uow:
        assert document_list.count(office.scope("clerk"), uow.session, wanted=Filter(), cap=5) == 6


PLANS = {
    "created": (Filter(created_from=NOON - HOUR, created_before=NOON), "created", "ix_outgoing_created"),
    "issued, the first first": (
        Filter(issued_from=NOON - HOUR, issued_before=NOON),
        "issued_first",
        "ix_outgoing_issued",
    ),
    "pressing": (Filter(urgency="flash"), "newest", "ix_outgoing_pressing"),
    "drafter": (Filter(drafter_id=3), "newest", "ix_outgoing_drafter"),
}


@pytest.mark.parametrize("name", PLANS)
def test_what_is_narrowed_is_read_along_an_index(sqlite_url: str, name: str) -> None:
    """In the order of the rows: nothing of the years before is read or sorted."""
    wanted, sort, index = PLANS[name]
    engine = make_engine(sqlite_url)
    values = document_list._reach(Scope(agency_ids=(1,))) | document_list._values(wanted) | {"limit": 51}
    made = document_list._page(tuple(values), sort, False, document_list.SHOWN).compile(engine)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made}", (1,) * len(made.positiontup or ()))
        plan = [str(row[3]) for row in rows]
    engine.dispose()
    assert any(index in line for line in plan), plan
    assert not any("TEMP B-TREE" in line for line in plan), plan


def test_names_to_choose_from_are_asked_of_persons(engine: Engine, office: Office, rows: list[Row]) -> None:
    """Who signed and who drafted, of the agencies within reach; to a unit its own drafters and all signers."""

    def of(scope: Scope) -> tuple[set[int], set[int]]:
        with unit_of_work(engine) as uow:
            found = desk.signers_within(scope, uow.session), desk.drafters_within(scope, uow.session)
            return {row[0] for row in found[0]}, {row[0] for row in found[1]}

    leader, drafter = (office.posts[name].person_id for name in ("leader", "drafter"))
    assert of(office.scope("clerk")) == ({leader}, {drafter})
    assert of(office.scope("head")) == ({leader}, {drafter})
    assert of(Scope(unit_ids=(office.units["culture"],))) == ({leader}, set())
    assert of(Scope(person_id=drafter, person_in=office.units["commune"])) == ({leader}, {drafter})
    assert of(office.scope("far_clerk")) == (
        {office.posts["far_leader"].person_id},
        {office.posts["far_drafter"].person_id},
    )
    assert of(NOTHING) == (set(), set())
