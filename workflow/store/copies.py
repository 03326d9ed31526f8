"""Queries for certified copies: those within reach, their register, who may sign them, their signing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, false, func, literal_column, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from workflow.domain.copies import OPEN
from workflow.domain.errors import NotFound, stale
from workflow.domain.permissions import Scope
from workflow.domain.text import fold
from workflow.store.models import (
    CertifiedCopy,
    CopyFile,
    CopyItem,
    CopySeries,
    CopySigner,
    Incoming,
    Outgoing,
    Person,
    PostRow,
    SigningSession,
)

PAGE = 50
SORTS = ("newest", "oldest", "number")
_Asker = aliased(Person)


def within(scope: Scope) -> ColumnElement[bool]:
    """The condition that a scope puts on copies: the agency's, and those that wait for one's own signature or had
    it. Units do not reach them: what is copied may be another unit's paper. A paper that became secret since is
    named by its copies only to who reaches the agency's secrets: not to inspectors, not to who signs a copy."""
    made: list[ColumnElement[bool]] = []
    if scope.agency_ids:
        made.append(CertifiedCopy.agency_id.in_(scope.agency_ids))
    if scope.own is not None:
        person, agency = scope.own
        made.append(and_(CertifiedCopy.signer_id == person, CertifiedCopy.agency_id == agency, ~_of_a_secret()))
    if not made:
        return false()
    return and_(or_(*made), ~_of_a_secret()) if scope.no_secrets else or_(*made)


def _of_a_secret() -> ColumnElement[bool]:
    """Whether what was copied is secret now: by the key of its row, whatever the copy says."""
    return or_(
        exists().where(Outgoing.id == CertifiedCopy.outgoing_id, Outgoing.secret.is_(True)),
        exists().where(Incoming.id == CertifiedCopy.incoming_id, Incoming.secret.is_(True)),
    )


def of_a_secret(session: Session, copy: CertifiedCopy) -> bool:
    """Whether what was copied is secret now; the caller has found the copy."""
    query = select(CertifiedCopy.id).where(CertifiedCopy.id == copy.id, _of_a_secret())
    return session.scalar(query) is not None


def find(scope: Scope, session: Session, copy_id: int) -> CertifiedCopy:
    """A copy within reach, or `NotFound`: the same answer for a foreign one as for none."""
    query = select(CertifiedCopy).where(CertifiedCopy.id == copy_id, within(scope))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("copy_not_found")
    return found


def chosen(scope: Scope, session: Session, copy_ids: Collection[int]) -> list[CertifiedCopy]:
    """Those of some copies that are within reach, in the order chosen."""
    query = select(CertifiedCopy).where(CertifiedCopy.id.in_(list(copy_ids)), within(scope))
    found = {row.id: row for row in session.scalars(query)}
    return [found[key] for key in dict.fromkeys(copy_ids) if key in found]


def lock(scope: Scope, session: Session, copy_id: int, *, version: int | None) -> CertifiedCopy:
    """The same under its row lock. Raises `Conflict("copy_stale")` where it moved since it was read."""
    query = select(CertifiedCopy).where(CertifiedCopy.id == copy_id, within(scope)).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("copy_not_found")
    if version is not None and found.version != version:
        raise stale(found, "copy_stale")
    return found


