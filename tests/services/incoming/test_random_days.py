"""Random people do random things to incoming documents: nothing they do breaks what must always hold."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, func, select

from tests.support import counts
from tests.support.arrivals import Arrivals
from tests.support.office import Office, build
from workflow.domain.errors import WorkflowError
from workflow.domain.incoming import CLOSED, STEPS, Action, Part, Result, State
from workflow.domain.permissions import Scope
from workflow.domain.terms import Measure, Term
from workflow.services import journal
from workflow.services.incoming import deadlines, registering, routing, working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.routing import Direction, To
from workflow.store import incoming as store
from workflow.store.models import Incoming, IncomingHistory, IncomingPart, Series
from workflow.store.session import UnitOfWork, make_engine, unit_of_work

PEOPLE = ("clerk", "chief", "leader", "deputy", "head", "specialist", "drafter", "culture_head", "lone_drafter",
          "admin", "inspector", "far_clerk", "far_leader", "far_drafter")  # fmt: skip
ACTS = (
    *sorted(working.PLAIN), "register", "decline", "submit", "propose", "pass", "direct", "accept", "assign",
    "finish", "close", "contribute", "due", "read",
)  # fmt: skip


class Day:
    """Two agencies and what their people try; each act is refused or done whole."""

    def __init__(self, office: Office) -> None:
        self.arrivals = Arrivals(office)
        self.office = office
        self.chance = random.Random(0)
        self.done = 0

    def attempt(self, name: str, what: str, pick: int) -> None:
        """Somebody tries something on one of the documents, theirs or not."""
        self.chance = random.Random(pick)
        if ids := self._ids():
            self._refused_or_done(name, what, self.chance.choice(ids))

    def likely(self, pick: int) -> None:
        """Somebody tries what their role may do from there, or no day would get far."""
        self.chance = random.Random(pick)
        if ids := self._ids():
            self._likely(ids)

    def _ids(self) -> list[int]:
        with unit_of_work(self.office.engine) as uow:
            return list(uow.session.scalars(select(Incoming.id).order_by(Incoming.id)))

    def _refused_or_done(self, name: str, what: str, number: int) -> None:
        try:
            self._try(name, what, number)
            self.done += 1
        except WorkflowError:
            return

    def _likely(self, ids: list[int]) -> None:
        number = self.chance.choice(ids)
        with unit_of_work(self.office.engine) as uow:
            state = State(uow.session.get_one(Incoming, number).state)
        roles = {self.office.posts[name].role: name for name in self.chance.sample(PEOPLE, len(PEOPLE))}
        words = {Action.SET_DUE: "due", Action.PASS: "pass"}
        steps = [step for step in STEPS if step.source == state and step.role in roles]
        steps = [step for step in steps if words.get(step.action, str(step.action)) in ACTS]
        if steps:
            step = self.chance.choice(steps)
            self._refused_or_done(roles[step.role], words.get(step.action, str(step.action)), number)

    def _try(self, name: str, what: str, number: int) -> None:
        given: dict[str, Any] = {"incoming_id": number, "version": None}
        words = self.chance.choice(("", "Lý do"))
        posts = self.office.posts
        leader = posts[self.chance.choice(("leader", "deputy", "far_leader", "head"))].id
        do = self.arrivals.do
        later = {"later": dt.timedelta(minutes=self.chance.randrange(1, 900))}
        if what in working.PLAIN:
            do(name, working.act, action=Action(what), remark=words, **given, **later)
        elif what == "register":
            do(name, registering.register, **given, **later)
        elif what == "decline":
            do(name, registering.decline, remark=words, **given, **later)
        elif what == "submit":
            do(name, routing.submit, leader_post_id=self.chance.choice((None, leader)), **given, **later)
        elif what == "propose":
            do(name, routing.propose, direction=self._direction(), leader_post_id=leader, **given, **later)
        elif what == "pass":
            do(name, routing.pass_on, leader_post_id=leader, **given, **later)
        elif what == "direct":
            do(name, routing.direct, direction=self._direction(), remark=words, **given, **later)
        elif what == "accept":
            do(name, routing.accept_proposal, **given, **later)
        elif what == "assign":
            handler = posts[self.chance.choice(("specialist", "drafter", "head", "lone_drafter", "far_drafter"))].id
            do(name, routing.assign, handler_post_id=handler, remark=words, **given, **later)
        elif what == "finish":
            do(name, working.finish, result=Result.SETTLED, words=words, **given, **later)
        elif what == "close":
            do(name, working.close, words=words, **given, **later)
        elif what == "contribute":
            do(name, working.contribute, incoming_id=number, part_id=self._any_part(number), words=words, **later)
        elif what == "due":
            do(name, deadlines.set_due, choice=self._due(), remark=words, **given, **later)
        elif what == "read":
            do(name, working.read, incoming_id=number, **later)

    def _direction(self) -> Direction:
        units = self.chance.sample(("economy", "culture", "office", "far_office"), 2)
        second = self.chance.choice((Part.COORDINATE, Part.INFORM, Part.LEAD))
        to = (To(part=Part.LEAD, unit_id=self.office.units[units[0]]),
              To(part=second, unit_id=self.office.units[units[1]]))  # fmt: skip
        return Direction(to=to, words="Xử lý", due=self.chance.choice((None, self._due())))

    def _due(self) -> DueChoice:
        return self.chance.choice((
            deadlines.NO_DEADLINE, DueChoice(term=Term(Measure.WORKING_DAYS, self.chance.randrange(1, 15))),
            DueChoice(term=Term(Measure.HOURS, self.chance.randrange(1, 40))),
        ))  # fmt: skip

    def _any_part(self, number: int) -> int:
        with unit_of_work(self.office.engine) as uow:
            parts = list(
                uow.session.scalars(
                    select(IncomingPart.id).where(IncomingPart.incoming_id == number).order_by(IncomingPart.id)
                )
            )
        return self.chance.choice(parts) if parts else 0


def hold(uow: UnitOfWork, office: Office) -> None:
    """What is true after every act."""
    rows = uow.session.scalars(select(Incoming)).all()
    for row in rows:
        last = store.last_history(uow.session, row.id)
        assert last is not None
        assert last.to_state == row.state, "the state is the last line of its history"
        leads = [part for part in store.live_parts(uow.session, row.id) if part.part == Part.LEAD]
        assert len(leads) <= 1
        if State(row.state) in {State.DIRECTED, State.ASSIGNED, State.IN_PROGRESS}:
            assert [part.unit_id for part in leads] == [row.lead_unit_id], "one lead, the one that is shown"
        if State(row.state) in {State.ASSIGNED, State.IN_PROGRESS}:
            assert leads[0].person_id == row.handler_id
        assert (row.closed_at is None) == (State(row.state) not in CLOSED)
        assert journal.verify_subject(uow, f"incoming:{row.id}").holds
    _numbers_without_gaps(uow)
    _nobody_sees_more(uow, office, rows)


def _numbers_without_gaps(uow: UnitOfWork) -> None:
    drawn: dict[tuple[int, int], list[int]] = {}
    for register, year, number in uow.session.execute(
        select(Incoming.register_id, Incoming.year, Incoming.number).where(Incoming.number.is_not(None))
    ):
        drawn.setdefault((register, year), []).append(number)
    for (register, year), numbers in drawn.items():
        last = uow.session.scalar(
            select(Series.last_number).where(Series.register_id == register, Series.year == year)
        )
        assert sorted(numbers) == list(range(1, (last or 0) + 1))


def _nobody_sees_more(uow: UnitOfWork, office: Office, rows: Any) -> None:
    """Who reaches a document: its agency's clerks, leaders and office; units and people with a part in it."""
    for name in PEOPLE:
        post, scope = office.posts[name], office.scope(name)
        seen = set(uow.session.scalars(select(Incoming.id).where(store.within(scope))))
        expected = {row.id for row in rows if _may(uow, office, name, row, scope)}
        assert seen == expected, (name, post.role)
        count = uow.session.scalar(select(func.count()).select_from(Incoming).where(store.within(scope)))
        assert count == len(expected)


