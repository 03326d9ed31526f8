"""File plans and dossiers for tests: a plan that is approved, dossiers opened from it, documents in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from tests.support.arrivals import Arrivals
from tests.support.office import NOON, Office
from workflow.domain.dossiers import Kind, PlanAction
from workflow.domain.incoming import Result
from workflow.services import file_plans
from workflow.services.documents import drafting
from workflow.services.documents.drafting import DraftFacts
from workflow.services.dossiers import closing, filing, opening
from workflow.services.file_plans import EntryFacts
from workflow.services.incoming import working
from workflow.store import dossiers
from workflow.store.models import Dossier, FilePlan, Incoming, PlanEntry
from workflow.store.session import unit_of_work

LINES = (
    # notation, title, years, unit
    ("01.KT", "Hồ sơ kế hoạch biên chế năm 2026", 20, "economy"),
    ("02.KT", "Công văn trao đổi của Phòng Kinh tế", 2, "economy"),
    ("01.VHXH", "Hồ sơ lễ hội năm 2026", 10, "culture"),
    ("01.VP", "Hồ sơ xây dựng quy chế làm việc", 1000, "office"),
)


class Dossiers:
    """Acts by short names, each in a unit of work of its own; `now` goes on with every act."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.now = NOON

    def do(self, who: str, service: Callable[..., Any], *, scoped: bool = True, **given: Any) -> Any:
        """One act, committed."""
        self.now += dt.timedelta(minutes=1)
        with unit_of_work(self.office.engine) as uow:
            first = (self.office.actor(who), self.office.scope(who)) if scoped else (self.office.actor(who),)
            result = service(uow, *first, now=self.now, **given)
            uow.commit()
            return result

    def plan(self, *, approved: bool = True, year: int = 2026) -> FilePlan:
        """A plan of the year with four lines."""
        plan: FilePlan = self.do("clerk", file_plans.make, scoped=False, year=year, from_last=False)
        for notation, title, years, unit in LINES:
            facts = EntryFacts(notation=notation, title=title, years=years, unit_id=self.office.units[unit])
            self.do("clerk", file_plans.put_entry, plan_id=plan.id, facts=facts)
        if approved:
            self.do("clerk", file_plans.act, plan_id=plan.id, action=PlanAction.SUBMIT, version=None)
            plan = self.do("leader", file_plans.act, plan_id=plan.id, action=PlanAction.APPROVE, version=None)
        return plan

    def outside(
        self, who: str = "specialist", *, title: str = "Hồ sơ rà soát biên chế", years: int = 10
    ) -> Dossier:
        """A dossier that no plan foresaw."""
        facts = opening.Facts(title=title, years=years)
        dossier: Dossier = self.do(who, opening.open_outside, facts=facts, reason="Việc đột xuất")
        return dossier

    def put(self, who: str, dossier: Dossier, kind: Kind, document_id: int, **given: Any) -> Dossier:
        """A document into it."""
        result: Dossier = self.do(
            who, filing.add, dossier_id=dossier.id, kind=kind, document_id=document_id, **given
        )
        return result

    def draft(self, who: str = "drafter") -> int:
        """A draft without a file."""
        return int(
            self.do(who, drafting.create, scoped=False, facts=DraftFacts(type_code="report", subject="Báo cáo")).id
        )

    def close(self, who: str, dossier: Dossier, **given: Any) -> Dossier:
        """Closed today unless `ended_on` says otherwise."""
        given = {"ended_on": self.now.date(), "version": None} | given
        result: Dossier = self.do(who, closing.close, dossier_id=dossier.id, **given)
        return result

    def done_arrival(self, **given: Any) -> Incoming:
        """An incoming document that the specialist has settled."""
        arrivals = Arrivals(self.office)
        arrivals.now = self.now
        found = arrivals.in_progress(**given)
        result: Incoming = arrivals.do(
            "specialist", working.finish, incoming_id=found.id, version=found.version, result=Result.SETTLED,
            words="Đã xong",
        )  # fmt: skip
        self.now = arrivals.now
        return result


def entry_of(made: Dossiers, notation: str) -> int:
    """The key of a line of the plan."""
    with unit_of_work(made.office.engine) as uow:
        return uow.session.scalars(select(PlanEntry.id).where(PlanEntry.notation == notation)).one()


def shown(made: Dossiers, who: str, dossier: Dossier) -> list[tuple[Kind, int]]:
    """The documents that somebody sees in it, in order."""
    with unit_of_work(made.office.engine) as uow:
        found = dossiers.documents_of(made.office.scope(who), uow.session, dossier.id)
        return [(one.kind, one.id) for one in found]
