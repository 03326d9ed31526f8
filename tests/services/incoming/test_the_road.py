"""From a paper on the clerk's table to a filed document, and the ways back."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import select

from tests.support.arrivals import LETTER, Arrivals
from workflow.domain.errors import BadInput, Conflict, Missing, NotFound, NotPermitted
from workflow.domain.incoming import Action, Part, Result, State
from workflow.domain.terms import Measure, Term
from workflow.services import journal
from workflow.services.incoming import arriving, deadlines, registering, routing, working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.routing import Direction, To
from workflow.store import documents
from workflow.store import incoming as store
from workflow.store.models import IncomingHistory, IncomingPart
from workflow.store.session import unit_of_work

TEN_DAYS = DueChoice(term=Term(Measure.WORKING_DAYS, 10))


def _states(arrivals: Arrivals, incoming_id: int) -> list[str]:
    with unit_of_work(arrivals.office.engine) as uow:
        lines = uow.session.scalars(
            select(IncomingHistory)
            .where(IncomingHistory.incoming_id == incoming_id)
            .order_by(IncomingHistory.ordinal)
        )
        return [line.to_state for line in lines]


def test_the_straight_road(arrivals: Arrivals) -> None:
    """Every state once, the first number of the year, the chain whole, each holder with their minutes."""
    found = arrivals.in_progress(due=TEN_DAYS)
    found = arrivals.do(
        "specialist", working.finish, incoming_id=found.id, version=found.version, result=Result.SETTLED,
        words="Đã rà soát, báo cáo bằng thư điện tử", later=dt.timedelta(hours=3),
    )  # fmt: skip
    found = arrivals.do("clerk", working.act, incoming_id=found.id, version=found.version, action=Action.FILE)
    assert _states(arrivals, found.id) == [
        "arrived", "checked", "registered", "submitted", "directed", "assigned", "in_progress", "done", "filed",
    ]  # fmt: skip
    assert (found.number, found.year, found.due_kind) == (1, 2026, "given")
    assert found.due_at == dt.datetime(2026, 12, 8, 10, tzinfo=dt.UTC)  # 24/11 is a holiday
    with unit_of_work(arrivals.office.engine) as uow:
        lines = [line for line, _name in store.history_of(uow.session, found.id)]
        assert [line.held_by for line in lines] == [
            "", "clerk", "clerk", "clerk", "leader", "unit_head", "specialist", "specialist", "",
        ]  # fmt: skip
        assert lines[-2].held_minutes == 145  # 12:25 to 15:25, the noon break not counted
        assert journal.verify_subject(uow, f"incoming:{found.id}").holds
        assert found.chain_length == len(lines)


def test_numbers_follow_each_other(arrivals: Arrivals) -> None:
    """One series a year for everything that arrives; a secret paper has its own."""
    numbers = [arrivals.registered().number for _ in range(3)]
    secret = arrivals.registered(facts=arriving.Facts(issuer="Công an tỉnh", subject="Mật", secret=True))
    assert (numbers, secret.number) == ([1, 2, 3], 1)


def test_a_paper_that_came_back_keeps_its_number(arrivals: Arrivals) -> None:
    """Declined after registration and taken back: the same number, no second one."""
    found = arrivals.registered()
    found = arrivals.do(
        "clerk", registering.decline, incoming_id=found.id, version=found.version, remark="Gửi nhầm"
    )
    assert (found.state, found.number) == ("returned", 1)
    found = arrivals.do(
        "clerk", working.act, incoming_id=found.id, version=found.version, action=Action.WITHDRAW, remark="Đúng nơi"
    )
    found = arrivals.do("clerk", registering.register, incoming_id=found.id, version=found.version)
    assert (found.state, found.number) == ("registered", 1)
    assert arrivals.registered().number == 2


def test_registering_needs_issuer_and_subject(arrivals: Arrivals) -> None:
    """A half-filled form is told what is missing and no number is drawn."""
    paper = arrivals.paper(facts=arriving.Facts(subject="Không rõ nơi gửi"))
    with pytest.raises(Missing) as refused:
        arrivals.do("clerk", registering.register, incoming_id=paper.id, version=paper.version)
    assert refused.value.code == "facts_complete"
    assert arrivals.registered().number == 1


def test_a_proposal_is_accepted_in_one_tap(arrivals: Arrivals) -> None:
    """Clerk to chief of office, chief to leader with a proposal, the leader takes it as it is."""
    found = arrivals.registered()
    found = arrivals.do("clerk", routing.submit, incoming_id=found.id, version=found.version)
    assert found.at_office
    assert found.holder_id == arrivals.office.posts["chief"].person_id
    found = arrivals.do(
        "chief", routing.propose, incoming_id=found.id, version=found.version,
        direction=arrivals.direction(due=TEN_DAYS), leader_post_id=arrivals.office.posts["leader"].id,
    )  # fmt: skip
    assert found.holder_id == arrivals.office.posts["leader"].person_id
    found = arrivals.do("leader", routing.accept_proposal, incoming_id=found.id, version=found.version)
    assert (found.state, found.lead_unit_id) == ("directed", arrivals.office.units["economy"])
    assert found.due_at is not None
    assert found.direction == "Phòng Kinh tế tham mưu"


def test_passed_to_a_deputy(arrivals: Arrivals) -> None:
    """The deputy directs what was passed to them, and only that."""
    found, other = arrivals.submitted(), arrivals.submitted()
    deputy = arrivals.office.posts["deputy"].id
    found = arrivals.do(
        "leader", routing.pass_on, incoming_id=found.id, version=found.version, leader_post_id=deputy
    )
    given = arrivals.direction()
    found = arrivals.do("deputy", routing.direct, incoming_id=found.id, version=found.version, direction=given)
    assert found.state == State.DIRECTED
    with pytest.raises(Missing, match="asked"):
        arrivals.do("deputy", routing.direct, incoming_id=other.id, version=other.version, direction=given)


def test_exactly_one_lead(arrivals: Arrivals) -> None:
    """No lead, two leads, the lead beside itself: refused before anything is written."""
    found = arrivals.submitted()
    units = arrivals.office.units
    lead, other = To(part=Part.LEAD, unit_id=units["economy"]), To(part=Part.LEAD, unit_id=units["culture"])
    beside = To(part=Part.COORDINATE, unit_id=units["economy"])
    foreign = To(part=Part.LEAD, unit_id=units["far_office"])
    for to in ((beside,), (lead, other), (lead, beside), (foreign,)):
        with pytest.raises(BadInput):
            arrivals.do(
                "leader", routing.direct, incoming_id=found.id, version=found.version, direction=Direction(to=to)
            )


def test_a_changed_direction_ends_what_it_no_longer_names(arrivals: Arrivals) -> None:
    """Another lead: the old one no longer reaches the document, the new one does; one lead at any time."""
    found = arrivals.assigned()
    units = arrivals.office.units
    given = Direction(to=(To(part=Part.LEAD, unit_id=units["culture"]),))
    found = arrivals.do(
        "leader", routing.direct, incoming_id=found.id, version=found.version, direction=given, remark="Đổi đơn vị"
    )
    assert (found.state, found.handler_id) == ("directed", None)
    with unit_of_work(arrivals.office.engine) as uow:
        parts = uow.session.scalars(select(IncomingPart).where(IncomingPart.incoming_id == found.id)).all()
        assert [(part.part, part.state) for part in parts] == [
            ("lead", "ended"), ("coordinate", "ended"), ("lead", "open"),
        ]  # fmt: skip
        assert store.find(arrivals.office.scope("culture_head"), uow.session, found.id)
        for name in ("head", "specialist"):
            with pytest.raises(NotFound):
                store.find(arrivals.office.scope(name), uow.session, found.id)


def test_given_back_step_by_step(arrivals: Arrivals) -> None:
    """Handler to head, head to leader, leader to clerk; each with words, none without."""
    found = arrivals.in_progress()
    for name, target in (("specialist", "directed"), ("head", "submitted"), ("leader", "registered")):
        with pytest.raises(BadInput, match="reason_needed"):
            arrivals.do(name, working.act, incoming_id=found.id, version=found.version, action=Action.SEND_BACK)
        found = arrivals.do(
            name,
            working.act,
            incoming_id=found.id,
            version=found.version,
            action=Action.SEND_BACK,
            remark="Không đúng",
        )
        assert found.state == target
    assert (found.lead_unit_id, found.handler_id, found.leader_id) == (None, None, None)


def test_coordinating_has_its_own_state(arrivals: Arrivals) -> None:
    """The coordinating unit finishes its part; the document stays where it is."""
    found = arrivals.in_progress()
    with unit_of_work(arrivals.office.engine) as uow:
        part = next(one for one in store.live_parts(uow.session, found.id) if one.part == Part.COORDINATE)
    arrivals.do("culture_head", working.contribute, incoming_id=found.id, part_id=part.id, words="Đã góp ý")
    with unit_of_work(arrivals.office.engine) as uow:
        after = uow.session.get_one(IncomingPart, part.id)
        assert (after.state, after.result_words) == ("done", "Đã góp ý")
        assert store.find(arrivals.office.scope("clerk"), uow.session, found.id).state == State.IN_PROGRESS
    with pytest.raises((Missing, NotPermitted)):
        arrivals.do("head", working.contribute, incoming_id=found.id, part_id=part.id, words="Không phải phần tôi")


def test_closing_against_a_deadline_needs_words(arrivals: Arrivals) -> None:
    """*Lưu, không phải trả lời* is a tap where nothing is due, and a sentence where something is."""
    free, due = arrivals.registered(), arrivals.directed(due=TEN_DAYS)
    free = arrivals.do("clerk", working.close, incoming_id=free.id, version=free.version)
    assert (free.state, free.result) == ("done", "no_answer_needed")
    with pytest.raises(BadInput, match="reason_needed"):
        arrivals.do("head", working.close, incoming_id=due.id, version=due.version)
    due = arrivals.do("head", working.close, incoming_id=due.id, version=due.version, words="Đã có quyết định khác")
    assert due.state == State.DONE


def test_reopened_by_the_head(arrivals: Arrivals) -> None:
    """Done is not the end: reopened it has no result and a clock again."""
    found = arrivals.in_progress(due=TEN_DAYS)
    found = arrivals.do(
        "specialist",
        working.finish,
        incoming_id=found.id,
        version=found.version,
        result=Result.SETTLED,
        words="Xong",
    )
    found = arrivals.do(
        "head", working.act, incoming_id=found.id, version=found.version, action=Action.REOPEN, remark="Chưa đủ"
    )
    assert (found.state, found.done_at, found.result, found.closed_at) == ("directed", None, "", None)


def test_no_deadline_is_a_decision(arrivals: Arrivals) -> None:
    """`none` is said by somebody and journalled; undecided is nobody's."""
    found = arrivals.submitted()
    assert found.due_kind == "undecided"
    found = arrivals.do(
        "leader", deadlines.set_due, incoming_id=found.id, version=found.version, choice=deadlines.NO_DEADLINE
    )
    assert (found.due_kind, found.due_at) == ("none", None)
    with unit_of_work(arrivals.office.engine) as uow:
        last = documents.last_entry(uow.session, f"incoming:{found.id}")
        assert last is not None
        assert json.loads(last.body)["facts"]["due_kind"] == "none"


