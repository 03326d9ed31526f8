"""What became of issued documents as wholes: recalled by who issued them, or replaced by another one.

Stored nowhere: a recall is in the document's journal, a replacement is an issued document that says so. Both are
looked up by expressions that a database can only answer from an index, one document at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, ScalarSelect, Select, String, cast, func, literal, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.corrections import Kind
from workflow.domain.permissions import Scope
from workflow.store import documents
from workflow.store.corrections import ISSUED, numbered
from workflow.store.models import Correction, Journal, Outgoing, Register, RegisterNumber
from workflow.store.unit_copies import RECALLED

AT_ONCE = 500
"""Documents asked about in one statement."""

_Later = aliased(Outgoing)


@dataclass(frozen=True, slots=True)
class Fate:
    """Recalled or replaced, and since when. A recall counts from the day it was asked for, whoever has answered."""

    kind: Kind
    at: dt.datetime


RECALLED_AT: ScalarSelect[Any] = (
    select(func.min(Journal.at))
    .where(Journal.subject == literal("outgoing:").concat(cast(Outgoing.id, String(20))), Journal.tag == RECALLED)
    .correlate(Outgoing)
    .scalar_subquery()
)
REPLACED_AT: ScalarSelect[Any] = (
    select(func.min(_Later.issued_at))
    .select_from(Correction)
    .join(_Later, _Later.id == Correction.outgoing_id)
    .where(Correction.earlier_id == Outgoing.id, Correction.kind == Kind.REPLACE, _Later.state.in_(ISSUED))
    .correlate(Outgoing)
    .scalar_subquery()
)
GONE_AT = func.coalesce(REPLACED_AT, RECALLED_AT)
"""Since when a document of the statement is not to be used any more; of one that was recalled and replaced too,
since the replacement."""


def fates(scope: Scope, session: Session, outgoing_ids: Sequence[int]) -> dict[int, Fate]:
    """Those of some issued documents in scope that were recalled or replaced."""
    found: dict[int, Fate] = {}
    for begin in range(0, len(outgoing_ids), AT_ONCE):
        some = outgoing_ids[begin : begin + AT_ONCE]
        found |= _read(session.execute(_asked(some).where(documents.within(scope))).all())
    return found


def fate_of(session: Session, outgoing_id: int, *, reason: str) -> Fate | None:
    """The same of one that the caller has found or whoever holds the paper asks about."""
    if not reason:
        raise ValueError("whoever reads without a scope says why")
    return _read(session.execute(_asked([outgoing_id])).all()).get(outgoing_id)


def recalled_in(
    scope: Scope, session: Session, *, register_id: int, year: int, after: int = 0, until: int | None = None
) -> Sequence[Row[int, dt.datetime]]:
    """(document, since when) of what was recalled, for the lines of a register's year."""
    query = (
        select(Outgoing.id, RECALLED_AT)
        .join(RegisterNumber, RegisterNumber.document_id == Outgoing.id)
        .join(Register, Register.id == RegisterNumber.register_id)
        .where(
            Outgoing.state.in_(ISSUED), RECALLED_AT.is_not(None),
            *numbered(scope, register_id, year, after, until),
        )
    )  # fmt: skip
    return session.execute(query).all()


def _asked(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    query = select(Outgoing.id, REPLACED_AT, RECALLED_AT)
    return query.where(Outgoing.id.in_(ids), Outgoing.state.in_(ISSUED))


def _read(rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[int, Fate]:
    made = {}
    for key, replaced, recalled in rows:
        if replaced is not None:
            made[key] = Fate(Kind.REPLACE, replaced)
        elif recalled is not None:
            made[key] = Fate(Kind.RECALL, recalled)
    return made
