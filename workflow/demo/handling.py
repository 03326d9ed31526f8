"""The road of one registered document through its office: submitted, directed, assigned, worked on, answered."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from workflow.demo import province
from workflow.demo.desks import LATE, Arrival, Stage, Turn
from workflow.demo.lateness import Lateness
from workflow.demo.life import Life
from workflow.demo.province import Seat
from workflow.demo.replies import answer
from workflow.domain.incoming import Action, Part, Result
from workflow.services.incoming import routing, working
from workflow.services.incoming.routing import Direction, To
from workflow.services.journal import OFFICE_ZONE
from workflow.store import incoming as store
from workflow.store.models import Incoming

LATEST = dt.time(7, 50)


class Handling:
    """Walks one document after the other; `life.now` is the moment of the next act."""

    WORDS = ("Phòng chủ trì tham mưu trả lời đúng hạn", "Nghiên cứu, đề xuất phương án, báo cáo lãnh đạo",
             "Tổ chức thực hiện, báo cáo kết quả")  # fmt: skip

    def __init__(self, life: Life, chance: random.Random) -> None:
        self.life, self.chance = life, chance
        self.leader = province.head_of(life.agency)
        self.office = province.chief_of_office(life.agency)
        self.seats = province.seats(life.agency)
        self.lateness = Lateness(self)

    def go_on(self, document_id: int, plan: Arrival) -> None:
        """From its registration as far as the plan says."""
        registered = self._row(document_id).registered_at
        if registered is None:
            raise LookupError(f"document {document_id} is not registered yet")
        self.life.now = registered.astimezone(OFFICE_ZONE)
        if plan.stage is Stage.REGISTERED:
            return
        if plan.turn is Turn.LAST_HOUR:
            self.lateness.just_before(document_id)
            return
        self.later(10, 60)
        if plan.stage is Stage.CLOSED and plan.ago % 2:
            self.do("clerk", working.close, document_id, words="Lưu theo dõi")
            return
        post = self.life.cast.actors[self.leader].post_id or 0
        straight = plan.stage in {Stage.SUBMITTED, Stage.PASSED}
        self.do("clerk", routing.submit, document_id, leader_post_id=post if straight else None)
        if plan.stage in {Stage.OFFERED, Stage.SUBMITTED}:
            return
        if plan.stage is Stage.PASSED:
            self._passed(document_id)
            return
        self.later(10, 90)
        self.do(self.office, routing.propose, document_id, direction=self._direction(), leader_post_id=post)
        if plan.stage is Stage.PROPOSED:
            return
        self.later(20, 200)
        if plan.stage is Stage.CLOSED:
            self.do(self.leader, working.close, document_id, words="Biết, lưu")
            return
        self.do(self.leader, routing.accept_proposal, document_id)
        self._directed(document_id, plan)

    def _passed(self, document_id: int) -> None:
        self.later(20, 90)
        deputy = self.life.cast.actors["deputy1" if "deputy1" in self.life.cast.actors else "deputy"]
        self.do(
            self.leader, routing.pass_on, document_id, leader_post_id=deputy.post_id or 0,
            remark="Đồng chí Phó xem xét, chỉ đạo",
        )  # fmt: skip

    def _direction(self) -> Direction:
        parts = self.life.parts()
        lead = self.chance.choice([key for key, seat in self.seats.items() if seat.leads])
        others = [key for key in self.seats if key != lead]
        self.chance.shuffle(others)
        to = [To(part=Part.LEAD, unit_id=parts[lead])]
        for part, share in ((Part.COORDINATE, 0.45), (Part.INFORM, 0.4)):
            if others and self.chance.random() < share:
                to.append(To(part=part, unit_id=parts[others.pop()]))
        return Direction(to=tuple(to), words=self.chance.choice(self.WORDS))

    def _directed(self, document_id: int, plan: Arrival) -> None:
        seat = self.seat_of(self._row(document_id).lead_unit_id)
        if plan.stage is Stage.DIRECTED:
            if plan.turn in LATE:
                self.lateness.late(document_id, plan.turn, by=seat.head)
            return
        self.later(10, 120)
        handler = self.life.cast.actors[seat.handler].post_id or 0
        self.do(seat.head, routing.assign, document_id, handler_post_id=handler)
        if plan.stage is Stage.ASSIGNED:
            return
        self.later(20, 240)
        self.do(seat.handler, working.act, document_id, action=Action.START)
        self._worked(document_id, plan, seat)

    def _worked(self, document_id: int, plan: Arrival, seat: Seat) -> None:
        """What happened while it was under work, and how it ended."""
        done = self.life.calendar.add_working_time(self.life.now, dt.timedelta(hours=8 * plan.took))
        if plan.turn in LATE:
            self.lateness.late(document_id, plan.turn, by=seat.handler)
        elif plan.turn is Turn.TOO_LATE:
            self.lateness.too_late(document_id, seat)
        elif plan.turn is not Turn.NONE:
            self.lateness.aside(document_id, plan.turn, seat)
        if plan.stage is Stage.WORKING:
            return
        if plan.stage is Stage.ANSWERED:
            answer(self.life, document_id, handler=seat.handler)
            return
        self.life.now = max(done, self.life.now)
        self._others(document_id)
        words = "Đã tham mưu văn bản trả lời, báo cáo lãnh đạo"
        self.do(seat.handler, working.finish, document_id, result=Result.SETTLED, words=words)
        if plan.stage is Stage.FILED:
            self.later(60, 300)
            self.do(seat.handler, working.act, document_id, action=Action.FILE)

    def _others(self, document_id: int) -> None:
        """Whoever coordinates says what they found; whoever was to know has read it."""
        with self.life.work() as uow:
            parts = [(part.id, part.part, part.unit_id) for part in store.live_parts(uow.session, document_id)]
        for part_id, part, unit_id in parts:
            head = self.seat_of(unit_id).head
            if part == Part.COORDINATE:
                self.do_plain(
                    head, working.contribute, document_id, part_id=part_id, words="Nhất trí, không bổ sung"
                )
            elif part == Part.INFORM:
                self.do_plain(head, working.read, document_id)

    def seat_of(self, unit_id: int | None) -> Seat:
        """Head and handler of a part."""
        return next(self.seats[key] for key, unit in self.life.parts().items() if unit == unit_id)

    def later(self, least: int, most: int) -> None:
        """Working minutes go by."""
        minutes = self.chance.randint(least, most)
        self.life.now = self.at_most(
            self.life.calendar.add_working_time(self.life.now, dt.timedelta(minutes=minutes))
        )

    def at_most(self, moment: dt.datetime) -> dt.datetime:
        """A moment, or ten minutes before eight of the visitor's first day."""
        return min(moment, dt.datetime.combine(self.life.today, LATEST, tzinfo=OFFICE_ZONE))

    def do(self, who: str, service: Any, document_id: int, **named: Any) -> Any:
        """One act on the document as it stands."""
        return self.do_plain(who, service, document_id, version=None, **named)

    def do_plain(self, who: str, service: Any, document_id: int, **named: Any) -> Any:
        """The same for acts that ask for no version."""
        return self.life.do(service, who, incoming_id=document_id, **named)

    def _row(self, document_id: int) -> Incoming:
        with self.life.work() as uow:
            return uow.session.get_one(Incoming, document_id)
