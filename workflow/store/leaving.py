"""What every act on a document leaves behind: a line of history, an entry of the hash chain, a slip where it is
submitted. Nobody gets them as entities in the same act, so they go past the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.orm import Session

from workflow.store.models import History, Journal, SubmissionSlip
from workflow.store.prepared import PreparedInsert, PreparedPair

_LINES = History.__table__.c
_NEXT = (
    select(func.coalesce(func.max(_LINES.ordinal), 0) + 1)
    .where(_LINES.document_id == bindparam("of", type_=BigInteger))
    .scalar_subquery()
)
_LINE, _ENTRY, _SLIP = (
    PreparedInsert(History, ordinal=_NEXT),
    PreparedInsert(Journal),
    PreparedInsert(SubmissionSlip),
)
_LINE_TOLD, _SLIP_TOLD = PreparedPair(_LINE, _ENTRY), PreparedPair(_SLIP, _ENTRY)


@dataclass(frozen=True, slots=True)
class Beside:
    """A row that is written together with the entry that tells of it."""

    pair: PreparedPair
    values: Mapping[str, Any]


def line(values: Mapping[str, Any]) -> Beside:
    """A line of an outgoing document's history; its ordinal is worked out, safe under the document's row lock.
    Everything of the document that the line needs to be there has been sent."""
    return Beside(_LINE_TOLD, {**values, "of": values["document_id"]})


def slip(values: Mapping[str, Any]) -> Beside:
    """A submission slip, as it was laid."""
    return Beside(_SLIP_TOLD, values)


def entry(session: Session, values: Mapping[str, Any], *, beside: Beside | None = None) -> None:
    """An entry of a chain whose head is locked."""
    if beside is None:
        _ENTRY.put(session, values)
    else:
        beside.pair.put(session, beside.values, values)
