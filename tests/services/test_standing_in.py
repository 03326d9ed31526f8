"""While somebody is away on record, another one decides in their own name; nobody before, and nobody signs."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.papers import Papers
from workflow.domain.absences import Acts
from workflow.domain.errors import Missing, NotFound, NotPermitted
from workflow.domain.outgoing import HEAD_AWAY, REVIEWER_AWAY, SIGNER_OR_AWAY, Action, State
from workflow.domain.people import Capacity, Role
from workflow.services import absences
from workflow.services.documents import acts, drafting
from workflow.services.documents.moves import possible_actions
from workflow.services.opinions.initials import row_of
from workflow.store import desk
from workflow.store import documents as store
from workflow.store.models import Outbox, Outgoing, Person, PostRow
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)


def leave(papers: Papers, who: str, to: str, *, first: int = 0, last: int = 3) -> int:
    """Away from one day to another, counted from today."""
    today = papers.now.date()
    made: int = papers.do(
        absences.set_own, who, scoped=False, deputy_post_id=papers.office.posts[to].id,
        first_day=today + first * DAY, last_day=today + last * DAY, acts=Acts.PROCESSING, reason="Công tác",
    )  # fmt: skip
    return made


def open_to(papers: Papers, who: str, document_id: int) -> set[Action]:
    """What the page offers somebody."""
    with unit_of_work(papers.office.engine) as uow:
        document = store.find(papers.office.scope(who), uow.session, document_id)
        steps = possible_actions(uow, papers.office.actor(who), document, now=papers.now)
        return {step.action for step, missing in steps if not missing}


def last_line(papers: Papers, document_id: int) -> tuple[int | None, int | None, str]:
    """(person, post, words) of what was done last."""
    with unit_of_work(papers.office.engine) as uow:
        line = store.last_history(uow.session, document_id)
    assert line is not None
    return line.person_id, line.post_id, line.remark


@pytest.mark.parametrize("who", ["leader", "deputy"])
def test_a_leader_reviews_while_the_units_head_is_away(papers: Papers, who: str) -> None:
    """Not the day before and not the day after; what was approved so can be taken back; history says who it was."""
    document_id = papers.in_review()
    with pytest.raises(Missing, match="reviewer_away"):
        papers.act(who, document_id, Action.APPROVE)
    leave(papers, "head", "culture_head", first=1)
    with pytest.raises(Missing, match="reviewer_away"):
        papers.act(who, document_id, Action.RETURN, "Thiếu căn cứ")
    papers.now += DAY
    assert open_to(papers, who, document_id) == {Action.APPROVE, Action.RETURN}
    assert papers.act(who, document_id, Action.APPROVE).state == State.FORMAT_CHECK
    post = papers.office.posts[who]
    assert last_line(papers, document_id) == (post.person_id, post.id, "")
    assert papers.act(who, document_id, Action.WITHDRAW, "Xem lại").state == State.IN_REVIEW
    papers.now += 3 * DAY
    assert open_to(papers, who, document_id) == set()
    assert papers.act("head", document_id, Action.APPROVE).state == State.FORMAT_CHECK


def test_it_is_on_record_that_somebody_stood_in(papers: Papers) -> None:
    """The journal names the absence behind the step, and the row of initials calls nobody the unit's head who is
    not; of what the head or the named signer does themselves neither says anything."""
    document_id = papers.in_review()
    absence = leave(papers, "head", "culture_head")
    papers.act("deputy", document_id, Action.APPROVE)
    assert standing_in_of(papers, document_id) == [absence]
    assert initials_of(papers, document_id) == [("standing_in", papers.office.actor("deputy").person_id)]
    papers.act("deputy", document_id, Action.WITHDRAW, "Xem lại")
    assert (standing_in_of(papers, document_id), initials_of(papers, document_id)) == (None, [])
    papers.act("head", document_id, Action.APPROVE)
    assert standing_in_of(papers, document_id) is None
    assert initials_of(papers, document_id) == [("drafting", papers.office.actor("head").person_id)]
    papers.confirm_format(document_id)
    away = leave(papers, "leader", "deputy")
    papers.act("clerk", document_id, Action.REQUEST_EXEMPTION, "Tòa án yêu cầu bản giấy")
    papers.act("deputy", document_id, Action.APPROVE_EXEMPTION)
    assert standing_in_of(papers, document_id) == [away]
    papers.act("leader", document_id, Action.RETURN, "Sửa lại")
    assert standing_in_of(papers, document_id) is None


def standing_in_of(papers: Papers, document_id: int) -> object:
    """What the journal says of it with the last act."""
    with unit_of_work(papers.office.engine) as uow:
        entry = store.last_entry(uow.session, f"outgoing:{document_id}")
        assert entry is not None
        return json.loads(entry.body)["facts"].get("standing_in")


def initials_of(papers: Papers, document_id: int) -> list[tuple[str, int | None]]:
    """(part, person) of the row of initials."""
    with unit_of_work(papers.office.engine) as uow:
        people = {one.full_name: one.id for one in uow.session.scalars(select(Person))}
        found = row_of(uow, uow.session.get_one(Outgoing, document_id), [])
    return [(one.part, people[one.name]) for one in found]


@pytest.mark.parametrize("who", ["leader", "deputy"])
def test_deciding_on_an_exemption_takes_nobody_elses_review_back(papers: Papers, who: str) -> None:
    """Who decides acts last, but the unit's head passed it on; their own approval leaders still withdraw."""
    document_id, approved = papers.in_review(), papers.in_review()
    papers.act("head", document_id, Action.APPROVE)
    leave(papers, "head", "culture_head")
    papers.act(who, approved, Action.APPROVE)
    if who == "deputy":
        leave(papers, "leader", "deputy")
    for paper in (document_id, approved):
        papers.act("clerk", paper, Action.REQUEST_EXEMPTION, "Tòa án yêu cầu bản giấy")
        papers.act(who, paper, Action.APPROVE_EXEMPTION)
    assert Action.WITHDRAW not in open_to(papers, who, document_id)
    with pytest.raises(Missing, match="latest_act"):
        papers.act(who, document_id, Action.WITHDRAW, "Xem lại")
    assert papers.act(who, approved, Action.WITHDRAW, "Xem lại").state == State.IN_REVIEW


