"""What became of the documents of a list, incoming and outgoing: a constant number of statements a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.corrections import Kind
from workflow.domain.exchange import Status
from workflow.domain.permissions import Scope
from workflow.store import documents, incoming
from workflow.store.corrections import ISSUED
from workflow.store.fates import fates
from workflow.store.models import Correction, Delivery, DeliveryStatus, Incoming, Outgoing

ENDING = (Kind.REPLACE, Kind.RECALL)
"""What was replaced travels back too: its successor says more."""

Marks = dict[int, tuple[Kind, ...]]
"""Document → what became of it: what ends it alone, else corrected and amended; one that stands as issued is not in
it."""


def of_outgoing(scope: Scope, session: Session, ids: Collection[int]) -> Marks:
    """Of outgoing documents within a scope; of those not issued nothing is to be told."""
    if not ids:
        return {}
    query = (
        select(Correction.earlier_id, Correction.kind)
        .where(Correction.earlier_id.in_(ids), _issued_later())
        .join(Outgoing, Outgoing.id == Correction.earlier_id)
        .where(documents.within(scope))
    )
    ended = ((key, fate.kind) for key, fate in fates(scope, session, list(ids)).items())
    return _told([*ended, *((key, Kind(kind)) for key, kind in session.execute(query))])


def of_incoming(scope: Scope, session: Session, ids: Collection[int]) -> Marks:
    """Of incoming documents within a scope, by what their senders did here; a recall from its first day on."""
    if not ids:
        return {}
    here = (Incoming.id.in_(ids), incoming.within(scope))
    later = (
        select(Incoming.id, Correction.kind)
        .join(Delivery, Delivery.incoming_id == Incoming.id)
        .join(Correction, Correction.earlier_id == Delivery.outgoing_id)
        .where(*here, _issued_later())
    )
    back = (
        select(Incoming.id)
        .join(Delivery, Delivery.incoming_id == Incoming.id)
        .join(DeliveryStatus, DeliveryStatus.delivery_id == Delivery.id)
        .where(*here, DeliveryStatus.code == Status.RECALL_ASKED)
    )
    kinds = ((key, Kind(kind)) for key, kind in session.execute(later))
    return _told([*kinds, *((key, Kind.RECALL) for key in session.scalars(back))])


def _issued_later() -> ColumnElement[bool]:
    later = aliased(Outgoing)
    return exists().where(later.id == Correction.outgoing_id, later.state.in_(ISSUED))


def _told(found: Iterable[tuple[int, Kind]]) -> Marks:
    kinds: dict[int, set[Kind]] = {}
    for key, kind in found:
        kinds.setdefault(key, set()).add(kind)
    return {key: _order(some) for key, some in kinds.items()}


def _order(some: set[Kind]) -> tuple[Kind, ...]:
    ends = [kind for kind in ENDING if kind in some]
    return (ends[0],) if ends else tuple(kind for kind in Kind if kind in some)
