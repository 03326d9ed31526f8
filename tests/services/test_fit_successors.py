"""Who takes over must be fit for each document; those that do not fit are named before anything moves."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from tests.support.arrivals import Arrivals
from tests.support.office import NOON, Office
from workflow.domain.errors import BadInput, Missing
from workflow.domain.incoming import Part
from workflow.domain.people import Role
from workflow.domain.permissions import figures_scope
from workflow.services import handover, people
from workflow.services.handover import Kind
from workflow.services.incoming import routing
from workflow.services.incoming.routing import Direction, To
from workflow.services.journal import verify_subject
from workflow.store import handovers as store
from workflow.store import incoming as incoming_store
from workflow.store.models import Incoming, IncomingHistory, Outbox, PostRow
from workflow.store.session import unit_of_work

DECREE = "Quyết định số 12/QĐ-UBND ngày 20/11/2026"
Choices = Mapping[str, int | None]


@pytest.fixture
def arrivals(office: Office) -> Arrivals:
    """Acts by short names."""
    return Arrivals(office)


def hand(arrivals: Arrivals, name: str, to: Mapping[Kind, int | None], apart: Choices | None = None) -> None:
    """The administrator hands a post over."""
    office = arrivals.office
    with unit_of_work(office.engine) as uow:
        scope = figures_scope(office.posts["admin"], agencies_below=())
        handover.hand_over(
            uow, office.actor("admin"), scope, post_id=office.posts[name].id, to=to, apart=apart, reason=DECREE,
            now=arrivals.now,
        )  # fmt: skip
        uow.commit()


def held(arrivals: Arrivals, name: str) -> handover.Holdings:
    """What a post holds."""
    office = arrivals.office
    with unit_of_work(office.engine) as uow:
        scope = figures_scope(office.posts["admin"], agencies_below=())
        return handover.holdings(uow, office.actor("admin"), scope, post_id=office.posts[name].id, now=arrivals.now)


def row(arrivals: Arrivals, key: int) -> Incoming:
    """A document as it stands."""
    with unit_of_work(arrivals.office.engine) as uow:
        return uow.session.get_one(Incoming, key)


def given_to(arrivals: Arrivals, person: str, *, part: Part, unit: str = "economy") -> int:
    """A document of the economy unit with a part in a person's name."""
    found, office = arrivals.submitted(), arrivals.office
    lead = "culture" if unit == "economy" else "economy"
    to = (
        To(part=Part.LEAD, unit_id=office.units[lead]),
        To(part=part, unit_id=office.units[unit], person_id=office.posts[person].person_id),
    )
    arrivals.do("leader", routing.direct, incoming_id=found.id, version=None, direction=Direction(to=to))
    return found.id


def test_the_unfit_are_named_and_nothing_moves(arrivals: Arrivals) -> None:
    """A specialist of another unit may know what was only to be known; what is under work and what is coordinated
    must stay in the unit, or goes back to its head.
    """
    posts = arrivals.office.posts
    work, known = arrivals.in_progress().id, given_to(arrivals, "specialist", part=Part.INFORM)
    asked = given_to(arrivals, "specialist", part=Part.COORDINATE)
    keys = {item.document.id: item.key for item in held(arrivals, "specialist").items}
    other = {Kind.WORK: posts["lone_drafter"].id}
    with pytest.raises(BadInput, match="successor_unfit_for") as refused:
        hand(arrivals, "specialist", other)
    assert set(refused.value.details["keys"]) == {keys[work], keys[asked]}  # type: ignore[call-overload]
    assert row(arrivals, work).handler_id == posts["specialist"].person_id
    assert held(arrivals, "specialist").open_work == 3
    hand(arrivals, "specialist", other, {keys[work]: None, keys[asked]: posts["drafter"].id})
    found = row(arrivals, work)
    assert (found.state, found.handler_id, found.holder_id) == ("directed", None, posts["head"].person_id)
    with unit_of_work(arrivals.office.engine) as uow:
        parts = {
            part.incoming_id: part.person_id
            for key in (work, known, asked)
            for part in incoming_store.live_parts(uow.session, key)
            if key == work or part.part != Part.LEAD
        }
        assert verify_subject(uow, f"incoming:{work}").holds
        line = uow.session.scalars(
            select(IncomingHistory).where(IncomingHistory.incoming_id == work).order_by(IncomingHistory.id.desc())
        ).first()
        told = set(uow.session.scalars(select(Outbox.person_id).where(Outbox.once_key.like("handover:%"))))
    assert line is not None
    assert (line.action, line.remark, line.held_by_id) == ("send_back", DECREE, posts["specialist"].person_id)
    assert parts == {work: None, known: posts["lone_drafter"].person_id, asked: posts["drafter"].person_id}
    assert told == {posts[name].person_id for name in ("lone_drafter", "drafter", "head")}
    assert held(arrivals, "specialist").open_work == 0


