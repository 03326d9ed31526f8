"""Reading in an inspection: entering it like a post, leaving it, and every look on record before it is shown."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import NotFound
from workflow.domain.inspections import Look
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services.inspections.ground import tell
from workflow.services.journal import local_day, record
from workflow.services.logins import own_session
from workflow.store import inspections as store
from workflow.store.models import InspectionLook
from workflow.store.session import UnitOfWork

PIECES = dt.timedelta(minutes=1)
"""A file that a browser asks for in pieces, or again, within this time is one look."""


def enter(uow: UnitOfWork, actor: Actor, *, inspection_id: int, session_id: int, now: dt.datetime) -> None:
    """Read in an inspection from now on, in the post of one's membership; `NotFound` where one may not today."""
    uow.begin_write()
    today = local_day(now)
    mine = [one for one, row in store.memberships(actor, uow.session, today=today) if row.id == inspection_id]
    if not mine:
        raise NotFound("inspection_not_found")
    store.lock(actor, uow.session, inspection_id, today=today)
    session = own_session(uow, actor, session_id)
    session.post_id, session.inspection_member_id = mine[0].post_id, mine[0].id
    told = {"inspection": inspection_id, "member": mine[0].id}
    record(uow, subject=f"account:{session.account_id}", tag="account:inspection:entered", facts=told, actor=actor,
           now=now)  # fmt: skip
    tell(uow, actor, inspection_id, "inspection:mode:entered", {"member": mine[0].id}, now=now)


def leave(uow: UnitOfWork, actor: Actor, *, session_id: int, now: dt.datetime) -> None:
    """Back to one's own post."""
    uow.begin_write()
    if actor.inspection_id is not None:
        store.lock(actor, uow.session, actor.inspection_id, today=local_day(now))
    session = own_session(uow, actor, session_id)
    before, session.inspection_member_id = session.inspection_member_id, None
    if before is None:
        return
    record(uow, subject=f"account:{session.account_id}", tag="account:inspection:left", facts={"member": before},
           actor=actor, now=now)  # fmt: skip
    if actor.inspection_id is not None:
        tell(uow, actor, actor.inspection_id, "inspection:mode:left", {"member": before}, now=now)


def note_look(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, member_id: int, kind: Look, subject: str, page: str,
    now: dt.datetime,
) -> bool:  # fmt: skip
    """Put a look on record, in the table and in the inspection's chain; False where it is the last one going on."""
    if actor.inspection_id is None:
        raise NotFound("inspection_not_found")
    uow.begin_write()
    inspection = store.lock(actor, uow.session, actor.inspection_id, today=local_day(now))
    if kind is Look.FILE and store.looked_lately(uow.session, member_id, page=page, since=now - PIECES):
        return False
    under = store.under(scope, uow.session, inspection.id, subject) if subject else None
    uow.add(
        InspectionLook(
            inspection_id=inspection.id, member_id=member_id, at=now, kind=str(kind), subject=subject, page=page,
            under_id=under,
        )
    )  # fmt: skip
    uow.flush()
    told = {"member": member_id, "kind": str(kind), "subject": subject, "page": page, "under": under}
    tell(uow, actor, inspection.id, "inspection:look:noted", told, now=now)
    return True
