"""Explanations, urging, and the split of elapsed time through the services, on both databases."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.arrivals import Arrivals
from workflow.domain.errors import BadInput, Missing, NotFound, NotPermitted
from workflow.domain.incoming import Action, Holder, Part, Result
from workflow.services.calendar import working_calendar
from workflow.services.incoming import explaining, overdue, pausing, routing, urging, working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.explaining import Cause
from workflow.services.incoming.routing import Direction, To
from workflow.store import explanations
from workflow.store import overdue as store
from workflow.store.models import Explanation, Incoming, IncomingPart
from workflow.store.overdue import Narrow
from workflow.store.session import unit_of_work

FRIDAY = DueChoice(day=dt.date(2026, 11, 27))
MONDAY = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def demand(arrivals: Arrivals, found: Incoming, *, part_id: int | None = None) -> Explanation | None:
    """What the job does with one item."""
    with unit_of_work(arrivals.office.engine) as uow:
        made = explaining.demand_for_job(uow, incoming_id=found.id, part_id=part_id, now=arrivals.now)
        uow.commit()
        return made


def row(arrivals: Arrivals, key: int) -> Incoming:
    """The document as it stands."""
    with unit_of_work(arrivals.office.engine) as uow:
        return uow.session.get_one(Incoming, key)


def test_asked_for_once_and_again_when_late_again(arrivals: Arrivals) -> None:
    """The same due moment asks once; a later one that is missed too asks anew; on time asks nobody."""
    found = arrivals.in_progress(due=FRIDAY)
    assert demand(arrivals, found) is None
    arrivals.now = MONDAY
    first = demand(arrivals, found)
    assert first is not None
    assert first.person_id == arrivals.office.posts["specialist"].person_id
    assert demand(arrivals, found) is None
    with unit_of_work(arrivals.office.engine) as uow:
        assert overdue.unexplained(uow, now=arrivals.now, limit=10) == []
        uow.begin_write()
        uow.session.get_one(Incoming, found.id).due_at = MONDAY + DAY
        uow.commit()
    arrivals.now = MONDAY + 2 * DAY
    with unit_of_work(arrivals.office.engine) as uow:
        assert overdue.unexplained(uow, now=arrivals.now, limit=10) == [(found.id, None)]
    assert demand(arrivals, found) is not None


def test_done_too_late_is_answered_for_by_who_had_it(arrivals: Arrivals) -> None:
    """The specialist had it on Friday evening and finished on Monday; they may still take it back."""
    found = arrivals.in_progress(due=FRIDAY)
    arrivals.now = MONDAY
    found = arrivals.do(
        "specialist",
        working.finish,
        incoming_id=found.id,
        version=found.version,
        result=Result.SETTLED,
        words="Xong",
    )
    made = demand(arrivals, found)
    assert made is not None
    assert (made.person_id, made.held_by) == (arrivals.office.posts["specialist"].person_id, "specialist")
    now = row(arrivals, found.id)
    back = arrivals.do(
        "specialist",
        working.act,
        incoming_id=now.id,
        version=now.version,
        action=Action.WITHDRAW,
        remark="Còn thiếu",
    )
    assert back.state == "in_progress"


def test_a_coordinating_part_is_answered_for_by_its_head(arrivals: Arrivals) -> None:
    """By its own date, while the document itself is in time."""
    units = arrivals.office.units
    found = arrivals.submitted()
    to = (
        To(part=Part.LEAD, unit_id=units["economy"]),
        To(part=Part.COORDINATE, unit_id=units["culture"], due=dt.date(2026, 11, 27)),
    )
    later = DueChoice(day=dt.date(2026, 12, 18))
    found = arrivals.do(
        "leader", routing.direct, incoming_id=found.id, version=found.version, direction=Direction(to=to, due=later)
    )
    arrivals.now = MONDAY
    with unit_of_work(arrivals.office.engine) as uow:
        ((incoming_id, part_id),) = overdue.unexplained(uow, now=arrivals.now, limit=10)
        assert part_id is not None
        assert uow.session.get_one(IncomingPart, part_id).unit_id == units["culture"]
    assert incoming_id == found.id
    made = demand(arrivals, found, part_id=part_id)
    assert made is not None
    assert made.person_id == arrivals.office.posts["culture_head"].person_id
    assert demand(arrivals, found, part_id=part_id) is None


def test_the_road_of_an_explanation(arrivals: Arrivals) -> None:
    """Not by somebody else, not before it is given; sent back it is owed anew with a new deadline of its own."""
    found = arrivals.in_progress(due=FRIDAY)
    arrivals.now = MONDAY
    made = demand(arrivals, found)
    assert made is not None
    given = {"incoming_id": found.id, "version": None, "explanation_id": made.id}
    for who in ("leader", "head"):
        with pytest.raises((NotFound, NotPermitted)):
            arrivals.do(who, explaining.accept, **given)
    with pytest.raises(NotFound, match="explanation_not_found"):
        arrivals.do("head", explaining.explain, cause=Cause.OBJECTIVE, words="Không phải tôi", **given)
    with pytest.raises(BadInput, match="reason_needed"):
        arrivals.do("specialist", explaining.explain, cause=Cause.OBJECTIVE, words=" ", **given)
    arrivals.do("specialist", explaining.explain, cause=Cause.OBJECTIVE, words="Chờ Sở", **given)
    back = arrivals.do("deputy", explaining.send_back, remark="Nêu rõ", later=DAY, **given)
    assert (back.state, back.due_at) == ("sent_back", dt.datetime(2026, 12, 3, 10, tzinfo=dt.UTC))
    with unit_of_work(arrivals.office.engine) as uow:
        counts = explanations.counts(arrivals.office.scope("leader"), uow.session, now=back.due_at + DAY)
    assert counts == {"owed": 1, "late": 1, "given": 0}
    arrivals.do("specialist", explaining.explain, cause=Cause.SUBJECTIVE, words="Tôi chậm", **given)
    done = arrivals.do("leader", explaining.accept, **given)
    assert (done.state, done.cause) == ("accepted", "subjective")


def test_who_handed_it_on_can_still_explain(arrivals: Arrivals) -> None:
    """Another unit leads now: the old specialist reaches it for the explanation only."""
    found = arrivals.in_progress(due=FRIDAY)
    arrivals.now = MONDAY
    made = demand(arrivals, found)
    assert made is not None
    to = (To(part=Part.LEAD, unit_id=arrivals.office.units["culture"]),)
    arrivals.do(
        "leader",
        routing.direct,
        incoming_id=found.id,
        version=None,
        direction=Direction(to=to),
        remark="Đổi đơn vị",
    )
    with pytest.raises(NotFound):
        arrivals.do("specialist", working.contribute, incoming_id=found.id, part_id=1, words="x")
    arrivals.do(
        "specialist", explaining.explain, incoming_id=found.id, version=None, explanation_id=made.id,
        cause=Cause.SUBJECTIVE, words="Tôi chậm",
    )  # fmt: skip


def test_a_leaders_own_is_recorded(arrivals: Arrivals) -> None:
    """Nobody in the office decides about its head."""
    found = arrivals.submitted()
    with unit_of_work(arrivals.office.engine) as uow:
        uow.begin_write()
        document = uow.session.get_one(Incoming, found.id)
        document.due_kind, document.due_at = "given", dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC)
        uow.commit()
    arrivals.now = MONDAY
    made = demand(arrivals, found)
    assert made is not None
    assert (made.held_by, made.person_id) == ("leader", arrivals.office.posts["leader"].person_id)
    done = arrivals.do(
        "leader", explaining.explain, incoming_id=found.id, version=None, explanation_id=made.id,
        cause=Cause.OBJECTIVE, words="Đi công tác",
    )  # fmt: skip
    assert (done.state, done.decided_by_id) == ("accepted", None)


def test_urged_is_who_has_it(arrivals: Arrivals) -> None:
    """All who share a role, never oneself; a document that nobody else has is not urged."""
    found = arrivals.registered()
    with pytest.raises(Missing, match="somebody_to_urge"):
        arrivals.do("clerk", urging.urge, incoming_id=found.id, version=found.version, remark="Nhanh")
    found = arrivals.do("leader", urging.urge, incoming_id=found.id, version=found.version, remark="Vào sổ ngay")
    clerk = arrivals.office.posts["clerk"].person_id
    with unit_of_work(arrivals.office.engine) as uow:
        scope = arrivals.office.scope("clerk")
        (told,) = explanations.urgings_for(scope, uow.session, person_id=clerk, limit=5)
    assert (told.words, told.by) == ("Vào sổ ngay", arrivals.office.names["leader"])
    posts = arrivals.office.posts
    found = arrivals.do(
        "clerk", routing.submit, incoming_id=found.id, version=found.version, leader_post_id=posts["leader"].id
    )
    found = arrivals.do("deputy", urging.urge, incoming_id=found.id, version=found.version, remark="Xin ý kiến")
    back = arrivals.do("clerk", working.act, incoming_id=found.id, version=found.version, action=Action.WITHDRAW)
    assert back.state == "registered"


def test_elapsed_time_is_split_by_holder(arrivals: Arrivals) -> None:
    """Every holder with their time, a pause with the other office's; all together the office time since arrival."""
    found = arrivals.in_progress(due=FRIDAY)
    arrivals.now += 2 * DAY
    found = arrivals.do("head", pausing.pause, incoming_id=found.id, version=found.version, remark="Chờ Sở")
    found = arrivals.do("head", pausing.resume, incoming_id=found.id, version=found.version, later=DAY)
    now = MONDAY + DAY
    scope = arrivals.office.scope("leader")
    with unit_of_work(arrivals.office.engine) as uow:
        split = overdue.split_of(uow, scope, row(arrivals, found.id), now=now)
        whole = working_calendar(uow).working_time_between(found.arrived_at, now)
        board = overdue.overdue_now(uow, scope, now=now, narrow=Narrow())
        ages = store.without_deadline(scope, uow.session, now=now)
    assert split.total == whole
    assert split.by[Holder.OUTSIDE] == dt.timedelta(hours=8)
    assert set(split.by) >= {Holder.SPECIALIST, Holder.OUTSIDE}
    (late,) = board.documents
    assert (late.row.id, late.holder, late.split) == (found.id, Holder.SPECIALIST, split)
    (unit,) = board.units
    assert (unit.unit_id, unit.documents, unit.split.total) == (arrivals.office.units["economy"], 1, whole)
    assert ages == {}
