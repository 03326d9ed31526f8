"""Many at once: each document by the single act, once only, whoever pushes and whatever is killed in between."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
from sqlalchemy import select

from tests.support.arrivals import Arrivals
from tests.support.issued import add_signed as signed
from tests.support.office import NOON, Office, build
from workflow.adapters.blobs import Blobs
from workflow.domain.bulk import KINDS, Act, Direction, ItemState, RunState, fitting_states, needs_of
from workflow.domain.errors import BadInput, NotFound, NotPermitted, WorkflowError
from workflow.domain.incoming import STEPS
from workflow.domain.people import Role
from workflow.services.bulk import running
from workflow.services.bulk.acts import Tools
from workflow.services.bulk.running import Order
from workflow.store import bulk as store
from workflow.store.models import BulkRun, Outgoing, Person, PostRow, RegisterNumber
from workflow.store.session import make_engine, unit_of_work

TOOLS = Tools(blobs=cast(Blobs, None), base_url="http://localhost")
"""None of the acts below makes a file."""


def order(office: Office, who: str, act: Act, keys: Iterable[int], *, form: str = "f", **more: Any) -> int:
    """A run as its form orders it; documents as they stand at version 5 unless they come with their own."""
    picked = tuple(key if isinstance(key, tuple) else (key, 5) for key in keys)
    with unit_of_work(office.engine) as uow:
        given = Order(act=act, picked=picked, form=form, **more)
        made = running.order(uow, office.actor(who), office.scope(who), given=given, now=NOON)
        uow.commit()
    return made


def push(office: Office, who: str, run: int, *, steps: int = 999, now: dt.datetime = NOON) -> bool:
    """What the door does in one request: take the turn, do a few, end the turn. False: another is at it."""
    actor, scope = office.actor(who), office.scope(who)
    with unit_of_work(office.engine) as uow:
        mine = running.take_turn(uow, actor, run_id=run, now=now)
        uow.commit()
        if not mine:
            return False
        for _step in range(steps):
            place = store.next_place(uow.session, run)
            if place is None:
                break
            one(uow, actor, scope, run, place, now)
        running.end_turn(uow, actor, run_id=run, now=now)
        uow.commit()
        return True


def one(uow: Any, actor: Any, scope: Any, run: int, place: int, now: dt.datetime) -> None:
    try:
        running.do_one(uow, actor, scope, run_id=run, place=place, tools=TOOLS, now=now)
        uow.commit()
    except WorkflowError as refused:
        uow.rollback()
        running.note_refused(uow, actor, run_id=run, place=place, error=refused, now=now)
        uow.commit()


def results(office: Office, run: int) -> list[tuple[str, str]]:
    """(state, code) of each line."""
    with unit_of_work(office.engine) as uow:
        return [(row.state, row.code) for row in store.items(uow.session, run)]


def numbers(office: Office, keys: Iterable[int]) -> list[int | None]:
    """As the documents have them, in the order asked."""
    wanted = list(keys)
    with unit_of_work(office.engine) as uow:
        rows = uow.session.execute(select(Outgoing.id, Outgoing.number).where(Outgoing.id.in_(wanted)))
        found = {row.id: row.number for row in rows}
    return [found[key] for key in wanted]


def drawn(office: Office) -> list[int]:
    """Every number of every register, in rising order."""
    with unit_of_work(office.engine) as uow:
        return sorted(uow.session.scalars(select(RegisterNumber.number)))


def test_numbers_follow_the_order_of_the_list(office: Office) -> None:
    """Not the order of the keys; no gap; the run is over when no document waits."""
    keys = list(reversed(signed(office, 4)))
    run = order(office, "clerk", Act.NUMBER, keys)
    assert push(office, "clerk", run)
    assert numbers(office, keys) == [1, 2, 3, 4]
    assert drawn(office) == [1, 2, 3, 4]
    with unit_of_work(office.engine) as uow:
        row = uow.session.get_one(BulkRun, run)
        assert (row.state, row.finished_at, row.taken_until) == (RunState.DONE, NOON, None)
    assert not push(office, "clerk", run), "a finished run is not begun again"


def test_the_same_form_orders_one_run(office: Office) -> None:
    """A double click, a second tab: the same run, and nothing is numbered twice."""
    keys = signed(office, 2)
    first = order(office, "clerk", Act.NUMBER, keys, form="once")
    push(office, "clerk", first)
    assert order(office, "clerk", Act.NUMBER, keys, form="once") == first
    push(office, "clerk", first)
    assert drawn(office) == [1, 2]


def test_a_stale_one_is_refused_by_itself_and_can_be_tried_again(office: Office) -> None:
    """The others are done; the second run holds only what was refused, as it stands now."""
    keys = signed(office, 3)
    run = order(office, "clerk", Act.NUMBER, [(keys[0], 5), (keys[1], 4), (keys[2], 5)])
    push(office, "clerk", run)
    assert results(office, run) == [("done", ""), ("refused", "stale"), ("done", "")]
    with unit_of_work(office.engine) as uow:
        clerk = office.actor("clerk")
        later = running.order_again(uow, clerk, office.scope("clerk"), run_id=run, form="again", now=NOON)
        uow.commit()
    push(office, "clerk", later)
    assert results(office, later) == [("done", "")]
    assert numbers(office, keys) == [1, 3, 2]


def test_killed_in_the_middle_it_goes_on_behind_what_was_done(office: Office) -> None:
    """Nothing is done twice; the turn of the killed request is waited for, then taken over."""
    keys = signed(office, 4)
    run = order(office, "clerk", Act.NUMBER, keys)
    clerk, scope = office.actor("clerk"), office.scope("clerk")
    with unit_of_work(office.engine) as uow:
        assert running.take_turn(uow, clerk, run_id=run, now=NOON)
        uow.commit()
        one(uow, clerk, scope, run, 1, NOON)
        running.do_one(uow, clerk, scope, run_id=run, place=2, tools=TOOLS, now=NOON)  # killed before its commit
    assert drawn(office) == [1]
    assert not push(office, "clerk", run, now=NOON + dt.timedelta(seconds=30)), "the killed one may still be at it"
    assert push(office, "clerk", run, now=NOON + running.TURN)
    assert numbers(office, keys) == [1, 2, 3, 4]
    assert drawn(office) == [1, 2, 3, 4]


def test_what_is_out_of_reach_is_left_out_without_a_word(office: Office) -> None:
    """Another agency's documents look like keys that do not exist; with nothing else nothing is ordered."""
    [foreign] = signed(office, 1, unit="far_office")
    [own] = signed(office, 1)
    run = order(office, "clerk", Act.NUMBER, [foreign, own, 999_999])
    push(office, "clerk", run)
    assert results(office, run) == [("done", "")]
    assert numbers(office, [foreign]) == [None]
    with pytest.raises(BadInput, match="nothing_ticked"):
        order(office, "clerk", Act.NUMBER, [foreign], form="g")


