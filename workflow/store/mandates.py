"""Queries for mandates. Rows are only added and ended, so that any past day can be asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.mandates import Legal, Mandate
from workflow.domain.people import Capacity, Post, Role
from workflow.domain.permissions import Scope
from workflow.store.models import MandateEnd, MandateRow, Outgoing, Person, PostRow, Signature, Unit


def as_post(row: PostRow) -> Post:
    """A stored post as the rules read it."""
    return Post(
        row.id, row.person_id, row.unit_id, row.agency_id, Role(row.role), row.title, row.valid_from, row.valid_to
    )


def posts_of(session: Session, person_id: int) -> list[Post]:
    """Every post of a person, past ones too."""
    rows = session.scalars(select(PostRow).where(PostRow.person_id == person_id).order_by(PostRow.id))
    return [as_post(row) for row in rows]


def of_posts(session: Session, post_ids: Sequence[int]) -> list[Mandate]:
    """Every mandate that was ever put on record for some posts."""
    return _mandates(session, MandateRow.post_id.in_(post_ids))


def of_agency(session: Session, agency_id: int) -> list[Mandate]:
    """Every mandate of an agency."""
    return _mandates(session, MandateRow.agency_id == agency_id)


def by_id(session: Session, mandate_id: int) -> Mandate:
    """One mandate, or `NotFound`."""
    found = _mandates(session, MandateRow.id == mandate_id)
    if not found:
        raise NotFound("mandate_not_found")
    return found[0]


_HOLDER, _SOURCE = aliased(PostRow), aliased(PostRow)
_WHOLE = (
    select(MandateRow, MandateEnd.at, _HOLDER, _SOURCE)
    .join(_HOLDER, _HOLDER.id == MandateRow.post_id)
    .outerjoin(MandateEnd, MandateEnd.mandate_id == MandateRow.id)
    .outerjoin(_SOURCE, _SOURCE.id == MandateRow.source_post_id)
    .order_by(MandateRow.id)
)
"""Made once: every submission and signature asks."""


def _mandates(session: Session, condition: ColumnElement[bool]) -> list[Mandate]:
    """As the rules read them: the order that one was passed on from, and the post it comes from, are in it."""
    rows = session.execute(_WHOLE.where(condition)).all()
    orders = {row[0].parent_id for row in rows if row[0].parent_id is not None}
    parents = {one.id: one for one in _mandates(session, MandateRow.id.in_(orders))} if orders else {}
    return [
        mandate_of(row, ended_at, post, source, parents.get(row.parent_id or 0))
        for row, ended_at, post, source in rows
    ]


def mandate_of(
    row: MandateRow, ended_at: dt.datetime | None, post: PostRow | None, source: PostRow | None,
    parent: Mandate | None,
) -> Mandate:  # fmt: skip
    """A row as the rules read it; it need not be stored yet. Without its posts it only tells its scope."""
    return Mandate(
        id=row.id or 0,
        parent=parent, post_id=row.post_id, agency_id=row.agency_id, capacity=Capacity(row.capacity),
        valid_from=row.valid_from, valid_to=row.valid_to, granted_at=row.granted_at,
        legal=Legal(
            symbol=row.legal_symbol, day=row.legal_day, title=row.legal_title, document_id=row.legal_document_id
        ),
        source=as_post(source) if source is not None else None, types=frozenset(row.type_codes),
        units=frozenset(row.unit_ids), organs=frozenset(row.organs), content=row.content,
        unit_id=post.unit_id if post is not None else None,
        revoked_at=ended_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list: the row with names."""

    row: MandateRow
    person_id: int
    holder: str
    title: str
    unit: str
    source: str
    source_title: str
    ended_at: dt.datetime | None
    end_reason: str
    granted_by: str
    revoked_by: str

    def when(self, today: dt.date) -> str:
        """`now`, `future`, `past` (its time ran out) or `revoked`."""
        if self.ended_at is not None:
            return "revoked"
        if self.row.valid_from > today:
            return "future"
        return "past" if self.row.valid_to is not None and self.row.valid_to < today else "now"


def listed(scope: Scope, session: Session, *, person_id: int | None = None) -> list[Listed]:
    """The mandates of the agencies an administrator looks after, or those that one person holds or gave there."""
    mine = None
    if person_id is not None:
        own = select(PostRow.id).where(PostRow.person_id == person_id)
        mine = or_(MandateRow.post_id.in_(own), MandateRow.source_post_id.in_(own))
    return _listed(session, MandateRow.agency_id.in_(scope.agency_ids), mine)


def one_listed(scope: Scope, session: Session, mandate_id: int) -> Listed:
    """One of them, or `NotFound`."""
    found = _listed(session, MandateRow.agency_id.in_(scope.agency_ids), MandateRow.id == mandate_id)
    if not found:
        raise NotFound("mandate_not_found")
    return found[0]


