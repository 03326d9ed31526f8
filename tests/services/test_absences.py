"""Looking after somebody's desk: with dates, in the post's name, never signing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.arrivals import Arrivals
from tests.support.office import NOON, Office
from workflow.domain.absences import Absence, Acts
from workflow.domain.errors import BadInput, Missing, NotFound, NotPermitted, Refused
from workflow.domain.incoming import Action
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand, figures_scope, open_in_place
from workflow.services import absences
from workflow.services.incoming import deadlines, explaining, extending, pausing, routing, working
from workflow.services.incoming.deadlines import NO_DEADLINE, DueChoice
from workflow.services.incoming.moves import possible_actions
from workflow.store import absences as store
from workflow.store.models import Explanation, Incoming, IncomingHistory, IncomingPart, Journal
from workflow.store.session import unit_of_work

TODAY = NOON.date()
DAY = dt.timedelta(days=1)


def act(office: Office, service: Callable[..., Any], who: str, *scope: Any, **named: Any) -> Any:
    with unit_of_work(office.engine) as uow:
        result = service(uow, office.actor(who), *scope, now=NOON, **named)
        uow.commit()
        return result


def leave(office: Office, who: str, to: str, *, first: int = 0, last: int = 2, acts: Acts = Acts.PROCESSING) -> int:
    made: int = act(
        office, absences.set_own, who, deputy_post_id=office.posts[to].id, first_day=TODAY + first * DAY,
        last_day=TODAY + last * DAY, acts=acts, reason="Đi công tác",
    )  # fmt: skip
    return made


def in_place(office: Office, who: str, of: str) -> Actor:
    """What a door builds for somebody at another's desk."""
    there = office.actor(of)
    return replace(there, person_id=office.posts[who].person_id, in_place_of=office.posts[of].person_id)


def test_the_days_decide_by_themselves() -> None:
    """From the first day to the last, both included; an early return ends it at its moment."""
    one = Absence(
        post_id=1, deputy_post_id=2, first_day=TODAY, last_day=TODAY + DAY, acts=Acts.READING, made_at=NOON
    )
    days = [one.holds(TODAY + n * DAY, NOON + n * DAY) for n in (-1, 0, 1, 2)]
    assert days == [False, True, True, False]
    back = replace(one, ended_at=NOON + dt.timedelta(hours=1))
    assert [back.holds(TODAY, NOON), back.holds(TODAY, NOON + dt.timedelta(hours=2))] == [True, False]


def test_a_desk_appears_for_its_days_only(office: Office) -> None:
    """Before, during and after; and not when the absent person came back."""
    made = leave(office, "leader", "deputy")
    person = office.posts["deputy"].person_id
    with unit_of_work(office.engine) as uow:
        seen = [len(store.desks_for(uow.session, person, today=TODAY + n * DAY)) for n in (-1, 0, 2, 3)]
    assert seen == [0, 1, 1, 0]
    act(office, absences.end_own, "leader", absence_id=made)
    with unit_of_work(office.engine) as uow:
        assert store.desks_for(uow.session, person, today=TODAY) == []
    with pytest.raises(Refused, match="absence_over"):
        act(office, absences.end_own, "leader", absence_id=made)


@pytest.mark.parametrize(
    ("who", "to", "days", "code"),
    [
        ("leader", "leader", (0, 2), "absence_oneself"),
        ("leader", "far_leader", (0, 2), "absence_agency"),
        ("leader", "drafter", (0, 2), "absence_no_desk"),
        ("clerk", "drafter", (0, 2), "absence_no_desk"),
        ("leader", "deputy", (2, 1), "absence_dates"),
        ("leader", "deputy", (-3, -1), "absence_dates"),
        ("leader", "deputy", (0, 400), "absence_long"),
    ],
)
def test_whom_a_desk_cannot_be_left_to(office: Office, who: str, to: str, days: tuple[int, int], code: str) -> None:
    """Each refusal has its own words."""
    with pytest.raises(BadInput) as refused:
        leave(office, who, to, first=days[0], last=days[1])
    assert refused.value.code == code


def test_two_absences_do_not_overlap_and_strangers_find_none(office: Office) -> None:
    """One deputy at a time; the neighbour's administrator and other people cannot end it."""
    made = leave(office, "leader", "deputy")
    with pytest.raises(BadInput, match="absence_overlaps"):
        leave(office, "leader", "chief", first=2, last=5)
    with pytest.raises(NotFound):
        act(office, absences.end_own, "deputy", absence_id=made)
    far = figures_scope(office.posts["far_admin"], agencies_below=())
    with pytest.raises(NotFound):
        act(office, absences.end_for, "far_admin", far, absence_id=made, reason="x")
    near = figures_scope(office.posts["admin"], agencies_below=())
    act(office, absences.end_for, "admin", near, absence_id=made, reason="Về sớm")


def test_directed_in_place_and_written_down_in_both_names(office: Office) -> None:
    """The deputy directs what waits for the leader; history has deputy and post, the journal both people."""
    arrivals = Arrivals(office)
    document = arrivals.submitted()
    actor = in_place(office, "deputy", "leader")
    with unit_of_work(office.engine) as uow:
        given = routing.Direction(to=(routing.To(part=routing.Part.LEAD, unit_id=office.units["economy"]),))
        routing.direct(
            uow, actor, office.scope("leader"), incoming_id=document.id, version=None, direction=given,
            now=arrivals.now,
        )  # fmt: skip
        uow.commit()
    with unit_of_work(office.engine) as uow:
        line = uow.session.scalars(select(IncomingHistory).order_by(IncomingHistory.id.desc())).first()
        entry = uow.session.scalars(select(Journal).order_by(Journal.id.desc())).first()
        assert line is not None
        assert entry is not None
        assert (line.person_id, line.post_id) == (office.posts["deputy"].person_id, office.posts["leader"].id)
        assert f'"in_place_of":{office.posts["leader"].person_id}' in entry.body.replace(" ", "")


