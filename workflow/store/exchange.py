"""Queries for what travels between agencies: recipients, deliveries, statuses, replies, what replaces what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Row, bindparam, delete, exists, or_, select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.exchange import ABOUT_RECALL
from workflow.domain.permissions import Scope
from workflow.store import documents, incoming
from workflow.store.models import (
    Delivery,
    DeliveryStatus,
    ExtensionRequest,
    Incoming,
    Outgoing,
    PostRow,
    Recipient,
    Reply,
    Unit,
    UnitCopy,
    UnitSuccession,
    VerdictRow,
)
from workflow.store.prepared import Prepared


def agencies(session: Session, *, on: dt.date, without: int | None = None) -> Sequence[Row[int, str]]:
    """(id, name) of every agency that stands on a day, by name."""
    query = select(Unit.id, Unit.name).where(
        Unit.kind == "agency",
        Unit.valid_from <= on,
        or_(Unit.valid_to.is_(None), Unit.valid_to >= on),
        Unit.id != (without or 0),
    )
    return session.execute(query.order_by(Unit.name, Unit.id)).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an issue has to do besides: whether there are agencies, own units, something that it closes."""

    agencies: bool
    units: bool
    closes: bool


_KEY = bindparam("outgoing", type_=BigInteger)
_RECIPIENT, _COPY, _REPLY = (model.__table__.c for model in (Recipient, UnitCopy, Reply))
_WANTED = Prepared(
    select(
        exists().where(_RECIPIENT.outgoing_id == _KEY),
        exists().where(_COPY.outgoing_id == _KEY),
        exists().where(_REPLY.outgoing_id == _KEY, _REPLY.closes.is_(True)),
    ),
    make=lambda values: Wanted(*map(bool, values)),
)


def wanted(session: Session, outgoing_id: int) -> Wanted:
    """Of a document that is being issued."""
    (found,) = _WANTED.rows(session, {"outgoing": outgoing_id})
    return found


def recipients_of(session: Session, outgoing_id: int) -> Sequence[Unit]:
    """The agencies that a document is to go to, by key."""
    query = select(Unit).join(Recipient, Recipient.agency_id == Unit.id).where(Recipient.outgoing_id == outgoing_id)
    return session.scalars(query.order_by(Unit.id)).all()


def put_recipients(session: Session, outgoing_id: int, agency_ids: Collection[int]) -> None:
    """Make the list of recipients this one."""
    wanted = set(agency_ids)
    held = set(session.scalars(select(Recipient.agency_id).where(Recipient.outgoing_id == outgoing_id)))
    if held - wanted:
        gone = delete(Recipient).where(Recipient.outgoing_id == outgoing_id, Recipient.agency_id.in_(held - wanted))
        session.execute(gone)
    session.add_all(Recipient(outgoing_id=outgoing_id, agency_id=agency) for agency in sorted(wanted - held))
    session.flush()


def successors(session: Session, unit_id: int) -> Sequence[int]:
    """Who took over from a dissolved unit."""
    query = select(UnitSuccession.successor_id).where(UnitSuccession.predecessor_id == unit_id)
    return session.scalars(query.order_by(UnitSuccession.successor_id)).all()


def deliveries_of(scope: Scope, session: Session, outgoing_id: int) -> Sequence[Row[Delivery, str]]:
    """(delivery, receiving agency's name) of a document in scope, by name."""
    query = (
        select(Delivery, Unit.name)
        .join(Outgoing, Outgoing.id == Delivery.outgoing_id)
        .join(Unit, Unit.id == Delivery.agency_id)
        .where(Delivery.outgoing_id == outgoing_id, documents.within(scope))
        .order_by(Unit.name, Delivery.id)
    )
    return session.execute(query).all()


