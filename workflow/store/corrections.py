"""Queries for what corrects, amends or replaces what, on the issuing side and where the earlier one arrived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, delete, exists, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.exchange import ABOUT_RECALL
from workflow.domain.permissions import Scope
from workflow.store import documents, incoming
from workflow.store.models import (
    Correction,
    Delivery,
    DeliveryStatus,
    Incoming,
    Journal,
    Outgoing,
    Register,
    RegisterNumber,
)
from workflow.store.prepared import Prepared

ISSUED = ("issued", "filed")
SAID = "document:outgoing:corrects"
"""The journal's tag of what a draft says of an earlier document, and of taking that back."""
_OTHER = aliased(Delivery)


def of(session: Session, outgoing_id: int) -> Correction | None:
    """What a document says of an earlier one; the caller has the document."""
    return session.get(Correction, outgoing_id)


_ROW = Correction.__table__.c
_ANY = Prepared(select(_ROW.kind).where(_ROW.outgoing_id == bindparam("outgoing")))


def corrects(session: Session, outgoing_id: int) -> bool:
    """Whether it says anything of an earlier one; every submission and issue asks, few documents do."""
    return bool(_ANY.rows(session, {"outgoing": outgoing_id}))


_ENTRY = Journal.__table__.c
_SAID = Prepared(
    select(
        exists().where(_ROW.outgoing_id == bindparam("outgoing")),
        exists().where(_ENTRY.subject == bindparam("subject"), _ENTRY.tag == SAID),
    )
)


def ever_said(session: Session, outgoing_id: int) -> bool:
    """Whether it says anything of an earlier one, or did once; one look for every issue."""
    (found,) = _SAID.rows(session, {"outgoing": outgoing_id, "subject": f"outgoing:{outgoing_id}"})
    return any(found)


def newest_entry(session: Session, subject: str, *, tags: Collection[str]) -> Journal | None:
    """The newest journal entry of some tags about a document that the caller has found."""
    query = select(Journal).where(Journal.subject == subject, Journal.tag.in_(tags))
    return session.scalars(query.order_by(Journal.ordinal.desc()).limit(1)).one_or_none()


def said_by_some(
    session: Session, outgoing_ids: Collection[int], *, reason: str
) -> Sequence[Row[Correction, Outgoing]]:
    """(relation, earlier document) of what some documents correct, amend or replace; the caller has found them."""
    if not reason:
        raise ValueError("whoever reads without a scope says why")
    query = select(Correction, Outgoing).join(Outgoing, Outgoing.id == Correction.earlier_id)
    return session.execute(query.where(Correction.outgoing_id.in_(outgoing_ids))).all()


def drop(session: Session, outgoing_id: int) -> None:
    """Take that back."""
    session.execute(delete(Correction).where(Correction.outgoing_id == outgoing_id))


def about(scope: Scope, session: Session, earlier_id: int) -> Sequence[Row[Correction, Outgoing]]:
    """(relation, later document) of an issued document in scope, what is only drafted too, oldest first.

    The later ones are of the same agency; whether the reader reaches one is the caller's question.
    """
    documents.find(scope, session, earlier_id)
    query = (
        select(Correction, Outgoing)
        .join(Outgoing, Outgoing.id == Correction.outgoing_id)
        .where(Correction.earlier_id == earlier_id, Outgoing.state != "cancelled")
        .order_by(Correction.made_at, Correction.outgoing_id)
    )
    return session.execute(query).all()


def in_effect(session: Session, earlier_id: int, *, reason: str) -> Sequence[Row[Correction, Outgoing]]:
    """(relation, issued later document) about a document, oldest first: what everybody who has it may know."""
    if not reason:
        raise ValueError("whoever reads without a scope says why")
    query = _issued().where(Correction.earlier_id == earlier_id)
    return session.execute(query.order_by(Outgoing.issued_at, Outgoing.id)).all()


def _issued() -> Select[Correction, Outgoing]:
    return (
        select(Correction, Outgoing)
        .join(Outgoing, Outgoing.id == Correction.outgoing_id)
        .where(Outgoing.state.in_(ISSUED))
    )


def told_of(scope: Scope, session: Session, incoming_id: int) -> Sequence[Row[Correction, Outgoing, int | None]]:
    """(relation, later document, the row it made at the same agency) about an incoming document in scope.

    Without a row the later document did not come here; whether the reader reaches the row is the caller's question.
    """
    query = (
        _issued()
        .add_columns(_OTHER.incoming_id)
        .join(Delivery, Delivery.outgoing_id == Correction.earlier_id)
        .join(Incoming, Incoming.id == Delivery.incoming_id)
        .outerjoin(_OTHER, and_(_OTHER.outgoing_id == Outgoing.id, _OTHER.agency_id == Delivery.agency_id))
        .where(Delivery.incoming_id == incoming_id, incoming.within(scope))
        .order_by(Outgoing.issued_at, Outgoing.id)
    )
    return session.execute(query).all()


