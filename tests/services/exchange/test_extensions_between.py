"""Gia hạn between two offices: asked, sent, answered; called back, too late, recalled; and who sees what of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.exchange import Between
from tests.support.office import NOON
from workflow.domain.errors import BadInput, Missing, NotFound, NotPermitted, WrongState
from workflow.domain.incoming import Action, Result
from workflow.services.exchange import extensions, recalling
from workflow.services.incoming import deadlines, extending, urging, working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.journal import verify_subject
from workflow.store import exchange as store
from workflow.store import incoming
from workflow.store.models import Extension, ExtensionRequest, Incoming, Outbox, Outgoing
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)
DUE = NOON.date() + 3 * DAY
LATER, LATEST = DUE + 7 * DAY, DUE + 8 * DAY
WHY = "Chờ số liệu của các xã"


class Paper:
    """One document between the offices: `out` at the sender, `row` at the one that has to answer."""

    def __init__(self, post: Between) -> None:
        self.post = post
        self.out = post.sent()
        started = post.started(self.out)
        choice = DueChoice(day=DUE)
        post.do("far_leader", deadlines.set_due, incoming_id=started.id, version=None, choice=choice)

    @property
    def row(self) -> Incoming:
        return self.post.arrived(self.out)

    @property
    def due(self) -> dt.date | None:
        return self.row.due_at.date() if self.row.due_at else None

    @property
    def request(self) -> ExtensionRequest:
        with unit_of_work(self.post.office.engine) as uow:
            return uow.session.scalars(select(ExtensionRequest).order_by(ExtensionRequest.id.desc())).first()  # type: ignore[return-value]

    def ask(self, **given: Any) -> None:
        """The handler asks their leader."""
        given = {"until": LATER, "remark": WHY, "between": True} | given
        self.post.do("far_drafter", extending.ask, incoming_id=self.row.id, version=None, **given)

    def send(self, who: str = "far_leader", **given: Any) -> ExtensionRequest:
        """The leader asks the sender."""
        given = {"until": LATER, "remark": WHY} | given
        return self.post.do(who, extensions.send, incoming_id=self.row.id, version=None, **given)  # type: ignore[no-any-return]

    def answer(self, who: str = "leader", *, grant: bool = True, remark: str = "", **given: Any) -> None:
        """The sender's answer."""
        given = {"document_id": self.out, "request_id": self.request.id, "grant": grant, "remark": remark} | given
        self.post.do(who, extensions.answer, **given)

    def extension(self) -> Extension:
        """As the asking office keeps it."""
        with unit_of_work(self.post.office.engine) as uow:
            return uow.session.scalars(select(Extension).order_by(Extension.id.desc())).first()  # type: ignore[return-value]

    def lines(self) -> list[tuple[str, int | None, str]]:
        """The last two lines of the asking office's history."""
        with unit_of_work(self.post.office.engine) as uow:
            found = [line for line, _name in incoming.history_of(uow.session, self.row.id)]
            return [(line.action, line.person_id, line.remark) for line in found[-2:]]


@pytest.fixture
def paper(post: Between) -> Paper:
    """Under work at the neighbour, due in three days."""
    return Paper(post)


def test_asked_sent_and_granted_for_another_day(paper: Paper, post: Between) -> None:
    """Three people, two offices, one date: it moves with the answer and not before; both journals hold."""
    paper.ask()
    assert paper.due == DUE
    with pytest.raises(Missing, match="extension_asked"):
        post.do("far_leader", extending.grant, incoming_id=paper.row.id, version=None, remark="Tự gia hạn")
    with pytest.raises(Missing, match="handler"):
        paper.send("far_clerk")
    paper.send()
    assert (paper.due, paper.request.state, paper.request.due_on) == (DUE, "asked", DUE)
    for who in ("clerk", "leader", "drafter"):
        assert post.notices(who)[-1].startswith("Đề nghị gia hạn")
    paper.answer(until=LATEST, remark="Đồng ý, chậm nhất ngày này")
    assert paper.due == LATEST
    assert (paper.extension().state, paper.row.extensions, paper.request.granted_on) == ("granted", 1, LATEST)
    assert paper.lines()[1] == ("grant_extension", None, "Đồng ý, chậm nhất ngày này")
    for who in ("far_drafter", "far_leader"):
        assert post.notices(who)[-1].startswith("Đã được gia hạn đến")
    with unit_of_work(post.office.engine) as uow:
        for subject in (f"outgoing:{paper.out}", f"incoming:{paper.row.id}",
                        f"delivery:{paper.request.delivery_id}"):  # fmt: skip
            chain = verify_subject(uow, subject)
            assert chain.holds and chain.length, subject  # noqa: PT018


