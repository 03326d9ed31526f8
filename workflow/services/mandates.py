"""Granting and revoking mandates, for whoever looks after people. Nothing is edited: an end and a new one.

For who hands over a post: `open_mandates_of` lists what its holder may sign by mandate, `end_all_for_post` revokes
it with the post (`docs/decisions/20-mandates.md`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.errors import BadInput, NotPermitted, Refused
from workflow.domain.mandates import FROM_THE_HEAD, Mandate, Rule, form_of
from workflow.domain.people import CAPACITIES, Actor, Capacity, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services.journal import local_day, record
from workflow.store import mandates as store
from workflow.store import office, people, registers
from workflow.store.models import MandateEnd, MandateRow, PostRow
from workflow.store.session import UnitOfWork

CONTENT, REASON = 500, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an administrator enters from the granting document. `parent_id`: the order that its holder passes on."""

    post_id: int
    capacity: Capacity
    valid_from: dt.date
    valid_to: dt.date | None = None
    source_post_id: int | None = None
    parent_id: int | None = None
    types: tuple[str, ...] = ()
    units: tuple[int, ...] = ()
    organs: tuple[str, ...] = ()
    content: str = ""
    legal_symbol: str
    legal_day: dt.date
    legal_title: str = ""
    reason: str


_FAULTS = {
    Rule.LEGAL_BASIS: "authority_no_legal_basis",
    Rule.RIGHT_SOURCE: "authority_wrong_source",
    Rule.NOT_PASSED_ON: "authority_passed_on",
    Rule.LIMITED: "authority_not_limited",
}
"""What Article 13 demands of a mandate, as refusals."""


def grant(uow: UnitOfWork, actor: Actor, scope: Scope, *, given: Grant, now: dt.datetime) -> int:
    """Put a mandate on record; returns its key. It counts from now on, whatever day it begins.

    Raises `BadInput` where Article 13 does not know such a mandate, `NotPermitted("own_record")` for one's own
    post, `Refused("mandate_on_record")` for the same twice: one that was revoked would live on in its double.
    """
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    post = people.post(scope, uow.session, given.post_id)
    if post.person_id == actor.person_id:
        raise NotPermitted("own_record")
    _check_words(given, today=local_day(now))
    _check_reach(uow, scope, post, given)
    parent = store.by_id(uow.session, given.parent_id) if given.parent_id is not None else None
    row = MandateRow(
        agency_id=post.agency_id, post_id=post.id, capacity=given.capacity,
        source_post_id=_source(given, parent), parent_id=given.parent_id,
        type_codes=sorted(set(given.types)), unit_ids=sorted(set(given.units)), organs=sorted(set(given.organs)),
        content=clean(given.content, multiline=True)[:CONTENT], valid_from=given.valid_from,
        valid_to=given.valid_to, legal_symbol=clean(given.legal_symbol), legal_day=given.legal_day,
        legal_title=clean(given.legal_title),
        legal_document_id=store.issued_as(
            uow.session, clean(given.legal_symbol), agency_id=post.agency_id, reason="the granting document"
        ),
        reason=clean(given.reason, multiline=True)[:REASON], granted_at=now, granted_by_id=actor.person_id,
    )  # fmt: skip
    _check_law(uow, row, post, parent)
    _check_double(uow, row, now=now)
    uow.add(row)
    uow.flush()
    _journal(uow, actor, row, post, "mandate:record:granted", _facts(row), now=now)
    return row.id


_SAME = (
    "post_id", "capacity", "source_post_id", "parent_id", "type_codes", "unit_ids", "organs", "content",
    "valid_from", "valid_to", "legal_symbol", "legal_day",
)  # fmt: skip


def _check_double(uow: UnitOfWork, row: MandateRow, *, now: dt.datetime) -> None:
    store.hold_posts(uow.session, [row.post_id], alone=True)
    told = [getattr(row, name) for name in _SAME]
    for other in store.open_of(uow.session, row.post_id, day=local_day(now)):
        if [getattr(other, name) for name in _SAME] == told:
            raise Refused("mandate_on_record", symbol=other.legal_symbol)


def is_legal_symbol(text: str) -> bool:
    """Whether it can be the number and symbol of a document at all: `15/GUQ-UBND`, and a Party's `15-QĐ/TU`.

    It stands on papers as their legal basis and cannot be mended; every office has its own way to build them.
    """
    head, slash, tail = clean(text).partition("/")
    return bool(slash) and head[:1].isdecimal() and any(letter.isalpha() for letter in head + tail)


def _check_words(given: Grant, *, today: dt.date) -> None:
    if not given.reason.strip():
        raise BadInput("reason_needed", action="grant")
    if given.valid_to is not None and given.valid_to < given.valid_from:
        raise BadInput("ends_before_it_begins")
    if given.legal_symbol.strip() and not is_legal_symbol(given.legal_symbol):
        raise BadInput("mandate_symbol")
    if given.legal_day > today:
        raise BadInput("mandate_basis_in_future")


