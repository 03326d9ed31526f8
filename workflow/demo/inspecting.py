"""An inspection in progress over three offices, with a sample and a finding; targets, and entered figures.

So whoever comes in as inspector, administrator or leader of an inspected office finds these pages filled.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from workflow.demo import province
from workflow.demo.founding import Founded
from workflow.domain.entered import Shape
from workflow.domain.indicators import Better
from workflow.domain.inspections import Look
from workflow.domain.people import Actor, Role
from workflow.domain.periods import months_until
from workflow.domain.permissions import Scope, inspection_scope
from workflow.services.figures import entering, targets
from workflow.services.inspections import finding, founding, promising, reading, sampling, visiting
from workflow.services.journal import OFFICE_ZONE
from workflow.store import entered as entered_store
from workflow.store import inspections as store
from workflow.store.session import Engine, UnitOfWork, unit_of_work

ROOT = "vpub"
INSPECTED = ("tour", "ink", "overdue")
"""Stories of the offices: one of each."""
GOALS = {"sign_rate_docs": "95", "sign_rate_leader": "98", "on_time_docs": "99", "cert_coverage": "100"}
SATISFIED = ("412/430", "385/402", "441/455")
"""Answers of satisfied people of all answers, in the months before this one."""


def figures(engine: Engine, founded: Founded, *, day: dt.date) -> None:
    """Targets and entered figures of the root and of the office of the tour, before their months are closed."""
    tour = next(one for one in province.agencies() if one.story == "tour")
    for agency in (ROOT, tour.key):
        with unit_of_work(engine) as uow:
            uow.begin_write()
            _figures(uow, _actor(founded, agency, "admin", Role.ADMIN), day=day)
            uow.commit()


def _figures(uow: UnitOfWork, admin: Actor, *, day: dt.date) -> None:
    agency = admin.agency_id or 0
    own = Scope(agency_ids=(agency,))
    months = list(months_until(day.replace(day=1) - dt.timedelta(days=1), count=len(SATISFIED)))
    begun = _at(min(one.first for one in months), 8)
    for indicator, goal in GOALS.items():
        wanted = targets.Wanted(
            unit_id=agency, indicator=indicator, goal=goal, first_month=min(one.key for one in months),
            reason="Kế hoạch chuyển đổi số năm", seen=entered_store.newest_target(own, uow.session),
        )  # fmt: skip
        targets.set_target(uow, admin, own, wanted=wanted, now=begun)
    meant = entering.Meaning(
        name="Mức độ hài lòng của người dân", name_en="Satisfaction of citizens", shape=Shape.SHARE,
        about="Phiếu hài lòng trên tổng số phiếu khảo sát hợp lệ.", better=Better.HIGHER,
        about_en="Satisfied answers of all valid answers of the survey.",
    )  # fmt: skip
    asked = entering.define(uow, admin, own, wanted=meant, now=begun)
    for figure, month in zip(SATISFIED, months, strict=True):
        entry = entering.Entry(
            indicator_id=asked.id, unit_id=agency, period=month.key, figure=figure,
            source=f"Báo cáo khảo sát tháng {month.first.month}/{month.first.year}", link="https://khaosat.example/",
        )  # fmt: skip
        entering.enter(uow, admin, own, wanted=entry, now=_at(month.last, 9))


def inspection(engine: Engine, founded: Founded, *, day: dt.date) -> None:
    """Founded five days ago by the root's administrator; the inspector leads it, a head of division helps."""
    chosen = [next(one for one in province.agencies() if one.story == story) for story in INSPECTED]
    units = tuple(founded.agencies[one.key] for one in chosen)
    first, last = day - dt.timedelta(days=5), day + dt.timedelta(days=14)
    admin = replace(_actor(founded, ROOT, "admin", Role.ADMIN), at_top=True)
    begun = _at(first, 8)
    facts = founding.Facts(
        decision_symbol="88/QĐ-VPUB", decision_day=first - dt.timedelta(days=3),
        decision_agency="Văn phòng UBND tỉnh Lam Giang", purpose="Kiểm tra công tác văn thư và ký số",
        period_from=day - dt.timedelta(days=120), period_to=first - dt.timedelta(days=1), first_day=first,
        last_day=last, unit_ids=units, head_post_id=founded.posts[ROOT, "inspector"],
    )  # fmt: skip
    with unit_of_work(engine) as uow:
        row = founding.found(uow, admin, facts=facts, now=begun)
        founding.grant(uow, admin, inspection_id=row.id, post_id=founded.posts[ROOT, "head"], first_day=first,
                       last_day=last, now=begun)  # fmt: skip
        uow.commit()
        key = row.id
    with unit_of_work(engine) as uow:
        _work(uow, _actor(founded, ROOT, "inspector", Role.INSPECTOR), key, units, facts, day=day)
        uow.commit()


def _work(
    uow: UnitOfWork, plain: Actor, key: int, units: tuple[int, ...], facts: founding.Facts, *, day: dt.date
) -> None:
    now = _at(day - dt.timedelta(days=1), 9)
    agencies, parts = store.reach(uow.session, key)
    scope = inspection_scope(agencies=agencies, units=parts, until=facts.last_day)
    actor = replace(plain, inspection_id=key)
    member = next(one[0].id for one in store.members_of(uow.session, key) if one[0].person_id == plain.person_id)
    reading.note_look(uow, actor, scope, member_id=member, kind=Look.LIST, subject="", page="/outgoing", now=now)
    wanted = sampling.Wanted(kind="outgoing", unit_ids=units, first=facts.period_from, last=facts.period_to,
                             size=10, per_unit=False, seed="lam giang 88")  # fmt: skip
    sampling.take(uow, actor, scope, inspection_id=key, wanted=wanted, now=now)
    found = finding.Facts(
        unit_id=units[1], documents="", wrong="Nhiều văn bản ký giấy, không có chữ ký số của lãnh đạo",
        basis="Điều 13 Nghị định 30/2020/NĐ-CP", demand="Ký số văn bản điện tử; báo cáo kết quả khắc phục",
        due_on=day + dt.timedelta(days=21),
    )  # fmt: skip
    finding.note(uow, plain, scope, inspection_id=key, facts=found, now=now)
    visiting.inspected(uow, plain, inspection_id=key, unit_id=units[0], inspected_on=day - dt.timedelta(days=1),
                       now=now)  # fmt: skip
    promising.promise(uow, plain, inspection_id=key, unit_id=units[1], kind="commitment",
                      words="100% văn bản phát hành được ký số đầy đủ", due_on=day + dt.timedelta(days=30),
                      now=now)  # fmt: skip


def _actor(founded: Founded, agency: str, who: str, role: Role) -> Actor:
    place = (agency, who)
    return Actor(
        founded.people[place], founded.posts[place], role, founded.agencies[agency], founded.agencies[agency]
    )


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=OFFICE_ZONE)