def test_duplicates_are_found_however_they_are_typed(arrivals: Arrivals) -> None:
    """Blanks, dashes, leading zeros, accents of the issuer do not hide one; another date does."""
    first = arrivals.registered()
    same = arriving.Facts(issuer="SỞ NỘI VỤ TỈNH LAM GIANG", symbol=" 412 /SNV – TCBC", issued_on=LETTER.issued_on)
    with unit_of_work(arrivals.office.engine) as uow:
        scope, agency = arrivals.office.scope("clerk"), arrivals.office.units["commune"]
        found = arriving.duplicates(uow, scope, agency_id=agency, facts=same)
        assert [one.id for one in found] == [first.id]
        later = arriving.Facts(issuer=same.issuer, symbol=same.symbol, issued_on=dt.date(2026, 11, 19))
        assert not arriving.duplicates(uow, scope, agency_id=agency, facts=later)
        far = arrivals.office.scope("far_clerk")
        assert not arriving.duplicates(uow, far, agency_id=agency, facts=same)


def test_a_stale_form_is_told(arrivals: Arrivals) -> None:
    """Two people at once: the second one hears where the document is now."""
    found = arrivals.submitted()
    arrivals.do(
        "leader", routing.direct, incoming_id=found.id, version=found.version, direction=arrivals.direction()
    )
    with pytest.raises(Conflict) as stale:
        arrivals.do(
            "leader", routing.direct, incoming_id=found.id, version=found.version, direction=arrivals.direction()
        )
    assert stale.value.details["state"] == "directed"


def test_nobody_sees_a_neighbours_arrivals(arrivals: Arrivals) -> None:
    """Other agencies, other units, administrators: the same answer as for a document that is not there."""
    found = arrivals.directed()
    with unit_of_work(arrivals.office.engine) as uow:
        for name in ("far_clerk", "far_leader", "admin", "far_drafter"):
            with pytest.raises(NotFound):
                store.find(arrivals.office.scope(name), uow.session, found.id)
        for name in ("clerk", "leader", "deputy", "inspector", "chief", "head", "drafter", "culture_head"):
            assert store.find(arrivals.office.scope(name), uow.session, found.id).id == found.id
