"""Queries for offices outside. A catalogue is its agency's own: every query says whose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, or_, select, update
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.outside_offices import Office
from workflow.domain.permissions import Scope
from workflow.store import documents
from workflow.store.models import Dispatch, GroupMember, OfficeName, Outgoing, OutsideOffice


def offices(session: Session, agency_id: int, *, in_use_only: bool = False) -> Sequence[OutsideOffice]:
    """An agency's catalogue, by name; doubles that were merged are no entries any more."""
    query = select(OutsideOffice).where(
        OutsideOffice.agency_id == agency_id, OutsideOffice.merged_into_id.is_(None)
    )
    if in_use_only:
        query = query.where(OutsideOffice.ended_at.is_(None))
    return session.scalars(query.order_by(OutsideOffice.name, OutsideOffice.id)).all()


def aliases(session: Session, agency_id: int) -> dict[int, tuple[str, ...]]:
    """Entry → its other names, in the order in which they came."""
    query = select(OfficeName.office_id, OfficeName.words).where(
        OfficeName.agency_id == agency_id, OfficeName.alias.is_(True)
    )
    found: dict[int, tuple[str, ...]] = {}
    for key, words in session.execute(query.order_by(OfficeName.id)):
        found[key] = (*found.get(key, ()), words)
    return found


def office(session: Session, agency_id: int, *, office_id: int, lock: bool = False) -> OutsideOffice:
    """One of an agency's entries, or `NotFound`."""
    query = select(OutsideOffice).where(OutsideOffice.id == office_id, OutsideOffice.agency_id == agency_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("office_not_found")
    return found


def told(session: Session, row: OutsideOffice) -> Office:
    """An entry with its other names, as the rules know it."""
    query = select(OfficeName.words).where(OfficeName.office_id == row.id, OfficeName.alias.is_(True))
    return with_names(row, tuple(session.scalars(query.order_by(OfficeName.id))))


def with_names(row: OutsideOffice, names: tuple[str, ...]) -> Office:
    """The same with the other names that were looked up for many at once (`aliases`)."""
    return Office(
        name=row.name, short_name=row.short_name, code=row.code, address=row.address, email=row.email,
        channel=row.channel, note=row.note, aliases=names,
    )  # fmt: skip


def owners(session: Session, agency_id: int, keys: Collection[str]) -> dict[str, OutsideOffice]:
    """Key of a name → the entry that bears it."""
    found: dict[str, OutsideOffice] = {}
    wanted = sorted(set(keys))
    for begin in range(0, len(wanted), 500):
        query = (
            select(OfficeName.key, OutsideOffice)
            .join(OutsideOffice, OutsideOffice.id == OfficeName.office_id)
            .where(OfficeName.agency_id == agency_id, OfficeName.key.in_(wanted[begin : begin + 500]))
        )
        found |= {row.key: row.OutsideOffice for row in session.execute(query)}
    return found


def keys(session: Session, agency_id: int) -> frozenset[str]:
    """Every name of an agency's catalogue, by key."""
    return frozenset(session.scalars(select(OfficeName.key).where(OfficeName.agency_id == agency_id)))


def put_names(session: Session, row: OutsideOffice, wanted: Mapping[str, tuple[str, bool]]) -> None:
    """Make these an entry's names: key → (words, whether it is an other name)."""
    held = {one.key: one for one in session.scalars(select(OfficeName).where(OfficeName.office_id == row.id))}
    if gone := held.keys() - wanted.keys():
        session.execute(delete(OfficeName).where(OfficeName.office_id == row.id, OfficeName.key.in_(gone)))
    for key, (words, alias) in wanted.items():
        if key in held:
            held[key].words, held[key].alias = words, alias
        else:
            made = OfficeName(office_id=row.id, agency_id=row.agency_id, key=key, words=words, alias=alias)
            session.add(made)
    session.flush()


def drop_names(session: Session, row: OutsideOffice) -> None:
    """An entry that was merged is called nothing any more."""
    session.execute(delete(OfficeName).where(OfficeName.office_id == row.id))


def move_members(session: Session, *, goes: int, stays: int) -> None:
    """Groups that held one entry hold the other, once."""
    there = set(session.scalars(select(GroupMember.group_id).where(GroupMember.office_id == stays)))
    for member in session.scalars(select(GroupMember).where(GroupMember.office_id == goes)).all():
        if member.group_id in there:
            session.delete(member)
        else:
            member.office_id = stays
            there.add(member.group_id)
    session.flush()


def move_doubles(session: Session, *, goes: int, stays: int) -> None:
    """Entries that were merged into one that goes belong to the one that stays."""
    query = update(OutsideOffice).where(OutsideOffice.merged_into_id == goes)
    session.execute(query.values(merged_into_id=stays))


def written_to(scope: Scope, session: Session, *, limit: int = 2000) -> Sequence[Row[*tuple[Any, ...]]]:
    """(name, copies, when last issued) of everybody outside that documents within reach went to, the last first."""
    query = (
        select(Dispatch.name, func.count().label("copies"), func.max(Outgoing.issued_at).label("last"))
        .join(Outgoing, Outgoing.id == Dispatch.outgoing_id)
        .where(documents.within(scope))
        .group_by(Dispatch.name)
        .order_by(func.max(Dispatch.id).desc())
    )
    return session.execute(query.limit(limit)).all()


def lately_written_to(scope: Scope, session: Session, *, limit: int = 300) -> Sequence[str]:
    """The names on the last copies within reach: what a page says beside something else looks at no more."""
    query = select(Dispatch.name).join(Outgoing, Outgoing.id == Dispatch.outgoing_id).where(documents.within(scope))
    return session.scalars(query.order_by(Dispatch.id.desc()).limit(limit)).all()


def sent_to(
    scope: Scope, session: Session, office_id: int, *, limit: int = 20
) -> Sequence[Row[Dispatch, Outgoing]]:
    """(copy, document) that went to an entry, or to a double of it, within reach, the newest first."""
    doubles = select(OutsideOffice.id).where(OutsideOffice.merged_into_id == office_id)
    query = (
        select(Dispatch, Outgoing)
        .join(Outgoing, Outgoing.id == Dispatch.outgoing_id)
        .where(documents.within(scope), or_(Dispatch.office_id == office_id, Dispatch.office_id.in_(doubles)))
    )
    return session.execute(query.order_by(Dispatch.id.desc()).limit(limit)).all()
