"""Being away: who looks after a desk from when to when. Set by whoever leaves it, or by an administrator.

The deputy acts in the post's name (`logins.switch_post`); history and journal say who acted and for whom. Signing,
sealing and everything that an own post is needed for stay closed (`permissions.IN_PLACE`).
"""

from __future__ import annotations

import datetime as dt

from workflow.domain.absences import Acts, check
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import outbox
from workflow.services.journal import local_day, record
from workflow.store import absences as store
from workflow.store import mandates, office, people
from workflow.store.models import AbsenceEnd, AbsenceRow, PostRow
from workflow.store.session import UnitOfWork


def set_own(
    uow: UnitOfWork, actor: Actor, *, deputy_post_id: int, first_day: dt.date, last_day: dt.date, acts: Acts,
    reason: str, now: dt.datetime,
) -> int:  # fmt: skip
    """Leave one's own desk, in the post acted in; returns the absence's key."""
    if actor.post_id is None or actor.in_place_of is not None:
        raise NotPermitted("not_in_place")
    uow.begin_write()
    post = office.held_post(uow.session, actor.post_id, on=local_day(now))
    return _set(uow, actor, post, deputy_post_id=deputy_post_id, days=(first_day, last_day), acts=acts,
                reason=reason, now=now)  # fmt: skip


def set_for(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, post_id: int, deputy_post_id: int, first_day: dt.date,
    last_day: dt.date, acts: Acts, reason: str, now: dt.datetime,
) -> int:  # fmt: skip
    """The same by whoever looks after people, for somebody who cannot; never with oneself as deputy."""
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    post = people.post(scope, uow.session, post_id)
    deputy = uow.session.get(PostRow, deputy_post_id)
    if actor.person_id in {post.person_id, deputy.person_id if deputy else None}:
        raise NotPermitted("own_record")
    return _set(uow, actor, post, deputy_post_id=deputy_post_id, days=(first_day, last_day), acts=acts,
                reason=reason, now=now)  # fmt: skip


def _set(
    uow: UnitOfWork, actor: Actor, post: PostRow, *, deputy_post_id: int, days: tuple[dt.date, dt.date], acts: Acts,
    reason: str, now: dt.datetime,
) -> int:  # fmt: skip
    deputy = uow.session.get(PostRow, deputy_post_id)
    if deputy is None:
        raise NotFound("post_not_found")
    first, last = days
    check(mandates.as_post(post), mandates.as_post(deputy), first_day=first, last_day=last, today=local_day(now))
    store.lock_post(uow.session, post.id)
    if store.overlapping(uow.session, post.id, first=first, last=last):
        raise BadInput("absence_overlaps")
    row = AbsenceRow(
        agency_id=post.agency_id, post_id=post.id, deputy_post_id=deputy.id, first_day=first, last_day=last,
        acts=str(acts), reason=clean(reason, multiline=True)[:500], made_at=now, made_by_id=actor.person_id,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    facts: dict[str, object] = {
        "absence": row.id, "post": post.id, "deputy": deputy.id, "from": first.isoformat(), "to": last.isoformat(),
        "acts": str(acts), "reason": row.reason,
    }  # fmt: skip
    record(uow, subject=f"person:{post.person_id}", tag="person:absence:set", facts=facts, actor=actor, now=now)
    outbox.queue(
        uow,
        outbox.Note(
            cause=f"absence:{row.id}", person_id=deputy.person_id, link="/desk",
            what=Told.of(Kind.ABSENCE_DEPUTY, first=first, last=last, post=post.title),
        ),
        now=now,
    )  # fmt: skip
    return row.id


def end_own(uow: UnitOfWork, actor: Actor, *, absence_id: int, now: dt.datetime) -> None:
    """Back again: at once."""
    uow.begin_write()
    row, _ended = store.by_id(uow.session, absence_id)
    post = uow.session.get_one(PostRow, row.post_id)
    if post.person_id != actor.person_id:
        raise NotFound("absence_not_found")
    _end(uow, actor, row, reason="", now=now)


def end_for(uow: UnitOfWork, actor: Actor, scope: Scope, *, absence_id: int, reason: str, now: dt.datetime) -> None:
    """The same by whoever looks after people."""
    demand(actor, Permission.MANAGE_PEOPLE)
    words = clean(reason, multiline=True)[:500]
    if not words:
        raise BadInput("reason_needed", action="end_absence")
    uow.begin_write()
    row, _ended = store.by_id(uow.session, absence_id)
    people.post(scope, uow.session, row.post_id)
    _end(uow, actor, row, reason=words, now=now)


def _end(uow: UnitOfWork, actor: Actor, row: AbsenceRow, *, reason: str, now: dt.datetime) -> None:
    _row, ended = store.by_id(uow.session, row.id)
    if ended is not None or row.last_day < local_day(now):
        raise Refused("absence_over")
    uow.add(AbsenceEnd(absence_id=row.id, at=now, by_id=actor.person_id, reason=reason))
    uow.flush()
    post = uow.session.get_one(PostRow, row.post_id)
    facts: dict[str, object] = {"absence": row.id, "post": post.id, "reason": reason}
    record(uow, subject=f"person:{post.person_id}", tag="person:absence:ended", facts=facts, actor=actor, now=now)
