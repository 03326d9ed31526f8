"""Opinions asked at once, initials that hold a draft up, and the submission slip that keeps both."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from tests.support.asked import Asking
from tests.support.office import NOON, Office
from workflow.domain.errors import BadInput, Conflict, Missing, NotFound, NotPermitted, WrongState
from workflow.domain.opinions import State, Verdict
from workflow.domain.outgoing import Action
from workflow.domain.permissions import figures_scope
from workflow.services import handover
from workflow.services.documents import drafting
from workflow.services.documents.moves import apply
from workflow.services.handover import Kind
from workflow.services.journal import facts_of, verify_subject
from workflow.services.opinions import asking, slips
from workflow.store import opinions as store
from workflow.store.models import Journal, Opinion, OpinionRequest, Outbox, Outgoing
from workflow.store.session import unit_of_work

TODAY = NOON.date()


@pytest.fixture
def made(office: Office) -> Asking:
    """Acts by short names."""
    return Asking(office)


def states(made: Asking, document_id: int) -> list[State]:
    with unit_of_work(made.office.engine) as uow:
        file = store.draft_file(uow.session, document_id)
        return [one.state(file.sha256 if file else None) for one in store.of_document(uow.session, document_id)]


def test_three_are_asked_at_once_and_nothing_waits_for_them(made: Asking) -> None:
    """Each is told and answers for themselves; the draft goes its way while one stays silent; all is journalled."""
    paper = made.draft()
    unit, person, silent = made.ask(paper, "culture", "clerk@", "specialist@", due=TODAY)
    made.answer(unit, "culture_head", Verdict.AGREE_WITH_REMARKS, "Bổ sung mục 3")
    made.answer(person, "clerk", Verdict.NONE)
    made.act("drafter", paper, Action.SUBMIT)
    made.act("head", paper, Action.APPROVE)
    assert states(made, paper) == [State.ANSWERED, State.ANSWERED, State.OPEN]
    with unit_of_work(made.office.engine) as uow:
        assert verify_subject(uow, f"outgoing:{paper}").holds
        told = set(uow.session.scalars(select(Outbox.person_id).where(Outbox.link.like("/opinions/%"))))
        tags = list(uow.session.scalars(select(Journal.tag).where(Journal.tag.like("document:opinion:%"))))
        answers = uow.session.scalars(select(Opinion).order_by(Opinion.id)).all()
    posts = made.office.posts
    assert told == {posts[name].person_id for name in ("culture_head", "clerk", "specialist")}
    assert tags == ["document:opinion:asked", "document:opinion:answered", "document:opinion:answered"]
    assert {one.file_sha256 for one in answers} == {made.text(paper, "first")}
    with pytest.raises(WrongState):
        made.answer(person, "clerk")
    assert silent


def test_initials_hold_the_draft_until_all_are_given(made: Asking) -> None:
    """Approval and format check wait; refused initials are none; remarks are."""
    paper = made.draft()
    culture, office = made.ask(paper, "culture!", "office!")
    made.act("drafter", paper, Action.SUBMIT)
    with pytest.raises(Missing, match="all_initialled"):
        made.act("head", paper, Action.APPROVE)
    made.answer(culture, "culture_head", Verdict.DISAGREE, "Thiếu căn cứ")
    made.answer(office, "chief", Verdict.AGREE_WITH_REMARKS, "Sửa lỗi chính tả")
    assert states(made, paper) == [State.DECLINED, State.ANSWERED]
    with pytest.raises(Missing, match="all_initialled"):
        made.act("head", paper, Action.APPROVE)
    made.answer(culture, "culture_head", Verdict.AGREE)
    assert made.act("head", paper, Action.APPROVE).state == "format_check"


def test_another_file_voids_initials_and_keeps_opinions(made: Asking) -> None:
    """The head initials again; an opinion stays with the version it was given on; a stale page is refused."""
    paper = made.draft()
    culture, clerk = made.ask(paper, "culture!", "clerk@")
    first = made.answer(culture, "culture_head").file_sha256
    made.answer(clerk, "clerk", Verdict.DISAGREE, "Sai thẩm quyền")
    made.now += dt.timedelta(minutes=1)
    made.text(paper, "second")
    assert states(made, paper) == [State.OPEN, State.ANSWERED]
    made.act("drafter", paper, Action.SUBMIT)
    with pytest.raises(Missing, match="all_initialled"):
        made.act("head", paper, Action.APPROVE)
    with pytest.raises(Conflict, match="draft_changed"):
        made.answer(culture, "culture_head", seen=first)
    made.answer(culture, "culture_head")
    made.now += dt.timedelta(minutes=1)
    made.act("head", paper, Action.APPROVE)
    with unit_of_work(made.office.engine) as uow:
        document = uow.session.get_one(Outgoing, paper)
        row = slips.body_of(uow, document, now=NOON)["initials"]
    held = [(one["part"], one["name"], one["file"], one["holds"]) for one in row]
    assert held == [
        ("coordinating", "Đỗ Văn Phúc", 1, False),
        ("coordinating", "Đỗ Văn Phúc", 2, True),
        ("drafting", "Phạm Thị Hương Giang", 2, True),
    ]


def test_a_silent_unit_is_taken_back_or_replaced(made: Asking) -> None:
    """With a reason, by the drafter or the unit's head, as far as the format check; the slip says so."""
    paper = made.draft()
    culture, office = made.ask(paper, "culture!", "office!")
    made.act("drafter", paper, Action.SUBMIT)
    with pytest.raises(BadInput, match="reason_needed"):
        made.do(asking.withdraw, "drafter", request_id=culture, reason=" ")
    with pytest.raises(NotFound):
        made.do(asking.withdraw, "specialist", request_id=10**6, reason="x")
    with pytest.raises(Missing, match="own_paper"):
        made.do(asking.withdraw, "specialist", request_id=culture, reason="x")
    service = made.office.units["service"]
    with pytest.raises(BadInput, match="opinion_unit_without_head"):
        made.do(asking.withdraw, "drafter", request_id=culture, reason="Đi vắng", instead=service)
    made.do(asking.withdraw, "head", request_id=culture, reason="Trưởng phòng đi vắng")
    made.do(
        asking.withdraw, "drafter", request_id=office, reason="Đổi đơn vị", instead=made.office.units["culture"]
    )
    assert states(made, paper) == [State.WITHDRAWN, State.WITHDRAWN, State.OPEN]
    made.answer(3, "culture_head")
    made.act("head", paper, Action.APPROVE)
    with unit_of_work(made.office.engine) as uow:
        body = slips.body_of(uow, uow.session.get_one(Outgoing, paper), now=NOON)
    assert [one["withdrawn_reason"] for one in body["opinions"]] == ["Trưởng phòng đi vắng", "Đổi đơn vị", ""]
    made.do(asking.withdraw, "drafter", request_id=3, reason="Không cần nữa")
    with pytest.raises(Missing, match="still_drafted"):
        made.ask(paper, "culture")


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (("economy!",), "opinion_own_unit"),
        (("service!",), "opinion_unit_without_head"),
        (("far_office",), "opinion_not_of_agency"),
        (("far_clerk@",), "opinion_not_of_agency"),
        (("admin@",), "opinion_not_of_agency"),
        (("drafter@",), "opinion_oneself"),
        ((), "opinion_nobody_asked"),
        (("clerk@", "culture!"), "opinion_asked_already"),
    ],
)
def test_whom_one_cannot_ask(made: Asking, to: tuple[str, ...], code: str) -> None:
    """Each refusal has its own words, and nobody of the form is asked then."""
    paper = made.draft()
    made.ask(paper, "culture!")
    with pytest.raises(BadInput) as refused:
        made.ask(paper, *to)
    assert refused.value.code == code
    assert len(states(made, paper)) == 1


