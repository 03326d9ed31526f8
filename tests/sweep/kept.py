"""Registers as a clerk keeps them: a number held, one over its day, one cancelled, a year closed; an organ more."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from tests.support.live import Town
from workflow.domain.permissions import Scope
from workflow.services.registers.holding import Hold, cancel, hold
from workflow.services.registers.terms import OrganFacts, save_organ
from workflow.store.models import Register, RegisterNumber, Series
from workflow.store.session import unit_of_work


def registers_kept(town: Town, *, words: str, unbroken: str) -> dict[str, object]:
    """Keys of the register, of its numbers and of the organ."""
    office, today = town.office, town.clock().date()
    person = office.posts["drafter"].person_id
    clerk, admin = ("clerk", office.scope("clerk")), office.actor("admin")
    with unit_of_work(town.engine) as uow:
        query = select(Register.id).where(Register.code == "chung", Register.agency_id == office.units["commune"])
        register = uow.session.scalars(query).one()
        made = []
        for reason in (words, unbroken, "Kỳ họp hoãn"):
            wish = Hold(reason=reason, person_id=person, until=today)
            made.append(hold(uow, office.actor(clerk[0]), clerk[1], register_id=register, wish=wish,
                             now=town.clock()).id)  # fmt: skip
        cancel(uow, office.actor(clerk[0]), clerk[1], number_id=made[2], reason=unbroken, now=town.clock())
        uow.session.get_one(RegisterNumber, made[1]).held_until = today - dt.timedelta(days=2)
        uow.add(Series(register_id=register, year=2025, last_number=3))
        uow.add(
            Series(
                register_id=register, year=2024, last_number=2, closed_at=town.clock(), closed_by_id=person,
                closed_reason=words,
            )
        )  # fmt: skip
        facts = OrganFacts(code="UBND", name="Ủy ban nhân dân xã Đồng Tâm", abbreviation="UBND")
        own = Scope(agency_ids=(office.units["commune"],))
        first = save_organ(uow, admin, own, organ_id=None, facts=facts, reason="Thành lập", now=town.clock())
        uow.commit()
    return {"register": register, "held_number": made[0], "cancelled": made[2], "organ": first.id}
