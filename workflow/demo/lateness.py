"""What happens beside the road: clocks stopped and lengthened, urging, and what lateness asks for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from workflow.demo.desks import Turn
from workflow.demo.province import Seat
from workflow.services.incoming import explaining, extending, pausing, urging, working
from workflow.services.incoming.explaining import Cause
from workflow.services.journal import OFFICE_ZONE, local_day
from workflow.store.models import Explanation, Incoming

if TYPE_CHECKING:
    from workflow.demo.handling import Handling

WHY = {
    Cause.SUBJECTIVE: "Bộ phận chưa kịp phân công người thay khi cán bộ thụ lý nghỉ ốm.",
    Cause.OBJECTIVE: "Hồ sơ liên quan nhiều năm; cơ quan lưu trữ cung cấp bản gốc chậm hai ngày.",
}
NOT_ENOUGH = "Chưa nêu rõ trách nhiệm và ngày hoàn thành, đề nghị giải trình lại."
MORE_TIME = "Chờ ý kiến bằng văn bản của Sở Tài chính"


class Lateness:
    """Acts beside the work on a document, each at a moment of its own."""

    def __init__(self, handling: Handling) -> None:
        self.handling, self.life = handling, handling.life

    def late(self, document_id: int, turn: Turn, *, by: str) -> None:
        """The morning after it was due the job asks; `by` had it, and the story goes on as far as `turn`."""
        with self.life.work() as uow:
            due = uow.session.get_one(Incoming, document_id).due_at
            assert due is not None, "a late document of the demo has a term"
            morning = self.life.calendar.add_working_days(local_day(due), 1)
            self.life.now = dt.datetime.combine(morning, dt.time(7, 31), tzinfo=OFFICE_ZONE)
            asked: Explanation | None = explaining.demand_for_job(uow, incoming_id=document_id, now=self.life.now)
            assert asked is not None, "late, and somebody had it"
            uow.commit()
            key = asked.id
        if turn is Turn.OWED:
            return
        self.handling.later(60, 200)
        cause = Cause.SUBJECTIVE if turn is Turn.ACCEPTED else Cause.OBJECTIVE
        self.handling.do(by, explaining.explain, document_id, explanation_id=key, cause=cause, words=WHY[cause])
        self.handling.later(60, 200)
        leader = self.handling.leader
        if turn is Turn.ACCEPTED:
            self.handling.do(leader, explaining.accept, document_id, explanation_id=key, remark="Rút kinh nghiệm")
        elif turn is Turn.SENT_BACK:
            self.handling.do(leader, explaining.send_back, document_id, explanation_id=key, remark=NOT_ENOUGH)

    def aside(self, document_id: int, turn: Turn, seat: Seat) -> None:
        """A clock is stopped, more time is asked for, somebody is urged: some days after the work began."""
        self.handling.later(2 * 480, 3 * 480)
        if turn is Turn.PAUSED:
            self.handling.do(seat.head, pausing.pause, document_id, remark="Chờ công dân bổ sung bản vẽ hiện trạng")
        elif turn is Turn.URGED:
            self.handling.do(
                self.handling.leader, urging.urge, document_id, remark="Khẩn trương hoàn thành, báo cáo trong tuần"
            )
        else:
            self._more_time(document_id, turn, seat)

    def just_before(self, document_id: int) -> None:
        """The clerk closes it an hour before it is due, and nobody is answered."""
        self.life.now = self._due(document_id) - dt.timedelta(hours=1)
        self.handling.do("clerk", working.close, document_id, words="Lưu theo dõi")

    def too_late(self, document_id: int, seat: Seat) -> None:
        """The term has run out and an explanation is demanded; then a later date is asked for and granted."""
        self.late(document_id, Turn.OWED, by=seat.handler)
        self._more_time(document_id, Turn.GRANTED, seat)

    def _due(self, document_id: int) -> dt.datetime:
        with self.life.work() as uow:
            due = uow.session.get_one(Incoming, document_id).due_at
        assert due is not None, "it has a term"
        return due.astimezone(OFFICE_ZONE)

    def _more_time(self, document_id: int, turn: Turn, seat: Seat) -> None:
        due = self._due(document_id)
        until = self.life.calendar.add_working_days(local_day(due), 6)
        self.handling.do(seat.handler, extending.ask, document_id, until=until, remark=MORE_TIME)
        self.handling.later(30, 200)
        if turn is Turn.GRANTED:
            self.handling.do(self.handling.leader, extending.grant, document_id)
        elif turn is Turn.REFUSED:
            self.handling.do(
                self.handling.leader, extending.refuse, document_id, remark="Việc đơn giản, giữ nguyên thời hạn"
            )
