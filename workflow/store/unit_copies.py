"""Queries for copies of issued documents that units of the sender's own agency got.

Who receives for a unit reaches the copy, not the document: whatever its makers wrote about it stays theirs. So
do the unit's staff, once it was received.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, false, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from workflow.domain.corrections import Kind
from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.domain.text import fold, has_accents
from workflow.store import documents
from workflow.store.models import Correction, Journal, Outgoing, Person, PostRow, Unit, UnitCopy

_Paper = aliased(Outgoing)
PAGE = 50
SORTS = frozenset({"newest", "oldest", "unseen"})
RECALLED = "document:outgoing:recall_asked"
"""The journal's tag of a recall: a copy of a document that bears it was taken back (Decree 30/2020, Art. 18.4)."""
CORRECTED = "document:outgoing:corrected"
"""The journal's tag of what a later document did to this one when it was issued; replaced, it was taken back."""

UNSEEN = UnitCopy.seen_at.is_(None) & UnitCopy.recalled_at.is_(None)
"""It waits for its unit's first look. What was taken back before that waits for nobody."""

RECEIVING = ("unit_head", "clerk")
"""Roles that receive for their unit (`domain.permissions.scope_of`)."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to."""

    words: str = ""
    seen: bool | None = None
    unit_id: int | None = None
    issued_from: dt.datetime | None = None
    issued_before: dt.datetime | None = None


def received(scope: Scope) -> ColumnElement[bool]:
    """The condition that a scope puts on copies: given, and to a unit that the post receives for; or received there
    already by who does, and no secret, for those who read for it."""
    made: list[ColumnElement[bool]] = []
    if scope.receives_for:
        made.append(UnitCopy.unit_id.in_(scope.receives_for) & UnitCopy.given_at.is_not(None))
    if scope.reads_for:
        secret = exists().where(_Paper.id == UnitCopy.outgoing_id, _Paper.secret.is_(True))
        made.append(UnitCopy.unit_id.in_(scope.reads_for) & UnitCopy.seen_at.is_not(None) & ~secret)
    return or_(*made) if made else false()


def units(session: Session, agency_id: int, *, on: dt.date) -> Sequence[Row[int, str, str]]:
    """(id, name, abbreviation) of the parts of an agency that stand on a day, by name."""
    query = select(Unit.id, Unit.name, Unit.abbreviation).where(
        Unit.agency_id == agency_id,
        Unit.kind == "part",
        Unit.valid_from <= on,
        or_(Unit.valid_to.is_(None), Unit.valid_to >= on),
    )
    return session.execute(query.order_by(Unit.name, Unit.id)).all()


def named(session: Session, outgoing_id: int) -> Sequence[Unit]:
    """The units that a document names, by key."""
    query = select(Unit).join(UnitCopy, UnitCopy.unit_id == Unit.id).where(UnitCopy.outgoing_id == outgoing_id)
    return session.scalars(query.order_by(Unit.id)).all()


def put(session: Session, outgoing_id: int, unit_ids: Collection[int]) -> None:
    """Make the units that a draft names these."""
    wanted = set(unit_ids)
    held = set(session.scalars(select(UnitCopy.unit_id).where(UnitCopy.outgoing_id == outgoing_id)))
    if held - wanted:
        gone = delete(UnitCopy).where(UnitCopy.outgoing_id == outgoing_id, UnitCopy.unit_id.in_(held - wanted))
        session.execute(gone)
    session.add_all(UnitCopy(outgoing_id=outgoing_id, unit_id=unit) for unit in sorted(wanted - held))
    session.flush()


def to_give(session: Session, outgoing_id: int) -> Sequence[UnitCopy]:
    """The wishes of a document that is being issued, by unit; the caller holds its lock."""
    query = select(UnitCopy).where(UnitCopy.outgoing_id == outgoing_id, UnitCopy.given_at.is_(None))
    return session.scalars(query.order_by(UnitCopy.unit_id)).all()


def drop(session: Session, row: UnitCopy) -> None:
    """A wish that another copy fulfils."""
    session.delete(row)
    session.flush()


def receivers(session: Session, unit_ids: Collection[int], *, on: dt.date) -> dict[int, list[int]]:
    """Unit → persons who receive for it on a day."""
    query = select(PostRow.unit_id, PostRow.person_id).where(
        PostRow.unit_id.in_(unit_ids),
        PostRow.role.in_(RECEIVING),
        PostRow.valid_from <= on,
        or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
    )
    found: dict[int, list[int]] = {}
    for unit, person in session.execute(query.order_by(PostRow.id)):
        if person not in found.setdefault(unit, []):
            found[unit].append(person)
    return found


def of_document(scope: Scope, session: Session, outgoing_id: int) -> Sequence[Row[UnitCopy, str, str]]:
    """(copy, unit's name, who saw it first) of a document in scope, for its sender; by name."""
    query = (
        select(UnitCopy, Unit.name, Person.full_name)
        .join(Outgoing, Outgoing.id == UnitCopy.outgoing_id)
        .join(Unit, Unit.id == UnitCopy.unit_id)
        .outerjoin(Person, Person.id == UnitCopy.seen_by_id)
        .where(UnitCopy.outgoing_id == outgoing_id, documents.within(scope))
    )
    return session.execute(query.order_by(Unit.name, UnitCopy.id)).all()


