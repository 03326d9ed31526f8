"""What every act on a document leaves behind: a line of history, an entry of the hash chain, a slip where it is
submitted. Nobody gets them as entities in the same act, so they go past the session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.orm import Session

from workflow.store.models import History, Journal, SubmissionSlip
from workflow.store.prepared import PreparedInsert

_LINES = History.__table__.c
_NEXT = (
    select(func.coalesce(func.max(_LINES.ordinal), 0) + 1)
    .where(_LINES.document_id == bindparam("of", type_=BigInteger))
    .scalar_subquery()
)
_LINE = PreparedInsert(History, ordinal=_NEXT)
_ENTRY = PreparedInsert(Journal)
_SLIP = PreparedInsert(SubmissionSlip)


def line(session: Session, values: Mapping[str, Any]) -> None:
    """A line of an outgoing document's history; its ordinal is worked out, safe under the document's row lock.
    Everything of the document that the line needs to be there has been sent."""
    _LINE.put(session, {**values, "of": values["document_id"]})


def entry(session: Session, values: Mapping[str, Any]) -> None:
    """An entry of a chain whose head is locked."""
    _ENTRY.put(session, values)


def slip(session: Session, values: Mapping[str, Any]) -> None:
    """A submission slip, as it was laid."""
    _SLIP.put(session, values)
