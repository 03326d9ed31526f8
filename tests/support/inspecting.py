"""A team for tests: the top agency inspects the neighbour, made an agency below it; or one of its own units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.support.browser import MORNING, Browser
from tests.support.issued import add_issued, issued_row
from tests.support.office import Office
from workflow.domain.inspections import Look
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import inspection_scope
from workflow.services.inspections import finding, founding, promising, reading, sampling
from workflow.services.inspections.founding import Facts
from workflow.store import inspections as store
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


def inspected(
    office: Office, *, words: str, unit: str = "economy", head: str = "chief", by: str = "admin",
    teams: Teams | None = None, rows: Sequence[dict[str, Any]] = (),
) -> dict[str, object]:  # fmt: skip
    """An inspection of a unit with something of everything, with these rows to sample from; the names that
    addresses may use."""
    teams = teams or Teams(office)
    add_issued(office, *(rows or (issued_row(office, subject=words[:480]), issued_row(office))))
    row = teams.found(unit, head=head, by=by, purpose=words[:480])
    with unit_of_work(office.engine) as uow:
        member = store.members_of(uow.session, row.id)[0][0].id
        agencies, units = store.reach(uow.session, row.id)
    actor = replace(teams.actor(head), role=Role.INSPECTOR, inspection_id=row.id)
    scope = inspection_scope(agencies=agencies, units=units, until=None)
    wanted = sampling.Wanted(kind="outgoing", unit_ids=(office.units[unit],), first=dt.date(2026, 11, 1),
                             last=dt.date(2026, 11, 30), size=5, per_unit=False)  # fmt: skip
    due = dt.date(2027, 1, 31)
    facts = finding.Facts(unit_id=office.units[unit], documents="", wrong=words, basis=words[:480],
                          demand=words,
                          due_on=due)  # fmt: skip
    later = MORNING + dt.timedelta(days=7)
    with unit_of_work(office.engine) as uow:
        reading.note_look(
            uow, actor, scope, member_id=member, kind=Look.LIST, subject="", page="/outgoing", now=later
        )
        uow.commit()
        sample = sampling.take(uow, actor, scope, inspection_id=row.id, wanted=wanted, now=later)
        uow.commit()
        finding.note(uow, actor, scope, inspection_id=row.id, facts=facts, now=later)
        uow.commit()
    for state in ("done", "not_done"):
        made = teams.do(head, promising.promise, inspection_id=row.id, unit_id=office.units[unit],
                        kind="commitment", words=words, due_on=due)  # fmt: skip
        teams.do(head, promising.say, inspection_id=row.id, commitment_id=made.id, version=1, state=state,
                 reason=words[:480])  # fmt: skip
    return {"inspection": row.id, "inspection_sample": sample.id}
