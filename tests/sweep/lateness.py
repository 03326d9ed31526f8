"""Incoming documents in every condition that the pages about deadlines show."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from tests.support.arrivals import LETTER, Arrivals
from tests.support.live import Town
from workflow.domain.terms import Measure, Term
from workflow.services.escalation import telling
from workflow.services.incoming import explaining, extending, pausing, rules, urging
from workflow.services.incoming.arriving import Facts
from workflow.services.incoming.deadlines import NO_DEADLINE, DueChoice
from workflow.services.incoming.explaining import Cause
from workflow.services.incoming.rules import RuleFacts
from workflow.store.models import DeadlineRule, Explanation, Incoming
from workflow.store.session import unit_of_work

BEGAN = dt.datetime(2026, 11, 10, 3, tzinfo=dt.UTC)
MISSED = DueChoice(day=dt.date(2026, 11, 16))
AHEAD = DueChoice(day=dt.date(2026, 11, 27))
WORDY = "Về việc " + "khẩn trương rà soát và báo cáo kết quả thực hiện nhiệm vụ " * 7
CITIZEN = Facts(
    issuer="Ông Nguyễn Văn An", issuer_kind="citizen", issued_on=dt.date(2026, 11, 9), subject=WORDY[:400]
)


def late_papers(town: Town) -> dict[str, object]:
    """The names that paths may use."""
    arrivals = Arrivals(town.office)
    arrivals.now = BEGAN
    sender = Facts(issuer=LETTER.issuer, symbol=LETTER.symbol, issued_on=dt.date(2026, 11, 9), subject=WORDY[:480])
    late = arrivals.in_progress(due=MISSED, facts=sender)
    explained, sorry = (arrivals.in_progress(due=MISSED, facts=CITIZEN) for _n in range(2))
    for found in (late, explained, sorry):
        _demanded(town, found)
    arrivals.now = town.clock() - dt.timedelta(days=3)
    for found in (explained, sorry):
        _explained(arrivals, town, found)
    given = {"incoming_id": sorry.id, "version": None, "explanation_id": _of(town, sorry)}
    arrivals.do("leader", explaining.accept, **given)
    arrivals.do("leader", urging.urge, incoming_id=late.id, version=None, remark="Đề nghị xử lý ngay trong ngày")
    in_time, paused, asked = (arrivals.in_progress(due=AHEAD, facts=sender) for _n in range(3))
    arrivals.in_progress(due=NO_DEADLINE, facts=sender)
    arrivals.do("head", pausing.pause, incoming_id=paused.id, version=None, remark="Chờ Sở Tài chính cho ý kiến")
    _told(town)
    later = dt.date(2026, 12, 4)
    arrivals.do("specialist", extending.ask, incoming_id=asked.id, version=None, until=later, remark=WORDY[:300])
    places: dict[str, Incoming] = {
        "late": late, "explained": explained, "sorry": sorry, "in_time": in_time, "paused": paused, "asked": asked,
    }  # fmt: skip
    return {name: found.id for name, found in places.items()} | {"rule": _rule(town)}


def _told(town: Town) -> None:
    """Holder and head of what is late, with the messages about it."""
    for moment in (dt.datetime(2026, 11, 20, 7, tzinfo=dt.UTC), dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)):
        with unit_of_work(town.engine) as uow:
            telling.make(uow, period=moment.isoformat(), now=moment, base_url="")
            uow.commit()


def _demanded(town: Town, found: Incoming) -> None:
    with unit_of_work(town.engine) as uow:
        explaining.demand_for_job(uow, incoming_id=found.id, now=dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC))
        uow.commit()


def _of(town: Town, found: Incoming) -> int:
    with unit_of_work(town.engine) as uow:
        return int(uow.session.scalars(select(Explanation.id).filter_by(incoming_id=found.id)).one())


def _explained(arrivals: Arrivals, town: Town, found: Incoming) -> None:
    arrivals.do(
        "specialist", explaining.explain, incoming_id=found.id, version=None, explanation_id=_of(town, found),
        cause=Cause.SUBJECTIVE, words=f"Cán bộ xử lý chậm. {WORDY[:200]}",
    )  # fmt: skip


def _rule(town: Town) -> int:
    facts = RuleFacts(
        type_code="letter", unit_id=None, term=Term(Measure.WORKING_DAYS, 7), basis="Quy chế làm việc, Điều 12"
    )
    with unit_of_work(town.engine) as uow:
        actor = town.office.actor("admin")
        rules.save(uow, actor, rule_id=None, facts=facts, reason="Quy chế mới", now=town.clock())
        uow.commit()
        return int(uow.session.scalars(select(DeadlineRule.id)).one())
