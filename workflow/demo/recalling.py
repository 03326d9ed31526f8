"""This morning's second thoughts: one paper recalled, one replaced; some receivers had registered, some had not."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from sqlalchemy import select

from workflow.demo.life import Life
from workflow.demo.replies import issue_this_morning
from workflow.demo.subjects import TOPICS
from workflow.domain.corrections import Kind
from workflow.domain.incoming import OPEN_WORK
from workflow.services.exchange.correcting import name_corrected
from workflow.services.exchange.recalling import agree_recall, ask_recall
from workflow.services.journal import OFFICE_ZONE
from workflow.store.models import Delivery, Incoming, Outgoing

RECALLED = "Sai số liệu tại phụ lục 2, sẽ gửi văn bản khác"


def second_thoughts(lives: dict[str, Life]) -> None:
    """A sender takes one of its papers back and replaces another; one receiver agrees, others think about it.

    The sender is the one above the communes whose newest papers reached most; on some days nobody sent two.
    """
    tour = next(one for one in lives.values() if one.agency.story == "tour")
    senders = [(one, _sent(one, tour=tour)) for one in lives.values() if one.agency.abbreviation != "UBND"]
    life, papers = max(senders, key=lambda pair: (sum(score for score, _ in pair[1]), pair[0].agency.key))
    if not papers:
        return
    life.now = max(life.this_morning, _at(life, 40))
    life.do(ask_recall, "clerk", document_id=papers[0][1], reason=RECALLED)
    _one_agrees(lives, papers[0][1])
    if len(papers) > 1:
        _replace(life, papers[1][1])


def _sent(life: Life, *, tour: Life) -> list[tuple[int, int]]:
    """(score, document) of at most two of its papers: those that lie under work, above all in the tour's office."""
    query = (
        select(Outgoing.id, Outgoing.symbol, Incoming.state, Incoming.agency_id)
        .join(Delivery, Delivery.outgoing_id == Outgoing.id)
        .join(Incoming, Incoming.id == Delivery.incoming_id)
        .where(Outgoing.agency_id == life.agency_id, Outgoing.state == "issued")
    )
    sent: defaultdict[tuple[str, int], int] = defaultdict(int)
    with life.work() as uow:
        for key, symbol, state, agency in uow.session.execute(query):
            sent[symbol, key] += 1 + 10 * (state in OPEN_WORK) + 10 * (agency == tour.agency_id)
    ranked = sorted(sent, key=lambda one: (-sent[one], one))
    return [(sent[one], one[1]) for one in ranked[:2]]


def _one_agrees(lives: dict[str, Life], document_id: int) -> None:
    """The first receiver, by its code, that was asked and is not the office of the tour."""
    query = (
        select(Incoming.id, Incoming.agency_id)
        .join(Delivery, Delivery.incoming_id == Incoming.id)
        .where(Delivery.outgoing_id == document_id, Incoming.recall_asked_at.is_not(None))
        .where(Incoming.state.in_(OPEN_WORK))
    )
    with next(iter(lives.values())).work() as uow:
        asked = {agency: key for key, agency in uow.session.execute(query)}
    for life in lives.values():
        if life.agency_id in asked and life.agency.story != "tour":
            life.now = _at(life, 48)
            life.do(agree_recall, "clerk", incoming_id=asked[life.agency_id], version=None, remark="Đã gỡ khỏi sổ")
            return


def _replace(life: Life, earlier: int) -> None:
    with life.work() as uow:
        old = uow.session.get_one(Outgoing, earlier)
        subject, kind = old.subject, old.type_code
        query = select(Delivery.agency_id, Incoming.issuer).join(Incoming, Incoming.id == Delivery.incoming_id)
        to = sorted(key for key, _ in uow.session.execute(query.where(Delivery.outgoing_id == earlier)))
    topic = next(one for one in TOPICS if one.type_code == kind)
    this_morning, life.now = life.this_morning, _at(life, 0) - dt.timedelta(hours=16)
    document_id = life.write("drafter", topic, f"{subject} (thay thế văn bản đã gửi)", signer=life.deputy(),
                             to=tuple(to))  # fmt: skip
    life.do(name_corrected, "drafter", document_id=document_id, kind=Kind.REPLACE, earlier_id=earlier,
            reason="Số liệu tại mục 2 chưa chính xác")  # fmt: skip
    life.this_morning = max(this_morning, _at(life, 41))
    issue_this_morning(life, document_id, drafter="drafter")


def _at(life: Life, minute: int) -> dt.datetime:
    return dt.datetime.combine(life.today, dt.time(7, minute), tzinfo=OFFICE_ZONE)