def test_refused_only_with_a_reason_and_asked_again(paper: Paper) -> None:
    """The date stays; what was refused may be asked for anew, and only one request waits at a time."""
    paper.ask()
    paper.send()
    with pytest.raises(Missing, match="no_extension_asked"):
        paper.ask()
    with pytest.raises(Missing, match="extension_to_send"):
        paper.send()
    with pytest.raises(BadInput, match="reason_needed"):
        paper.answer(grant=False)
    paper.answer(grant=False, remark="Phải báo cáo trước kỳ họp")
    assert (paper.due, paper.extension().state, paper.request.state) == (DUE, "refused", "refused")
    assert paper.lines()[1] == ("refuse_extension", None, "Phải báo cáo trước kỳ họp")
    with pytest.raises(WrongState, match="extension_request_ended"):
        paper.answer()
    paper.ask()
    paper.send()
    paper.answer()
    assert paper.due == LATER


def test_a_date_only_moves_later(paper: Paper, post: Between) -> None:
    """Not before the present day, not into the past; a later date that their own leader set meanwhile stands."""
    paper.ask()
    with pytest.raises(BadInput, match="extension_not_later"):
        paper.send(until=DUE)
    paper.send()
    with pytest.raises(BadInput, match="extension_not_later"):
        paper.answer(until=DUE)
    post.do("far_leader", deadlines.set_due, incoming_id=paper.row.id, version=None, choice=DueChoice(day=LATEST))
    paper.answer()
    assert (paper.due, paper.row.extensions, paper.request.state) == (LATEST, 0, "granted")
    paper.ask(until=LATEST + 3 * DAY)
    paper.send(until=LATEST + 3 * DAY)
    post.now += 30 * DAY
    with pytest.raises(BadInput, match="due_in_the_past"):
        paper.answer()
    assert paper.request.state == "asked"
    assert paper.due == LATEST


def test_called_back_by_who_sent_it(paper: Paper, post: Between) -> None:
    """Nobody answers a request that was called back; the sender is told why."""
    paper.ask()
    paper.send()
    post.do("far_leader", extending.refuse, incoming_id=paper.row.id, version=None, remark="Đã có số liệu")
    assert (paper.request.state, paper.request.answer, paper.extension().state) == (
        "withdrawn", "Đã có số liệu", "refused",
    )  # fmt: skip
    assert post.notices("leader")[-1].startswith("Rút đề nghị gia hạn")
    with pytest.raises(WrongState, match="extension_request_ended"):
        paper.answer()


@pytest.mark.parametrize("how", ["done", "recalled"])
def test_what_has_ended_needs_no_answer(paper: Paper, post: Between, how: str) -> None:
    """Done, or given back to its sender: the request lapses with it, and a late answer changes nothing. A recall
    that was only asked for leaves it standing.
    """
    paper.ask()
    paper.send()
    if how == "done":
        result = {"result": Result.SETTLED, "words": "Đã báo cáo"}
        post.do("far_drafter", working.finish, incoming_id=paper.row.id, version=None, **result)
        assert post.notices("leader")[-1].startswith("Không còn đề nghị gia hạn")
    else:
        post.do("leader", recalling.ask_recall, document_id=paper.out, reason="Sai thẩm quyền")
        assert paper.request.state == "asked"
        post.do("far_leader", recalling.agree_recall, incoming_id=paper.row.id, version=None)
    assert (paper.request.state, paper.extension().state) == ("lapsed", "withdrawn")
    with pytest.raises(WrongState, match="extension_request_ended"):
        paper.answer()
    with unit_of_work(post.office.engine) as uow:
        assert incoming.asked_extension(uow.session, paper.row.id) is None