def said_by(scope: Scope, session: Session, incoming_id: int) -> Row[Correction, Outgoing, int | None] | None:
    """(relation, earlier document, the row it made at the same agency) of an incoming document in scope."""
    query = (
        select(Correction, Outgoing, _OTHER.incoming_id)
        .join(Outgoing, Outgoing.id == Correction.earlier_id)
        .join(Delivery, Delivery.outgoing_id == Correction.outgoing_id)
        .join(Incoming, Incoming.id == Delivery.incoming_id)
        .outerjoin(_OTHER, and_(_OTHER.outgoing_id == Outgoing.id, _OTHER.agency_id == Delivery.agency_id))
        .where(Delivery.incoming_id == incoming_id, incoming.within(scope))
    )
    return session.execute(query).one_or_none()


def of_numbers(
    scope: Scope, session: Session, *, register_id: int, year: int, after: int = 0, until: int | None = None
) -> Sequence[Row[int, str, str, dt.datetime | None]]:
    """(earlier document, kind, symbol, issued) for the lines of a register's year within reach."""
    query = (
        select(Correction.earlier_id, Correction.kind, Outgoing.symbol, Outgoing.issued_at)
        .join(Outgoing, Outgoing.id == Correction.outgoing_id)
        .join(RegisterNumber, RegisterNumber.document_id == Correction.earlier_id)
        .join(Register, Register.id == RegisterNumber.register_id)
        .where(
            Outgoing.state.in_(ISSUED),
            *numbered(scope, register_id, year, after, until),
        )
        .order_by(Outgoing.issued_at, Outgoing.id)
    )
    return session.execute(query).all()


def of_arrivals(
    scope: Scope, session: Session, *, register_id: int, year: int, after: int = 0, until: int | None = None
) -> Sequence[Row[int, str, str, dt.datetime | None]]:
    """(incoming document, kind, symbol, issued) of what corrects, amends or replaces it, for the lines of a
    register of arrivals within reach, whether or not the later document came here too."""
    query = (
        select(Incoming.id, Correction.kind, Outgoing.symbol, Outgoing.issued_at)
        .join(Delivery, Delivery.incoming_id == Incoming.id)
        .join(Correction, Correction.earlier_id == Delivery.outgoing_id)
        .join(Outgoing, Outgoing.id == Correction.outgoing_id)
        .where(Outgoing.state.in_(ISSUED), *_arrived(scope, register_id, year, after, until))
        .order_by(Outgoing.issued_at, Outgoing.id)
    )
    return session.execute(query).all()


def arrivals_recalled(
    scope: Scope, session: Session, *, register_id: int, year: int, after: int = 0, until: int | None = None
) -> Sequence[Row[int, str, dt.datetime]]:
    """(incoming document, status, moment) of what was said about a recall, oldest first, for the lines of a
    register of arrivals: asked for by the sender, agreed to or refused here."""
    query = (
        select(Incoming.id, DeliveryStatus.code, DeliveryStatus.at)
        .join(Delivery, Delivery.incoming_id == Incoming.id)
        .join(DeliveryStatus, DeliveryStatus.delivery_id == Delivery.id)
        .where(DeliveryStatus.code.in_(ABOUT_RECALL), *_arrived(scope, register_id, year, after, until))
        .order_by(DeliveryStatus.id)
    )
    return session.execute(query).all()


def numbered(scope: Scope, register_id: int, year: int, after: int, until: int | None) -> list[ColumnElement[bool]]:
    """The lines of a register of outgoing documents, as `register_book.lines` has them."""
    found = [
        Register.agency_id.in_(scope.agency_ids), RegisterNumber.register_id == register_id,
        RegisterNumber.year == year, RegisterNumber.number > after,
    ]  # fmt: skip
    return [*found, RegisterNumber.number <= until] if until is not None else found


def _arrived(scope: Scope, register_id: int, year: int, after: int, until: int | None) -> list[ColumnElement[bool]]:
    """The lines of a register of arrivals, as `incoming_register.lines` has them."""
    found = [
        Incoming.agency_id.in_(scope.agency_ids), Incoming.register_id == register_id, Incoming.year == year,
        Incoming.number > after,
    ]  # fmt: skip
    return [*found, Incoming.number <= until] if until is not None else found
