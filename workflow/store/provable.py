"""What is provable today of what was issued: the newest answers, and until when the evidence holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from workflow.domain.permissions import Scope
from workflow.store.models import Certificate, DocumentProof, Outgoing, Signature

Rows = Sequence[Row[*tuple[Any, ...]]]


def evidence(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """(id, when the last timestamp over its evidence ends, when the first of its certificates ends) of digitally
    signed documents issued in a span."""
    ends = (
        select(func.min(Certificate.not_after))
        .join(Signature, Signature.certificate_id == Certificate.id)
        .where(
            Signature.document_id == Outgoing.id, Signature.withdrawn_at.is_(None),
            Signature.purpose.in_(("leader", "seal")),
        )
        .correlate(Outgoing)
        .scalar_subquery()
    )  # fmt: skip
    query = (
        select(Outgoing.id, DocumentProof.until, ends.label("certificates"))
        .outerjoin(DocumentProof, DocumentProof.document_id == Outgoing.id)
        .where(
            Outgoing.agency_id.in_(scope.agency_ids), Outgoing.issued_at >= start, Outgoing.issued_at < end,
            Outgoing.medium == "digital", Outgoing.secret.is_(False),
        )
    )  # fmt: skip
    return session.execute(query).all()
