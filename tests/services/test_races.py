"""Two people at the same thing at the same moment, on PostgreSQL: one wins, the other is told why, nothing lies.

Both have seen the document before the gate opens, each on a connection of its own; nobody sleeps.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.support.arrivals import Arrivals
from tests.support.exchange import Between
from tests.support.office import NOON, Office, build
from workflow.domain.errors import Conflict, Missing, NotFound, WorkflowError, WrongState
from workflow.domain.incoming import Result
from workflow.domain.permissions import figures_scope
from workflow.services import handover
from workflow.services.exchange import extensions, recalling
from workflow.services.handover import Kind
from workflow.services.incoming import deadlines, extending, registering, routing, working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.journal import verify_subject
from workflow.store import incoming as store
from workflow.store.models import ExtensionRequest, Incoming
from workflow.store.session import UnitOfWork, make_engine, unit_of_work

pytestmark = pytest.mark.postgresql
ROUNDS = 3
KIND = (Conflict, WrongState, Missing, NotFound)
"""What the slower one may be told: it moved, it is not possible any more, it is not there for you any more."""
DAY = dt.timedelta(days=1)


@pytest.fixture
def office(postgresql_url: str) -> Iterator[Office]:
    """The small province, with a connection for each of two people."""
    engine = make_engine(postgresql_url)
    yield build(engine)
    engine.dispose()


class Race:
    """Acts that begin when all are ready; `told` is what each was refused with."""

    def __init__(self, office: Office, now: dt.datetime) -> None:
        self.office = office
        self.now = now + dt.timedelta(minutes=5)
        self.acts: list[Callable[[], None]] = []

    def act(self, name: str, service: Callable[..., Any], **given: Any) -> Race:
        """One act of one person."""
        scope = figures_scope(self.office.posts[name], agencies_below=()) if name == "admin" else None

        def run() -> None:
            with unit_of_work(self.office.engine) as uow:
                uow.session.execute(select(1))  # the connection stands before the gate opens
                uow.rollback()
                self.gate.wait()
                reach = scope or self.office.scope(name)
                service(uow, self.office.actor(name), reach, now=self.now, **given)
                uow.commit()

        self.acts.append(run)
        return self

    def told(self) -> list[WorkflowError | None]:
        """Run them; anything but a refusal is a failure."""
        self.gate = threading.Barrier(len(self.acts), timeout=60)
        answers: list[WorkflowError | None] = [None] * len(self.acts)
        broken: list[BaseException] = []

        def one(place: int) -> None:
            try:
                self.acts[place]()
            except WorkflowError as refused:
                answers[place] = refused
            except BaseException as error:
                broken.append(error)

        threads = [threading.Thread(target=one, args=(place,)) for place in range(len(self.acts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not broken, broken
        return answers


def while_open(
    office: Office, first: Callable[[UnitOfWork], object], second: Callable[[UnitOfWork], object]
) -> None:
    """`second` begins while what `first` wrote is not durable yet; both are done in the end."""
    broken: list[BaseException] = []

    def run() -> None:
        try:
            with unit_of_work(office.engine) as uow:
                second(uow)
                uow.commit()
        except BaseException as error:
            broken.append(error)

    waiting = threading.Thread(target=run)
    with unit_of_work(office.engine) as uow:
        first(uow)
        waiting.start()
        waiting.join(1.5)
        uow.commit()
    waiting.join(60)
    assert not broken, broken


def one_winner(told: Sequence[WorkflowError | None]) -> int:
    """Which one won; the other was told kindly."""
    assert [error is None for error in told].count(True) == 1, told
    assert all(isinstance(error, KIND) for error in told if error is not None), told
    return next(place for place, error in enumerate(told) if error is None)


def whole(office: Office, incoming_id: int) -> Incoming:
    """Its state is its history's last line, and its chain holds."""
    with unit_of_work(office.engine) as uow:
        row = uow.session.get_one(Incoming, incoming_id)
        last = store.last_history(uow.session, incoming_id)
        assert last is not None
        assert last.to_state == row.state
        assert verify_subject(uow, f"incoming:{incoming_id}").holds
        return row


def test_one_arrival_registered_twice(office: Office) -> None:
    """One number, the other reads that somebody was faster; the next paper gets the next number."""
    arrivals = Arrivals(office)
    for number in range(1, ROUNDS + 1):
        given = {"incoming_id": arrivals.paper().id, "version": 1}
        race = Race(office, arrivals.now)
        one_winner(
            race.act("clerk", registering.register, **given).act("clerk", registering.register, **given).told()
        )
        assert whole(office, given["incoming_id"]).number == number