def test_who_reaches_a_request(made: Asking) -> None:
    """The asked, their unit, the drafting unit and the agency's own leaders and clerks; nobody else, nowhere else,
    and only the asked answer."""
    paper = made.draft()
    unit, person = made.ask(paper, "culture", "chief@")
    reach = {name: [key for key in (unit, person) if reached(made, name, key)] for name in made.office.posts}
    both = {"drafter", "head", "specialist", "clerk", "leader", "deputy", "inspector"}
    assert {name for name, keys in reach.items() if len(keys) == 2} == both
    assert {name: keys for name, keys in reach.items() if len(keys) == 1} == {
        "culture_head": [unit], "chief": [person],
    }  # fmt: skip
    for name in ("far_clerk", "far_leader", "lone_drafter"):
        with pytest.raises(NotFound):
            made.answer(unit, name)
    for name in ("leader", "clerk", "head", "drafter"):
        with pytest.raises(Missing, match="asked_of_me"):
            made.answer(unit, name)
    with pytest.raises(NotPermitted):
        made.do(asking.ask, "leader", document_id=paper, to=[asking.To(unit_id=1)], question="?", due_on=None)
    with pytest.raises(NotFound):
        made.ask(paper, "culture", who="far_drafter")
    with pytest.raises(Missing, match="own_paper"):
        made.ask(paper, "office", who="specialist")