def deliveries_to_change(session: Session, outgoing_id: int, *, reason: str) -> Sequence[Delivery]:
    """Every delivery of a document that its sender acts on, in the one order in which they are locked."""
    if not reason:
        raise ValueError("whoever reads without a scope says why")
    query = select(Delivery).where(Delivery.outgoing_id == outgoing_id).order_by(Delivery.agency_id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def statuses_of(scope: Scope, session: Session, outgoing_id: int) -> Sequence[DeliveryStatus]:
    """Every status of every delivery of a document in scope, oldest first."""
    query = (
        select(DeliveryStatus)
        .join(Delivery, Delivery.id == DeliveryStatus.delivery_id)
        .join(Outgoing, Outgoing.id == Delivery.outgoing_id)
        .where(Delivery.outgoing_id == outgoing_id, documents.within(scope))
        .order_by(DeliveryStatus.id)
    )
    return session.scalars(query).all()


def delivery_to(session: Session, incoming_id: int) -> Delivery | None:
    """The delivery that made an incoming document; the caller holds its row's lock."""
    query = select(Delivery).where(Delivery.incoming_id == incoming_id)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def delivery_of(session: Session, outgoing_id: int, agency_id: int) -> Delivery | None:
    """What one agency got of a document."""
    query = select(Delivery).where(Delivery.outgoing_id == outgoing_id, Delivery.agency_id == agency_id)
    return session.scalars(query).one_or_none()


def codes_of(session: Session, delivery_id: int) -> Sequence[str]:
    """The statuses of a delivery, oldest first."""
    query = select(DeliveryStatus.code).where(DeliveryStatus.delivery_id == delivery_id)
    return session.scalars(query.order_by(DeliveryStatus.id)).all()


def recall_of(scope: Scope, session: Session, incoming_id: int) -> Sequence[DeliveryStatus]:
    """What was said about recalling an incoming document in scope, on both sides, oldest first."""
    query = (
        select(DeliveryStatus)
        .join(Delivery, Delivery.id == DeliveryStatus.delivery_id)
        .join(Incoming, Incoming.id == Delivery.incoming_id)
        .where(Delivery.incoming_id == incoming_id, DeliveryStatus.code.in_(ABOUT_RECALL), incoming.within(scope))
        .order_by(DeliveryStatus.id)
    )
    return session.scalars(query).all()


def came_by_exchange(scope: Scope, session: Session, incoming_id: int) -> Delivery | None:
    """The delivery behind an incoming document in scope."""
    query = (
        select(Delivery)
        .join(Incoming, Incoming.id == Delivery.incoming_id)
        .where(Delivery.incoming_id == incoming_id, incoming.within(scope))
    )
    return session.scalars(query).one_or_none()


def newest_whole_verdict(session: Session, document: Outgoing, *, reason: str) -> VerdictRow | None:
    """The newest stored verdict about a document's present file."""
    if not reason:
        raise ValueError("whoever reads without a scope says why")
    query = select(VerdictRow).where(
        VerdictRow.document_id == document.id, VerdictRow.file_sha256 == document.file_sha256
    )
    return session.scalars(query.order_by(VerdictRow.id.desc()).limit(1)).one_or_none()


def clerks_of(session: Session, agency_ids: Collection[int], *, on: dt.date) -> dict[int, list[int]]:
    """Agency → persons who are its clerks on a day."""
    query = select(PostRow.agency_id, PostRow.person_id).where(
        PostRow.agency_id.in_(agency_ids),
        PostRow.role == "clerk",
        PostRow.valid_from <= on,
        or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
    )
    found: dict[int, list[int]] = {}
    for agency, person in session.execute(query.order_by(PostRow.id)):
        if person not in found.setdefault(agency, []):
            found[agency].append(person)
    return found


def answers_of(session: Session, outgoing_id: int) -> Sequence[Reply]:
    """What an outgoing document answers, in the order in which rows are locked."""
    return session.scalars(select(Reply).where(Reply.outgoing_id == outgoing_id).order_by(Reply.incoming_id)).all()


def answered_documents(scope: Scope, session: Session, outgoing_id: int) -> Sequence[Row[Reply, Incoming]]:
    """(link, incoming document) of what an outgoing document in scope answers."""
    query = (
        select(Reply, Incoming)
        .join(Incoming, Incoming.id == Reply.incoming_id)
        .join(Outgoing, Outgoing.id == Reply.outgoing_id)
        .where(Reply.outgoing_id == outgoing_id, documents.within(scope), incoming.within(scope))
        .order_by(Reply.id)
    )
    return session.execute(query).all()


def answering(scope: Scope, session: Session, incoming_id: int) -> Sequence[Row[Reply, Outgoing]]:
    """(link, outgoing document) of the answers to an incoming document in scope."""
    query = (
        select(Reply, Outgoing)
        .join(Outgoing, Outgoing.id == Reply.outgoing_id)
        .join(Incoming, Incoming.id == Reply.incoming_id)
        .where(Reply.incoming_id == incoming_id, incoming.within(scope), documents.within(scope))
        .order_by(Reply.id)
    )
    return session.execute(query).all()


def drop_answer(session: Session, *, outgoing_id: int, incoming_id: int) -> bool:
    """Take a link away; whether there was one."""
    gone = (
        delete(Reply)
        .where(Reply.outgoing_id == outgoing_id, Reply.incoming_id == incoming_id, Reply.kind == "answer")
        .returning(Reply.id)
    )
    return session.execute(gone, execution_options={"synchronize_session": False}).first() is not None


def named(scope: Scope, session: Session, keys: Collection[str], *, agency_id: int) -> Sequence[Incoming]:
    """Incoming documents of an agency, in scope, by the keys of their numbers and symbols; newest first."""
    if not keys:
        return []
    query = select(Incoming).where(
        incoming.within(scope), Incoming.agency_id == agency_id, Incoming.symbol_key.in_(sorted(keys))
    )
    return session.scalars(query.order_by(Incoming.id.desc()).limit(50)).all()


def reached(scope: Scope, session: Session, incoming_ids: Collection[int]) -> dict[int, Incoming]:
    """Those of some incoming documents that a scope reaches."""
    if not incoming_ids:
        return {}
    query = select(Incoming).where(incoming.within(scope), Incoming.id.in_(sorted(incoming_ids)))
    return {row.id: row for row in session.scalars(query)}


def demand_agency(session: Session, agency_id: int, *, on: dt.date) -> Unit:
    """An agency that stands on a day, or `NotFound`."""
    row = session.get(Unit, agency_id)
    if row is None or row.kind != "agency" or row.valid_from > on or (row.valid_to and row.valid_to < on):
        raise NotFound("recipient_agency")
    return row


def request_for(session: Session, extension_id: int) -> ExtensionRequest | None:
    """The request by which another office was asked for an extension, as long as it waits for an answer."""
    query = select(ExtensionRequest).where(
        ExtensionRequest.extension_id == extension_id, ExtensionRequest.state == "asked"
    )
    return session.scalars(query).one_or_none()


def request_of(
    scope: Scope, session: Session, outgoing_id: int, *, request_id: int
) -> Row[ExtensionRequest, Delivery]:
    """(request, delivery) about an outgoing document in scope, or `NotFound`."""
    query = (
        select(ExtensionRequest, Delivery)
        .join(Delivery, Delivery.id == ExtensionRequest.delivery_id)
        .join(Outgoing, Outgoing.id == Delivery.outgoing_id)
        .where(ExtensionRequest.id == request_id, Outgoing.id == outgoing_id, documents.within(scope))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound("extension_request_not_found")
    return found


def requests_about(
    scope: Scope, session: Session, *, outgoing_id: int | None = None, open_only: bool = False, limit: int = 100
) -> Sequence[Row[ExtensionRequest, str, Outgoing]]:
    """(request, who asks, document) about outgoing documents in scope: what waits for an answer first."""
    query = (
        select(ExtensionRequest, Unit.name, Outgoing)
        .join(Delivery, Delivery.id == ExtensionRequest.delivery_id)
        .join(Outgoing, Outgoing.id == Delivery.outgoing_id)
        .join(Unit, Unit.id == Delivery.agency_id)
        .where(documents.within(scope))
    )
    if outgoing_id is not None:
        query = query.where(Delivery.outgoing_id == outgoing_id)
    if open_only:
        query = query.where(ExtensionRequest.state == "asked")
    order = (ExtensionRequest.ended_at.is_not(None), ExtensionRequest.id.desc())
    return session.execute(query.order_by(*order).limit(limit)).all()
