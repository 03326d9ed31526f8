"""Random months: whatever people do before and after a month is closed, live = recomputed = frozen + adjustments.

Acts go through the services; nothing is told to the engine but what they leave in the database.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, Engine, select

from tests.services.incoming.test_random_days import Day
from tests.support import boards, counts, months
from tests.support.arrivals import LETTER
from tests.support.engines import lent
from tests.support.issued import add_issued, issued_row
from tests.support.office import Office, build
from workflow.adapters.blobs import open_blobs
from workflow.domain.boards import NATURES, Nature, populations_of
from workflow.domain.entered import Shape
from workflow.domain.errors import WorkflowError
from workflow.domain.freezing import Cause
from workflow.domain.incoming import Result
from workflow.domain.indicators import COUNTS, INDICATORS, Key, Place, Population, figures, tally
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.domain.periods import Period, month
from workflow.domain.permissions import Scope, figures_scope
from workflow.services.documents import acts, drafting, files, ink, numbers
from workflow.services.figures import counting, entering
from workflow.services.figures.boards import STOCK
from workflow.services.incoming import explaining, extending, overdue, pausing, registering, routing, working
from workflow.services.journal import local_day
from workflow.store.models import (
    EnteredFigure,
    EnteredIndicator,
    Explanation,
    FigureAdjustment,
    FigureDrift,
    Incoming,
    Outgoing,
)
from workflow.store.session import unit_of_work

BEGAN = dt.datetime(2026, 6, 15, 2, tzinfo=dt.UTC)
PAPER = replace(LETTER, issued_on=BEGAN.date())
CITIZEN = replace(PAPER, issuer="Bà Trần Thị Năm", issuer_kind="citizen")
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
QUIET = dt.timedelta(hours=20)
"""No act begins nearer to the end of a month, so that what stands then can be seen from outside."""


class Months(Day):
    """A province over some months; every month that ends is closed on its third working day."""

    def __init__(self, office: Office, folder: Path) -> None:
        super().__init__(office)
        self.arrivals.now = BEGAN
        self.blobs = open_blobs(str(folder))
        self.seen: dict[str, dict[Key, Place]] = {}
        self.shown: list[tuple[Period, dt.datetime, dict[Key, Place]]] = []
        self.closed: list[Period] = []
        self.agency = office.units["commune"]

    def step(self, pick: int) -> None:
        """Something, then the clock."""
        kind = pick % 10
        if kind < 3:
            self.likely(pick)
        elif kind == 3:
            self._finish(pick)
        elif kind == 4:
            self._reopen(pick)
        elif kind == 5:
            self.arrivals.paper(facts=CITIZEN if pick % 3 else PAPER)
            self.arrivals.now += (pick % 50) * dt.timedelta(hours=1)
        elif kind == 6:
            self._outgoing(pick)
        elif kind == 7:
            self._clocks(pick)
            self._entered(pick)
        elif kind == 8:
            self._explanations(pick)
        else:
            self.arrivals.now += (1 + pick % 6) * DAY
        self.tick(again=pick % 7 == 0)
        if pick % 9 == 0:
            running, now = month(local_day(self.arrivals.now)), self.arrivals.now + MINUTE / 2
            self.shown.append((running, now, months.month_of(self.office, running.key, now=now)))
            self.arrivals.now += MINUTE

    def tick(self, *, again: bool = False) -> None:
        """Month ends are passed with nobody acting; what is due is closed; sometimes a night's recount."""
        now = self.arrivals.now
        running = month(local_day(now))
        if running.before.key not in self.seen:
            self._look(running.before)
        if running.end - now < QUIET:
            self._look(running)
            self.arrivals.now = running.end + MINUTE
        for one in (month(local_day(self.arrivals.now)).before,):
            due = months.third_working_day(self.office.engine, one)
            if one not in self.closed and one.first >= dt.date(2026, 6, 1) and self.arrivals.now >= due:
                months.close(self.office.engine, self.agency, one, now=self.arrivals.now)
                self.closed.append(one)
        if again:
            months.recount(self.office.engine, now=self.arrivals.now)

    def _look(self, one: Period) -> None:
        """The live month at its very end, as the page showed it."""
        self.seen[one.key] = months.month_of(self.office, one.key, now=one.end)

    def _finish(self, pick: int) -> None:
        """The road to its end, from wherever one of the open ones is."""
        keys = self._keys(Incoming.closed_at.is_(None))
        if not keys:
            return
        given = {"incoming_id": keys[pick // 10 % len(keys)], "version": None}
        for who, service, more in (
            ("clerk", registering.register, {}), ("clerk", routing.submit, {}),
            ("leader", routing.direct, {"direction": self.arrivals.direction(due=self._due())}),
            ("head", routing.assign, {"handler_post_id": self.office.posts["specialist"].id}),
            ("specialist", working.act, {"action": "start"}),
            ("specialist", working.finish, {"result": Result.SETTLED, "words": "Đã trả lời"}),
        ):  # fmt: skip
            self._do(who, service, **given, **more)

    def _reopen(self, pick: int) -> None:
        """What was done is not; or somebody takes back what they did."""
        keys = self._keys(Incoming.closed_at.is_not(None))
        if keys:
            given = {"incoming_id": keys[pick // 10 % len(keys)], "version": None, "remark": "Làm lại"}
            for who in ("leader", "head", "clerk"):
                self._do(who, working.act, action=("reopen", "withdraw")[pick % 3 // 2], **given)

    def _keys(self, *where: ColumnElement[bool]) -> list[int]:
        with unit_of_work(self.office.engine) as uow:
            return list(uow.session.scalars(select(Incoming.id).where(*where).order_by(Incoming.id)))

    def _do(self, who: str, service: Callable[..., Any], **given: Any) -> None:
        try:
            self.arrivals.do(who, service, **given)
        except WorkflowError:
            return

    def _outgoing(self, pick: int) -> None:
        with unit_of_work(self.office.engine) as uow:
            keys = list(uow.session.scalars(select(Outgoing.id).order_by(Outgoing.id)))
        if pick % 3 == 0 or not keys:
            self.arrivals.now += MINUTE
            facts = drafting.DraftFacts(
                type_code="letter", subject="V/v", signer_post_id=self.office.posts["deputy"].id, secret=True,
                capacity=Capacity.KT,
            )  # fmt: skip
            with unit_of_work(self.office.engine) as uow:
                drafting.create(uow, self.office.actor("drafter"), facts=facts, now=self.arrivals.now)
                uow.commit()
            return
        key = keys[pick // 7 % len(keys)]
        for who, what in (("drafter", Action.SUBMIT), ("head", Action.APPROVE)):
            self._do(who, acts.act, document_id=key, action=what, version=None, remark="")
        self._further(key, pick)

    def _further(self, key: int, pick: int) -> None:
        given: dict[str, object] = {"document_id": key, "version": None}
        if pick // 10 % 5 < 3:
            self._do("clerk", files.confirm_format, blobs=self.blobs, base_url="http://localhost", accepted=False,
                     **given)  # fmt: skip
            if pick // 50 % 4:
                read = ink.InkSignature(
                    signer_post_id=self.office.posts["deputy"].id, capacity=Capacity.KT,
                    signed_on=local_day(self.arrivals.now), reason="Văn bản mật",
                )  # fmt: skip
                self._do("clerk", ink.record_ink, ink=read, **given)
                self._do("clerk", numbers.number, **given)
                self._do("clerk", acts.act, action=Action.ISSUE, remark="", **given)
        else:
            what = (Action.RETURN, Action.REJECT, Action.CANCEL, Action.WITHDRAW)[pick // 11 % 4]
            who = ("deputy", "drafter", "clerk")[pick // 13 % 3]
            self._do(who, acts.act, document_id=key, action=what, version=None, remark="Lý do")

    def _clocks(self, pick: int) -> None:
        keys = self._keys(Incoming.closed_at.is_(None))
        if not keys:
            return
        given: dict[str, object] = {"incoming_id": keys[pick // 3 % len(keys)], "version": None}
        until = local_day(self.arrivals.now) + (3 + pick % 40) * DAY
        for service, who, more in (
            (pausing.pause, "head", {"remark": "Chờ"}), (pausing.resume, "head", {}),
            (extending.ask, "specialist", {"until": until, "remark": "Chờ"}), (extending.grant, "leader", {}),
        ):  # fmt: skip
            if pick // 17 % 4 == 0:
                break
            self._do(who, service, **given, **more)
            self.arrivals.now += (pick % 3) * DAY

    def _entered(self, pick: int) -> None:
        """A figure of another system for this month or one before, or another number for one that is there."""
        office, scope = self.office, figures_scope(self.office.posts["admin"], agencies_below=())
        with unit_of_work(office.engine) as uow:
            lines = list(uow.session.scalars(select(EnteredFigure.id).order_by(EnteredFigure.id)))
            known = uow.session.scalars(select(EnteredIndicator.id)).first()
        number = f"{pick % 90}/90"
        meaning = entering.Meaning(name="Hồ sơ số hóa", about="Một cửa", shape=Shape.SHARE)
        period = month(local_day(self.arrivals.now) - pick // 7 % 3 * 20 * DAY).key
        try:
            with unit_of_work(office.engine) as uow:
                actor, now = office.actor("admin"), self.arrivals.now
                if known is None:
                    entering.define(uow, actor, scope, wanted=meaning, now=now)
                elif lines and pick % 3 == 0:
                    entering.correct(uow, actor, scope, line=lines[0], seen=lines[-1], figure=number, source="BC",
                                     reason="Sót", now=now)  # fmt: skip
                else:
                    unit = office.units[("economy", "culture", "office")[pick // 5 % 3]]
                    wanted = entering.Entry(
                        indicator_id=known, unit_id=unit, period=period, figure=number, source="BC"
                    )
                    entering.enter(uow, actor, scope, wanted=wanted, now=now)
                uow.commit()
        except WorkflowError:
            return

    def _explanations(self, pick: int) -> None:
        engine, now = self.office.engine, self.arrivals.now
        with unit_of_work(engine) as uow:
            late = overdue.unexplained(uow, now=now, limit=5)
        for incoming_id, part_id in late:
            with unit_of_work(engine) as uow:
                explaining.demand_for_job(uow, incoming_id=incoming_id, part_id=part_id, now=now)
                uow.commit()
        with unit_of_work(engine) as uow:
            rows = list(uow.session.scalars(select(Explanation).order_by(Explanation.id)))
            names = {post.person_id: name for name, post in self.office.posts.items()}
        for row in rows[pick // 10 % 2 :: 2]:
            given = {"incoming_id": row.incoming_id, "version": None, "explanation_id": row.id}
            if row.state in {"owed", "sent_back"}:
                self._do(names[row.person_id], explaining.explain, cause=explaining.Cause.SUBJECTIVE, words="Chậm",
                         **given)  # fmt: skip
            elif pick // 10 % 3:
                self._do("leader", explaining.accept, **given)
            else:
                self._do("leader", explaining.send_back, remark="Nêu rõ", **given)

    def hold(self) -> dict[str, int]:
        """At the end: nothing drifts, everything adds up, and who had what when a month ended is as it was seen."""
        engine, now = self.office.engine, self.arrivals.now
        for _night in self.closed:  # older months come round one a night
            months.recount(engine, now=now)
        again = months.recount(engine, now=now)
        assert all((one.adjustments, one.drifts) == (0, 0) for one in again.values()), again
        self._as_shown()
        met: Counter[str] = Counter()
        before: dict[Key, Place] | None = None
        for one in self.closed:
            _row, frozen, corrected = months.closed(engine, self.agency, one.key)
            with unit_of_work(engine) as uow:
                found = counting.facts(uow, Scope(agency_ids=(self.agency,)), one, now=now)[self.agency]
            assert corrected == found
            self._as_seen(one, frozen)
            _adds_up(found, before)
            before = found
            met.update(f"of {population}" for population, _key in found)
        with unit_of_work(engine) as uow:
            assert list(uow.session.scalars(select(FigureDrift))) == []
            causes = list(uow.session.scalars(select(FigureAdjustment.cause)))
        why = {str(one): causes.count(str(one)) for one in Cause if str(one) in causes}
        self._quarters()
        return {"closed": len(self.closed), "adjustments": len(causes), **why, **met}

    def _quarters(self) -> None:
        """A board of a quarter, closed months with their adjustments, says what its months say."""
        for first, second, third in zip(self.closed, self.closed[1:], self.closed[2:], strict=False):
            if first.first.month % 3 != 1:
                continue
            facts = [months.closed(self.office.engine, self.agency, one.key)[2] for one in (first, second, third)]
            told = [figures(tally(one)) for one in facts]
            parts = {Nature.FLOW: told, Nature.START: told[:1], Nature.END: told[-1:]}
            read = STOCK | populations_of(INDICATORS)
            names = {name: NATURES[count.population] for name, count in COUNTS.items() if count.population in read}
            wanted = {name: sum(one[name] for one in parts[nature]) for name, nature in names.items()}
            key = f"{first.first.year}-Q{(first.first.month + 2) // 3}"
            shown = boards.board(self.office, key, now=self.arrivals.now).total.figures
            assert {name: shown[name] for name in wanted} == wanted

    def _as_shown(self) -> None:
        """Counted as of a moment that has passed, a month is what its page showed then."""
        for one, moment, shown in self.shown:
            with unit_of_work(self.office.engine) as uow:
                then = counting.facts_then(uow, Scope(agency_ids=(self.agency,)), one, at=moment)[self.agency]
            differ = {key for key in then.keys() | shown.keys() if then.get(key) != shown.get(key)}
            again = {(Population.GIVEN, key) for population, key in differ if population is Population.GIVEN}
            assert differ <= again, [(key, shown.get(key), then.get(key)) for key in sorted(differ - again)]

    def _as_seen(self, one: Period, frozen: dict[Key, Place]) -> None:
        """Who had an open document when the month ended, and whether it was overdue, was read back later."""
        for (population, key), place in self.seen[one.key].items():
            if population in {Population.OPEN, Population.UNSIGNED, Population.UNEXPLAINED}:
                stands = frozen.get((population, key))
                assert stands is None or stands == place


def _adds_up(found: dict[Key, Place], before: dict[Key, Place] | None) -> None:
    """Carried + received = finished + ended + open; and what is carried is what was open a month before."""

    def of(population: Population, facts: dict[Key, Place] | None = None) -> set[int]:
        return {key for kind, key in (found if facts is None else facts) if kind is population}

    came = of(Population.CARRIED) | of(Population.RECEIVED)
    gone = of(Population.FINISHED) | of(Population.ENDED) | of(Population.OPEN)
    assert came == gone
    assert not of(Population.CARRIED) & of(Population.RECEIVED)
    if before is not None:
        assert of(Population.CARRIED) == of(Population.OPEN, before)


def _live(engine: Engine, folder: Path, chance: random.Random, *, steps: int) -> dict[str, int]:
    life = Months(build(engine), folder)
    for number in range(4):
        life.arrivals.in_progress(facts=(PAPER, CITIZEN)[number % 2])
    signed = {"leader_kind": "public_service", "seal_kind": "public", "issued_at": BEGAN}
    add_issued(life.office, issued_row(life.office, **signed))  # a real signature takes longer than a life
    for _step in range(steps):
        life.step(chance.randrange(10**6))
    end = month(local_day(life.arrivals.now)).end
    life.arrivals.now = end - DAY
    life.tick()
    life.arrivals.now = end + 8 * DAY
    life.tick(again=True)
    return life.hold()


@pytest.mark.soak
def test_live_is_recomputed_is_frozen_and_adjusted(
    sqlite_template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Over random lives of an office, on SQLite."""
    found: Counter[str] = Counter()
    path = tmp_path / "months.db"

    @settings(
        max_examples=counts.times(4, soak=300), deadline=None, derandomize=not counts.SOAK,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
    )  # fmt: skip
    @given(st.integers(1, 10**9))
    def lives(seed: int) -> None:
        for left in tmp_path.glob("months.db*"):
            left.unlink()
        path.write_bytes(sqlite_template.read_bytes())
        with lent(f"sqlite:///{path}", durable=False) as engine:
            found.update(_live(engine, tmp_path / "blobs", random.Random(seed), steps=90))

    lives()
    with capsys.disabled():
        print(f"\nmonths: {', '.join(f'{number} {name}' for name, number in found.items())}")
    assert found["closed"] > 0
    assert {Cause.REOPENED, Cause.EXPLANATION} <= found.keys()
    often = {Population.OPEN, Population.UNSIGNED, Population.BACKLOG, Population.DEMANDED, Population.ENTERED}
    met = {population for population in Population if found[f"of {population}"]}
    assert met >= (set(Population) - {Population.TIMED} if counts.SOAK else often)


@pytest.mark.postgresql
def test_the_same_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    """One life, there."""
    with lent(postgresql_url) as engine:
        found = _live(engine, tmp_path / "blobs", random.Random(7), steps=60)
    assert found["closed"] > 0
