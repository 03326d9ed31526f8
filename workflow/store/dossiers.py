"""Queries for dossiers. Every one for people's work takes a `Scope` first.

A dossier is seen by its unit, its maker and whoever sees the whole agency; of its documents everybody sees those
that they would see anyway: the others are neither shown nor counted, and their lines of history are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select
from sqlalchemy.orm import Session

from workflow.domain.dossiers import Inside, Kind
from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store import attachments, documents, incoming
from workflow.store.locking import locked
from workflow.store.models import (
    Dossier,
    DossierDocument,
    DossierHistory,
    Incoming,
    IncomingFile,
    Outgoing,
    Person,
    Unit,
)


def within(scope: Scope) -> ColumnElement[bool]:
    """The condition that a scope puts on dossiers; false where the scope is empty."""
    reach: list[ColumnElement[bool]] = []
    if scope.agency_ids:
        reach.append(Dossier.agency_id.in_(scope.agency_ids))
    if scope.unit_ids:
        reach.append(Dossier.unit_id.in_(scope.unit_ids))
    if scope.own is not None:
        person, agency = scope.own
        reach.append(and_(Dossier.agency_id == agency, Dossier.maker_id == person))
    if not reach:
        return false()
    return reach[0] if len(reach) == 1 else or_(*reach)


def find(scope: Scope, session: Session, dossier_id: int) -> Dossier:
    """The dossier, or `NotFound`: the same for a foreign one and for none."""
    found = session.scalars(select(Dossier).where(Dossier.id == dossier_id, within(scope))).one_or_none()
    if found is None:
        raise NotFound("dossier_not_found")
    return found


def lock(scope: Scope, session: Session, dossier_id: int, *, version: int | None) -> Dossier:
    """The dossier under its row lock, checked against the version the actor saw.

    Raises `NotFound`, or `Conflict("stale")` with the present state and version.
    """
    query = select(Dossier).where(Dossier.id == dossier_id, within(scope))
    return locked(session, query, lacking="dossier_not_found", version=version)


def lock_numbers(session: Session, agency_id: int) -> None:
    """One at a time gives out numbers of an agency's dossiers and hand-over lists; rows that only name the agency
    are written meanwhile."""
    session.execute(select(Unit.id).where(Unit.id == agency_id).with_for_update(key_share=True))


def once(scope: Scope, session: Session, *, maker_id: int, once_key: str) -> Dossier | None:
    """The dossier that one form of a maker opened."""
    query = select(Dossier).where(within(scope), Dossier.maker_id == maker_id, Dossier.once_key == once_key)
    return session.scalars(query).one_or_none()


def notations(session: Session, *, agency_id: int, year: int, reason: str) -> list[str]:
    """Every notation that an agency's dossiers of a year ever had, for whoever gives out the next one."""
    if not reason:
        raise ValueError("a query without a scope says why")
    query = select(Dossier.notation).where(Dossier.agency_id == agency_id, Dossier.year == year)
    return list(session.scalars(query))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A document in a dossier with what both lists show of it."""

    link_id: int
    ordinal: int
    kind: Kind
    id: int
    symbol: str
    number: int | None
    day: dt.date | dt.datetime | None
    type_code: str
    subject: str
    author: str
    state: str
    secret: bool
    pages: int
    years: int | None
    note: str

    @property
    def address(self) -> str:
        """Of its own page."""
        return f"/{self.kind}/{self.id}"


def documents_of(scope: Scope, session: Session, dossier_id: int) -> tuple[Filed, ...]:
    """The documents that the scope reaches, in the dossier's order."""
    out = (
        select(DossierDocument, Outgoing, Unit.name)
        .join(Outgoing, Outgoing.id == DossierDocument.outgoing_id)
        .join(Unit, Unit.id == Outgoing.agency_id)
        .where(DossierDocument.dossier_id == dossier_id, documents.within(scope))
    )
    came = (
        select(DossierDocument, Incoming)
        .join(Incoming, Incoming.id == DossierDocument.incoming_id)
        .where(DossierDocument.dossier_id == dossier_id, incoming.within(scope))
    )
    ours = session.execute(out).all()
    beside = attachments.pages_of(session, [row.id for _link, row, _agency in ours])
    found = [
        _filed(link, Kind.OUTGOING, row, day=row.numbered_at, author=agency, beside=beside.get(row.id, 0))
        for link, row, agency in ours
    ]
    found += [
        _filed(link, Kind.INCOMING, row, day=row.issued_on, author=row.issuer)
        for link, row in session.execute(came)
    ]
    return tuple(sorted(found, key=lambda one: one.ordinal))


def _filed(
    link: DossierDocument, kind: Kind, row: Outgoing | Incoming, *, day: Any, author: str, beside: int = 0
) -> Filed:
    """`beside`: pages of what is attached as files of their own."""
    return Filed(
        link_id=link.id, ordinal=link.ordinal, kind=kind, id=row.id, symbol=row.symbol, number=row.number, day=day,
        type_code=row.type_code or "", subject=row.subject, author=author, state=row.state, secret=row.secret,
        pages=row.pages + beside, years=link.years, note=link.note,
    )  # fmt: skip


