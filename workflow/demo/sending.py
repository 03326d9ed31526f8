"""What leaves the tour's office and what came of it: a group of recipients, a correction, copies by post."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import exists, select

from workflow.demo.life import Life
from workflow.demo.subjects import Topic
from workflow.domain.corrections import Kind
from workflow.domain.dispatch import Channel, DispatchState
from workflow.domain.outgoing import Action
from workflow.services.exchange import dispatching, grouping
from workflow.services.exchange.correcting import name_corrected
from workflow.services.exchange.dispatching import Particulars
from workflow.services.exchange.grouping import Wish
from workflow.services.journal import local_day
from workflow.store.models import Delivery, Dispatch, DocumentType, Outgoing

GROUP = "Phòng, chống thiên tai"
HERE = ("vpub", "snnmt")
OUTSIDE = ("Ban Chỉ huy Quân sự xã", "Công an xã", "Trạm Y tế xã")
STORM = Topic("letter", "V/v phối hợp trực ban phòng, chống thiên tai", (
    "Đề nghị các cơ quan, đơn vị cử người trực ban 24/24 giờ và thông báo số điện thoại trực.",
    "Khi có tình huống, báo về Văn phòng HĐND và UBND xã để tổng hợp."))  # fmt: skip

WRONG = "Sai thể thức phần nơi nhận: ghi thiếu đơn vị phối hợp"
CORRECTED = ("Tại phần nơi nhận của văn bản nói trên ghi thiếu đơn vị phối hợp, nay bổ sung “Công an xã”.",
             "Các nội dung khác của văn bản không thay đổi.")  # fmt: skip

PROJECTS, COOPERATIVE = "Ban Quản lý dự án khu vực Đông Sơn", "Hợp tác xã Nông nghiệp Tâm Hòa"
MOVED = "Bưu điện trả lại: người nhận đã chuyển địa chỉ"


def group(life: Life) -> int:
    """The clerk keeps one since last month; its key."""
    life.at(20, 9, 30)
    wish = Wish(name=GROUP, agency_ids=tuple(life.founded.agencies[key] for key in HERE), others="\n".join(OUTSIDE))
    return int(life.do(grouping.keep, "clerk", scoped=False, group_id=None, wish=wish).id)


def to_the_group(life: Life, group_id: int) -> int:
    """A letter to everybody in it."""
    life.at(1, 8, 15)
    with life.work() as uow:
        found = grouping.filled(uow, life.agency_id, group_id=group_id, on=local_day(life.now))
    return life.write("drafter", STORM, STORM.subject, signer=life.deputy(), to=found.here, others=found.others,
                      addressees=("Các cơ quan, đơn vị phối hợp",))  # fmt: skip


def correction(life: Life) -> int:
    """Of the newest document issued before yesterday; of one that went to others, where there is one."""
    life.at(1, 9)
    sent = exists().where(Delivery.outgoing_id == Outgoing.id)
    query = select(Outgoing).where(
        Outgoing.agency_id == life.agency_id, Outgoing.issued_at < life.now, Outgoing.secret.is_(False)
    )
    with life.work() as uow:
        earlier = uow.session.scalars(query.order_by(sent.desc(), Outgoing.issued_at.desc(), Outgoing.id)).first()
        assert earlier is not None, "months of papers lie before"
        assert earlier.issued_at is not None
        kind = uow.session.get_one(DocumentType, earlier.type_code).name_vi
        said = f"{kind} số {earlier.symbol} ngày {local_day(earlier.issued_at):%d/%m/%Y}"
        receivers = uow.session.scalars(select(Delivery.agency_id).where(Delivery.outgoing_id == earlier.id))
        to, key = tuple(sorted(receivers)), earlier.id
    topic = Topic("letter", f"V/v đính chính {said}", CORRECTED)
    document_id = life.write("drafter", topic, topic.subject, signer=life.deputy(), to=to)
    life.do(name_corrected, "drafter", document_id=document_id, kind=Kind.CORRECT, earlier_id=key, reason=WRONG)
    return document_id


def issue(life: Life, documents: list[int], *, hour: int, minute: int) -> None:
    """Signed, numbered and issued one after the other this morning, after all that was numbered before."""
    life.at(0, hour, minute)
    for document_id in documents:
        for step in (
            lambda key=document_id: life.sign(life.deputy(), "leader", key),
            lambda key=document_id: life.number(key),
            lambda key=document_id: life.sign("clerk", "number", key),
            lambda key=document_id: life.sign("clerk", "seal", key),
            lambda key=document_id: life.act("clerk", key, Action.ISSUE),
        ):
            step()
            life.now += dt.timedelta(seconds=30)


def by_post(life: Life) -> None:
    """Three paper copies of a document of two weeks ago: one received, one come back, one handed over."""
    life.at(12, 17)
    query = select(Outgoing).where(
        Outgoing.agency_id == life.agency_id, Outgoing.state == "issued", Outgoing.secret.is_(False),
        Outgoing.issued_at < life.now,
    )  # fmt: skip
    with life.work() as uow:
        found = uow.session.scalars(query.order_by(Outgoing.issued_at.desc(), Outgoing.id.desc())).first()
        assert found is not None, "months of papers lie before the last two weeks"
        document_id = found.id
    sent_on = life.calendar.add_working_days(life.today, -11)
    posted: dict[str, Any] = {"channel": Channel.POST, "sent_on": sent_on}
    hand = Particulars(state=DispatchState.RECEIVED, channel=Channel.HAND, sent_on=sent_on, received_on=sent_on,
                       receipt="Ký nhận tại sổ chuyển giao")  # fmt: skip
    life.at(11, 9)
    _copy(life, document_id, "Ủy ban Mặt trận Tổ quốc Việt Nam xã", hand)
    for name, tracking in ((PROJECTS, "EB123456789VN"), (COOPERATIVE, "EB123456790VN")):
        _copy(life, document_id, name, Particulars(state=DispatchState.SENT, tracking=tracking, **posted))
    life.at(8, 9)
    received = Particulars(state=DispatchState.RECEIVED, tracking="EB123456789VN", receipt="Giấy báo phát 0142",
                           received_on=life.calendar.add_working_days(life.today, -9), **posted)  # fmt: skip
    _note(life, document_id, PROJECTS, received)
    life.at(6, 9)
    back = Particulars(state=DispatchState.RETURNED, tracking="EB123456790VN", note=MOVED, **posted)
    _note(life, document_id, COOPERATIVE, back)


def _copy(life: Life, document_id: int, name: str, facts: Particulars) -> None:
    life.do(dispatching.add, "clerk", document_id=document_id, recipient=name, facts=facts)


def _note(life: Life, document_id: int, name: str, facts: Particulars) -> None:
    with life.work() as uow:
        row = uow.session.scalars(
            select(Dispatch).where(Dispatch.outgoing_id == document_id, Dispatch.name == name)
        ).one()
        key, seen = row.id, dispatching.mark_of(row)
    life.do(dispatching.record, "clerk", document_id=document_id, dispatch_id=key, seen=seen, facts=facts)