def test_nothing_but_reading_incoming_and_opinions_is_open_in_place(office: Office) -> None:
    """Every permission is asked: signing, sealing, drafts, people, keys and tokens stay closed."""
    actor = in_place(office, "deputy", "leader")
    reading = replace(actor, reading_only=True)
    open_now = {one for one in Permission if open_in_place(one, reading_only=False)}
    incoming = {Permission.READ_DOCUMENT, Permission.READ_INCOMING, Permission.ACT_ON_INCOMING}
    assert open_now == incoming | {Permission.GIVE_OPINION}
    for permission in Permission:
        if permission not in open_now:
            with pytest.raises(NotPermitted, match="not_in_place"):
                demand(actor, permission)
    with pytest.raises(NotPermitted, match="not_in_place"):
        demand(reading, Permission.ACT_ON_INCOMING)
    with pytest.raises(NotPermitted, match="not_in_place"), unit_of_work(office.engine) as uow:
        absences.set_own(
            uow, actor, deputy_post_id=1, first_day=TODAY, last_day=TODAY, acts=Acts.READING, reason="", now=NOON
        )


def settle(office: Office, actor: Actor, of: str, service: Callable[..., Any], **given: Any) -> Any:
    """One act at the desk of `of`."""
    with unit_of_work(office.engine) as uow:
        result = service(uow, actor, office.scope(of), **given)
        uow.commit()
        return result


def test_one_explains_at_ones_own_desk(office: Office) -> None:
    """In the leader's place a head's own explanation would be accepted by itself."""
    arrivals = Arrivals(office)
    found = arrivals.in_progress(due=DueChoice(day=TODAY + DAY))
    late = NOON + 7 * DAY
    with unit_of_work(office.engine) as uow:
        made = explaining.demand_for_job(uow, incoming_id=found.id, now=late)
        assert made is not None
        uow.session.get_one(Explanation, made.id).person_id = office.posts["head"].person_id
        uow.commit()
    words: dict[str, Any] = {
        "incoming_id": found.id, "version": None, "explanation_id": made.id, "words": "Mất điện", "now": late,
        "cause": explaining.Cause.OBJECTIVE,
    }  # fmt: skip
    with pytest.raises(Missing, match="owes_explanation"):
        settle(office, in_place(office, "head", "leader"), "leader", explaining.explain, **words)
    assert settle(office, office.actor("head"), "head", explaining.explain, **words).state == "given"


@pytest.mark.parametrize("asks", [True, False])
def test_nobody_gives_their_own_work_more_time_in_place(office: Office, asks: bool) -> None:
    """The head of the lead unit, asking or not: no date, no pause, no grant, no later direction."""
    arrivals = Arrivals(office)
    found = arrivals.in_progress(due=DueChoice(day=TODAY + DAY))
    later = TODAY + 20 * DAY
    given = {"incoming_id": found.id, "version": None}
    arrivals.do("head" if asks else "specialist", extending.ask, until=later, remark="Chờ số liệu", **given)
    head, given = in_place(office, "head", "leader"), {**given, "now": arrivals.now}
    longer = arrivals.direction(due=DueChoice(day=later))
    for service, more in (
        (deadlines.set_due, {"choice": DueChoice(day=later)}),
        (deadlines.set_due, {"choice": NO_DEADLINE}),
        (pausing.pause, {"remark": "Chờ"}),
        (extending.grant, {}),
        (routing.direct, {"direction": longer, "remark": "Đổi hạn"}),
    ):
        with pytest.raises(NotPermitted, match="not_in_place"):
            settle(office, head, "leader", service, **given, **more)
    other = in_place(office, "culture_head", "leader")
    with unit_of_work(office.engine) as uow:
        document = uow.session.get_one(Incoming, found.id)
        at_head, at_other = (
            {step.action for step, missing in possible_actions(uow, who, document) if not missing}
            for who in (head, other)
        )
    assert at_other - at_head == {Action.SET_DUE, Action.PAUSE, Action.GRANT_EXTENSION}
    settle(office, head, "leader", routing.direct, direction=arrivals.direction(), remark="Nhắc lại", **given)
    assert settle(office, other, "leader", extending.grant, **given).extensions == 1


def test_who_only_reads_gives_no_receipt(office: Office) -> None:
    """The absent person has not read what they were to know; their part stays open."""
    arrivals = Arrivals(office)
    found = arrivals.submitted()
    units, person = office.units, office.posts["culture_head"].person_id
    to = (
        routing.To(part=routing.Part.LEAD, unit_id=units["economy"]),
        routing.To(part=routing.Part.INFORM, unit_id=units["culture"], person_id=person),
    )
    arrivals.do("leader", routing.direct, incoming_id=found.id, version=None, direction=routing.Direction(to=to))
    there = in_place(office, "drafter", "culture_head")
    given = {"incoming_id": found.id, "now": arrivals.now}
    assert settle(office, replace(there, reading_only=True), "culture_head", working.read, **given) is False
    with unit_of_work(office.engine) as uow:
        assert uow.session.scalars(select(IncomingPart.read_at)).all() == [None, None]
    assert settle(office, there, "culture_head", working.read, **given) is True
