"""Handing over a post: everything open moves in one act, and nothing stays with a post that is closed."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.support.arrivals import Arrivals
from tests.support.dossiers import Dossiers
from tests.support.office import NOON, Office
from tests.support.registers import Papers
from workflow.domain.errors import BadInput, Missing, NotFound, NotPermitted
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.domain.permissions import figures_scope
from workflow.services import handover, mandates, people
from workflow.services.documents.drafting import DraftFacts, create
from workflow.services.handover import Kind
from workflow.services.journal import verify_subject
from workflow.services.registers.holding import Hold, hold
from workflow.store import handovers as store
from workflow.store import incoming as incoming_store
from workflow.store.models import Dossier, DossierHistory, Handover, History, Incoming, Outbox, Outgoing
from workflow.store.session import UnitOfWork, unit_of_work

DECREE = "Quyết định số 12/QĐ-UBND ngày 20/11/2026"


@pytest.fixture
def arrivals(office: Office) -> Arrivals:
    """Acts by short names."""
    return Arrivals(office)


def _draft(arrivals: Arrivals, drafter: str, signer: str) -> int:
    office = arrivals.office
    facts = DraftFacts(
        type_code="letter", subject="V/v bàn giao", signer_post_id=office.posts[signer].id,
        capacity=Capacity.HEAD if signer == "leader" else Capacity.KT,
    )  # fmt: skip
    with unit_of_work(office.engine) as uow:
        made = create(uow, office.actor(drafter), facts=facts, now=arrivals.now)
        uow.commit()
        return made.id


def _admin(arrivals: Arrivals, service: object, **given: object) -> object:
    office = arrivals.office
    with unit_of_work(office.engine) as uow:
        scope = figures_scope(office.posts["admin"], agencies_below=())
        made = service(uow, office.actor("admin"), scope, now=arrivals.now, **given)  # type: ignore[operator]
        uow.commit()
        return made


def _row(uow: UnitOfWork, number: int) -> Incoming:
    return uow.session.get_one(Incoming, number)


def test_everything_moves_in_one_act(arrivals: Arrivals) -> None:
    """Work and drafts of the specialist go to the drafter; histories, chains, record and notice are there."""
    work, draft = arrivals.in_progress(), _draft(arrivals, "specialist", "leader")
    posts = arrivals.office.posts
    taker = posts["drafter"]
    to = {Kind.WORK: taker.id, Kind.DRAFTS: taker.id}
    _admin(arrivals, handover.hand_over, post_id=posts["specialist"].id, to=to, reason=DECREE)
    with unit_of_work(arrivals.office.engine) as uow:
        row = _row(uow, work.id)
        assert (row.handler_id, row.holder_id, row.state) == (taker.person_id, taker.person_id, "in_progress")
        last = incoming_store.last_history(uow.session, work.id)
        assert last is not None
        assert (last.action, last.held_by_id) == ("hand_over", posts["specialist"].person_id)
        paper = uow.session.get_one(Outgoing, draft)
        assert (paper.drafter_id, paper.drafter_post_id) == (taker.person_id, taker.id)
        assert verify_subject(uow, f"incoming:{work.id}").holds
        assert verify_subject(uow, f"outgoing:{draft}").holds
        record = uow.session.scalars(select(Handover)).one()
        assert [line["kind"] for line in record.body["lines"]] == ["incoming", "outgoing"]
        assert uow.session.scalars(select(Outbox.person_id)).all() == [taker.person_id]
        assert incoming_store.find(arrivals.office.scope("drafter"), uow.session, work.id)


def test_dossiers_mandates_and_held_numbers_are_in_the_record(arrivals: Arrivals) -> None:
    """An open dossier gets another maker, mandates end, a held number is named; then the post ends."""
    office = arrivals.office
    head, taker = office.posts["head"], office.posts["drafter"]
    kept = Dossiers(office).outside("head", title="Hồ sơ rà soát")
    papers = Papers(office)
    wish = Hold(reason="Kỳ họp", person_id=head.person_id, until=papers.now.date())
    papers.do(hold, register_id=papers.register(), wish=wish)
    with pytest.raises(Missing, match="post_holds_work"):
        _admin(arrivals, people.end_post, post_id=head.id, last_day=NOON.date(), decree=DECREE)
    given: dict[str, object] = {"post_id": head.id, "reason": DECREE}
    with pytest.raises(BadInput, match="successor_needed"):
        _admin(arrivals, handover.hand_over, to={}, **given)
    _admin(arrivals, handover.hand_over, to={Kind.DOSSIERS: taker.id}, **given)
    with unit_of_work(office.engine) as uow:
        dossier = uow.session.get_one(Dossier, kept.id)
        assert (dossier.maker_id, dossier.state) == (taker.person_id, "open")
        line = uow.session.scalars(select(DossierHistory).order_by(DossierHistory.id.desc())).first()
        assert line is not None
        assert (line.action, line.remark) == ("hand_over", DECREE)
        assert verify_subject(uow, f"dossier:{kept.id}").holds
        lines = uow.session.scalars(select(Handover.body)).one()["lines"]
        assert [(one["kind"], one["to"]) for one in lines] == [
            ("dossier", taker.id), ("mandate", None), ("number", None),
        ]  # fmt: skip
        assert list(mandates.open_mandates_of(uow, head.id, now=arrivals.now)) == []
    _admin(arrivals, people.end_post, post_id=head.id, last_day=NOON.date(), decree=DECREE)


def test_a_post_that_ends_takes_its_mandates_along(arrivals: Arrivals) -> None:
    """Nothing else is held: no handover is needed, and what the post signed by ends with it."""
    head = arrivals.office.posts["head"]
    _admin(arrivals, people.end_post, post_id=head.id, last_day=NOON.date(), decree=DECREE)
    with unit_of_work(arrivals.office.engine) as uow:
        assert list(mandates.open_mandates_of(uow, head.id, now=arrivals.now)) == []


def test_a_post_with_open_work_is_not_ended(arrivals: Arrivals) -> None:
    """First the handover, then the end; an end that lies ahead leaves time for it and is listed once it passed."""
    arrivals.assigned()
    posts = arrivals.office.posts
    ending = {"post_id": posts["specialist"].id, "decree": DECREE}
    with pytest.raises(Missing) as refused:
        _admin(arrivals, people.end_post, last_day=NOON.date(), **ending)
    assert (refused.value.code, refused.value.details["count"]) == ("post_holds_work", 1)
    _admin(arrivals, people.end_post, last_day=NOON.date() + dt.timedelta(days=3), **ending)
    with unit_of_work(arrivals.office.engine) as uow:
        scope = figures_scope(posts["admin"], agencies_below=())
        assert not store.over_with_work(scope, uow.session, today=NOON.date())
        left = store.over_with_work(scope, uow.session, today=NOON.date() + dt.timedelta(days=4))
        assert [row.id for row, _name, _unit in left] == [posts["specialist"].id]
    _admin(
        arrivals, handover.hand_over, post_id=posts["specialist"].id, to={Kind.WORK: posts["drafter"].id},
        reason=DECREE,
    )  # fmt: skip
    with unit_of_work(arrivals.office.engine) as uow:
        assert not store.over_with_work(scope, uow.session, today=NOON.date() + dt.timedelta(days=4))


def test_a_leader_hands_over_directions_and_signatures(arrivals: Arrivals) -> None:
    """Directions go to the deputy; what the leader was to sign goes back to its drafter without a signer."""
    asked, draft = arrivals.submitted(), _draft(arrivals, "drafter", "leader")
    with unit_of_work(arrivals.office.engine) as uow:
        uow.begin_write()
        paper = uow.session.get_one(Outgoing, draft)
        paper.state = "format_check"
        uow.commit()
    posts = arrivals.office.posts
    _admin(
        arrivals, handover.hand_over, post_id=posts["leader"].id, to={Kind.DIRECTIONS: posts["deputy"].id},
        reason=DECREE,
    )  # fmt: skip
    with unit_of_work(arrivals.office.engine) as uow:
        assert _row(uow, asked.id).leader_id == posts["deputy"].person_id
        paper = uow.session.get_one(Outgoing, draft)
        assert (paper.state, paper.signer_id, paper.holder_id) == ("returned", None, posts["drafter"].person_id)
        line = uow.session.scalars(select(History).order_by(History.id.desc()).limit(1)).one()
        assert (line.action, line.remark) == (Action.LOSE_SIGNER, DECREE)


def test_who_may_take_over_and_who_may_order_it(arrivals: Arrivals) -> None:
    """No successor, a foreign one, one in an unfit post, a foreign administrator: refused, nothing moved."""
    work = arrivals.assigned()
    posts = arrivals.office.posts
    mine = {"post_id": posts["specialist"].id, "reason": DECREE}
    for to in ({}, {Kind.WORK: posts["far_drafter"].id}, {Kind.WORK: posts["leader"].id},
               {Kind.WORK: posts["specialist"].id}):  # fmt: skip
        with pytest.raises(BadInput, match="successor"):
            _admin(arrivals, handover.hand_over, to=to, **mine)
    with pytest.raises(BadInput, match="reason_needed"):
        _admin(
            arrivals, handover.hand_over, to={Kind.WORK: posts["drafter"].id}, post_id=mine["post_id"], reason=" "
        )
    with unit_of_work(arrivals.office.engine) as uow:
        far = figures_scope(posts["far_admin"], agencies_below=())
        fit = {"to": {Kind.WORK: posts["drafter"].id}, "now": arrivals.now, **mine}
        with pytest.raises(NotFound):
            handover.hand_over(uow, arrivals.office.actor("far_admin"), far, **fit)  # type: ignore[arg-type]
        with pytest.raises(NotPermitted):
            handover.hand_over(uow, arrivals.office.actor("leader"), far, **fit)  # type: ignore[arg-type]
        uow.rollback()
        assert _row(uow, work.id).handler_id == posts["specialist"].person_id


def test_nothing_to_hand_over_is_said(arrivals: Arrivals) -> None:
    """A quiet post needs no record."""
    with pytest.raises(Missing, match="nothing_to_hand_over"):
        _admin(arrivals, handover.hand_over, post_id=arrivals.office.posts["drafter"].id, to={}, reason=DECREE)


def test_a_draft_in_review_is_not_left_to_a_head_who_now_wrote_it(arrivals: Arrivals) -> None:
    """Taken by the unit's only head while it lay before that head: nobody reviews their own, so it goes on."""
    office, draft = arrivals.office, _draft(arrivals, "specialist", "leader")
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(Outgoing, draft)
        row.state, row.holder_id = "in_review", office.posts["head"].person_id
        uow.commit()
    to = {Kind.DRAFTS: office.posts["head"].id}
    _admin(arrivals, handover.hand_over, post_id=office.posts["specialist"].id, to=to, reason=DECREE)
    with unit_of_work(office.engine) as uow:
        row = uow.session.get_one(Outgoing, draft)
        assert (row.drafter_id, row.state) == (office.posts["head"].person_id, "format_check")
        assert (row.holder_id, row.skipped_review) == (None, True)
        assert verify_subject(uow, f"outgoing:{draft}").holds