def counts(scope: Scope, session: Session, dossier_ids: Iterable[int]) -> dict[int, int]:
    """How many documents of each dossier the scope reaches."""
    visible = or_(
        DossierDocument.outgoing_id.in_(select(Outgoing.id).where(documents.within(scope))),
        DossierDocument.incoming_id.in_(select(Incoming.id).where(incoming.within(scope))),
    )
    query = (
        select(DossierDocument.dossier_id, func.count())
        .where(DossierDocument.dossier_id.in_(tuple(dossier_ids)), visible)
        .group_by(DossierDocument.dossier_id)
    )
    return dict(session.execute(query).all())


def inside(scope: Scope, session: Session, dossier_id: int) -> tuple[Inside, ...]:
    """The same documents as the checks before closing see them, with the hashes of their files."""
    shown = documents_of(scope, session, dossier_id)
    files: dict[tuple[Kind, int], set[str]] = {}
    out = select(Outgoing.id, Outgoing.file_sha256).where(
        Outgoing.id.in_([one.id for one in shown if one.kind is Kind.OUTGOING]), Outgoing.file_sha256.is_not(None)
    )
    came = select(IncomingFile.incoming_id, IncomingFile.sha256).where(
        IncomingFile.incoming_id.in_([one.id for one in shown if one.kind is Kind.INCOMING]),
        IncomingFile.kind.in_(("main", "scan")),
    )
    for kind, query in ((Kind.OUTGOING, out), (Kind.INCOMING, came)):
        for key, sha256 in session.execute(query):
            files.setdefault((kind, key), set()).add(str(sha256))
    return tuple(Inside(one.kind, one.id, one.state, frozenset(files.get((one.kind, one.id), ()))) for one in shown)


def terms_inside(session: Session, dossier_id: int) -> list[int]:
    """Retentions of the documents that have one of their own; who holds the dossier's lock asks."""
    query = select(DossierDocument.years).where(DossierDocument.dossier_id == dossier_id)
    return [years for years in session.scalars(query) if years is not None]


def is_empty(session: Session, dossier_id: int) -> bool:
    """Whether nothing at all stands in it."""
    query = select(DossierDocument.id).where(DossierDocument.dossier_id == dossier_id).limit(1)
    return session.scalar(query) is None


def link_of(session: Session, dossier_id: int, *, kind: Kind, document_id: int) -> DossierDocument | None:
    """A document's place in a dossier; who holds the dossier's lock asks, and knows the document."""
    column = DossierDocument.outgoing_id if kind is Kind.OUTGOING else DossierDocument.incoming_id
    query = select(DossierDocument).where(DossierDocument.dossier_id == dossier_id, column == document_id)
    return session.scalars(query).one_or_none()


def next_ordinal(session: Session, table: type[DossierDocument] | type[DossierHistory], dossier_id: int) -> int:
    """The next ordinal of a dossier's own list; safe under the dossier's row lock."""
    return (session.scalar(select(func.max(table.ordinal)).where(table.dossier_id == dossier_id)) or 0) + 1


def history_of(scope: Scope, session: Session, dossier_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(line, person) oldest first, without lines about documents that the scope does not reach."""
    known = or_(
        and_(DossierHistory.outgoing_id.is_(None), DossierHistory.incoming_id.is_(None)),
        DossierHistory.outgoing_id.in_(select(Outgoing.id).where(documents.within(scope))),
        DossierHistory.incoming_id.in_(select(Incoming.id).where(incoming.within(scope))),
    )
    query = (
        select(DossierHistory, Person.full_name)
        .outerjoin(Person, Person.id == DossierHistory.person_id)
        .where(DossierHistory.dossier_id == dossier_id, known)
        .order_by(DossierHistory.ordinal)
    )
    return session.execute(query).all()


def of_document(scope: Scope, session: Session, *, kind: Kind, document_id: int) -> Sequence[Dossier]:
    """The dossiers within reach that hold a document which the caller has found."""
    column = DossierDocument.outgoing_id if kind is Kind.OUTGOING else DossierDocument.incoming_id
    query = (
        select(Dossier)
        .join(DossierDocument, DossierDocument.dossier_id == Dossier.id)
        .where(column == document_id, within(scope))
        .order_by(Dossier.id)
    )
    return session.scalars(query).all()


def open_ones(
    scope: Scope, session: Session, *, agency_id: int, person_id: int, limit: int = 50
) -> Sequence[Dossier]:
    """Dossiers of an agency that a document can be put into: one's own first, then those changed last."""
    query = (
        select(Dossier)
        .where(within(scope), Dossier.agency_id == agency_id, Dossier.state == "open")
        .order_by(Dossier.maker_id != person_id, Dossier.state_since.desc(), Dossier.id.desc())
    )
    return session.scalars(query.limit(limit)).all()


def due_for_transfer(session: Session, *, on: dt.date, reason: str) -> Sequence[Row[int, int, int, dt.date | None]]:
    """(dossier, agency, maker, due) of every closed dossier whose last day for the archive is `on` or earlier."""
    if not reason:
        raise ValueError("a job says why it reads without a scope")
    query = (
        select(Dossier.id, Dossier.agency_id, Dossier.maker_id, Dossier.due_on)
        .where(Dossier.state == "closed", Dossier.due_on.is_not(None), Dossier.due_on <= on)
        .order_by(Dossier.due_on, Dossier.id)
    )
    return session.execute(query).all()
