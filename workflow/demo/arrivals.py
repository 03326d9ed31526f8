"""What arrives in one of the demo's offices and how it is received: from outside, on paper, by the exchange."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from workflow.demo import desks, outside
from workflow.demo.desks import Arrival, Stage
from workflow.demo.handling import Handling
from workflow.demo.life import Life
from workflow.demo.outside import Issuer, Paper
from workflow.demo.outside_files import Look, file_of
from workflow.domain.incoming import Source
from workflow.domain.outgoing import Urgency
from workflow.domain.terms import Measure, Term
from workflow.services import intake
from workflow.services.incoming import arriving, phrases, receiving, registering
from workflow.services.incoming.arriving import Facts, GivenFile
from workflow.services.incoming.deadlines import NO_DEADLINE, DueChoice
from workflow.services.incoming.receiving import Brought
from workflow.services.journal import OFFICE_ZONE, local_day
from workflow.store.models import Incoming

MISTAKEN = "Gửi nhầm cơ quan, đề nghị gửi lại đúng nơi"
_UNREAD = frozenset({Stage.ARRIVED, Stage.RETURNED})
_URGENCIES = (88, 7, 4, 1)


@dataclass(frozen=True, slots=True)
class Coming:
    """A document, when the clerk takes it up, how it is received, and what becomes of it."""

    at: dt.datetime
    receive: Callable[[], int]
    plan: Arrival


class Arrivals:
    """Lives one agency's arrivals, each from its own day on."""

    def __init__(self, life: Life) -> None:
        self.life, self.agency, self.calendar, self.today = life, life.agency, life.calendar, life.today
        self.clerk = life.cast.actors["clerk"]
        self.chance = random.Random(f"arrivals {life.agency.key}")  # noqa: S311  repeatable on purpose
        self.handling = Handling(life, self.chance)
        self.free_at = dt.datetime.combine(life.today - dt.timedelta(days=400), dt.time(), tzinfo=OFFICE_ZONE)

    def live(self) -> int:
        """All of them in the order in which they came, so that arrival numbers follow the days; how many."""
        self._phrases()
        coming = sorted([*self._outside(), *self._exchanged()], key=lambda one: one.at)
        opened = []
        for one in coming:
            self.life.now = one.at
            opened.append((one.receive(), one.plan))
        for document_id, plan in opened:
            if plan.stage not in _UNREAD:
                self.handling.go_on(document_id, plan)
        return len(opened)

    def _phrases(self) -> None:
        """Leaders have said such things before."""
        leader = self.life.cast.actors[self.handling.leader]
        with self.life.work() as uow:
            uow.begin_write()
            for words in self.handling.WORDS:
                phrases.learn(uow, leader.person_id or 0, words)
            uow.commit()

    def _outside(self) -> list[Coming]:
        made = []
        for plan in desks.plans_of(self.agency):
            day = self.calendar.add_working_days(self.today, -plan.ago)
            minute = 35 if plan.ago == 0 else 40 + self.chance.randrange(0, 15)
            at = dt.datetime.combine(day, dt.time(7, minute), tzinfo=OFFICE_ZONE)
            made.append(Coming(at, partial(self._came, plan), plan))
        return made

    def _exchanged(self) -> list[Coming]:
        """What other agencies of the installation sent; the newest waits for the visitor."""
        query = select(Incoming).where(
            Incoming.agency_id == self.life.agency_id, Incoming.source == Source.EXCHANGE,
            Incoming.state == "arrived",
        )  # fmt: skip
        with self.life.work() as uow:
            rows = sorted(uow.session.scalars(query), key=lambda row: (row.arrived_at, row.symbol))
        waits_from = self.calendar.opening(self.calendar.add_working_days(self.today, -1)) + dt.timedelta(hours=4)
        made = []
        for nth, row in enumerate(row for row in rows if row.arrived_at < waits_from):
            minutes = dt.timedelta(minutes=self.chance.randrange(15, 180))
            ago = self.calendar.working_days_between(local_day(row.arrived_at), self.today)
            plan = desks.fate_of(self.agency, self.chance, ago=ago, nth=nth)
            at = self.calendar.add_working_time(row.arrived_at.astimezone(OFFICE_ZONE), minutes)
            made.append(Coming(at, partial(self._register, row.id, plan), plan))
        return made

    def _came(self, plan: Arrival) -> int:
        """Arrived and, unless it still waits, registered or returned the same morning."""
        day = local_day(self.life.now)
        written = self.calendar.add_working_days(day, -self.chance.randrange(1, 3))
        urgency = self.chance.choices(tuple(Urgency), _URGENCIES)[0]
        if plan.citizen or (plan.stage is not Stage.ARRIVED and self.chance.random() < 0.05):
            return self._register(self._on_paper(written), plan)
        issuers = outside.ORGANISATIONS if self.chance.random() < 0.08 else outside.ISSUERS
        issuer = self.chance.choice(issuers)
        paper = outside.write(issuer, self.chance, to=self.agency.name, day=written, urgency=urgency)
        if plan.stage is Stage.ARRIVED:
            return self._in_the_queue(paper, plan)
        return self._register(self._known(paper), plan)

    def _in_the_queue(self, paper: Paper, plan: Arrival) -> int:
        """As the clerk's page does it: looked at, judged and read."""
        data = file_of(paper, plan.look, at=self.life.now - dt.timedelta(minutes=20))
        with self.life.work() as uow:
            taken = receiving.take_in(
                uow, self.clerk, self.life.scope, main=Brought(data=data, filename=_filename(paper)),
                source=Source.SCAN if plan.look is Look.SCANNED else Source.UPLOAD, blobs=self.life.blobs,
                now=self.life.now,
            )  # fmt: skip
            uow.commit()
            return taken.document.id

    def _known(self, paper: Paper) -> int:
        """What was registered long ago: its facts are the clerk's, and nobody reads it again."""
        with self.life.work() as uow:
            received = intake.receive(
                uow, self.clerk, self.life.scope, data=paper.pdf, filename=_filename(paper), source="upload",
                blobs=self.life.blobs, now=self.life.now,
            )  # fmt: skip
            given = GivenFile(received=received, media_type="application/pdf", pages=1)
            document, _new = arriving.arrive(
                uow, self.clerk, agency_id=self.life.agency_id, facts=_facts(paper), source=Source.UPLOAD,
                now=self.life.now, files=[given],
            )  # fmt: skip
            uow.commit()
            return document.id

    def _on_paper(self, written: dt.date) -> int:
        """A citizen's letter: no file, an envelope with its date."""
        facts = Facts(
            issuer=self.chance.choice(outside.CITIZENS), issuer_kind="citizen", issued_on=written,
            subject="Kiến nghị về việc cấp giấy chứng nhận quyền sử dụng đất", envelope_on=written,
        )  # fmt: skip
        with self.life.work() as uow:
            document, _new = arriving.arrive(
                uow, self.clerk, agency_id=self.life.agency_id, facts=facts, source=Source.PAPER, now=self.life.now
            )
            uow.commit()
            return document.id

    def _register(self, document_id: int, plan: Arrival) -> int:
        if plan.stage is Stage.RETURNED:
            self.handling.do("clerk", registering.decline, document_id, remark=MISTAKEN)
        elif plan.stage is not Stage.ARRIVED:
            self.handling.later(3, 20)
            self.life.now = self.calendar.add_working_time(self.life.now, dt.timedelta(hours=8 * plan.lay))
            self.life.now = self.free_at = max(self.life.now, self.free_at)  # one after the other, as numbers are
            due = DueChoice(term=Term(Measure.WORKING_DAYS, plan.days)) if plan.days else NO_DEADLINE
            self.handling.do("clerk", registering.register, document_id, due=due)
        return document_id


def _facts(paper: Paper) -> Facts:
    issuer: Issuer = paper.issuer
    return Facts(
        issuer=issuer.name, issuer_kind=issuer.kind, symbol=paper.symbol, issued_on=paper.day,
        type_code=paper.topic.type_code, subject=paper.subject.removeprefix("V/v "), signer=issuer.signer,
        signer_title=issuer.titles[-1], urgency=paper.urgency,
    )  # fmt: skip


def _filename(paper: Paper) -> str:
    return f"{paper.symbol.replace('/', '-')}.pdf"
