"""A small office that has had incoming documents for a while: every state, every clock, every kind of row."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, select

from tests.support.arrivals import LETTER, Arrivals
from tests.support.exchange import Between
from tests.support.office import NOON, build
from tests.support.papers import letter
from workflow.adapters.blobs import Blobs
from workflow.demo import authority
from workflow.domain.incoming import Action, Result, Source
from workflow.domain.people import Capacity
from workflow.domain.permissions import figures_scope
from workflow.domain.terms import Measure, Term
from workflow.services import handover, replies, saved_views, search
from workflow.services.documents.drafting import DraftFacts, create
from workflow.services.exchange.recalling import ask_recall, refuse_recall
from workflow.services.handover import Kind
from workflow.services.incoming import (
    deadlines,
    explaining,
    extending,
    pausing,
    phrases,
    receiving,
    registering,
    routing,
    rules,
    urging,
    working,
)
from workflow.services.incoming.deadlines import NO_DEADLINE, DueChoice
from workflow.services.incoming.explaining import Cause
from workflow.services.incoming.receiving import Brought
from workflow.services.incoming.rules import RuleFacts
from workflow.store.models import Explanation, IncomingPart, SearchText
from workflow.store.session import unit_of_work

BEGAN = NOON - dt.timedelta(days=20)
MISSED = DueChoice(day=dt.date(2026, 11, 13))
AHEAD = DueChoice(day=dt.date(2026, 11, 27))
CITIZEN = replace(LETTER, issuer="Ông Nguyễn Văn An", issuer_kind="citizen", symbol="", issued_on=BEGAN.date())


class Lived:
    """The acts, in order."""

    def __init__(self, engine: Engine, blobs: Blobs) -> None:
        self.engine, self.blobs = engine, blobs
        self.office = build(engine)
        self.arrivals = Arrivals(self.office)
        self.arrivals.now = BEGAN
        self.facts = replace(LETTER, issued_on=BEGAN.date())

    def act(self, who: str, service: Any, document: Any, **given: Any) -> Any:
        """One act on a document as it stands."""
        return self.arrivals.do(who, service, incoming_id=document.id, version=None, **given)

    def on_the_road(self) -> None:
        """One in each state of the straight road and beside it."""
        road, given = self.arrivals, {"facts": self.facts}
        road.paper(**given)
        road.registered(**given)
        office = road.registered(**given)
        self.act("clerk", routing.submit, office)
        proposed = road.registered(**given)
        self.act("clerk", routing.submit, proposed)
        self.act("chief", routing.propose, proposed, direction=road.direction(due=AHEAD),
                 leader_post_id=self.office.posts["leader"].id)  # fmt: skip
        passed = road.submitted(**given)
        self.act("leader", routing.pass_on, passed, leader_post_id=self.office.posts["deputy"].id)
        directed = road.submitted(**given)
        self.act("leader", phrases.direct, directed, direction=road.direction(due=AHEAD))
        road.assigned(**given)
        done = self._finished(given)
        part = self._part(done, "coordinate")
        road.do("culture_head", working.contribute, incoming_id=done.id, part_id=part, words="Nhất trí")
        self.act("specialist", working.act, self._finished(given), action=Action.FILE)
        self.act("clerk", working.close, road.registered(**given), words="Lưu")
        self.act("clerk", registering.decline, road.paper(**given), remark="Gửi nhầm cơ quan")
        self.act("clerk", working.act, road.paper(**given), action=Action.REPORT_ANOMALY, remark="Thiếu trang 2")
        cleared = road.paper(**given)
        self.act("clerk", working.act, cleared, action=Action.REPORT_ANOMALY, remark="Sai ngày")
        self.act("leader", working.act, cleared, action=Action.CLEAR_ANOMALY, remark="Nơi gửi xác nhận đúng ngày")

    def _finished(self, given: dict[str, Any]) -> Any:
        found = self.arrivals.in_progress(due=AHEAD, **given)
        return self.act("specialist", working.finish, found, result=Result.SETTLED, words="Đã tham mưu trả lời")

    def _part(self, document: Any, kind: str) -> int:
        with unit_of_work(self.engine) as uow:
            query = select(IncomingPart.id).where(
                IncomingPart.incoming_id == document.id, IncomingPart.part == kind
            )
            return uow.session.scalars(query).one()

    def with_clocks(self) -> None:
        """Late and explained, paused, extended, urged, with a date of the unit's own, without any."""
        road = self.arrivals
        self._rule()
        owed, given, accepted, back = (road.in_progress(due=MISSED, facts=one)
                                       for one in (self.facts, self.facts, CITIZEN, self.facts))  # fmt: skip
        paused, resumed, asked, granted = (road.in_progress(due=AHEAD, facts=self.facts) for _n in range(4))
        road.in_progress(due=NO_DEADLINE, facts=self.facts)
        self.act("head", pausing.pause, paused, remark="Chờ Sở Tài chính")
        self.act("head", pausing.pause, resumed, remark="Chờ công dân bổ sung")
        self.act("head", deadlines.set_internal_due, asked, part_id=self._part(asked, "lead"),
                 day=dt.date(2026, 11, 25))  # fmt: skip
        road.now = NOON - dt.timedelta(days=5)
        self.act("head", pausing.resume, resumed)
        for one in (asked, granted):
            self.act("specialist", extending.ask, one, until=dt.date(2026, 12, 4), remark="Chờ số liệu")
        self.act("leader", extending.grant, granted)
        self.act("leader", urging.urge, owed, remark="Đề nghị xử lý ngay")
        asked_why = [self._why(one) for one in (owed, given, accepted, back)]
        for one, key in list(zip((owed, given, accepted, back), asked_why, strict=True))[1:]:
            self.act("specialist", explaining.explain, one, explanation_id=key, cause=Cause.SUBJECTIVE,
                     words="Cán bộ xử lý chậm")  # fmt: skip
        self.act("leader", explaining.accept, accepted, explanation_id=asked_why[2])
        self.act("leader", explaining.send_back, back, explanation_id=asked_why[3], remark="Nêu rõ trách nhiệm")

    def _rule(self) -> None:
        facts = RuleFacts(
            type_code="letter", unit_id=None, term=Term(Measure.WORKING_DAYS, 7), basis="Quy chế, Đ.12"
        )
        with unit_of_work(self.engine) as uow:
            rules.save(uow, self.office.actor("admin"), rule_id=None, facts=facts, reason="Quy chế mới", now=BEGAN)
            uow.commit()

    def _why(self, document: Any) -> int:
        with unit_of_work(self.engine) as uow:
            made: Explanation | None = explaining.demand_for_job(
                uow, incoming_id=document.id, now=self.arrivals.now
            )
            assert made is not None
            uow.commit()
            return made.id

    def between_offices(self) -> None:
        """Sent, registered, declined, recalled, asked for and kept; and a reply that will close what it answers."""
        post = Between(self.office, NOON - dt.timedelta(days=1))
        post.sent("far")
        declined = post.arrived(post.sent("far"))
        post.do(
            "far_clerk", registering.decline, incoming_id=declined.id, version=None, remark="Không thuộc thẩm quyền"
        )
        recalled, held, kept = post.sent("far"), post.sent("far"), post.sent("far")
        post.started(held)
        row = post.registered(kept)
        for document in (recalled, held, kept):
            post.do("leader", ask_recall, document_id=document, reason="Sai căn cứ pháp lý")
        post.do("far_clerk", refuse_recall, incoming_id=row.id, version=None, remark="Đã thực hiện xong")
        back = post.sent("commune", sender="far")
        post.registered(back, "commune")
        self.arrivals.now = post.now

    def a_reply(self) -> None:
        """Drafted, linked, not issued yet."""
        found = self.arrivals.in_progress(facts=self.facts)
        facts = DraftFacts(type_code="letter", subject="V/v trả lời Công văn số 412/SNV-TCBC",
                           signer_post_id=self.office.posts["leader"].id, capacity=Capacity.HEAD)  # fmt: skip
        with unit_of_work(self.engine) as uow:
            draft = create(uow, self.office.actor("specialist"), facts=facts, now=self.arrivals.now)
            uow.commit()
        self.arrivals.do("specialist", replies.link, document_id=draft.id, incoming_id=found.id)

    def files(self) -> None:
        """One that was looked at, judged and read, whose text search knows."""
        with unit_of_work(self.engine) as uow:
            receiving.take_in(
                uow, self.office.actor("clerk"), self.office.scope("clerk"), source=Source.UPLOAD, now=NOON,
                main=Brought(data=letter(), filename="412-SNV.pdf"), blobs=self.blobs,
            )  # fmt: skip
            uow.commit()
        with unit_of_work(self.engine) as uow:
            query = select(SearchText.kind, SearchText.document_id).filter_by(waiting=True)
            waiting = [(kind, key, search.unread_files(uow, kind, key)) for kind, key in uow.session.execute(query)]
        for kind, document_id, unread in waiting:
            for sha256 in unread:
                with unit_of_work(self.engine) as uow:
                    search.read_file(uow, sha256, blobs=self.blobs, now=NOON)
                    uow.commit()
            with unit_of_work(self.engine) as uow:
                search.finish(uow, kind, document_id)
                uow.commit()

    def people(self) -> None:
        """One hands everything over; another keeps a filter."""
        posts = self.office.posts
        taker = {Kind.WORK: posts["drafter"].id, Kind.DRAFTS: posts["drafter"].id}
        with unit_of_work(self.engine) as uow:
            scope = figures_scope(posts["admin"], agencies_below=())
            handover.hand_over(uow, self.office.actor("admin"), scope, post_id=posts["specialist"].id, to=taker,
                               reason="Quyết định số 12/QĐ-UBND", now=NOON)  # fmt: skip
            clerk = self.office.actor("clerk")
            saved_views.save(uow, clerk, page="incoming", name="Quá hạn", query="clock=overdue", now=NOON)
            uow.commit()


def live(engine: Engine, blobs: Blobs) -> None:
    """Fill an empty, migrated database."""
    office = Lived(engine, blobs)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        authority.list_root(uow, now=BEGAN)
        uow.commit()
    office.on_the_road()
    office.with_clocks()
    office.between_offices()
    office.a_reply()
    office.files()
    office.people()