def test_a_clerk_takes_back_their_own_format_check_only(papers: Papers) -> None:
    """Asking for an exemption does not make a colleague's check one's own, and does not lose one's own."""
    document_id, posts = papers.awaiting(), papers.office.posts
    colleague = replace(papers.office.actor("clerk"), person_id=posts["chief"].person_id)
    with unit_of_work(papers.office.engine) as uow:
        for action, refused in ((Action.REQUEST_EXEMPTION, ""), (Action.WITHDRAW, "latest_act")):
            with pytest.raises(Missing, match=refused) if refused else nullcontext():
                acts.act(uow, colleague, papers.office.scope("clerk"), document_id=document_id, action=action,
                         version=None, now=papers.now, remark="Tòa án yêu cầu bản giấy")  # fmt: skip
        uow.commit()
    papers.act("clerk", document_id, Action.REQUEST_EXEMPTION, "Tòa án yêu cầu bản giấy")
    assert papers.act("clerk", document_id, Action.WITHDRAW, "Nhầm").state == State.FORMAT_CHECK


def test_back_early_the_head_decides_again(papers: Papers) -> None:
    """An absence that was ended opens nothing any more."""
    document_id = papers.in_review()
    absence = leave(papers, "head", "culture_head")
    assert Action.RETURN in open_to(papers, "deputy", document_id)
    papers.do(absences.end_own, "head", scoped=False, absence_id=absence)
    assert open_to(papers, "deputy", document_id) == set()
    with pytest.raises(Missing, match="reviewer_away"):
        papers.act("deputy", document_id, Action.RETURN, "Thiếu căn cứ")


def test_another_head_of_the_unit_comes_first_and_nobody_reviews_their_own(papers: Papers) -> None:
    """Two heads, one away: nobody stands in. With both away not who drafted it, as a drafter who was promoted."""
    document_id, posts = papers.in_review(), papers.office.posts
    leave(papers, "head", "culture_head")
    head, deputy = posts["head"], posts["deputy"]
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        second = PostRow(person_id=posts["chief"].person_id, unit_id=head.unit_id, agency_id=head.agency_id,
                         role="unit_head", title="Phó Trưởng phòng", valid_from=head.valid_from)  # fmt: skip
        uow.add(second)
        uow.flush()
        key = second.id
        uow.commit()
    assert open_to(papers, "deputy", document_id) == set()
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(PostRow, key).valid_to = papers.now.date() - DAY
        uow.session.get_one(Outgoing, document_id).drafter_id = deputy.person_id
        uow.commit()
    assert open_to(papers, "deputy", document_id) == set()
    assert papers.act("leader", document_id, Action.APPROVE).state == State.FORMAT_CHECK


