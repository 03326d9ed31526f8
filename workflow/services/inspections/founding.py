"""Founding a team by its decision, taking people in and out of it, ending it early."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.errors import BadInput, NotPermitted, Refused
from workflow.domain.inspections import Act
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, demand
from workflow.domain.text import clean
from workflow.services.inspections.ground import begin, tell
from workflow.services.journal import local_day
from workflow.services.mandates import is_legal_symbol
from workflow.store import inspections as store
from workflow.store import office
from workflow.store.models import Inspection, InspectionMember, InspectionUnit, Outgoing, PostRow
from workflow.store.session import UnitOfWork

LONGEST = dt.timedelta(days=366)
"""From the first day of a team to its last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the founding decision says."""

    decision_symbol: str
    decision_day: dt.date
    decision_agency: str
    purpose: str
    period_from: dt.date
    period_to: dt.date
    first_day: dt.date
    last_day: dt.date
    unit_ids: tuple[int, ...]
    head_post_id: int


def found(uow: UnitOfWork, actor: Actor, *, facts: Facts, now: dt.datetime) -> Inspection:
    """Put an inspection on record with its units and the head of its team.

    By an administrator of the top agency, or by the leader who signed the decision where it was issued here.
    """
    demand(actor, Permission.FOUND_INSPECTION)
    if actor.agency_id is None or actor.person_id is None or actor.in_place_of is not None:
        raise NotPermitted("no_post")
    today = local_day(now)
    _check(facts, today=today)
    uow.begin_write()
    decision = _decision(uow, actor, facts)
    known = {unit.id: unit for unit in store.choosable(uow.session, actor.agency_id, on=today)}
    if not facts.unit_ids or not set(facts.unit_ids) <= known.keys():
        raise BadInput("inspection_units")
    row = Inspection(
        agency_id=actor.agency_id, decision_symbol=facts.decision_symbol, decision_day=facts.decision_day,
        decision_agency=clean(facts.decision_agency), decision_id=decision.id if decision else None,
        purpose=clean(facts.purpose), period_from=facts.period_from, period_to=facts.period_to,
        first_day=facts.first_day, last_day=facts.last_day, founded_by_id=actor.person_id, founded_at=now,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    uow.add(*(InspectionUnit(inspection_id=row.id, unit_id=unit) for unit in sorted(set(facts.unit_ids))))
    uow.flush()
    told = {
        "decision": row.decision_symbol, "day": row.decision_day.isoformat(), "by": row.decision_agency,
        "document": row.decision_id, "units": sorted(set(facts.unit_ids)), "first": row.first_day.isoformat(),
        "last": row.last_day.isoformat(),
    }  # fmt: skip
    tell(uow, actor, row.id, "inspection:team:founded", told, now=now)
    _take_in(uow, actor, row, facts.head_post_id, leads=True, span=(row.first_day, row.last_day), now=now)
    return row


def _check(facts: Facts, *, today: dt.date) -> None:
    if not is_legal_symbol(facts.decision_symbol):
        raise BadInput("inspection_symbol")
    if facts.decision_day > today:
        raise BadInput("inspection_decision_in_future")
    if not facts.decision_day <= facts.first_day <= facts.last_day <= facts.first_day + LONGEST:
        raise BadInput("inspection_days")
    if facts.last_day < today:
        raise BadInput("inspection_over")
    if facts.period_to < facts.period_from:
        raise BadInput("inspection_period")


def _decision(uow: UnitOfWork, actor: Actor, facts: Facts) -> Outgoing | None:
    """The decision, where it was issued here; whoever is no administrator of the top agency must have signed it."""
    found = store.decision(
        uow.session, agency_id=actor.agency_id or 0, symbol=facts.decision_symbol, day=facts.decision_day,
        reason="what founds an inspection is looked up by its number and symbol",
    )  # fmt: skip
    if actor.role is Role.ADMIN and actor.at_top:
        return found
    if found is None or found.signer_id != actor.person_id:
        raise NotPermitted("inspection_not_your_decision")
    return found


def grant(
    uow: UnitOfWork, actor: Actor, *, inspection_id: int, post_id: int, first_day: dt.date, last_day: dt.date,
    now: dt.datetime,
) -> InspectionMember:  # fmt: skip
    """Take somebody into a team, within its days."""
    row, _standings = begin(uow, actor, inspection_id, Act.GRANT, now=now)
    _demand_running(row, today=local_day(now))
    return _take_in(uow, actor, row, post_id, leads=False, span=(first_day, last_day), now=now)


def _take_in(
    uow: UnitOfWork, actor: Actor, row: Inspection, post_id: int, *, leads: bool, span: tuple[dt.date, dt.date],
    now: dt.datetime,
) -> InspectionMember:  # fmt: skip
    first, last = span
    if not row.first_day <= first <= last <= row.last_day:
        raise BadInput("inspection_member_days")
    post = _post(uow, row, post_id, on=local_day(now))
    if any(
        one.person_id == post.person_id and one.revoked_at is None
        for one, *_rest in store.members_of(uow.session, row.id)
    ):
        raise BadInput("inspection_member_twice")
    member = InspectionMember(
        inspection_id=row.id, person_id=post.person_id, post_id=post.id, leads=leads, first_day=first,
        last_day=last, granted_by_id=actor.person_id or 0, granted_at=now,
    )  # fmt: skip
    uow.add(member)
    uow.flush()
    told = {
        "member": member.id, "person": post.person_id, "in_post": post.id, "leads": leads,
        "first": first.isoformat(), "last": last.isoformat(),
    }  # fmt: skip
    tell(uow, actor, row.id, "inspection:member:granted", told, now=now)
    return member


def _post(uow: UnitOfWork, row: Inspection, post_id: int, *, on: dt.date) -> PostRow:
    """A post that is held, of the agency or below, of somebody with no post in an inspected unit: nobody inspects
    their own."""
    if post_id not in {one.id for one in store.could_join(uow.session, row.agency_id, on=on)}:
        raise BadInput("inspection_no_such_post")
    post = office.held_post(uow.session, post_id, on=on)
    for one in store.posts_held(uow.session, post.person_id, on=on):
        if store.covering(uow.session, row.id, agency_id=one.agency_id, unit_id=one.unit_id) is not None:
            raise BadInput("inspection_own_unit")
    return post


def revoke(
    uow: UnitOfWork, actor: Actor, *, inspection_id: int, member_id: int, reason: str, now: dt.datetime
) -> InspectionMember:
    """Take somebody out of a team at once; a login that reads in it is back in its own post."""
    row, _standings = begin(uow, actor, inspection_id, Act.REVOKE, now=now)
    member = store.member(uow.session, row.id, member_id)
    if member.revoked_at is not None:
        raise Refused("inspection_member_gone")
    member.revoked_at, member.revoked_by_id, member.revoke_reason = now, actor.person_id, clean(reason)
    uow.flush()
    told = {"member": member.id, "person": member.person_id, "reason": member.revoke_reason}
    tell(uow, actor, row.id, "inspection:member:revoked", told, now=now)
    return member


def end(uow: UnitOfWork, actor: Actor, *, inspection_id: int, reason: str, now: dt.datetime) -> Inspection:
    """End an inspection before its last day. Findings stay, and stay open."""
    row, _standings = begin(uow, actor, inspection_id, Act.END, now=now)
    _demand_running(row, today=local_day(now))
    row.ended_at, row.end_reason = now, clean(reason)
    uow.flush()
    tell(uow, actor, row.id, "inspection:team:ended", {"reason": row.end_reason}, now=now)
    return row


def _demand_running(row: Inspection, *, today: dt.date) -> None:
    if row.ended_at is not None or row.last_day < today:
        raise Refused("inspection_ended")
