"""The dossiers of a few offices: a file plan of the year, dossiers open, closed, late and in the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from workflow.demo.founding import Founded
from workflow.domain import incoming, outgoing
from workflow.domain.dossiers import Kind, PlanAction
from workflow.domain.people import Actor, Post, Role
from workflow.domain.permissions import Scope, scope_of
from workflow.domain.retention import PERMANENT
from workflow.services import file_plans
from workflow.services.dossiers import closing, filing, opening, transferring
from workflow.services.dossiers.opening import letters
from workflow.services.file_plans import EntryFacts
from workflow.services.journal import OFFICE_ZONE
from workflow.store import document_list, incoming_list
from workflow.store.models import Dossier, Person, PlanEntry, PostRow, Unit
from workflow.store.session import Engine, unit_of_work

OFFICES = {"dongtam": ("chair", "kt", "vp", "vhxh"), "vpub": ("chief", "th", "hc"), "sxd": ("director", "nv", "vp")}
"""Agency → its head, then the part whose drafter keeps dossiers, then others."""

LINES = (
    ("Kế hoạch, báo cáo năm {year}", 20),
    ("Công văn trao đổi năm {year}", 5),
    ("Kiểm tra, giám sát năm {year}", 10),
    ("Xây dựng văn bản quy định của cơ quan năm {year}", PERMANENT),
)
KEPT, SHUT = 8, 3
"""Documents in an open dossier and in a closed one."""
SETTLED = dt.timedelta(days=21)
"""What arrived earlier than this is surely settled."""


def keep(engine: Engine, founded: Founded, *, day: dt.date) -> None:
    """Plans and dossiers of the offices above, as of `day`; the same for the same day."""
    for agency, (head, *parts) in OFFICES.items():
        _Office(engine, founded, agency=agency, head=head, day=day).live(parts)


class _Office:
    """One agency's year of dossiers; every act is a unit of work of its own."""

    def __init__(self, engine: Engine, founded: Founded, *, agency: str, head: str, day: dt.date) -> None:
        self.engine, self.founded, self.agency, self.head, self.day = engine, founded, agency, head, day
        self.agency_id = founded.agencies[agency]

    def live(self, parts: list[str]) -> None:
        """A plan, then dossiers in every state; a draft of the next plan once the year draws to its end."""
        self._plan(parts)
        for ago, ended, transferred in ((150, 130, True), (120, 75, False), (60, 20, False), (40, None, False)):
            self._dossier(parts[0], ago=ago, ended=ended, transferred=transferred)
        facts = opening.Facts(title=f"Ứng phó mưa lũ tháng {self.day.month}", years=10)
        self._do("drafter", 10, opening.open_outside, facts=facts, reason="Thiên tai ngoài kế hoạch năm")
        if self.day.month >= 11:
            self._do("clerk", 3, file_plans.make, scoped=False, year=self.day.year + 1)

    def _plan(self, parts: list[str]) -> None:
        ago = max((self.day - dt.date(self.day.year, 1, 5)).days, 0)
        plan = self._do("clerk", ago, file_plans.make, scoped=False, year=self.day.year)
        for part in parts:
            unit_id = self.founded.parts[self.agency, part]
            group = self._letters(unit_id)
            for number, (title, years) in enumerate(LINES, 1):
                facts = EntryFacts(
                    notation=f"{number:02d}.{group}", title=title.format(year=self.day.year), years=years,
                    unit_id=unit_id,
                )  # fmt: skip
                self._do("clerk", ago, file_plans.put_entry, plan_id=plan.id, facts=facts)
        self._do("clerk", ago, file_plans.act, plan_id=plan.id, action=PlanAction.SUBMIT, version=None)
        self._do(self.head, ago, file_plans.act, plan_id=plan.id, action=PlanAction.APPROVE, version=None)

    def _letters(self, unit_id: int) -> str:
        with unit_of_work(self.engine) as uow:
            return letters(uow.session.get_one(Unit, unit_id).abbreviation)

    def _dossier(self, part: str, *, ago: int, ended: int | None, transferred: bool) -> None:
        """From the next free line of the part: opened `ago` days before today, closed `ended` days before."""
        ago = min(ago, max((self.day - dt.date(self.day.year, 1, 5)).days, 0))
        entry_id = self._free_line(self.founded.parts[self.agency, part])
        if entry_id is None or ago < (ended or 0):
            return
        dossier: Dossier = self._do("drafter", ago, opening.open_from_plan, entry_id=entry_id)
        for kind, key in self._documents(KEPT if ended is None else SHUT, ago=ended or 0):
            given: dict[str, Any] = {"dossier_id": dossier.id, "kind": kind, "document_id": key}
            self._do("drafter", ended or 0, filing.add, **given)
        if ended is None:
            return
        last = self.day - dt.timedelta(days=ended)
        self._do("drafter", ended, closing.close, dossier_id=dossier.id, version=None, ended_on=last,
                 duplicates_kept=True)  # fmt: skip
        if transferred:
            self._do("clerk", max(ended - 30, 0), transferring.transfer, chosen={dossier.id: None},
                     receiver="Lưu Thị Trữ, lưu trữ cơ quan")  # fmt: skip

    def _free_line(self, unit_id: int) -> int | None:
        with unit_of_work(self.engine) as uow:
            used = uow.session.query(Dossier.entry_id).filter(Dossier.entry_id.is_not(None))
            free = uow.session.query(PlanEntry.id).filter(PlanEntry.unit_id == unit_id, PlanEntry.id.not_in(used))
            found = free.order_by(PlanEntry.id).first()
            return found[0] if found else None

    def _documents(self, count: int, *, ago: int) -> list[tuple[Kind, int]]:
        """Of what the drafter sees: settled arrivals, then issued papers, the newest first that were there when the
        dossier took them, so many days ago."""
        _actor, scope = self._who("drafter")
        then = self._moment(ago)
        with unit_of_work(self.engine) as uow:
            came = incoming_list.page(
                scope, uow.session, limit=2, columns=("id",),
                wanted=incoming_list.Filter(
                    states=(incoming.State.DONE, incoming.State.FILED), arrived_before=then - SETTLED
                ),
            )[:2]  # fmt: skip
            out = document_list.page(
                scope, uow.session, limit=count, columns=("id",),
                wanted=document_list.Filter(
                    states=(outgoing.State.ISSUED, outgoing.State.FILED), issued_before=then
                ),
            )[:count]  # fmt: skip
        return [(Kind.INCOMING, row[0]) for row in came] + [(Kind.OUTGOING, row[0]) for row in out]

    def _do(self, who: str, ago: int, service: Callable[..., Any], *, scoped: bool = True, **given: Any) -> Any:
        actor, scope = self._who(who)
        with unit_of_work(self.engine) as uow:
            result = service(uow, *((actor, scope) if scoped else (actor,)), now=self._moment(ago), **given)
            uow.commit()
            return result

    def _moment(self, ago: int) -> dt.datetime:
        return dt.datetime.combine(self.day - dt.timedelta(days=ago), dt.time(9, 30), tzinfo=OFFICE_ZONE)

    def _who(self, key: str) -> tuple[Actor, Scope]:
        with unit_of_work(self.engine) as uow:
            row = uow.session.get_one(PostRow, self.founded.posts[self.agency, key])
            name = uow.session.get_one(Person, row.person_id).full_name
            post = Post(
                row.id, row.person_id, row.unit_id, row.agency_id, Role(row.role), row.title, row.valid_from
            )
        return Actor.of(post, name=name), scope_of(post, units_below=())
