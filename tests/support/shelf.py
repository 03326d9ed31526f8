"""Many incoming documents at once, past the services: for lists that must not care how many there are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from tests.support.office import NOON, Office
from workflow.domain.search import words_of
from workflow.store import search_rows
from workflow.store.models import Incoming, IncomingPart, Register, SearchText
from workflow.store.session import unit_of_work


def shelve(office: Office, count: int, **changes: Any) -> list[int]:
    """Add `count` documents, every other one closed, led in turn by both units; their keys."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        agency = office.units["commune"]
        last = uow.session.scalar(select(func.max(Incoming.number)).where(Incoming.agency_id == agency)) or 0
        book = uow.session.scalars(
            select(Register.id).where(Register.agency_id == agency, Register.code == "den")
        ).one()
        rows = [
            incoming_row(office, place, number=last + place + 1, register_id=book) | changes
            for place in range(count)
        ]
        made = uow.session.scalars(insert(Incoming).returning(Incoming.id, sort_by_parameter_order=True), rows)
        keys = list(made)
        uow.session.execute(insert(IncomingPart), [_part(key, row) for key, row in zip(keys, rows, strict=True)])
        uow.session.execute(
            insert(SearchText), [_found(uow.session, key, row) for key, row in zip(keys, rows, strict=True)]
        )
        uow.commit()
        return keys


def _part(key: int, row: dict[str, Any]) -> dict[str, Any]:
    closed = row["closed_at"]
    return {
        "incoming_id": key, "agency_id": row["agency_id"], "year": row["year"], "number": row["number"],
        "part": "lead", "unit_id": row["lead_unit_id"], "person_id": row["handler_id"],
        "state": "done" if closed else "in_progress", "ended_at": closed, "given_at": row["arrived_at"],
    }  # fmt: skip


def _found(session: Session, key: int, row: dict[str, Any]) -> dict[str, Any]:
    """Its row of search, without a file."""
    text = f"{row['symbol']}\n{row['subject']}\n{row['issuer']}"
    day, agency = row["arrived_at"].date(), row["agency_id"]
    tags = ["kin", f"a{agency}", f"u{row['lead_unit_id']}", f"p{row['handler_id']}", f"n{row['number']}"]
    entry = search_rows.Entry(
        kind="in", document_id=key, agency_id=agency, day=day, text=text, words=words_of(text), tags=tags,
        waiting=False,
    )  # fmt: skip
    return {
        "kind": "in", "document_id": key, "agency_id": agency, "day": day, "text": text, "tags": " ".join(tags),
        "waiting": False, **search_rows._cut(session, entry),
    }  # fmt: skip


def incoming_row(office: Office, place: int, **changes: Any) -> dict[str, Any]:
    """Values of one row; they differ with their place."""
    unit, handler = (("economy", "specialist"), ("culture", "lone_drafter"))[place % 2]
    at = NOON - dt.timedelta(hours=place % 7)
    closed = at if place % 4 == 3 else None
    due = NOON + dt.timedelta(days=place % 5 - 2) if place % 3 else None
    return {
        "agency_id": office.units["commune"], "source": ("paper", "exchange")[place % 2], "medium": "paper",
        "issuer": "Sở Nội vụ", "issuer_folded": ("so noi vu", "cong an tinh")[place % 2],
        "symbol": f"{place}/SNV", "symbol_key": f"{place}/snv", "issued_on": at.date(),
        "type_code": ("letter", "decision")[place % 2], "subject": f"Việc số {place}",
        "subject_folded": f"viec so {place}", "urgency": ("normal", "urgent")[place % 6 == 0],
        "state": "done" if closed else "in_progress", "state_since": at, "arrived_at": at, "year": 2026,
        "registered_at": at, "lead_unit_id": office.units[unit], "handler_id": office.posts[handler].person_id,
        "due_kind": "given" if due else "none", "due_at": due, "step_due_at": None if closed else due,
        "done_at": closed, "result": "settled" if closed else "", "closed_at": closed,
        "conclusion": ("", "passed", "failed")[place % 3], **changes,
    }  # fmt: skip
