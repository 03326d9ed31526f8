"""What arrives in the demo's offices and what becomes of it: on time, late, without a date, on every desk."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.adapters.blobs import Blobs
from workflow.adapters.render import render_letter
from workflow.demo import province
from workflow.demo.province import Agency
from workflow.demo.subjects import TOPICS, Topic, letter_of, subject_of
from workflow.domain.calendar import WorkingCalendar
from workflow.domain.document_types import TYPES
from workflow.domain.incoming import Action, Part, Result, Source
from workflow.domain.outgoing import Urgency
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.terms import Measure, Term
from workflow.services import intake
from workflow.services.incoming import arriving, registering, routing, working
from workflow.services.incoming.arriving import Facts, GivenFile
from workflow.services.incoming.deadlines import NO_DEADLINE, DueChoice
from workflow.services.incoming.routing import Direction, To
from workflow.services.journal import OFFICE_ZONE
from workflow.store.models import Incoming
from workflow.store.session import Engine, unit_of_work


class Stage(StrEnum):
    """How far a document has come; the order is the road."""

    ARRIVED = "arrived"
    RETURNED = "returned"
    REGISTERED = "registered"
    SUBMITTED = "submitted"
    PROPOSED = "proposed"
    DIRECTED = "directed"
    ASSIGNED = "assigned"
    WORKING = "working"
    DONE = "done"
    FILED = "filed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One document to be: how many working days ago it came, how far it got, its term in working days (0: none)."""

    ago: int
    stage: Stage
    days: int = 0
    took: int = 3
    """Working days until it was done."""
    citizen: bool = False


def _several(count: int, stage: Stage, *, first: int, step: int = 1, **named: Any) -> list[Arrival]:
    return [Arrival(ago=first + step * n, stage=stage, **named) for n in range(count)]


TOUR: tuple[Arrival, ...] = (
    *_several(5, Stage.ARRIVED, first=0, step=0),
    *_several(2, Stage.REGISTERED, first=1, step=0),
    *_several(3, Stage.SUBMITTED, first=1, step=0),
    *_several(3, Stage.PROPOSED, first=1, step=0, days=7),
    *_several(2, Stage.DIRECTED, first=2, days=10),
    *_several(2, Stage.ASSIGNED, first=2, days=5),
    *_several(4, Stage.WORKING, first=4, days=10),
    *_several(3, Stage.WORKING, first=9, days=5),
    Arrival(ago=12, stage=Stage.WORKING, days=5, citizen=True),
    *_several(4, Stage.WORKING, first=6, step=3),
    *_several(8, Stage.DONE, first=12, step=4, days=8, took=5),
    *_several(3, Stage.DONE, first=15, step=9, days=5, took=8),
    *_several(4, Stage.FILED, first=30, step=5, days=10, took=4),
    *_several(8, Stage.CLOSED, first=5, step=4, took=0),
    Arrival(ago=3, stage=Stage.RETURNED),
)
"""Late ones are late because their specialist had them; most have no date, as in life."""

ELSEWHERE: tuple[Arrival, ...] = (
    Arrival(ago=0, stage=Stage.ARRIVED),
    Arrival(ago=1, stage=Stage.SUBMITTED),
    Arrival(ago=6, stage=Stage.CLOSED, took=0),
)

OUTSIDE = ("Công ty TNHH Xây dựng Hồng Hà", "Hợp tác xã Dịch vụ nông nghiệp Tâm Hòa", "Bưu điện tỉnh Lam Giang")
CITIZENS = ("Ông Lê Văn Tiến, thôn 4", "Bà Phạm Thị Nhàn, thôn 7")
WORDS = ("Phòng chủ trì tham mưu trả lời đúng hạn", "Nghiên cứu, đề xuất phương án, báo cáo Chủ tịch",
         "Tổ chức thực hiện, báo cáo kết quả")  # fmt: skip
_ABBREVIATIONS = {kind.code: kind.abbreviation for kind in TYPES}