def _may(uow: UnitOfWork, office: Office, name: str, row: Incoming, scope: Scope) -> bool:
    post = office.posts[name]
    if name in {"clerk", "chief", "leader", "deputy", "inspector", "far_clerk", "far_leader"} and (
        post.agency_id == row.agency_id
    ):
        return True
    if name == "admin":
        return False
    return any(
        part.unit_id == post.unit_id or part.person_id == post.person_id
        for part in store.live_parts(uow.session, row.id)
    )


class RandomDays(RuleBasedStateMachine):
    """Hypothesis chooses who, what and on which document; after every act everything must hold."""

    template: Path
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.path = self.folder / "day.db"
        for left in self.folder.glob("day.db*"):
            left.unlink()
        self.path.write_bytes(self.template.read_bytes())
        self.engine = make_engine(f"sqlite:///{self.path}", durable=False)
        self.day = Day(build(self.engine))

    @initialize()
    def first(self) -> None:
        """The day begins with a paper in each agency."""
        self.day.arrivals.paper()
        self.day.arrivals.paper(clerk="far_clerk")

    @rule(clerk=st.sampled_from(("clerk", "far_clerk")))
    def arrive(self, clerk: str) -> None:
        """One more paper."""
        self.day.arrivals.paper(clerk=clerk)

    @rule(name=st.sampled_from(PEOPLE), what=st.sampled_from(ACTS), pick=st.integers(0, 10**6))
    def attempt(self, name: str, what: str, pick: int) -> None:
        """Anybody, anything."""
        self.day.attempt(name, what, pick)

    @rule(pick=st.integers(0, 10**6))
    def likely(self, pick: int) -> None:
        """What a role may do."""
        self.day.likely(pick)

    @rule(pick=st.integers(0, 10**6))
    def likely_too(self, pick: int) -> None:
        """The same, so that it happens more often."""
        self.day.likely(pick)

    @invariant()
    def everything_holds(self) -> None:
        """After every act."""
        with unit_of_work(self.engine) as uow:
            hold(uow, self.day.office)

    def teardown(self) -> None:
        """Give the file back."""
        self.engine.dispose()


@pytest.mark.soak
def test_random_days_break_nothing(sqlite_template: Path, tmp_path: Path) -> None:
    """Invariants after every act of every random day."""
    RandomDays.template, RandomDays.folder = sqlite_template, tmp_path
    run_state_machine_as_test(
        RandomDays,
        settings=settings(
            max_examples=counts.times(10, soak=400), stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_a_random_day_gets_somewhere(engine: Engine) -> None:
    """The control, on both databases: such a day really does something and comes to later states."""
    day = Day(build(engine))
    for _ in range(8):
        day.arrivals.directed()
    for pick in range(120):
        day.likely(pick)
    with unit_of_work(engine) as uow:
        hold(uow, day.office)
    with unit_of_work(engine) as uow:
        reached = set(uow.session.scalars(select(IncomingHistory.to_state)))
    assert day.done > 10
    assert {"registered", "submitted", "directed", "done"} <= reached, reached
