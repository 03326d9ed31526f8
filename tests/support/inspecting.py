"""A team for tests: the top agency inspects the neighbour, made an agency below it; or one of its own units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from tests.support.browser import MORNING, Browser
from tests.support.office import Office
from workflow.domain.people import Actor
from workflow.services.inspections import founding
from workflow.services.inspections.founding import Facts
from workflow.store.models import Inspection, Unit
from workflow.store.session import unit_of_work

FIRST, LAST = dt.date(2026, 11, 23), dt.date(2026, 12, 4)
FORM = {
    "decision_symbol": "88/QĐ-UBND", "decision_day": "20/11/2026", "decision_agency": "UBND xã Đồng Tâm",
    "purpose": "Kiểm tra công tác văn thư", "period_from": "01/07/2026", "period_to": "31/10/2026",
    "first_day": "23/11/2026", "last_day": "04/12/2026",
}  # fmt: skip


@dataclass(slots=True)
class Teams:
    """Acts on inspections by short names, each committed."""

    office: Office

    def below(self) -> None:
        """The neighbour lies below the top agency."""
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            uow.session.get_one(Unit, self.office.units["far"]).parent_id = self.office.units["commune"]
            uow.commit()

    def actor(self, name: str) -> Actor:
        """Somebody of the top agency's administration stands at the top."""
        return replace(self.office.actor(name), at_top=name == "admin")

    def do(self, name: str, service: Any, *, now: dt.datetime = MORNING, **given: Any) -> Any:
        """One act."""
        with unit_of_work(self.office.engine) as uow:
            made = service(uow, self.actor(name), now=now, **given)
            uow.commit()
            return made

    def found(self, *units: str, head: str = "specialist", by: str = "admin", **changes: Any) -> Inspection:
        """An inspection of these units, running from MORNING's day."""
        facts = Facts(
            decision_symbol="88/QĐ-UBND", decision_day=dt.date(2026, 11, 20), decision_agency="UBND xã Đồng Tâm",
            purpose="Kiểm tra công tác văn thư", period_from=dt.date(2026, 7, 1),
            period_to=dt.date(2026, 10, 31), first_day=FIRST, last_day=LAST,
            unit_ids=tuple(self.office.units[unit] for unit in units), head_post_id=self.office.posts[head].id,
        )  # fmt: skip
        made: Inspection = self.do(by, founding.found, facts=replace(facts, **changes))
        return made

    def enter(self, client: Browser, name: str, inspection: Inspection) -> None:
        """Come in and read in it."""
        assert client.login(name).post(f"/inspections/{inspection.id}/enter").status_code == 303
