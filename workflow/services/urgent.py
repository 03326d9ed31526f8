"""Urgent documents are told at once to whom they wait for, in the transaction of the act that brought them there.

`documents.moves` and `incoming.moves` call here after a step, so nothing here may import them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from workflow.domain.cosigning import at_turn
from workflow.domain.incoming import Part
from workflow.domain.incoming import State as InState
from workflow.domain.notices import Kind, Task, Told
from workflow.domain.outgoing import State as OutState
from workflow.domain.outgoing import Urgency
from workflow.domain.people import Role
from workflow.services.exchange.naming import about, named
from workflow.services.journal import local_day
from workflow.services.outbox import Note, queue
from workflow.store import cosigning, office
from workflow.store import waiting as store
from workflow.store.models import Incoming, IncomingPart, Outgoing
from workflow.store.session import UnitOfWork


def tell_outgoing(uow: UnitOfWork, document: Outgoing, *, by: int | None, now: dt.datetime) -> None:
    """A draft or paper came before somebody: nothing where it is not urgent, or waits for who brought it there."""
    if document.urgency == Urgency.NORMAL:
        return
    task, people = _waits_out(uow, document, day=local_day(now))
    if task is None:
        return
    what = Told.of(
        Kind.URGENT_OUTGOING, urgency=document.urgency, task=task, due=document.step_due_at, **about(document)
    )
    cause = f"urgent:outgoing:{document.id}:{document.version}"
    _tell(uow, set(people) - {by}, what, cause=cause, link=f"/outgoing/{document.id}", now=now)


def _waits_out(uow: UnitOfWork, document: Outgoing, *, day: dt.date) -> tuple[Task | None, Iterable[int | None]]:
    match OutState(document.state):
        case OutState.IN_REVIEW:
            heads = office.unit_heads(uow.session, document.unit_id, on=day)
            return Task.REVIEW, set(heads) - {document.drafter_id}
        case OutState.FORMAT_CHECK:
            return Task.CHECK_FORMAT, _clerks(uow, document.agency_id, day)
        case OutState.AWAITING_SIGNATURE:
            turn = at_turn(cosigning.places(uow.session, document.id))
            return Task.SIGN, [one.person_id for one in turn] or [document.signer_id]
        case OutState.SIGNED:
            return Task.NUMBER, _clerks(uow, document.agency_id, day)
        case OutState.RETURNED:
            return Task.RETURNED, [document.drafter_id]
        case _:
            return None, ()


def tell_incoming(uow: UnitOfWork, document: Incoming, *, by: int | None, now: dt.datetime) -> None:
    """The same of what arrived; clerks hear of a delivery by `exchange.delivering`."""
    if document.urgency == Urgency.NORMAL:
        return
    task, people = _waits_in(uow, document, day=local_day(now))
    if task is None:
        return
    what = Told.of(
        Kind.URGENT_INCOMING, urgency=document.urgency, task=task, due=document.step_due_at, **named(document)
    )
    cause = f"urgent:incoming:{document.id}:{document.version}"
    _tell(uow, set(people) - {by}, what, cause=cause, link=f"/incoming/{document.id}", now=now)


def _waits_in(uow: UnitOfWork, document: Incoming, *, day: dt.date) -> tuple[Task | None, Iterable[int | None]]:
    match InState(document.state):
        case InState.SUBMITTED if document.at_office:
            heads = office.office_heads(uow.session, document.agency_id, on=day)
            return Task.PROPOSE, [post.person_id for post in heads]
        case InState.SUBMITTED:
            return Task.DIRECT, [document.leader_id]
        case InState.DIRECTED if document.lead_unit_id is not None:
            return Task.ASSIGN, office.unit_heads(uow.session, document.lead_unit_id, on=day)
        case InState.ASSIGNED | InState.IN_PROGRESS:
            return Task.HANDLE, [document.handler_id]
        case _:
            return None, ()


def tell_part(uow: UnitOfWork, document: Incoming, part: IncomingPart, *, by: int | None, now: dt.datetime) -> None:
    """Whoever is to coordinate: the person named, or the heads of the unit; information waits for the desk."""
    if document.urgency == Urgency.NORMAL or part.part != Part.COORDINATE:
        return
    heads = office.unit_heads(uow.session, part.unit_id, on=local_day(now)) if part.person_id is None else []
    what = Told.of(
        Kind.URGENT_INCOMING, urgency=document.urgency, task=Task.COORDINATE, due=part.due_at or document.due_at,
        **named(document),
    )  # fmt: skip
    link = f"/incoming/{document.id}/contribute"
    _tell(uow, {part.person_id, *heads} - {by}, what, cause=f"urgent:part:{part.id}", link=link, now=now)


def _clerks(uow: UnitOfWork, agency_id: int, day: dt.date) -> list[int]:
    return [post.person_id for post in office.holders(uow.session, role=Role.CLERK, on=day, agency_id=agency_id)]


def _tell(
    uow: UnitOfWork, people: Iterable[int | None], what: Told, *, cause: str, link: str, now: dt.datetime
) -> None:
    told = sorted(one for one in people if one is not None)
    mails = store.addresses(uow.session, told) if told else {}
    for person in told:
        note = Note(
            cause=f"{cause}:{person}", what=what, link=link, person_id=person, address=mails.get(person, "")
        )
        queue(uow, note, now=now)
