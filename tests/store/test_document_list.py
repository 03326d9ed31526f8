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
from workflow.store import document_list
from workflow.store.document_list import SORTS, Filter
from workflow.store.session import unit_of_work

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
                                               ("symbol", "symbol"), ("number", "number")])  # fmt: skip
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
    column = {"newest": "id", "oldest": "id", "due": "step_due_at", "issued": "issued_at", "number": "number"}[sort]
    mine = [row for row in rows if row["agency_id"] == office.units["commune"] and row[column] is not None]
    falling = sort not in {"oldest", "due"}
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
