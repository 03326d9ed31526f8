"""Months of an office: closed at a moment, counted again, compared; and rows as services would leave them."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, insert, select

from tests.support.arrivals import LETTER
from tests.support.office import NOON, Office
from workflow.domain.indicators import Key, Place, figures, tally
from workflow.domain.periods import Period, parse
from workflow.domain.permissions import Scope
from workflow.services.calendar import working_calendar
from workflow.services.figures import closing, counting, recounting
from workflow.services.incoming.arriving import Facts
from workflow.store import frozen_months
from workflow.store.models import FrozenMonth, Incoming, Register
from workflow.store.session import unit_of_work

_SERIAL = itertools.count(1)
DAY = dt.timedelta(days=1)


def received_row(office: Office, at: dt.datetime, **changes: Any) -> dict[str, Any]:
    """The columns of a registered incoming document of the commune, under work in the economy office."""
    serial = next(_SERIAL)
    done = changes.get("done_at")
    return {
        "agency_id": office.units["commune"], "source": "paper", "medium": "paper", "issuer": "Sở Nội vụ",
        "issuer_folded": "so noi vu", "issuer_kind": "agency", "symbol": f"{serial}/SNV",
        "symbol_key": f"{serial}snv",
        "subject": f"V/v số {serial}", "subject_folded": f"v/v so {serial}", "signer": "", "signer_title": "",
        "urgency": "normal", "secret": False, "copies": 1, "pages": 1, "note": "", "version": 6,
        "state": "done" if done else "in_progress", "state_since": done or at, "arrived_at": at,
        "register_id": None, "year": at.year, "number": serial + 1000, "registered_at": at,
        "conclusion": "", "verdict_reason": "", "quarantined": False, "warnings": [], "reading": "none",
        "proposals": [], "at_office": False, "proposal": {}, "direction": "", "due_kind": "given",
        "lead_unit_id": office.units["economy"], "handler_id": office.posts["specialist"].person_id,
        "holder_id": None if done else office.posts["specialist"].person_id, "due_term": {},
        "due_at": at + 30 * DAY, "result": "settled" if done else "", "result_words": "", "closed_at": done,
        "done_at": done, "recall_reason": "", "chain_length": 0, "chain_head": "", **changes,
    }  # fmt: skip


def add_received(office: Office, *rows: dict[str, Any]) -> list[int]:
    """Insert rows of `received_row`; their keys."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        book = select(Register.id).where(Register.code == "den", Register.agency_id == office.units["commune"])
        register_id = uow.session.scalars(book).one()
        for row in rows:
            row["register_id"] = register_id
        made = uow.session.scalars(
            insert(Incoming).returning(Incoming.id, sort_by_parameter_order=True), list(rows)
        )
        keys = list(made)
        uow.commit()
    return keys


def month_of(office: Office, key: str, *, now: dt.datetime = NOON, agency: str = "commune") -> dict[Key, Place]:
    """The facts of a month, counted live."""
    agency_id = office.units[agency]
    with unit_of_work(office.engine) as uow:
        return counting.facts(uow, Scope(agency_ids=(agency_id,)), parse(key), now=now)[agency_id]


def columns_of(facts: dict[Key, Place]) -> dict[str, int]:
    """Its figures, without those that are nothing."""
    return {name: number for name, number in figures(tally(facts)).items() if number}


def close(engine: Engine, agency_id: int, month: Period, *, now: dt.datetime) -> None:
    """As the clock does."""
    with unit_of_work(engine) as uow:
        found = counting.facts(uow, Scope(agency_ids=(agency_id,)), month, now=now)[agency_id]
        closing.close_for_job(uow, agency_id=agency_id, what=month, facts=found, now=now)
        uow.commit()


def recount(engine: Engine, *, now: dt.datetime) -> dict[str, recounting.Outcome]:
    """Every closed month whose turn it is, by `agency:month`."""
    made = {}
    with unit_of_work(engine) as uow:
        waiting = recounting.due(uow)
    for one in waiting:
        with unit_of_work(engine) as uow:
            scope = Scope(agency_ids=(one.agency_id,))
            found = counting.facts(uow, scope, parse(one.month), now=now)[one.agency_id]
            made[f"{one.agency_id}:{one.month}"] = recounting.recount(
                uow, frozen_id=one.id, found=found, counted_at=now, now=now
            )
            uow.commit()
    return made


def closed(engine: Engine, agency_id: int, key: str) -> tuple[FrozenMonth, dict[Key, Place], dict[Key, Place]]:
    """A closed month: its row, its frozen list, and the list with its adjustments."""
    with unit_of_work(engine) as uow:
        row = frozen_months.closed_of(Scope(agency_ids=(agency_id,)), uow.session, key)
        assert row is not None
        frozen = recounting.frozen_facts(row)
        changes = [recounting.difference_of(one) for one in frozen_months.adjustments_of(uow.session, row.id)]
        assert recounting.frozen_tally(uow, row.id) == tally(frozen)
        return row, frozen, recounting.adjusted(frozen, changes)


def third_working_day(engine: Engine, month: Period) -> dt.datetime:
    """When a month is usually closed."""
    with unit_of_work(engine) as uow:
        calendar = working_calendar(uow)
    day = month.last + DAY
    while closing.working_days(calendar, day) < 3 or not calendar.is_working(day):
        day += DAY
    return dt.datetime.combine(day, dt.time(6), dt.timezone(7 * dt.timedelta(hours=1)))


def dated(at: dt.datetime) -> Facts:
    """A paper of that day."""
    return replace(LETTER, issued_on=at.date())