def test_many_clerks_draw_numbers_at_once(office: Office) -> None:
    """Everybody gets one; none is missing, none comes twice."""
    arrivals, race = Arrivals(office), Race(office, NOON)
    for _ in range(6):
        race.act("clerk", registering.register, incoming_id=arrivals.paper().id, version=1)
    assert race.told() == [None] * 6
    with unit_of_work(office.engine) as uow:
        numbers = uow.session.scalars(select(Incoming.number).order_by(Incoming.number)).all()
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_two_heads_assign_at_once(office: Office) -> None:
    """One handler, who stands on the lead part too."""
    arrivals, names = Arrivals(office), ("specialist", "drafter")
    for _ in range(ROUNDS):
        found, race = arrivals.directed(), Race(office, arrivals.now)
        for name in names:
            post = office.posts[name].id
            race.act("head", routing.assign, incoming_id=found.id, version=found.version, handler_post_id=post)
        winner = office.posts[names[one_winner(race.told())]].person_id
        assert whole(office, found.id).handler_id == winner
        with unit_of_work(office.engine) as uow:
            lead = [part.person_id for part in store.live_parts(uow.session, found.id) if part.part == "lead"]
        assert lead == [winner]


def test_an_extension_is_granted_while_it_is_done(office: Office) -> None:
    """The sender's answer comes before the end of the work and moves the date, or after it and moves nothing."""
    post = Between(office)
    for _ in range(ROUNDS):
        out = post.sent()
        key = post.started(out).id
        due = post.now.date() + 3 * DAY
        later = due + 7 * DAY
        post.do("far_leader", deadlines.set_due, incoming_id=key, version=None, choice=DueChoice(day=due))
        words = {"incoming_id": key, "version": None, "until": later, "remark": "Chờ số liệu"}
        post.do("far_drafter", extending.ask, between=True, **words)
        post.do("far_leader", extensions.send, **words)
        with unit_of_work(office.engine) as uow:
            request = uow.session.scalar(select(func.max(ExtensionRequest.id))) or 0
            version = uow.session.get_one(Incoming, key).version
        race = Race(office, post.now)
        race.act("leader", extensions.answer, document_id=out, request_id=request, grant=True, remark="")
        race.act(
            "far_drafter", working.finish, incoming_id=key, version=version, result=Result.SETTLED, words="Xong"
        )
        granted = one_winner(race.told()) == 0
        row = whole(office, key)
        with unit_of_work(office.engine) as uow:
            state = uow.session.get_one(ExtensionRequest, request).state
            assert store.asked_extension(uow.session, key) is None
        assert row.due_at is not None
        seen = (state, row.due_at.date(), row.state)
        assert seen == (("granted", later, "in_progress") if granted else ("lapsed", due, "done"))


def test_a_post_is_handed_over_while_its_holder_acts(office: Office) -> None:
    """Finished by who leaves, or handed over to who stays: never both, never with nobody."""
    arrivals, posts = Arrivals(office), office.posts
    for _ in range(ROUNDS):
        found, race = arrivals.in_progress(), Race(office, arrivals.now)
        race.act(
            "admin", handover.hand_over, post_id=posts["specialist"].id, to={Kind.WORK: posts["drafter"].id},
            reason="QĐ 15",
        )  # fmt: skip
        race.act("specialist", working.finish, incoming_id=found.id, version=found.version, result=Result.SETTLED,
                 words="Xong")  # fmt: skip
        handed = one_winner(race.told()) == 0
        row = whole(office, found.id)
        taker = posts["drafter" if handed else "specialist"].person_id
        assert (row.state, row.handler_id) == ("in_progress" if handed else "done", taker)
        assert row.holder_id == (taker if handed else None)


def test_recalled_while_it_is_registered(office: Office) -> None:
    """Gone before it had a number, or registered and asked for; no number is lost."""
    post, registered = Between(office), 0
    for _ in range(ROUNDS):
        out = post.sent()
        row = post.arrived(out)
        race = Race(office, post.now)
        race.act("leader", recalling.ask_recall, document_id=out, reason="Sai thẩm quyền")
        race.act("far_clerk", registering.register, incoming_id=row.id, version=row.version)
        recall, register = race.told()
        after = whole(office, row.id)
        assert recall is None, "the sender's word is never lost"
        assert after.recall_asked_at is not None
        if register is None:
            registered += 1
            assert (after.state, after.number) == ("registered", registered)
            assert post.codes(out)[-2:] in (["03", "13"], ["13", "03"])
        else:
            assert isinstance(register, KIND)
            assert (after.state, after.number) == ("recalled", None)
            assert post.codes(out)[-1] == "15"