def find(scope: Scope, session: Session, copy_id: int) -> Row[UnitCopy, str, Outgoing]:
    """(copy, unit's name, document) that the scope receives, or `NotFound`: the same for a foreign one and none."""
    query = (
        select(UnitCopy, Unit.name, Outgoing)
        .join(Unit, Unit.id == UnitCopy.unit_id)
        .join(Outgoing, Outgoing.id == UnitCopy.outgoing_id)
        .where(UnitCopy.id == copy_id, received(scope))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound("unit_copy_not_found")
    return found


def marks(scope: Scope, session: Session, copy_id: int) -> Sequence[Row[Correction, Outgoing]]:
    """(relation, later document) of what corrected, amended or replaced the document of a copy in scope."""
    query = (
        select(Correction, Outgoing)
        .join(Outgoing, Outgoing.id == Correction.outgoing_id)
        .join(UnitCopy, UnitCopy.outgoing_id == Correction.earlier_id)
        .where(UnitCopy.id == copy_id, received(scope), Outgoing.issued_at.is_not(None))
    )
    return session.execute(query.order_by(Outgoing.issued_at, Outgoing.id)).all()


def given(session: Session, outgoing_id: int, *, reason: str) -> Sequence[UnitCopy]:
    """The copies of an issued document that another one changes."""
    if not reason:
        raise ValueError("whoever reads without a scope says why")
    query = select(UnitCopy).where(UnitCopy.outgoing_id == outgoing_id, UnitCopy.given_at.is_not(None))
    return session.scalars(query.order_by(UnitCopy.unit_id)).all()


def recalled(session: Session, *outgoing_ids: int) -> dict[int, Journal]:
    """Document → the first entry by which it was taken back, recalled or replaced, of some whose copies the caller
    has found."""
    subjects = [f"outgoing:{key}" for key in outgoing_ids]
    query = select(Journal).where(Journal.subject.in_(subjects), Journal.tag.in_((RECALLED, CORRECTED)))
    found: dict[int, Journal] = {}
    for row in session.scalars(query.order_by(Journal.ordinal)):
        if row.tag == RECALLED or json.loads(row.body)["facts"]["kind"] == Kind.REPLACE:
            found.setdefault(int(row.subject.removeprefix("outgoing:")), row)
    return found


def page(
    scope: Scope, session: Session, *, wanted: Filter, sort: str = "newest", begin: int = 0, limit: int = PAGE
) -> Sequence[Row[*tuple[Any, ...]]]:
    """(copy, unit's name, document) that the scope receives: up to `limit` + 1 rows from a place on."""
    order: dict[str, tuple[Any, ...]] = {
        "newest": (UnitCopy.given_at.desc(), UnitCopy.id.desc()),
        "oldest": (UnitCopy.given_at, UnitCopy.id),
        "unseen": (~UNSEEN, UnitCopy.given_at.desc(), UnitCopy.id.desc()),
    }
    query = (
        select(UnitCopy, Unit.name, Outgoing)
        .join(Unit, Unit.id == UnitCopy.unit_id)
        .join(Outgoing, Outgoing.id == UnitCopy.outgoing_id)
        .where(received(scope), *_conditions(wanted))
    )
    return session.execute(query.order_by(*order[sort]).offset(begin).limit(limit + 1)).all()


def count(scope: Scope, session: Session, *, wanted: Filter) -> int:
    """How many of them there are."""
    query = (
        select(func.count())
        .select_from(UnitCopy)
        .join(Outgoing, Outgoing.id == UnitCopy.outgoing_id)
        .where(received(scope), *_conditions(wanted))
    )
    return session.scalars(query).one()


def unseen(scope: Scope, session: Session, *, among: int = 1000) -> int:
    """How many of the last copies that the scope receives wait to be seen: the desk asks with every view."""
    last = (
        select(UNSEEN.label("waits"))
        .where(received(scope))
        .order_by(UnitCopy.given_at.desc())
        .limit(among)
        .subquery()
    )
    return session.scalars(select(func.count()).select_from(last).where(last.c.waits)).one()


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """Words are looked for in number, symbol and subject; of secret documents only in the symbol."""
    made: list[ColumnElement[bool]] = []
    if wanted.words:
        column = Outgoing.subject if has_accents(wanted.words) else Outgoing.subject_folded
        words = wanted.words if has_accents(wanted.words) else fold(wanted.words)
        subject = column.icontains(words, autoescape=True) & Outgoing.secret.is_(False)
        made.append(or_(Outgoing.symbol.icontains(wanted.words, autoescape=True), subject))
    if wanted.seen is not None:
        made.append(UnitCopy.seen_at.is_not(None) if wanted.seen else UNSEEN)
    if wanted.unit_id is not None:
        made.append(UnitCopy.unit_id == wanted.unit_id)
    if wanted.issued_from is not None:
        made.append(UnitCopy.given_at >= wanted.issued_from)
    if wanted.issued_before is not None:
        made.append(UnitCopy.given_at < wanted.issued_before)
    return made


def receiving(scope: Scope, session: Session) -> Sequence[Row[int, str]]:
    """(id, name) of the units that the scope receives for and that were given something, by name."""
    query = select(Unit.id, Unit.name).join(UnitCopy, UnitCopy.unit_id == Unit.id).where(received(scope)).distinct()
    return session.execute(query.order_by(Unit.name, Unit.id)).all()


def record_first_look(session: Session, copy_id: int, *, person_id: int, now: dt.datetime) -> None:
    """Note who saw a copy first, for its unit: a look, which reading may write."""
    query = update(UnitCopy).where(UnitCopy.id == copy_id, UnitCopy.seen_at.is_(None), UnitCopy.given_at <= now)
    session.execute(query.values(seen_at=now, seen_by_id=person_id))