def reached(made: Asking, name: str, request_id: int) -> bool:
    with unit_of_work(made.office.engine) as uow:
        try:
            store.find(made.office.scope(name), uow.session, request_id)
        except NotFound:
            return False
        return True


def test_initials_in_place_bear_the_name_of_who_gives_them(made: Asking) -> None:
    """A deputy at the head's desk initials in place; nobody initials their own draft so."""
    paper = made.draft()
    (culture,) = made.ask(paper, "culture!")
    own = made.in_place("drafter", "culture_head")
    with pytest.raises(Missing, match="asked_of_me"):
        made.answer(culture, "culture_head", actor=own)
    deputy = made.in_place("chief", "culture_head")
    given = made.answer(culture, "culture_head", actor=deputy)
    posts = made.office.posts
    assert (given.person_id, given.post_id) == (posts["chief"].person_id, posts["culture_head"].id)
    assert given.in_place_of_id == posts["culture_head"].person_id
    with unit_of_work(made.office.engine) as uow:
        (one,) = slips.body_of(uow, uow.session.get_one(Outgoing, paper), now=NOON)["initials"]
    assert (one["name"], one["in_place_of"]) == ("Trịnh Xuân Hòa", "Đỗ Văn Phúc")


def test_nobody_answers_about_their_own_draft(made: Asking) -> None:
    """Not from another post that they hold, nor as head of the unit that coordinates, nor after a handover: then
    the request is taken back.
    """
    paper, posts = made.draft(), made.office.posts
    culture, by_name = made.ask(paper, "culture!", "specialist@")
    other_post = replace(made.office.actor("culture_head"), person_id=posts["drafter"].person_id)
    with pytest.raises(Missing, match="asked_of_me"):
        made.answer(culture, "culture_head", actor=other_post)
    scope = figures_scope(posts["admin"], agencies_below=())
    given = {"post_id": posts["specialist"].id, "to": {Kind.OPINIONS: posts["drafter"].id}, "reason": "Chuyển"}
    with unit_of_work(made.office.engine) as uow:
        handover.hand_over(uow, made.office.actor("admin"), scope, now=made.now, **given)  # type: ignore[arg-type]
        uow.commit()
    with unit_of_work(made.office.engine) as uow:
        row = uow.session.get_one(OpinionRequest, by_name)
        assert (row.withdrawn_reason, row.person_id) == ("Chuyển", posts["specialist"].person_id)
        assert verify_subject(uow, f"outgoing:{paper}").holds