def test_a_run_is_its_orderers_own(office: Office) -> None:
    """Nobody else sees it or goes on with it, not even the clerk of another agency or the leader of this one."""
    run = order(office, "clerk", Act.NUMBER, signed(office, 1))
    for who in ("leader", "far_clerk", "drafter"):
        with pytest.raises(NotFound), unit_of_work(office.engine) as uow:
            store.run(uow.session, office.actor(who), run)
        with pytest.raises(NotFound):
            push(office, who, run)
    assert drawn(office) == []


@pytest.mark.parametrize("who", ["drafter", "head", "leader", "inspector", "admin"])
def test_only_who_may_do_it_one_by_one_may_order_it(office: Office, who: str) -> None:
    """Numbers are the clerk's."""
    keys = signed(office, 1)
    with pytest.raises(NotPermitted):
        order(office, who, Act.NUMBER, keys)


def test_a_head_approves_only_in_the_own_unit(office: Office) -> None:
    """What lies before another unit's head is not even counted."""
    own = signed(office, 2, state="in_review", signed_at=None, leader_verdict="")
    other = signed(office, 1, state="in_review", signed_at=None, leader_verdict="", unit="culture")
    with unit_of_work(office.engine) as uow:  # the head reaches the own unit only
        reach = running.store.reachable(office.scope("head"), uow.session, running.Direction.OUT, [*own, *other])
    run = order(office, "head", Act.APPROVE, [*own, *other])
    push(office, "head", run)
    assert reach == set(own)
    assert results(office, run) == [("done", "")] * 2


