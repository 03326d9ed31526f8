"""What arrives in the demo province: a person at each step, real files that were read, the exchange, every desk."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from tests.demo.conftest import DAY
from workflow.demo.province import agencies
from workflow.domain.incoming import State
from workflow.domain.people import Role
from workflow.services.journal import OFFICE_ZONE, verify_subject
from workflow.store.models import (
    Correction,
    Delivery,
    Explanation,
    Extension,
    Incoming,
    IncomingHistory,
    IncomingPart,
    Pause,
    PostRow,
    Unit,
    Urging,
)
from workflow.store.session import UnitOfWork

pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.timeout(900)]

NOW = dt.datetime.combine(DAY, dt.time(8), tzinfo=OFFICE_ZONE)
FULL = ("dongtam", "lamha", "stc")


def agency_of(uow: UnitOfWork, key: str) -> int:
    code = next(found.code for found in agencies() if found.key == key)
    return uow.session.scalars(select(Unit.id).where(Unit.code == code)).one()


def test_every_part_has_a_head_and_every_agency_a_chief_of_office(uow: UnitOfWork) -> None:
    """Nothing that is directed anywhere waits for nobody."""
    parts = uow.session.scalars(select(Unit).where(Unit.kind == "part", Unit.valid_to.is_(None))).all()
    heads = Counter(
        uow.session.scalars(
            select(PostRow.unit_id).where(PostRow.role == Role.UNIT_HEAD, PostRow.valid_to.is_(None))
        )
    )
    assert {part.name for part in parts if heads[part.id] != 1} == set()
    offices = {part.agency_id for part in parts if part.is_office}
    assert len(offices) == len(agencies())


@pytest.mark.parametrize("key", FULL)
def test_every_desk_has_something_of_each_kind(uow: UnitOfWork, key: str) -> None:
    """To register, propose, direct, assign, under work, late, asked for, urged, coordinated, to be known."""
    agency = agency_of(uow, key)
    own = select(Incoming.id).where(Incoming.agency_id == agency)
    states = Counter(uow.session.scalars(select(Incoming.state).where(Incoming.agency_id == agency)))
    road = {State.ARRIVED, State.REGISTERED, State.SUBMITTED, State.DIRECTED, State.ASSIGNED, State.IN_PROGRESS,
            State.DONE}  # fmt: skip
    assert road <= set(states)
    submitted = uow.session.scalars(
        select(Incoming).where(Incoming.agency_id == agency, Incoming.state == "submitted")
    )
    kinds = {(row.at_office, bool(row.proposal)) for row in submitted}
    assert kinds == {(True, False), (False, False), (False, True)}
    for table, column, wanted in (
        (Explanation, Explanation.state, {"owed", "given", "sent_back"}),
        (Extension, Extension.state, {"asked", "granted"}),
        (IncomingPart, IncomingPart.part, {"lead", "coordinate", "inform"}),
    ):
        found = set(uow.session.scalars(select(column).where(table.incoming_id.in_(own))))
        assert wanted <= found, (table, found)
    for table in (Pause, Urging):
        assert uow.session.scalar(select(func.count()).select_from(table).where(table.incoming_id.in_(own)))


def test_files_in_the_queue_were_read(uow: UnitOfWork) -> None:
    """Typed ones: proposals with confidence and place; one signed well, one under an unknown root, one altered. The
    scans wait for the timers, which read them as soon as the demo runs."""
    agency = agency_of(uow, "dongtam")
    query = select(Incoming).where(
        Incoming.agency_id == agency, Incoming.state == "arrived", Incoming.source != "exchange"
    )
    rows = uow.session.scalars(query).all()
    assert {"passed", "indeterminate", "failed", "unsigned"} <= {row.conclusion for row in rows}
    assert sum(row.source == "scan" for row in rows) == 2
    assert {row.source for row in rows if row.reading == "waiting"} == {"scan"}
    for row in (one for one in rows if one.source != "scan"):
        assert row.reading == "read", row.symbol
        fields = {one["field"]: one for one in row.proposals}
        assert {"issuer", "symbol", "date", "subject"} <= set(fields), row.symbol
        assert all(one["confidence"] in {"certain", "likely", "unsure"} for one in row.proposals)
        assert all(len(one["box"]) == 4 and one["page"] == 1 for one in row.proposals)
        assert all((row.issuer, row.symbol, row.issued_on))


def test_documents_travel_within_the_installation(uow: UnitOfWork) -> None:
    """Waiting, registered, returned with a reason, recalled, replaced, answered: both sides tell the same."""
    pairs = uow.session.execute(
        select(Delivery, Incoming).join(Incoming, Incoming.id == Delivery.incoming_id)
    ).all()
    assert len(pairs) >= 20
    states = {row.state for _one, row in pairs}
    assert {"arrived", "returned", "recalled"} <= states
    assert {row.conclusion for _one, row in pairs if not row.secret} == {"passed"}
    told = {"arrived": {"01"}, "returned": {"02"}, "recalled": {"15"}}
    for one, row in pairs:
        assert one.status in told.get(row.state, {one.status}), row.symbol
    replaced = set(uow.session.scalars(select(Correction.earlier_id).where(Correction.kind == "replace")))
    assert replaced
    assert all(row.recall_reason for one, row in pairs if one.outgoing_id in replaced)
    assert any(row.result == "answered" for _one, row in pairs)


def test_the_province_ends_before_its_visitor_comes(uow: UnitOfWork) -> None:
    """Chains hold, the state is the last line, and nothing happened after eight of the first morning."""
    documents = uow.session.scalars(select(Incoming)).all()
    assert len(documents) > 130
    last = dict(
        uow.session.execute(
            select(IncomingHistory.incoming_id, IncomingHistory.to_state).order_by(IncomingHistory.ordinal)
        ).all()
    )
    for document in documents:
        assert last[document.id] == document.state
    assert (uow.session.scalar(select(func.max(IncomingHistory.at))) or NOW) < NOW
    for document in documents[::5]:
        assert verify_subject(uow, f"incoming:{document.id}").holds
    days = uow.session.execute(
        select(Incoming.agency_id, Incoming.number, Incoming.registered_at)
        .where(Incoming.number.is_not(None))
        .order_by(Incoming.agency_id, Incoming.register_id, Incoming.number)
    ).all()
    for before, after in pairwise(days):
        assert before[0] != after[0] or (before[1] + 1 == after[1] and before[2] <= after[2])
