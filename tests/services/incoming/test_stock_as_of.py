"""Incoming documents as they stood at a moment come out the same whatever happens to them later."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine, select

from tests.services.incoming.test_random_days import Day
from tests.support.arrivals import Arrivals
from tests.support.office import Office, build
from tests.support.statements import statements
from workflow.domain.incoming import Holder, State
from workflow.services.incoming import deadlines, explaining, pausing, routing, working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.explaining import Cause
from workflow.services.report_arrivals import ArrivalStock, arrival_stock
from workflow.store.models import IncomingPart
from workflow.store.session import unit_of_work

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


def _stock(engine: Engine, cut_off: dt.datetime) -> ArrivalStock:
    with unit_of_work(engine) as uow:
        return arrival_stock(uow, cut_off)


def test_random_days_leave_earlier_moments_as_they_were(engine: Engine) -> None:
    """Remembered every few acts, read again after all of them: states, holders, units and due moments."""
    day = Day(build(engine))
    for _ in range(5):
        day.arrivals.directed(due=DueChoice(day=dt.date(2026, 11, 27)))
    remembered = []
    for pick in range(150):
        day.likely(pick)
        if pick % 15 == 0:
            cut_off = day.arrivals.now
            remembered.append((cut_off, _stock(engine, cut_off)))
            day.arrivals.now += MINUTE
    assert len({state.documents for _moment, state in remembered}) > 5
    for cut_off, as_it_was in remembered:
        assert _stock(engine, cut_off) == as_it_was


def test_who_had_it_and_what_was_owed(arrivals: Arrivals) -> None:
    """A late document of the specialist, a late part of the culture unit, an explanation: then all of it moves."""
    office = arrivals.office
    found = arrivals.in_progress(due=DueChoice(day=dt.date(2026, 11, 27)))
    part = _part(office, found.id)
    found = arrivals.do(
        "culture_head", deadlines.set_internal_due, incoming_id=found.id, version=found.version, part_id=part.id,
        day=dt.date(2026, 11, 26),
    )  # fmt: skip
    arrivals.now = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
    _demand(arrivals, found.id)
    cut_off = arrivals.now
    then = _stock(office.engine, cut_off)
    specialist = office.posts["specialist"].person_id
    (document,), (late,), (owed,) = then.documents, then.parts, then.owed
    assert (document.state, document.held_by, document.holder, document.unit) == (
        State.IN_PROGRESS, Holder.SPECIALIST, specialist, office.units["economy"],
    )  # fmt: skip
    assert document.due == document.own_due == dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC)
    assert (late.unit, late.due.date()) == (office.units["culture"], dt.date(2026, 11, 26))
    assert (owed.person, owed.document) == (specialist, found.id)

    arrivals.do("culture_head", working.contribute, incoming_id=found.id, part_id=part.id, words="Đã góp ý")
    arrivals.do(
        "specialist", explaining.explain, incoming_id=found.id, version=None, explanation_id=owed.explanation,
        cause=Cause.SUBJECTIVE, words="Nhầm ngày",
    )  # fmt: skip
    given = arrivals.now
    arrivals.do(
        "leader", explaining.send_back, incoming_id=found.id, version=None, explanation_id=owed.explanation,
        remark="Chưa rõ", later=DAY,
    )  # fmt: skip
    arrivals.do(
        "leader", routing.direct, incoming_id=found.id, version=None, remark="Giao lại",
        direction=arrivals.direction(due=DueChoice(day=dt.date(2026, 12, 9))),
    )  # fmt: skip
    arrivals.do("head", pausing.pause, incoming_id=found.id, version=None, remark="Chờ Sở")
    paused = arrivals.now
    arrivals.do("head", pausing.resume, incoming_id=found.id, version=None, later=DAY)
    assert _stock(office.engine, cut_off) == then
    assert _stock(office.engine, given).owed == ()
    stopped = _stock(office.engine, paused)
    assert (stopped.documents[0].held_by, stopped.documents[0].due) == (Holder.OUTSIDE, None)
    assert [one.explanation for one in stopped.owed] == [owed.explanation]
    assert stopped.owed[0].due > owed.due


def _part(office: Office, document: int) -> IncomingPart:
    with unit_of_work(office.engine) as uow:
        query = select(IncomingPart).where(IncomingPart.incoming_id == document, IncomingPart.part == "coordinate")
        return uow.session.scalars(query).one()


def _demand(arrivals: Arrivals, document: int) -> None:
    with unit_of_work(arrivals.office.engine) as uow:
        assert explaining.demand_for_job(uow, incoming_id=document, now=arrivals.now)
        uow.commit()


def test_the_number_of_queries_does_not_grow(engine: Engine) -> None:
    """Two documents or twelve, moved since or not."""
    arrivals = Arrivals(build(engine))
    asked = []
    for amount in (2, 10):
        made = [arrivals.directed() for _document in range(amount)]
        cut_off = arrivals.now
        for one in made:
            arrivals.do("head", routing.assign, incoming_id=one.id, version=None,
                        handler_post_id=arrivals.office.posts["specialist"].id)  # fmt: skip
        with unit_of_work(engine) as uow, statements(engine) as sent:
            found = arrival_stock(uow, cut_off)
        asked.append((len(sent), len(found.documents)))
    assert [number for _queries, number in asked] == [2, 12]
    assert asked[0][0] == asked[1][0] < 12