def _check_reach(uow: UnitOfWork, scope: Scope, post: PostRow, given: Grant) -> None:
    """Everything that the mandate names belongs to the post's own agency."""
    if given.capacity not in CAPACITIES.get(Role(post.role), ()):
        raise BadInput("capacity_not_allowed", capacity=str(given.capacity), role=post.role)
    for code in given.types:
        office.document_type(uow.session, code)
    for unit_id in given.units:
        if people.unit(scope, uow.session, unit_id).agency_id != post.agency_id:
            raise BadInput("mandate_unit_elsewhere")
    if set(given.organs) - {one.code for one in registers.organs(uow.session, post.agency_id)}:
        raise BadInput("mandate_organ_unknown")


def _source(given: Grant, parent: Mandate | None) -> int | None:
    """In whose name: of an order passed on its holder, of what an organ gives nobody."""
    if parent is not None:
        return parent.post_id
    return given.source_post_id if given.capacity in FROM_THE_HEAD else None


def _check_law(uow: UnitOfWork, row: MandateRow, post: PostRow, parent: Mandate | None) -> None:
    source = uow.session.get(PostRow, row.source_post_id) if row.source_post_id is not None else None
    if parent is not None and (parent.agency_id != row.agency_id or parent.revoked_at is not None):
        raise BadInput("authority_passed_on")
    wanted = store.mandate_of(row, None, post, source, parent)
    for check in form_of(wanted):
        if not check.holds:
            raise BadInput(_FAULTS[check.rule], capacity=row.capacity)


def revoke(uow: UnitOfWork, actor: Actor, scope: Scope, *, mandate_id: int, reason: str, now: dt.datetime) -> int:
    """End a mandate at this moment; what was signed by it stays explained. Returns the holder's person."""
    demand(actor, Permission.MANAGE_PEOPLE)
    words = clean(reason, multiline=True)[:REASON]
    if not words:
        raise BadInput("reason_needed", action="revoke")
    uow.begin_write()
    row = store.row_of(scope, uow.session, mandate_id)
    store.hold_posts(uow.session, [row.post_id], alone=True)
    post = uow.session.get_one(PostRow, row.post_id)
    if post.person_id == actor.person_id:
        raise NotPermitted("own_record")
    if store.end_of(uow.session, mandate_id) is not None:
        raise Refused("mandate_revoked_already")
    _end(uow, actor, row, post, words, now=now)
    return post.person_id


def open_mandates_of(uow: UnitOfWork, post_id: int, *, now: dt.datetime) -> Sequence[MandateRow]:
    """What a post may sign by mandate today or later, and orders that were passed on from it.

    For a handover: the post came from a scope there.
    """
    return store.open_of(uow.session, post_id, day=local_day(now))


def end_all_for_post(uow: UnitOfWork, actor: Actor, *, post_id: int, reason: str, now: dt.datetime) -> list[int]:
    """Revoke them all, in the open write phase of whoever ends or hands over the post; returns their keys.

    Mandates given in the name of a head who leaves stay: they are the office's, until its document is withdrawn.
    """
    demand(actor, Permission.MANAGE_PEOPLE)
    rows = open_mandates_of(uow, post_id, now=now)
    store.hold_posts(uow.session, [row.post_id for row in rows], alone=True)
    for row in rows:
        _end(uow, actor, row, uow.session.get_one(PostRow, row.post_id), clean(reason, multiline=True), now=now)
    return [row.id for row in rows]


def _end(uow: UnitOfWork, actor: Actor, row: MandateRow, post: PostRow, words: str, *, now: dt.datetime) -> None:
    at = store.after_last_use(uow.session, row.id, not_before=now)
    uow.add(MandateEnd(mandate_id=row.id, at=at, by_id=actor.person_id, reason=words[:REASON]))
    uow.flush()
    facts: dict[str, object] = {"mandate": row.id, "capacity": row.capacity, "reason": words}
    _journal(uow, actor, row, post, "mandate:record:revoked", facts, now=now)


def _facts(row: MandateRow) -> dict[str, object]:
    return {
        "mandate": row.id, "post": row.post_id, "capacity": row.capacity, "source": row.source_post_id,
        "parent": row.parent_id, "types": row.type_codes, "units": row.unit_ids, "organs": row.organs,
        "content": row.content, "from": row.valid_from.isoformat(),
        "to": row.valid_to.isoformat() if row.valid_to else None, "basis": row.legal_symbol,
        "basis_day": row.legal_day.isoformat(), "reason": row.reason,
    }  # fmt: skip


def _journal(
    uow: UnitOfWork, actor: Actor, row: MandateRow, post: PostRow, tag: str, facts: dict[str, object], *,
    now: dt.datetime,
) -> None:  # fmt: skip
    """In the mandate's own chain and in that of the person whom it concerns."""
    record(uow, subject=f"mandate:{row.id}", tag=tag, facts=facts, actor=actor, now=now)
    record(uow, subject=f"person:{post.person_id}", tag=tag, facts=facts, actor=actor, now=now)


def passable(uow: UnitOfWork, unit_id: int, *, agency_id: int, now: dt.datetime) -> list[Mandate]:
    """Orders that may be passed on inside a unit: first-hand ones of its head that are in force or to come."""
    day = local_day(now)
    return [
        one
        for one in store.of_agency(uow.session, agency_id)
        if (one.capacity, one.unit_id, one.parent, one.revoked_at) == (Capacity.TL, unit_id, None, None)
        and (one.valid_to is None or one.valid_to >= day)
    ]
