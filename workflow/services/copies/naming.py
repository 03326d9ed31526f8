"""The head of an agency says who signs copies (Decree 30/2020, Art. 27): a setting with its reason."""

from __future__ import annotations

import datetime as dt

from workflow.domain.copies import NAMED_ROLES
from workflow.domain.errors import BadInput, NotFound, Refused
from workflow.domain.people import CAPACITIES, Actor, Capacity, Role
from workflow.domain.permissions import Permission, demand
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import copies as store
from workflow.store import office
from workflow.store.models import CopySigner
from workflow.store.session import UnitOfWork


def name_signer(
    uow: UnitOfWork, actor: Actor, *, post_id: int, capacity: str, reason: str, now: dt.datetime
) -> CopySigner:
    """A deputy or a head of a unit (the chief of office) signs copies from now on, in this capacity.

    Raises `NotPermitted`, `NotFound("post_not_found")` outside the agency, `BadInput`: `copy_signer_role`,
    `copy_capacity`, `reason_needed`; `Refused("copy_signer_named_already")`.
    """
    demand(actor, Permission.NAME_COPY_SIGNERS)
    words = _reason(reason)
    uow.begin_write()
    office.lock_agency(uow.session, actor.agency_id or 0)
    post = office.held_post(uow.session, post_id, on=journal.local_day(now))
    if post.agency_id != actor.agency_id:
        raise NotFound("post_not_found")
    if Role(post.role) not in NAMED_ROLES:
        raise BadInput("copy_signer_role")
    if capacity not in {str(one) for one in CAPACITIES[Role(post.role)]}:
        raise BadInput("copy_capacity")
    if store.live_name(uow.session, post.agency_id, post.id) is not None:
        raise Refused("copy_signer_named_already")
    row = CopySigner(
        agency_id=post.agency_id, post_id=post.id, capacity=Capacity(capacity), reason=words,
        named_by_id=actor.person_id, named_at=now,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    facts = {"post": post.id, "person": post.person_id, "capacity": row.capacity, "reason": words}
    _tell(uow, actor, "named", facts, now=now)
    return row


def take_back(uow: UnitOfWork, actor: Actor, *, post_id: int, reason: str, now: dt.datetime) -> None:
    """The post signs no copies any more; what it signed stays. Raises `NotFound("copy_signer_not_found")`."""
    demand(actor, Permission.NAME_COPY_SIGNERS)
    words = _reason(reason)
    uow.begin_write()
    office.lock_agency(uow.session, actor.agency_id or 0)
    row = store.live_name(uow.session, actor.agency_id or 0, post_id)
    if row is None:
        raise NotFound("copy_signer_not_found")
    row.ended_at = now
    _tell(uow, actor, "taken_back", {"post": post_id, "capacity": row.capacity, "reason": words}, now=now)


def _reason(text: str) -> str:
    words = clean(text, multiline=True)[:500]
    if not words:
        raise BadInput("reason_needed", action="copy_signers")
    return words


def _tell(uow: UnitOfWork, actor: Actor, verb: str, facts: dict[str, object], *, now: dt.datetime) -> None:
    journal.record(
        uow, subject=f"unit:{actor.agency_id}", tag=f"unit:copy_signer:{verb}", facts=facts, actor=actor, now=now
    )
