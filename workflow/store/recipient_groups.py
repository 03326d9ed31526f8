"""Queries for named groups of recipients. A group is its agency's own: every query says whose."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.store.models import GroupMember, OutsideOffice, RecipientGroup


def groups(session: Session, agency_id: int, *, in_use_only: bool) -> Sequence[RecipientGroup]:
    """An agency's groups, by name."""
    query = select(RecipientGroup).where(RecipientGroup.agency_id == agency_id)
    if in_use_only:
        query = query.where(RecipientGroup.ended_at.is_(None))
    return session.scalars(query.order_by(RecipientGroup.name, RecipientGroup.id)).all()


def group(session: Session, agency_id: int, *, group_id: int, lock: bool = False) -> RecipientGroup:
    """One of an agency's groups, or `NotFound`."""
    query = select(RecipientGroup).where(RecipientGroup.id == group_id, RecipientGroup.agency_id == agency_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("group_not_found")
    return found


def called(session: Session, agency_id: int, name: str) -> RecipientGroup | None:
    """The agency's group of that name."""
    query = select(RecipientGroup).where(RecipientGroup.agency_id == agency_id, RecipientGroup.name == name)
    return session.scalars(query).one_or_none()


def members(session: Session, group_id: int) -> Sequence[GroupMember]:
    """Who belongs to a group that the caller has found: agencies here first, then by name."""
    query = select(GroupMember).where(GroupMember.group_id == group_id)
    return session.scalars(query.order_by(GroupMember.agency_id.is_(None), GroupMember.name)).all()


def members_by_group(session: Session, agency_id: int) -> dict[int, list[str]]:
    """Group → names of its members, for the list of an agency's groups."""
    query = (
        select(GroupMember.group_id, func.coalesce(OutsideOffice.name, GroupMember.name))
        .join(RecipientGroup, RecipientGroup.id == GroupMember.group_id)
        .outerjoin(OutsideOffice, OutsideOffice.id == GroupMember.office_id)
        .where(RecipientGroup.agency_id == agency_id)
        .order_by(GroupMember.agency_id.is_(None), GroupMember.name)
    )
    found: dict[int, list[str]] = {}
    for key, name in session.execute(query):
        found.setdefault(key, []).append(name)
    return found


def offices_of(session: Session, group_id: int) -> dict[int, OutsideOffice]:
    """Member → its entry in the catalogue, of a group that the caller has found."""
    query = (
        select(GroupMember.id, OutsideOffice)
        .join(OutsideOffice, OutsideOffice.id == GroupMember.office_id)
        .where(GroupMember.group_id == group_id)
    )
    return {row.id: row.OutsideOffice for row in session.execute(query)}


Member = tuple[int | None, int | None, str]
"""(agency here, entry of the catalogue, name): one of the two keys at most."""


def put_members(session: Session, group_id: int, wanted: Sequence[Member]) -> None:
    """Make these the members."""
    session.execute(delete(GroupMember).where(GroupMember.group_id == group_id))
    session.add_all(
        GroupMember(group_id=group_id, agency_id=agency, office_id=office, name=name)
        for agency, office, name in wanted
    )
    session.flush()