def test_what_waits_for_a_signer_who_is_away_goes_back_to_name_another(papers: Papers) -> None:
    """A deputy returns the head's paper, signs nothing of it; named KT. themselves, they may. And the other way."""
    document_id = papers.awaiting()
    leave(papers, "leader", "deputy")
    assert open_to(papers, "deputy", document_id) == {Action.RETURN}
    with pytest.raises(Missing, match="designated_signer"):
        papers.act("deputy", document_id, Action.REJECT, "Không ký")
    papers.act("deputy", document_id, Action.RETURN, "Chủ tịch đi công tác, đề nghị trình ký thay")
    facts = drafting.DraftFacts(
        type_code="letter", subject="V/v phòng chống bão số 9", recipients="Các thôn",
        signer_post_id=papers.office.posts["deputy"].id, capacity=Capacity.KT,
    )  # fmt: skip
    papers.do(drafting.revise, "drafter", document_id=document_id, version=papers.row(document_id).version,
              facts=facts)  # fmt: skip
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    leave(papers, "deputy", "chief")
    assert open_to(papers, "leader", document_id) == {Action.RETURN}
    assert {Action.SIGN, Action.REJECT} <= open_to(papers, "deputy", document_id)


def test_an_exemption_waits_for_nobody_who_is_away(papers: Papers) -> None:
    """The head decides it; a deputy only meanwhile."""
    document_id = papers.awaiting()
    papers.act("clerk", document_id, Action.REQUEST_EXEMPTION, "Tòa án yêu cầu bản giấy")
    for action in (Action.APPROVE_EXEMPTION, Action.REFUSE_EXEMPTION):
        with pytest.raises(Missing, match="head_away"):
            papers.act("deputy", document_id, action, "Không cần")
    leave(papers, "leader", "deputy")
    papers.act("deputy", document_id, Action.REFUSE_EXEMPTION, "Không cần")
    papers.act("clerk", document_id, Action.REQUEST_EXEMPTION, "Tòa án yêu cầu bản giấy")
    document = papers.act("deputy", document_id, Action.APPROVE_EXEMPTION)
    assert document.exempt_by_id == papers.office.posts["deputy"].person_id


def test_nobody_below_and_nobody_elsewhere_stands_in(papers: Papers) -> None:
    """Heads of other units, clerks, drafters and the neighbour's leader neither review nor give back; the head who
    is away may still review."""
    reviewed, waiting = papers.in_review(), papers.awaiting()
    leave(papers, "head", "culture_head")
    leave(papers, "leader", "deputy")
    tried = [(who, reviewed, Action.APPROVE) for who in ("chief", "culture_head", "clerk", "drafter", "far_leader")]
    tried += [(who, waiting, Action.RETURN) for who in ("head", "chief", "clerk", "drafter", "far_leader")]
    for who, document_id, action in tried:
        with pytest.raises((NotPermitted, NotFound, Missing)):
            papers.act(who, document_id, action, "x")
    assert papers.act("head", reviewed, Action.APPROVE).state == State.FORMAT_CHECK


def test_at_the_absent_ones_own_desk_drafts_stay_closed(papers: Papers) -> None:
    """Whoever looks after a desk reads there; deciding is done in one's own post."""
    document_id = papers.in_review()
    leave(papers, "head", "deputy")
    posts = papers.office.posts
    there = replace(
        papers.office.actor("head"), person_id=posts["deputy"].person_id, in_place_of=posts["head"].person_id
    )
    given: dict[str, Any] = {"document_id": document_id, "action": Action.APPROVE, "version": None}
    with unit_of_work(papers.office.engine) as uow, pytest.raises(NotPermitted, match="not_in_place"):
        acts.act(uow, there, papers.office.scope("head"), now=papers.now, **given)
    assert papers.act("deputy", document_id, Action.APPROVE).state == State.FORMAT_CHECK