class Arrivals:
    """Lives one agency's arrivals, each from its own day on."""

    def __init__(
        self, engine: Engine, blobs: Blobs, *, agency: Agency, agency_id: int, actors: dict[str, Actor],
        parts: dict[str, int], calendar: WorkingCalendar, today: dt.date,
    ) -> None:  # fmt: skip
        self.engine, self.blobs, self.agency, self.agency_id = engine, blobs, agency, agency_id
        self.actors, self.parts, self.calendar, self.today = actors, parts, calendar, today
        self.scope = Scope(agency_ids=(agency_id,))
        self.chance = random.Random(f"arrivals {agency.key}")  # noqa: S311  repeatable on purpose
        self.now = dt.datetime.combine(today, dt.time(7, 30), tzinfo=OFFICE_ZONE)

    def live(self) -> int:
        """All of them, the oldest first, so that arrival numbers follow the days; how many there were."""
        plans = TOUR if self.agency.story == "tour" else ELSEWHERE
        opened = [(self._arrived(plan), plan) for plan in sorted(plans, key=lambda plan: -plan.ago)]
        for document_id, plan in opened:
            if plan.stage not in {Stage.ARRIVED, Stage.RETURNED}:
                self._worked(document_id, plan)
        return len(opened)

    def _arrived(self, plan: Arrival) -> int:
        """Arrived and, unless it still waits, registered or returned the same morning."""
        day = self.calendar.add_working_days(self.today, -plan.ago)
        morning = dt.time(7, 35 if plan.ago == 0 else 40 + self.chance.randrange(0, 15))
        self.now = dt.datetime.combine(day, morning, tzinfo=OFFICE_ZONE)
        topic = self.chance.choice([one for one in TOPICS if one.type_code != "decision"])
        facts, sender = self._facts(topic, plan, day)
        letter = letter_of(topic, facts.subject, sender, "NV", long=False)
        pdf = render_letter(letter, made_at=self.now).pdf
        clerk = self.actors["clerk"]
        with unit_of_work(self.engine) as uow:
            received = intake.receive(
                uow, clerk, self.scope, data=pdf, filename=f"van-ban-{facts.symbol.partition('/')[0] or 'den'}.pdf",
                source="upload", blobs=self.blobs, now=self.now,
            )  # fmt: skip
            given = GivenFile(received=received, media_type="application/pdf", pages=1)
            document, _new = arriving.arrive(
                uow, clerk, agency_id=self.agency_id, facts=facts, source=Source.UPLOAD, now=self.now, files=[given]
            )
            uow.commit()
        if plan.stage is Stage.RETURNED:
            self._do("clerk", registering.decline, document.id, remark="Gửi nhầm cơ quan, đề nghị gửi lại đúng nơi")
        elif plan.stage is not Stage.ARRIVED:
            self._pass(3, 20)
            due = DueChoice(term=Term(Measure.WORKING_DAYS, plan.days)) if plan.days else NO_DEADLINE
            self._do("clerk", registering.register, document.id, due=due)
        return document.id

    def _facts(self, topic: Topic, plan: Arrival, day: dt.date) -> tuple[Facts, Agency]:
        senders = [one for one in province.agencies() if one.key != self.agency.key and one.abbreviation != "UBND"]
        sender = self.chance.choice(senders)
        written = self.calendar.add_working_days(day, -self.chance.randrange(1, 3))
        subject = subject_of(topic, self.chance, day=written)
        urgency = self.chance.choices(tuple(Urgency), (88, 7, 4, 1))[0]
        if plan.citizen or self.chance.random() < 0.08:
            citizen = plan.citizen or self.chance.random() < 0.5
            issuer = self.chance.choice(CITIZENS if citizen else OUTSIDE)
            kind = "citizen" if citizen else "organisation"
            return Facts(
                issuer=issuer, issuer_kind=kind, subject=subject, issued_on=written, urgency=urgency
            ), sender
        kind_of = _ABBREVIATIONS[topic.type_code]
        notation = f"{kind_of}-{sender.abbreviation}" if kind_of else f"{sender.abbreviation}-NV"
        symbol = f"{self.chance.randrange(100, 1900)}/{notation}"
        return Facts(
            issuer=sender.name, symbol=symbol, issued_on=written, type_code=topic.type_code, subject=subject,
            signer_title=sender.head_title, urgency=urgency,
        ), sender  # fmt: skip

    def _worked(self, document_id: int, plan: Arrival) -> None:
        with unit_of_work(self.engine) as uow:
            document = uow.session.get_one(Incoming, document_id)
            registered = document.registered_at
        assert registered is not None
        self.now = registered.astimezone(OFFICE_ZONE)
        if plan.stage is Stage.REGISTERED:
            return
        self._pass(10, 60)
        if plan.stage is Stage.CLOSED and plan.ago % 2:
            self._do("clerk", working.close, document_id, words="Lưu theo dõi")
            return
        leader = (
            "chair" if "chair" in self.actors else next(key for key in ("director", "chief") if key in self.actors)
        )
        post = self.actors[leader].post_id or 0
        proposed = "office" in self.actors and plan.stage is not Stage.SUBMITTED
        self._do("clerk", routing.submit, document_id, leader_post_id=None if proposed else post)
        if proposed:
            self._pass(10, 90)
            given = self._direction()
            self._do("office", routing.propose, document_id, direction=given, leader_post_id=post)
        if plan.stage in {Stage.SUBMITTED, Stage.PROPOSED}:
            return
        self._pass(20, 200)
        if plan.stage is Stage.CLOSED:
            self._do(leader, working.close, document_id, words="Biết, lưu")
            return
        self._do(leader, routing.accept_proposal, document_id)
        if plan.stage is not Stage.DIRECTED:
            self._handled(document_id, plan)

    def _direction(self) -> Direction:
        lead, other = self.chance.sample(("kt", "vhxh"), 2)
        to = [To(part=Part.LEAD, unit_id=self.parts[lead])]
        if self.chance.random() < 0.4:
            to.append(To(part=Part.COORDINATE, unit_id=self.parts[other]))
        if self.chance.random() < 0.3:
            to.append(To(part=Part.INFORM, unit_id=self.parts["hcc"]))
        return Direction(to=tuple(to), words=self.chance.choice(WORDS))

    def _handled(self, document_id: int, plan: Arrival) -> None:
        with unit_of_work(self.engine) as uow:
            lead = uow.session.get_one(Incoming, document_id).lead_unit_id
        head, handler = ("head", "drafter") if lead == self.parts["kt"] else ("head2", "specialist")
        self._pass(10, 120)
        self._do(head, routing.assign, document_id, handler_post_id=self.actors[handler].post_id or 0)
        if plan.stage is Stage.ASSIGNED:
            return
        self._pass(20, 240)
        self._do(handler, working.act, document_id, action=Action.START)
        if plan.stage is Stage.WORKING:
            return
        self.now = self.calendar.add_working_time(self.now, dt.timedelta(hours=8 * plan.took))
        words = "Đã tham mưu văn bản trả lời, báo cáo lãnh đạo"
        self._do(handler, working.finish, document_id, result=Result.SETTLED, words=words)
        if plan.stage is Stage.FILED:
            self._pass(60, 300)
            self._do(handler, working.act, document_id, action=Action.FILE)

    def _pass(self, least: int, most: int) -> None:
        minutes = self.chance.randint(least, most)
        self.now = self.calendar.add_working_time(self.now, dt.timedelta(minutes=minutes))
        self.now = min(self.now, dt.datetime.combine(self.today, dt.time(7, 50), tzinfo=OFFICE_ZONE))

    def _do(self, who: str, service: Any, document_id: int, **named: Any) -> Any:
        with unit_of_work(self.engine) as uow:
            result = service(
                uow, self.actors[who], self.scope, incoming_id=document_id, version=None, now=self.now, **named
            )
            uow.commit()
            return result