def _listed(session: Session, within: ColumnElement[bool], also: ColumnElement[bool] | None) -> list[Listed]:
    post, source = aliased(PostRow), aliased(PostRow)
    holder, giver, entered, revoked = (aliased(Person) for _ in range(4))
    query = (
        select(
            MandateRow, holder.id, holder.full_name, post.title, Unit.name, giver.full_name, source.title,
            MandateEnd.at, MandateEnd.reason, entered.full_name, revoked.full_name,
        )
        .join(post, post.id == MandateRow.post_id)
        .join(holder, holder.id == post.person_id)
        .join(Unit, Unit.id == post.unit_id)
        .join(entered, entered.id == MandateRow.granted_by_id)
        .outerjoin(source, source.id == MandateRow.source_post_id)
        .outerjoin(giver, giver.id == source.person_id)
        .outerjoin(MandateEnd, MandateEnd.mandate_id == MandateRow.id)
        .outerjoin(revoked, revoked.id == MandateEnd.by_id)
        .where(within)
        .order_by(MandateRow.id.desc())
    )  # fmt: skip
    if also is not None:
        query = query.where(also)
    return [
        Listed(
            row[0], row[1], row[2], row[3], row[4], row[5] or "", row[6] or "", row[7], row[8] or "", row[9],
            row[10] or "",
        )
        for row in session.execute(query)
    ]  # fmt: skip


def row_of(scope: Scope, session: Session, mandate_id: int) -> MandateRow:
    """A mandate's row in the scope's agencies, or `NotFound`."""
    found = session.scalars(
        select(MandateRow).where(MandateRow.id == mandate_id, MandateRow.agency_id.in_(scope.agency_ids))
    ).one_or_none()
    if found is None:
        raise NotFound("mandate_not_found")
    return found


def end_of(session: Session, mandate_id: int) -> MandateEnd | None:
    """When and why a mandate was revoked; None where it was not."""
    return session.get(MandateEnd, mandate_id)


def hold_posts(session: Session, post_ids: Sequence[int], *, alone: bool) -> None:
    """Hold posts until the write ends: `alone` while a mandate of theirs is revoked, together while one is used.

    So a signature either sees the end of its mandate or comes before it. Mandates themselves cannot be locked: who
    serves may not change them.
    """
    query = select(PostRow.id).where(PostRow.id.in_(sorted(set(post_ids)))).order_by(PostRow.id)
    session.execute(query.with_for_update(read=not alone, key_share=alone)).all()


def after_last_use(session: Session, mandate_id: int, *, not_before: dt.datetime) -> dt.datetime:
    """The moment from which a mandate can be over: after every signature that was accepted by it, or by an order
    passed on from it, however long its revocation waited for them."""
    passed_on = select(MandateRow.id).where(MandateRow.parent_id == mandate_id)
    query = select(func.max(Signature.received_at)).where(
        or_(Signature.mandate_id == mandate_id, Signature.mandate_id.in_(passed_on))
    )
    last = session.scalar(query)
    return not_before if last is None or last < not_before else last + dt.timedelta(microseconds=1)


def open_of(session: Session, post_id: int, *, day: dt.date) -> Sequence[MandateRow]:
    """Mandates that a post holds, or that were passed on from it, and that are not over on a day."""
    over = select(MandateEnd.mandate_id)
    query = select(MandateRow).where(
        MandateRow.id.not_in(over),
        or_(MandateRow.valid_to.is_(None), MandateRow.valid_to >= day),
        or_(
            MandateRow.post_id == post_id,
            MandateRow.parent_id.is_not(None) & (MandateRow.source_post_id == post_id),
        ),
    )
    return session.scalars(query.order_by(MandateRow.id)).all()


def issued_as(session: Session, symbol: str, *, agency_id: int, reason: str) -> int | None:
    """The latest document that an agency issued here with this number and symbol; `reason` says what for."""
    query = select(Outgoing.id).where(
        Outgoing.symbol == symbol, Outgoing.agency_id == agency_id, Outgoing.issued_at.is_not(None)
    )
    return session.scalar(query.order_by(Outgoing.id.desc()).limit(1)) if reason else None


def could_hold(
    session: Session, agency_id: int, *, roles: Sequence[Role], on: dt.date
) -> list[tuple[PostRow, str]]:
    """(post, name) of an agency's posts of some roles that are not over on a day, for a list to choose from."""
    query = (
        select(PostRow, Person.full_name)
        .join(Person, Person.id == PostRow.person_id)
        .where(
            PostRow.agency_id == agency_id,
            PostRow.role.in_([str(role) for role in roles]),
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
        )
        .order_by(Person.full_name, PostRow.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def heads(session: Session, agency_id: int) -> list[tuple[PostRow, str]]:
    """(post, name) of everybody who is or was head of an agency, the latest first."""
    query = (
        select(PostRow, Person.full_name)
        .join(Person, Person.id == PostRow.person_id)
        .where(PostRow.agency_id == agency_id, PostRow.role == str(Role.LEADER))
        .order_by(PostRow.valid_from.desc(), PostRow.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def unit_names(session: Session, unit_ids: Sequence[int]) -> list[str]:
    """Names of some units."""
    return list(session.scalars(select(Unit.name).where(Unit.id.in_(unit_ids)).order_by(Unit.name)))
