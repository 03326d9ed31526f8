"""Queries for proof bundles: chains as they are hashed, anchors, verdicts, certificates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from workflow.domain.permissions import Scope
from workflow.store.documents import within
from workflow.store.incoming import within as incoming_within
from workflow.store.models import (
    Anchor,
    AnchorLeaf,
    AnchorPlace,
    AnchorToken,
    Blob,
    Certificate,
    Incoming,
    Journal,
    Outgoing,
    Signature,
    VerdictRow,
)

TOGETHER = 500
Rows = Sequence[Row[*tuple[Any, ...]]]


def _groups(keys: Collection[Any]) -> Iterator[Sequence[Any]]:
    ordered = sorted(keys)
    for begin in range(0, len(ordered), TOGETHER):
        yield ordered[begin : begin + TOGETHER]


def issued(reader: Scope, session: Session, keys: Collection[int]) -> dict[int, Row[Any]]:
    """Of some documents those that a reader may open."""
    found: dict[int, Row[Any]] = {}
    row = Outgoing
    query = select(
        row.id, row.code, row.symbol, row.subject, row.secret, row.medium, row.agency_id, row.state,
        row.leader_verdict, row.seal_verdict, row.chain_length,
    ).where(within(reader))  # fmt: skip
    for some in _groups(keys):
        found |= {one.id: one for one in session.execute(query.where(Outgoing.id.in_(some)))}
    return found


def registered(reader: Scope, session: Session, keys: Collection[int]) -> dict[int, bool]:
    """Of some incoming documents those that a reader may open: whether each is secret."""
    found: dict[int, bool] = {}
    for some in _groups(keys):
        query = select(Incoming.id, Incoming.secret).where(incoming_within(reader), Incoming.id.in_(some))
        found |= {row.id: row.secret for row in session.execute(query)}
    return found


def leaves(session: Session) -> int:
    """Chains under the newest anchor; none where there is no anchor."""
    return session.scalar(select(Anchor.count).order_by(Anchor.number.desc()).limit(1)) or 0


def agency_of(session: Session, document_id: int, *, reason: str) -> int | None:
    """Whose document it is, if there is one; `reason`: why nobody's scope is asked."""
    return session.scalar(select(Outgoing.agency_id).where(Outgoing.id == document_id))


def chains(session: Session, subjects: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    """Whole chains, each as its entries' texts in order."""
    for some in _groups(subjects):
        query = select(Journal.subject, Journal.body).where(Journal.subject.in_(some))
        rows = session.execute(query.order_by(Journal.subject, Journal.ordinal))
        for subject, entries in groupby(rows, key=lambda row: row.subject):
            yield subject, [row.body for row in entries]


def first_anchor(session: Session, subject: str, *, length: int) -> int | None:
    """The first anchor that holds so many entries of a chain."""
    query = select(func.min(AnchorLeaf.anchor)).join(AnchorPlace, AnchorPlace.place == AnchorLeaf.place)
    return session.scalar(query.where(AnchorPlace.subject == subject, AnchorLeaf.length >= length))


def anchors(session: Session, *, first: int, last: int) -> Rows:
    """(number, at, root, leaves, the one before), in order."""
    query = select(Anchor.number, Anchor.at, Anchor.root, Anchor.count.label("leaves"), Anchor.previous)
    return session.execute(query.where(Anchor.number.between(first, last)).order_by(Anchor.number)).all()


def tokens(session: Session, *, first: int, last: int) -> Rows:
    """(anchor, token) of the first timestamp in a stretch of anchors: it covers all before it."""
    query = select(AnchorToken.anchor, AnchorToken.token).where(AnchorToken.anchor.between(first, last))
    return session.execute(query.order_by(AnchorToken.anchor, AnchorToken.id).limit(1)).all()


def verdicts(session: Session, documents: Collection[int]) -> Iterator[Row[int, str]]:
    """(document, whole verdict) of every stored answer."""
    for some in _groups(documents):
        query = select(VerdictRow.document_id, VerdictRow.body).where(VerdictRow.document_id.in_(some))
        yield from session.execute(query.order_by(VerdictRow.id))


def certificates(session: Session, documents: Collection[int]) -> dict[str, Row[Any]]:
    """Enrolled certificates that signed some documents: (der, chain) by SHA-256."""
    found: dict[str, Row[Any]] = {}
    for some in _groups(documents):
        query = select(Certificate.sha256, Certificate.der, Certificate.chain)
        query = query.join(Signature, Signature.certificate_id == Certificate.id)
        found |= {row.sha256: row for row in session.execute(query.where(Signature.document_id.in_(some)))}
    return found


def sizes(session: Session, files: Collection[str]) -> dict[str, int]:
    """Stored files with their sizes."""
    found: dict[str, int] = {}
    for some in _groups(files):
        query = select(Blob.sha256, Blob.size).where(Blob.sha256.in_(some), Blob.leaving_at.is_(None))
        found |= {row.sha256: row.size for row in session.execute(query)}
    return found