def test_what_waits_for_a_head_goes_to_a_head_or_back(arrivals: Arrivals) -> None:
    """The head's own handling and what waits to be assigned: not with a head of another unit; nobody fit, the
    leader is told, who can assign; the post then ends.
    """
    posts, found = arrivals.office.posts, arrivals.directed()
    mine = arrivals.directed()
    arrivals.do("head", routing.assign, incoming_id=mine.id, version=None, handler_post_id=posts["head"].id)
    ending = {"post_id": posts["head"].id, "decree": DECREE, "last_day": NOON.date()}
    scope = figures_scope(posts["admin"], agencies_below=())
    with unit_of_work(arrivals.office.engine) as uow, pytest.raises(Missing, match="post_holds_work"):
        people.end_post(uow, arrivals.office.actor("admin"), scope, now=arrivals.now, **ending)  # type: ignore[arg-type]
    to: dict[Kind, int | None] = {Kind.WORK: None, Kind.ASSIGNMENTS: posts["culture_head"].id}
    with pytest.raises(BadInput, match="successor_unfit_for"):
        hand(arrivals, "head", to)
    with pytest.raises(BadInput, match="successor_unfit"):
        hand(arrivals, "head", to | {Kind.ASSIGNMENTS: posts["drafter"].id})
    hand(arrivals, "head", to | {Kind.ASSIGNMENTS: None})
    assert [(row(arrivals, key).state, row(arrivals, key).holder_id) for key in (found.id, mine.id)] == [
        ("directed", None), ("directed", None),
    ]  # fmt: skip
    with unit_of_work(arrivals.office.engine) as uow:
        told = set(uow.session.scalars(select(Outbox.person_id).where(Outbox.once_key.like("handover:%"))))
        people.end_post(uow, arrivals.office.actor("admin"), scope, now=arrivals.now, **ending)  # type: ignore[arg-type]
        uow.commit()
    assert told == {posts["leader"].person_id}
    arrivals.do("leader", routing.assign, incoming_id=found.id, version=None, handler_post_id=posts["drafter"].id)
    assert row(arrivals, found.id).holder_id == posts["drafter"].person_id


def test_random_handovers_leave_nothing_behind(arrivals: Arrivals) -> None:
    """Whatever an administrator chooses: refused whole, or nothing is left in the post and everybody is fit."""
    office, chance = arrivals.office, random.Random(5)
    for make in (arrivals.directed, arrivals.assigned, arrivals.in_progress, arrivals.submitted, arrivals.assigned):
        make()
    for part in (Part.COORDINATE, Part.INFORM):
        for name in ("specialist", "head", "drafter"):
            given_to(arrivals, name, part=part)
    everybody: list[int | None] = [post.id for post in office.posts.values()]
    done = 0
    for turn in range(36):
        name = ("specialist", "head", "leader", "drafter", "deputy", "culture_head")[turn % 6]
        before = held(arrivals, name)
        to: dict[Kind, int | None] = {kind: chance.choice([*everybody, None]) for kind in Kind}
        fit = {
            Kind.DIRECTIONS: ("leader", "deputy"),
            Kind.DRAFTS: ("drafter", "head"),
            Kind.DOSSIERS: ("drafter", "head"),
        }
        to |= {kind: office.posts[chance.choice(names)].id for kind, names in fit.items()}
        economy = [office.posts[who].id for who in ("specialist", "head", "drafter")]
        apart = {item.key: chance.choice([*economy, None, None]) for item in before.items if chance.random() < 0.9}
        try:
            hand(arrivals, name, to, apart)
        except (BadInput, Missing):
            assert held(arrivals, name).counts == before.counts
            continue
        done += 1
        assert held(arrivals, name).open_work == 0
        assert_fit(arrivals)
    assert done >= 6
    with unit_of_work(office.engine) as uow:
        scope = figures_scope(office.posts["admin"], agencies_below=())
        assert not store.over_with_work(scope, uow.session, today=NOON.date() + dt.timedelta(days=1))


def assert_fit(arrivals: Arrivals) -> None:
    """Each handler has a post in the lead unit; each coordinating person in the unit that coordinates."""
    with unit_of_work(arrivals.office.engine) as uow:
        units = {
            (post.person_id, post.unit_id)
            for post in uow.session.scalars(select(PostRow).where(PostRow.role != Role.ADMIN))
        }
        for document in uow.session.scalars(select(Incoming).where(Incoming.handler_id.is_not(None))):
            assert (document.handler_id, document.lead_unit_id) in units
            for part in incoming_store.live_parts(uow.session, document.id):
                if part.part != Part.INFORM and part.person_id is not None:
                    assert (part.person_id, part.unit_id) in units
