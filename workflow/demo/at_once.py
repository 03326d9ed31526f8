"""Many at once in the tour's office: a head approves several drafts, a clerk makes many documents of one."""

from __future__ import annotations

import csv
import io

from workflow.adapters.render import render_letter
from workflow.demo.life import Life
from workflow.demo.subjects import Topic, letter_of
from workflow.domain.bulk import Act
from workflow.domain.errors import WorkflowError
from workflow.domain.outgoing import Action
from workflow.services.bulk import looking, running, spreading
from workflow.services.bulk.acts import Tools
from workflow.services.bulk.running import Order
from workflow.services.bulk.spreading import Table
from workflow.store import bulk as store
from workflow.store.models import Outgoing

SPREAD = Topic(
    "invitation", "Tập huấn ký số và dịch vụ công trực tuyến",
    ("Thời gian: 08 giờ 00, thứ Sáu tuần này.", "Địa điểm: Hội trường Ủy ban nhân dân xã.",
     "Thành phần: trưởng thôn, bí thư chi bộ và công chức được phân công."),
)  # fmt: skip
HAMLETS = ("Thôn Đông", "Thôn Đoài", "Thôn Trung")


def approve_several(life: Life, documents: list[int]) -> None:
    """The head ticks them all; one of them still lacks a coordinating unit's initials, and the run says so."""
    life.at(1, 10, 30)
    with life.work() as uow:
        picked = tuple((key, uow.session.get_one(Outgoing, key).version) for key in documents)
    given = Order(act=Act.APPROVE, picked=picked, form=f"demo-{life.today}-approve", wanted={"words": "Nhất trí"})
    _run(life, "head", life.do(running.order, "head", given=given))


def spread(life: Life) -> None:
    """One approved invitation, a table with a line and a PDF for each hamlet: three documents before the clerk."""
    life.at(1, 13, 30)
    source = life.write("drafter", SPREAD, SPREAD.subject, signer=life.deputy(), others=HAMLETS)
    life.act("drafter", source, Action.SUBMIT)
    life.at(1, 14)
    life.act("head", source, Action.APPROVE)
    life.at(1, 15)
    files = {f"{number}.pdf": _for(life, hamlet) for number, hamlet in enumerate(HAMLETS, 1)}
    table = Table(data=_sheet(files), files=files, form=f"demo-{life.today}-spread")
    run, problems = life.do(spreading.look, "clerk", document_id=source, table=table, blobs=life.blobs)
    if problems:
        raise RuntimeError(f"{life.agency.key} spread: {problems}")
    for place in range(1, len(HAMLETS) + 1):
        life.do(looking.look_at, "clerk", scoped=False, run_id=run, place=place, blobs=life.blobs)
    life.do(looking.settle, "clerk", scoped=False, run_id=run)
    life.do(looking.answer, "clerk", scoped=False, run_id=run, make=True)
    _run(life, "clerk", run)


def _for(life: Life, hamlet: str) -> bytes:
    letter = letter_of(SPREAD, f"{SPREAD.subject} ({hamlet})", life.agency, (hamlet, "Lưu: VT, KT"), long=False,
                       addressees=(hamlet,))  # fmt: skip
    return render_letter(letter, made_at=life.now).pdf


def _sheet(files: dict[str, bytes]) -> bytes:
    text = io.StringIO()
    rows = [(hamlet, f"{SPREAD.subject} ({hamlet})", name) for hamlet, name in zip(HAMLETS, files, strict=True)]
    csv.writer(text).writerows([("Nơi nhận", "Trích yếu", "Tệp"), *rows])
    return text.getvalue().encode("utf-8-sig")


def _run(life: Life, who: str, run_id: int) -> None:
    """As its page goes on with it: a turn, then document by document."""
    actor, tools = life.cast.actors[who], Tools(blobs=life.blobs, base_url=life.base_url)
    with life.work() as uow:
        running.take_turn(uow, actor, run_id=run_id, now=life.now)
        uow.commit()
        while (place := store.next_place(uow.session, run_id)) is not None:
            try:
                running.do_one(uow, actor, life.scope, run_id=run_id, place=place, tools=tools, now=life.now)
            except WorkflowError as refused:
                uow.rollback()
                running.note_refused(uow, actor, run_id=run_id, place=place, error=refused, now=life.now)
            uow.commit()
        running.end_turn(uow, actor, run_id=run_id, now=life.now)
        uow.commit()