def test_who_may_answer_and_who_may_see(paper: Paper, post: Between) -> None:
    """The sender's leader and deputy answer; its clerk and drafter see; others know nothing of it."""
    paper.ask()
    paper.send()
    for who in ("clerk", "drafter", "head"):
        with pytest.raises(NotPermitted, match="extension_not_yours"):
            paper.answer(who)
    for who in ("far_leader", "far_drafter", "culture_head", "lone_drafter"):
        with pytest.raises(NotFound):
            paper.answer(who)
    with unit_of_work(post.office.engine) as uow:
        seen = {
            who: len(store.requests_about(post.scope(who), uow.session))
            for who in ("clerk", "drafter", "leader", "culture_head", "far_leader", "far_clerk", "admin")
        }
        with pytest.raises(NotFound):
            incoming.find(post.scope("leader"), uow.session, paper.row.id)
    assert seen == {"clerk": 1, "drafter": 1, "leader": 1, "culture_head": 0, "far_leader": 0, "far_clerk": 0,
                    "admin": 0}  # fmt: skip
    paper.answer("deputy")
    assert paper.due == LATER


def test_an_office_outside_answers_by_a_paper(paper: Paper, post: Between) -> None:
    """Another office than the sender, or a sender that is dissolved: our leader writes its paper down."""
    paper.ask(other_office="Bộ Nội vụ")
    with pytest.raises(Missing, match="extension_to_send"):
        paper.send()
    given = {"incoming_id": paper.row.id, "version": None}
    with pytest.raises(BadInput, match="extension_paper_needed"):
        post.do("far_leader", extending.grant, **given)
    post.do("far_leader", extending.grant, remark="Công văn 88/BNV ngày 28/11/2026", **given)
    assert (paper.due, paper.extension().answer) == (LATER, "Công văn 88/BNV ngày 28/11/2026")
    paper.ask(until=LATEST)
    post.dissolve("commune")
    with pytest.raises(Missing, match="extension_to_send"):
        paper.send(until=LATEST)
    post.do("far_leader", extending.grant, remark="Công văn 90/UBND", **given)
    assert paper.due == LATEST


def test_unanswered_the_old_date_holds_and_the_way_back_leaves_it(paper: Paper, post: Between) -> None:
    """Given back a step, the request goes on waiting; its answer is written down all the same."""
    paper.ask()
    paper.send()
    post.do(
        "far_drafter", working.act, incoming_id=paper.row.id, version=None, action=Action.SEND_BACK, remark="Bận"
    )
    assert (paper.row.state, paper.due, paper.request.state) == ("directed", DUE, "asked")
    paper.answer()
    assert paper.due == LATER


def test_a_secret_papers_subject_is_in_no_notice(paper: Paper, post: Between) -> None:
    """Neither side's: delivered, asked, sent, answered, urged, asked back. Its symbol and office are."""
    with unit_of_work(post.office.engine) as uow:
        subject = uow.session.get_one(Incoming, paper.row.id).subject
    paper.ask()
    paper.send()
    paper.answer()
    post.do("far_leader", urging.urge, incoming_id=paper.row.id, version=None, remark="Nhanh lên")
    post.do("leader", recalling.ask_recall, document_id=paper.out, reason="Sai thẩm quyền")
    post.do("far_leader", recalling.refuse_recall, incoming_id=paper.row.id, version=None, remark="Đã làm")
    with unit_of_work(post.office.engine) as uow:
        told = [f"{one.subject}\n{one.body}" for one in uow.session.scalars(select(Outbox))]
    assert told
    assert [words for words in told if subject in words] == []
    assert sum("văn bản mật" in words.lower() for words in told) == len(told)


def test_no_answer_from_the_desk_of_somebody_absent(paper: Paper, post: Between) -> None:
    """The form is not offered where it would be refused."""
    leader = post.office.actor("leader")
    with unit_of_work(post.office.engine) as uow:
        document = uow.session.get_one(Outgoing, paper.out)
        assert extensions.may_answer(leader, document)
        there = replace(leader, person_id=post.office.posts["deputy"].person_id, in_place_of=leader.person_id)
        assert not extensions.may_answer(there, document)


def test_in_place_one_sends_no_request_for_ones_own_work(paper: Paper, post: Between) -> None:
    """The handler at the leader's desk."""
    paper.ask()
    leader = post.office.actor("far_leader")
    there = replace(leader, person_id=post.office.posts["far_drafter"].person_id, in_place_of=leader.person_id)
    with unit_of_work(post.office.engine) as uow, pytest.raises(NotPermitted, match="not_in_place"):
        extensions.send(
            uow, there, post.scope("far_leader"), incoming_id=paper.row.id, version=None, until=LATER, remark=WHY,
            now=post.now,
        )  # fmt: skip
