"""The reply to a document that arrived: drafted yesterday, signed, numbered and issued this morning."""

from __future__ import annotations

import datetime as dt

from workflow.demo.life import Life
from workflow.demo.subjects import Topic
from workflow.domain.outgoing import Action
from workflow.services import replies
from workflow.services.journal import OFFICE_ZONE
from workflow.store.models import Incoming

WORDS = ("Cơ quan đã rà soát, đối chiếu hồ sơ và thống nhất nội dung như dự thảo gửi kèm.",
         "Các kiến nghị cụ thể được tổng hợp tại phụ lục; đề nghị quý cơ quan xem xét.")  # fmt: skip


def answer(life: Life, incoming_id: int, *, handler: str) -> int:
    """Issue a letter that closes what it answers; to its sender by the exchange where that one is here."""
    with life.work() as uow:
        asked = uow.session.get_one(Incoming, incoming_id)
        day = asked.issued_on
    said = f"Công văn số {asked.symbol}" + (f" ngày {day:%d/%m/%Y}" if day else "")
    topic = Topic("letter", f"V/v trả lời {said} của {asked.issuer}", WORDS)
    life.now = dt.datetime.combine(_yesterday(life), dt.time(14, 30), tzinfo=OFFICE_ZONE)
    to = (asked.issuer_agency_id,) if asked.issuer_agency_id else ()
    document_id = life.write(handler, topic, topic.subject, signer=life.deputy(), to=to, addressees=(asked.issuer,),
                             others=() if to else (asked.issuer,))  # fmt: skip
    life.do(replies.link, handler, document_id=document_id, incoming_id=incoming_id)
    issue_this_morning(life, document_id, drafter=handler)
    return document_id


def issue_this_morning(life: Life, document_id: int, *, drafter: str) -> None:
    """After everything else that was numbered, so that numbers follow the hours."""
    life.approve(drafter, document_id)
    life.now = max(life.this_morning, dt.datetime.combine(life.today, dt.time(7, 31), tzinfo=OFFICE_ZONE))
    for step in (
        lambda: life.sign(life.deputy(), "leader", document_id),
        lambda: life.number(document_id),
        lambda: life.sign("clerk", "number", document_id),
        lambda: life.sign("clerk", "seal", document_id),
        lambda: life.act("clerk", document_id, Action.ISSUE),
    ):
        step()
        life.now += dt.timedelta(minutes=1)
    life.this_morning = life.now


def _yesterday(life: Life) -> dt.date:
    return life.calendar.add_working_days(life.today, -1)