def for_jobs(session: Session, copy_id: int, *, reason: str) -> CertifiedCopy:
    """A copy under its lock, whoever's it is."""
    if not reason:
        raise ValueError("a query without a scope says why")
    query = select(CertifiedCopy).where(CertifiedCopy.id == copy_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def one(session: Session, copy_id: int, *, reason: str) -> CertifiedCopy:
    """The same without the lock."""
    if not reason:
        raise ValueError("a query without a scope says why")
    return session.get_one(CertifiedCopy, copy_id)


def by_file(session: Session, sha256: str, *, reason: str) -> CertifiedCopy | None:
    """The copy whose sealed file somebody holds, as it was sealed or as the clock made it longer."""
    if not reason:
        raise ValueError("a query without a scope says why")
    longer = select(CopyFile.copy_id).where(CopyFile.sha256 == sha256)
    known = or_(CertifiedCopy.sealed_sha256 == sha256, CertifiedCopy.id.in_(longer))
    return session.scalars(select(CertifiedCopy).where(known).order_by(CertifiedCopy.id).limit(1)).one_or_none()


def of_source(
    scope: Scope, session: Session, *, outgoing_id: int | None = None, incoming_id: int | None = None
) -> Sequence[CertifiedCopy]:
    """The last copies within reach of one document, the newest first."""
    column, key = (
        (CertifiedCopy.outgoing_id, outgoing_id) if outgoing_id is not None else
        (CertifiedCopy.incoming_id, incoming_id)
    )  # fmt: skip
    query = select(CertifiedCopy).where(column == key, within(scope)).order_by(CertifiedCopy.id.desc())
    return session.scalars(query.limit(20)).all()


def unfinished(scope: Scope, session: Session, *, like: CertifiedCopy) -> CertifiedCopy | None:
    """One within reach of the same original, in the same form, medium and pages, that is still to be finished."""
    same = (
        CertifiedCopy.agency_id, CertifiedCopy.form, CertifiedCopy.medium, CertifiedCopy.outgoing_id,
        CertifiedCopy.incoming_id, CertifiedCopy.chosen,
    )  # fmt: skip
    query = select(CertifiedCopy).where(within(scope), CertifiedCopy.state.in_(sorted(OPEN)))
    for column in same:
        query = query.where(column.is_not_distinct_from(getattr(like, column.key)))
    return session.scalars(query.order_by(CertifiedCopy.id).limit(1)).first()


def lock_series(session: Session, agency_id: int, year: int) -> CopySeries:
    """The agency's year of copies under its row lock; opened at 0 when the year is new."""
    query = (
        select(CopySeries)
        .where(CopySeries.agency_id == agency_id, CopySeries.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if (found := session.scalars(query).one_or_none()) is not None:
        return found
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    session.execute(
        insert(CopySeries).values(agency_id=agency_id, year=year, last_number=0).on_conflict_do_nothing()
    )
    return session.scalars(query).one()


@dataclass(frozen=True, slots=True)
class Filter:
    """What the register is narrowed to."""

    words: str = ""
    state: str = ""
    form: str = ""
    medium: str = ""
    year: int | None = None


def page(
    scope: Scope, session: Session, *, wanted: Filter, sort: str = "newest",
    after: tuple[int, int, int] | None = None, limit: int = PAGE,
) -> Sequence[Row[*tuple[Any, ...]]]:  # fmt: skip
    """(copy, who signs it, who asked for it): up to `limit` + 1 rows behind a place (year, number, key)."""
    query = (
        select(CertifiedCopy, Person.full_name.label("signer"), _Asker.full_name.label("asker"))
        .join(Person, Person.id == CertifiedCopy.signer_id)
        .join(_Asker, _Asker.id == CertifiedCopy.asked_by_id)
        .where(within(scope), *_conditions(wanted))
        .limit(limit + 1)
    )
    place = place_of()
    key = CertifiedCopy.id
    if sort == "number":
        if after is not None:
            query = query.where(place < tuple_(*map(literal, after)))
        return session.execute(query.order_by(*(column.desc() for column in _PLACE))).all()
    if after is not None:
        query = query.where(key < after[2] if sort == "newest" else key > after[2])
    return session.execute(query.order_by(key.desc() if sort == "newest" else key)).all()


_PLACE = (func.coalesce(CertifiedCopy.year, 0), func.coalesce(CertifiedCopy.number, 0), CertifiedCopy.id)


def place_of() -> Any:
    """Year, number, key: the register's own order."""
    return tuple_(*_PLACE)


def literal(value: int) -> Any:
    """A whole number as it stands in a comparison of rows."""
    return literal_column(str(int(value)))


def count(scope: Scope, session: Session, *, wanted: Filter, most: int = 1000) -> int:
    """How many of them there are; `most` + 1 for more than that."""
    rows = select(CertifiedCopy.id).where(within(scope), *_conditions(wanted)).limit(most + 1).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def years(scope: Scope, session: Session) -> Sequence[int]:
    """Years in which copies were numbered, the newest first."""
    query = select(CertifiedCopy.year).where(within(scope), CertifiedCopy.year.is_not(None)).distinct()
    return sorted((year for year in session.scalars(query) if year is not None), reverse=True)


def waiting(scope: Scope, session: Session, *, person_id: int) -> int:
    """How many copies wait for one's own signature or approval."""
    query = select(func.count()).select_from(CertifiedCopy)
    return session.scalar(query.where(within(scope), CertifiedCopy.signer_id == person_id,
                                      CertifiedCopy.state == "asked")) or 0  # fmt: skip


def at_hand(scope: Scope, session: Session, *, agency_id: int) -> dict[str, int]:
    """How many copies of an agency wait for their number, and how many for what makes them done."""
    query = select(CertifiedCopy.state, func.count()).where(
        within(scope), CertifiedCopy.agency_id == agency_id, CertifiedCopy.state.in_(("approved", "numbered"))
    )
    return {str(row[0]): int(row[1]) for row in session.execute(query.group_by(CertifiedCopy.state))}


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if wanted.words:
        made.append(
            or_(
                CertifiedCopy.symbol.icontains(wanted.words, autoescape=True),
                CertifiedCopy.source_folded.contains(fold(wanted.words), autoescape=True),
            )
        )
    for column, value in (
        (CertifiedCopy.state, wanted.state), (CertifiedCopy.form, wanted.form),
        (CertifiedCopy.medium, wanted.medium),
    ):  # fmt: skip
        if value:
            made.append(column == value)
    if wanted.year is not None:
        made.append(CertifiedCopy.year == wanted.year)
    return made


def names(session: Session, copy: CertifiedCopy) -> dict[str, str]:
    """Full names of the people of a copy that the caller has found, by what they did."""
    keys = {
        "signer": copy.signer_id, "asker": copy.asked_by_id, "numberer": copy.numbered_by_id,
        "doer": copy.done_by_id, "closer": copy.closed_by_id,
    }  # fmt: skip
    wanted = {key for key in keys.values() if key is not None}
    known = {row.id: row.full_name for row in session.execute(select(Person.id, Person.full_name)
                                                              .where(Person.id.in_(wanted)))}  # fmt: skip
    return {what: known.get(key, "") for what, key in keys.items() if key is not None}


def named(session: Session, agency_id: int, *, on: dt.date) -> Sequence[Row[*tuple[Any, ...]]]:
    """(name as it was given, post, person) of those whom the head named to sign copies and who hold their post."""
    query = (
        select(CopySigner, PostRow, Person.full_name)
        .join(PostRow, PostRow.id == CopySigner.post_id)
        .join(Person, Person.id == PostRow.person_id)
        .where(
            CopySigner.agency_id == agency_id, CopySigner.ended_at.is_(None), PostRow.valid_from <= on,
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
        )
        .order_by(CopySigner.id)
    )  # fmt: skip
    return session.execute(query).all()


def live_name(session: Session, agency_id: int, post_id: int) -> CopySigner | None:
    """What makes a post of the agency a signer of copies now."""
    query = select(CopySigner).where(
        CopySigner.agency_id == agency_id, CopySigner.post_id == post_id, CopySigner.ended_at.is_(None)
    )
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def item(session: Session, session_id: int, copy_id: int, *, for_update: bool = False) -> CopyItem:
    """One copy of a signing session, or `NotFound`."""
    query = select(CopyItem).where(CopyItem.session_id == session_id, CopyItem.copy_id == copy_id)
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("signing_session_not_found")
    return found


def item_answered(session: Session, answer_sha256: str, copy_ids: Collection[int]) -> CopyItem | None:
    """What was answered with exactly these bytes, of copies that the caller has found."""
    query = select(CopyItem).where(
        CopyItem.answer_sha256 == answer_sha256, CopyItem.copy_id.in_(copy_ids),
        CopyItem.status.in_(("pending", "done")),
    )  # fmt: skip
    return session.scalars(query.order_by(CopyItem.id.desc()).limit(1)).first()


def seals_by_holder(session: Session, agency_id: int, *, holder: str, since: dt.datetime) -> int:
    """How many copies of an agency were sealed by one way since a moment."""
    query = (
        select(func.count()).select_from(CopyItem).join(SigningSession, SigningSession.id == CopyItem.session_id)
    )
    query = query.join(CertifiedCopy, CertifiedCopy.id == CopyItem.copy_id).where(
        CertifiedCopy.agency_id == agency_id, SigningSession.key_holder == holder,
        CopyItem.status.in_(("pending", "done")), CopyItem.received_at >= since,
    )  # fmt: skip
    return session.scalar(query) or 0


def items_of(session: Session, session_id: int) -> Sequence[CopyItem]:
    """All copies of a signing session, in the order in which they were prepared."""
    return session.scalars(select(CopyItem).where(CopyItem.session_id == session_id).order_by(CopyItem.id)).all()


def open_items(session: Session, copy_id: int) -> Sequence[CopyItem]:
    """The same for reading."""
    query = select(CopyItem).where(CopyItem.copy_id == copy_id, CopyItem.status.in_(("prepared", "pending")))
    return session.scalars(query).all()


def live_items(session: Session, copy_id: int) -> Sequence[CopyItem]:
    """What was prepared for a copy and may still be signed, under its lock."""
    query = select(CopyItem).where(CopyItem.copy_id == copy_id, CopyItem.status.in_(("prepared", "pending")))
    return session.scalars(query.with_for_update()).all()


def tally(session: Session, act_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Of each act of sealing copies, how many of them have which status."""
    query = select(CopyItem.session_id, CopyItem.status, func.count()).where(CopyItem.session_id.in_(act_ids))
    found: dict[int, dict[str, int]] = {key: {} for key in act_ids}
    for act_id, status, number in session.execute(query.group_by(CopyItem.session_id, CopyItem.status)):
        found[act_id][status] = number
    return found


def pending(session: Session, *, limit: int = 200) -> Sequence[tuple[int, int]]:
    """(session, copy) of signatures that came while not enough was known."""
    query = select(CopyItem.session_id, CopyItem.copy_id).where(CopyItem.status == "pending")
    return [(row.session_id, row.copy_id) for row in session.execute(query.order_by(CopyItem.id).limit(limit))]


def session_of(session: Session, session_id: int) -> SigningSession:
    """The act that a copy was prepared in."""
    return session.get_one(SigningSession, session_id)