def test_filed_by_mistake_it_comes_back(papers: Papers) -> None:
    """By whoever filed it, with a reason; it stays issued on the day it was issued."""
    document_id = papers.issued()
    before = papers.row(document_id)
    papers.act("clerk", document_id, Action.FILE)
    papers.now += DAY
    with pytest.raises(Missing, match="latest_act"):
        papers.act("drafter", document_id, Action.WITHDRAW, "Nhầm")
    after = papers.act("clerk", document_id, Action.WITHDRAW, "Lưu nhầm hồ sơ")
    assert (after.state, after.issued_at, after.closed_at) == (State.ISSUED, before.issued_at, before.closed_at)


def at_desk(papers: Papers, who: str) -> dict[int, str]:
    """What lies on a leader's desk for somebody who is away: document → why."""
    post = papers.office.posts[who]
    with unit_of_work(papers.office.engine) as uow:
        rows = desk.of_the_absent(
            papers.office.scope(who), uow.session, role=Role(post.role), person_id=post.person_id,
            on=papers.now.date(), limit=20,
        )  # fmt: skip
        return {row.id: row.absent for row in rows}


def told(papers: Papers, who: str) -> list[str]:
    """Subjects of somebody's notices about absent people, in the order they came."""
    with unit_of_work(papers.office.engine) as uow:
        query = select(Outbox.subject).where(
            Outbox.person_id == papers.office.posts[who].person_id, Outbox.once_key.startswith("standing_in:")
        )
        return list(uow.session.scalars(query.order_by(Outbox.id)))


def test_what_the_absent_would_decide_lies_on_the_leaders_desks(papers: Papers) -> None:
    """Draft, exemption and paper to sign, each only while nobody there decides it; one's own draft never."""
    reviewed, exempt, waiting = papers.in_review(), papers.format_check(), papers.awaiting()
    papers.act("clerk", exempt, Action.REQUEST_EXEMPTION, "Tòa án yêu cầu bản giấy")
    assert at_desk(papers, "leader") == at_desk(papers, "deputy") == {}
    leave(papers, "head", "culture_head")
    absence = leave(papers, "leader", "deputy")
    assert at_desk(papers, "deputy") == {reviewed: REVIEWER_AWAY, exempt: HEAD_AWAY, waiting: SIGNER_OR_AWAY}
    assert at_desk(papers, "leader") == {reviewed: REVIEWER_AWAY}
    assert at_desk(papers, "far_leader") == {}
    papers.do(absences.end_own, "leader", scoped=False, absence_id=absence)
    assert at_desk(papers, "deputy") == {reviewed: REVIEWER_AWAY}
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Outgoing, reviewed).drafter_id = papers.office.posts["deputy"].person_id
        uow.commit()
    assert (at_desk(papers, "deputy"), at_desk(papers, "leader")) == ({}, {reviewed: REVIEWER_AWAY})
    papers.now += 4 * DAY
    assert at_desk(papers, "leader") == {}


def test_leaders_who_are_there_hear_of_what_comes_before_somebody_absent(papers: Papers) -> None:
    """Once for each time it comes, not the one who is away too, and nobody while everybody is there."""
    papers.awaiting()
    assert told(papers, "leader") == told(papers, "deputy") == []
    leave(papers, "head", "culture_head")
    leave(papers, "leader", "deputy")
    document_id = papers.in_review()
    review = "Người đứng đầu đơn vị vắng mặt: dự thảo chờ ông/bà duyệt"
    assert (told(papers, "leader"), told(papers, "deputy"), told(papers, "chief")) == ([], [review], [])
    papers.act("deputy", document_id, Action.APPROVE)
    papers.act("clerk", document_id, Action.REQUEST_EXEMPTION, "Tòa án yêu cầu bản giấy")
    papers.act("deputy", document_id, Action.APPROVE_EXEMPTION)
    papers.confirm_format(document_id)
    assert told(papers, "deputy") == [
        review,
        "Người đứng đầu cơ quan vắng mặt: đề nghị miễn ký số chờ ông/bà quyết định",
        "Người ký vắng mặt: văn bản chờ ông/bà trả lại để chọn người ký khác",
    ]
