"""Signed papers that wait for a number, straight into the tables, and the register as it then stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from tests.support.office import NOON, Office
from workflow.services.documents.numbers import Wanted, number
from workflow.store.models import Outgoing, Register, RegisterNumber
from workflow.store.session import unit_of_work

NEW_YEAR = dt.datetime(2026, 12, 31, 17, tzinfo=dt.UTC)
"""Midnight in the office between 2026 and 2027; `.year` is the old one."""


@dataclass(slots=True)
class Papers:
    """An office whose papers are signed in ink; each verb is a unit of work, by default the clerk's."""

    office: Office
    now: dt.datetime = NOON

    def do(self, function: Callable[..., Any], who: str = "clerk", **named: Any) -> Any:
        """Call a service as somebody, now, and commit."""
        with unit_of_work(self.office.engine) as uow:
            result = function(uow, self.office.actor(who), self.office.scope(who), now=self.now, **named)
            uow.commit()
            return result

    def signed(self, **changes: Any) -> int:
        """A letter that the leader signed now."""
        return self.signed_many(1, **changes)[0]

    def signed_many(self, count: int, **changes: Any) -> list[int]:
        """So many of them."""
        drafter, leader = self.office.posts["drafter"], self.office.posts["leader"]
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            first = uow.session.scalar(select(func.count()).select_from(Outgoing)) or 0
            given = {
                "agency_id": drafter.agency_id, "unit_id": drafter.unit_id,
                "type_code": "letter", "subject": "V/v thử", "subject_folded": "v/v thu", "state": "signed",
                "medium": "ink", "drafter_id": drafter.person_id, "drafter_post_id": drafter.id,
                "signer_id": leader.person_id, "signer_post_id": leader.id, "state_since": self.now,
                "created_at": self.now, "signed_at": self.now,
            }  # fmt: skip
            made = [Outgoing(code=f"K-{first + place}", **given | changes) for place in range(count)]
            uow.add(*made)
            uow.commit()
            return [document.id for document in made]

    def unnumbered(self, limit: int) -> list[int]:
        """Signed papers that still wait for a number."""
        with unit_of_work(self.office.engine) as uow:
            query = select(Outgoing.id).where(Outgoing.state == "signed").order_by(Outgoing.id.desc()).limit(limit)
            return list(uow.session.scalars(query))

    def number(self, document_id: int | None = None, **wanted: Any) -> Outgoing:
        """Give a signed paper its number."""
        document: Outgoing = self.do(
            number, document_id=document_id or self.signed(), version=None, wanted=Wanted(**wanted)
        )
        return document

    def register(self, code: str = "chung", agency: str = "commune") -> int:
        """The key of a register."""
        with unit_of_work(self.office.engine) as uow:
            query = select(Register.id).where(
                Register.code == code, Register.agency_id == self.office.units[agency]
            )
            return uow.session.scalars(query).one()

    def lines(self, code: str = "chung") -> list[tuple[int, int, str, str]]:
        """(year, number, status, symbol) of a register in order."""
        with unit_of_work(self.office.engine) as uow:
            query = (
                select(RegisterNumber)
                .where(RegisterNumber.register_id == self.register(code))
                .order_by(RegisterNumber.year, RegisterNumber.number)
            )
            return [(row.year, row.number, row.status, row.symbol) for row in uow.session.scalars(query)]