def test_a_post_that_is_asked_by_name_is_handed_over(made: Asking) -> None:
    """It cannot end with the question open; whoever takes over answers; a unit's question stays with the unit."""
    paper = made.draft()
    by_name, of_unit = made.ask(paper, "specialist@", "culture!")
    scope = figures_scope(made.office.posts["admin"], agencies_below=())
    post = made.office.posts["specialist"]
    with unit_of_work(made.office.engine) as uow:
        held = handover.holdings(uow, made.office.actor("admin"), scope, post_id=post.id, now=made.now)
        assert held.counts == {Kind.OPINIONS: 1}
    to = {Kind.OPINIONS: made.office.posts["lone_drafter"].id}
    with unit_of_work(made.office.engine) as uow:
        record = handover.hand_over(
            uow, made.office.actor("admin"), scope, post_id=post.id, to=to, reason="Chuyển công tác", now=made.now
        )
        uow.commit()
    assert [line["kind"] for line in record.body["lines"]] == ["opinion"]
    with pytest.raises(Missing, match="asked_of_me"):
        made.answer(by_name, "specialist")
    made.answer(by_name, "lone_drafter")
    with unit_of_work(made.office.engine) as uow:
        assert verify_subject(uow, f"outgoing:{paper}").holds
        assert uow.session.get_one(OpinionRequest, of_unit).post_id is None


def test_a_slip_is_frozen_with_each_submission(made: Asking) -> None:
    """Its words are as they were, its hash stands in the journal, and the database lets nobody change it."""
    paper = made.draft()
    made.ask(paper, "culture", due=TODAY)
    made.do(slips.write_words, "drafter", document_id=paper, basis="Luật 20/2023/QH15", proposal="")
    made.act("drafter", paper, Action.SUBMIT)
    made.answer(1, "culture_head", Verdict.DISAGREE, "Chưa đủ căn cứ")
    made.act("head", paper, Action.APPROVE)
    made.now += dt.timedelta(days=1)
    with unit_of_work(made.office.engine) as uow:
        uow.begin_write()
        document = uow.session.get_one(Outgoing, paper)
        apply(uow, made.office.actor("clerk"), document, Action.CONFIRM_FORMAT, now=made.now)
        slips.freeze(uow, made.office.actor("clerk"), document, now=made.now)
        uow.commit()
    with unit_of_work(made.office.engine) as uow:
        first, second = store.slips_of(uow.session, paper)
        laid = uow.session.scalars(select(Journal.body).where(Journal.tag == "document:slip:laid")).all()
    assert [json.loads(body)["facts"]["slip_digest"] for body in laid] == [first.digest, second.digest]
    assert slips.digest_of(first.body) == first.digest
    assert [slip.body["opinions"][0]["verdict"] for slip in (first, second)] == ["", "disagree"]
    assert first.body["basis"] == "Luật 20/2023/QH15"
    assert "1 nơi được hỏi ý kiến chưa trả lời" in first.body["proposal"]
    assert "1 không thống nhất" in second.body["proposal"]
    assert [one["part"] for one in second.body["initials"]] == ["drafting", "format"]
    with pytest.raises(WrongState):
        made.do(slips.write_words, "drafter", document_id=paper, basis="x", proposal="")
    for table in ("opinion", "submission_slip"):
        with pytest.raises(Exception, match="append-only"), made.office.engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))


def test_secret_papers_go_round_on_paper(made: Asking) -> None:
    """Of them no text is held here: nobody is asked on the System, and nothing is refused for want of initials."""
    with unit_of_work(made.office.engine) as uow:
        facts = drafting.DraftFacts(
            type_code="letter", subject="Văn bản mật", secret=True,
            signer_post_id=made.office.posts["leader"].id,
        )  # fmt: skip
        paper = drafting.create(uow, made.office.actor("drafter"), facts=facts, now=NOON).id
        uow.commit()
    with pytest.raises(Missing, match="has_text"):
        made.ask(paper, "culture!")
    made.act("drafter", paper, Action.SUBMIT)
    assert made.act("head", paper, Action.APPROVE).state == "format_check"


def test_what_was_laid_is_read_from_the_journal(made: Asking) -> None:
    """The hash of each slip by its number, for whoever reaches the document and nobody else."""
    paper, other = made.draft(), made.draft()
    for document in (paper, other):
        made.act("drafter", document, Action.SUBMIT)
    with unit_of_work(made.office.engine) as uow:
        (slip,) = store.slips_of(uow.session, paper)
        laid = facts_of(uow, made.office.scope("head"), paper, tag="document:slip:laid")
        assert [(one["slip"], one["slip_digest"]) for one in laid] == [(1, slip.digest)]
        assert not facts_of(uow, made.office.scope("far_clerk"), paper, tag="document:slip:laid")