def test_nothing_that_takes_a_reason_is_done_to_many() -> None:
    """Another direction, or work taken from its handler: each has a reason of its own."""
    assert fitting_states(Act.ASSIGN, Role.UNIT_HEAD) == ("directed", "assigned")
    assert fitting_states(Act.DIRECT, Role.LEADER) == ("submitted",)


def test_what_is_done_to_many_arrivals_needs_one_thing_of_each() -> None:
    """Every step of a role to an act needs the same, so that the list can be narrowed to it."""
    for act, kind in KINDS.items():
        for role in Role if kind.direction is Direction.IN else ():
            steps = [one for one in STEPS if one.role == role and one.action == kind.action and not one.reason]
            assert all(frozenset(one.needs) == needs_of(act, role) for one in steps), (act, role)
    assert needs_of(Act.CLOSE, Role.DRAFTER) == {"handler"}
    assert needs_of(Act.CLOSE, Role.UNIT_HEAD) == {"lead_unit"}
    assert needs_of(Act.SUBMIT, Role.CLERK) == frozenset()


def test_many_arrivals_are_directed_then_assigned(office: Office) -> None:
    """A leader to one lead unit, its head to one person; the order has to say to whom."""
    arrivals = Arrivals(office)
    came = [arrivals.submitted() for _ in range(2)]
    picked = [(row.id, row.version) for row in came]
    with pytest.raises(BadInput, match="bulk_recipient"):
        order(office, "leader", Act.DIRECT, picked)
    run = order(office, "leader", Act.DIRECT, picked, wanted={"unit": office.units["economy"], "words": "Xử lý"})
    push(office, "leader", run, now=arrivals.now)
    assert results(office, run) == [("done", "")] * 2
    with unit_of_work(office.engine) as uow:
        found = store.present(office.scope("head"), uow.session, running.Direction.IN, [row.id for row in came])
    picked = [(key, row.version) for key, row in found.items()]
    run = order(office, "head", Act.ASSIGN, picked, wanted={"handler": office.posts["specialist"].id})
    push(office, "head", run, now=arrivals.now)
    assert results(office, run) == [("done", "")] * 2
    foreign = order(
        office, "head", Act.ASSIGN, picked, form="g", wanted={"handler": office.posts["far_drafter"].id}
    )
    push(office, "head", foreign, now=arrivals.now)
    assert {state for state, _code in results(office, foreign)} == {ItemState.REFUSED}


@pytest.fixture
def crowded(postgresql_url: str) -> Iterator[Office]:
    """The small province with a second clerk, and a connection for each of them."""
    engine = make_engine(postgresql_url)
    office = build(engine)
    office.posts["second"], office.names["second"] = _second_clerk(office), "Văn thư thứ hai"
    yield office
    engine.dispose()


@pytest.mark.postgresql
def test_two_people_at_overlapping_documents(crowded: Office) -> None:
    """Two clerks number the same documents at the same moment: each one once, no number lost or given twice."""
    office, keys = crowded, signed(crowded, 8)
    runs = {
        "clerk": order(office, "clerk", Act.NUMBER, keys[:6]),
        "second": order(office, "second", Act.NUMBER, keys[2:]),
    }
    gate, broken = threading.Barrier(2, timeout=30), list[BaseException]()

    def work(who: str) -> None:
        try:
            gate.wait()
            push(office, who, runs[who])
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=work, args=(who,)) for who in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not broken, broken
    assert sorted(numbers(office, keys), key=int) == list(range(1, 9))
    assert drawn(office) == list(range(1, 9))
    told = [line for run in runs.values() for line in results(office, run)]
    assert sum(state == "done" for state, _code in told) == 8
    assert {code for state, code in told if state == "refused"} <= {"stale", "wrong_state"}


def _second_clerk(office: Office) -> Any:
    first = office.posts["clerk"]
    with unit_of_work(office.engine) as uow:
        person = Person(full_name="Văn thư thứ hai", email="second@example.gov.vn")
        uow.add(person)
        uow.flush()
        row = PostRow(
            person_id=person.id, unit_id=first.unit_id, agency_id=first.agency_id, role=first.role,
            title="Văn thư", valid_from=first.valid_from,
        )  # fmt: skip
        uow.add(row)
        uow.flush()
        made = replace(first, id=row.id, person_id=person.id)
        uow.commit()
    return made
