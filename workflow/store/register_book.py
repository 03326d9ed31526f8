"""The register of outgoing documents as the law lays it out (Decree 30/2020/NĐ-CP, Annex IV), and the look-up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, or_, select, union
from sqlalchemy.orm import Session, aliased

from workflow.domain.permissions import Scope
from workflow.store import imported
from workflow.store.models import (
    Attachment,
    AttachmentFile,
    AttachmentSeal,
    FileVersion,
    ImportedEntry,
    Outgoing,
    Person,
    Register,
    RegisterNumber,
    Series,
    Unit,
)
from workflow.store.register_filter import (
    EVERYTHING,
    Wanted,
    kept_by,
    of_numbers,
    says,
    signed_by,
    told_apart,
    told_by_document,
)

_Signer, _Drafter, _HeldFor, _Canceller = (aliased(Person) for _ in range(4))


def books(scope: Scope, session: Session) -> Sequence[Row[int, str, str]]:
    """(id, name, agency) of every register of the agencies within reach."""
    query = (
        select(Register.id, Register.name, Unit.name)
        .join(Unit, Unit.id == Register.agency_id)
        .where(kept_by(scope), Register.direction == "out")
        .order_by(Register.agency_id, Register.id)
    )
    return session.execute(query).all()


def years(scope: Scope, session: Session, register_id: int) -> list[int]:
    """The years a register has numbers of, the newest first."""
    query = (
        select(Series.year)
        .join(Register, Register.id == Series.register_id)
        .where(Series.register_id == register_id, kept_by(scope))
        .order_by(Series.year.desc())
    )
    return list(session.scalars(query))


def lines(
    scope: Scope, session: Session, *, register_id: int, year: int, after: int = 0, until: int | None = None,
    limit: int | None = None, wanted: Wanted = EVERYTHING,
) -> list[Any]:  # fmt: skip
    """The register's numbers of a year in order, held and cancelled ones too: a register has no gap.

    `symbol`: borne with this number; where it was cancelled `symbol_now` differs, `entry` is the line of then.
    Lines that came from a former system stand among them as `ImportedEntry`. `wanted`: what they are narrowed to.
    """
    query = _numbers(scope, register_id=register_id, year=year)
    if scope.no_secrets:
        query = query.where(or_(Outgoing.id.is_(None), Outgoing.secret.is_(False)))
    query = query.where(
        RegisterNumber.number > after, *of_numbers(wanted, year), *signed_by(wanted, _Signer.full_name)
    )
    if until is not None:
        query = query.where(RegisterNumber.number <= until)
    told = query.where(*told_by_document(wanted)) if wanted.words else query
    own = list(session.execute(told.limit(limit) if limit else told).all())
    if wanted.words:
        own += [row for row in session.execute(query.where(told_apart())) if says(row, wanted)]
        own = sorted(own, key=lambda row: row.number)[:limit]
    brought = imported.entries(
        scope, session, register_id=register_id, year=year, after=after, until=until, limit=limit, wanted=wanted
    )
    return imported.in_order(own, brought, limit)


def _numbers(scope: Scope, *, register_id: int, year: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            RegisterNumber.id.label("number_id"),
            RegisterNumber.number,
            RegisterNumber.year,
            RegisterNumber.status,
            RegisterNumber.reason,
            RegisterNumber.held_until,
            _HeldFor.full_name.label("held_for"),
            RegisterNumber.cancelled_at,
            _Canceller.full_name.label("cancelled_by"),
            Outgoing.id,
            RegisterNumber.symbol,
            RegisterNumber.entry,
            Outgoing.symbol.label("symbol_now"),
            Outgoing.numbered_at,
            Outgoing.signed_at,
            Outgoing.signed_on,
            Outgoing.type_code,
            Outgoing.subject,
            Outgoing.recipients,
            Outgoing.issued_at,
            Outgoing.state,
            Outgoing.medium,
            Outgoing.secret,
            Unit.name.label("unit_name"),
            _Drafter.full_name.label("drafter"),
            _Signer.full_name.label("signer"),
        )
        .join(Register, Register.id == RegisterNumber.register_id)
        .outerjoin(Outgoing, Outgoing.id == RegisterNumber.document_id)
        .outerjoin(Unit, Unit.id == Outgoing.unit_id)
        .outerjoin(_Drafter, _Drafter.id == Outgoing.drafter_id)
        .outerjoin(_Signer, _Signer.id == Outgoing.signer_id)
        .outerjoin(_HeldFor, _HeldFor.id == RegisterNumber.held_for_id)
        .outerjoin(_Canceller, _Canceller.id == RegisterNumber.cancelled_by_id)
        .where(
            kept_by(scope),
            RegisterNumber.register_id == register_id,
            RegisterNumber.year == year,
        )
        .order_by(RegisterNumber.number)
    )


def signers(scope: Scope, session: Session, *, register_id: int, year: int) -> list[str]:
    """Who signed what stands in a register's year, of lines of a former system too, by name."""
    within = Register.id == register_id, kept_by(scope)
    ours = (
        select(_Signer.full_name)
        .join(Outgoing, Outgoing.signer_id == _Signer.id)
        .join(RegisterNumber, RegisterNumber.document_id == Outgoing.id)
        .join(Register, Register.id == RegisterNumber.register_id)
        .where(*within, RegisterNumber.register_id == register_id, RegisterNumber.year == year)
    )
    theirs = (
        select(ImportedEntry.signer)
        .join(Register, Register.id == ImportedEntry.register_id)
        .where(*within, ImportedEntry.register_id == register_id, ImportedEntry.year == year)
    )
    return sorted(name for name in session.scalars(union(ours, theirs)) if name)


def by_code(session: Session, code: str, *, reason: str) -> Outgoing | None:
    """The issued document behind a look-up code that somebody read off a paper. Secret ones are never found.

    The one query for strangers: it takes no scope, since the code itself, 55 random bits, is what admits;
    `reason` stands in the caller's code for the reader.
    """
    if not reason:
        raise ValueError("a query without a scope says why")
    query = select(Outgoing).where(
        Outgoing.code == code, Outgoing.secret.is_(False), Outgoing.state.in_(("issued", "filed"))
    )
    return session.scalars(query).one_or_none()


SIGNED_FILES = ("signed", "numbered", "sealed", "stamped", "lasting", "renewed")
"""Kinds of file versions that bear a signature."""


def by_file(session: Session, sha256: str, *, reason: str) -> Outgoing | None:
    """The document that a signed file of ours belongs to, known by all its bytes. Secret ones are never found.

    The other query for strangers: who brings the very bytes has the file already. In what state the document is,
    the caller has to look at.
    """
    if not reason:
        raise ValueError("a query without a scope says why")
    query = (
        select(Outgoing)
        .join(FileVersion, FileVersion.document_id == Outgoing.id)
        .where(FileVersion.sha256 == sha256, FileVersion.kind.in_(SIGNED_FILES), Outgoing.secret.is_(False))
        .order_by(FileVersion.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def by_attachment(session: Session, sha256: str, *, reason: str) -> Outgoing | None:
    """The document that a sealed attachment of ours goes with, known by all its bytes, while its seal stands; or by
    those of a state that the clock made longer."""
    if not reason:
        raise ValueError("a query without a scope says why")
    longer = select(AttachmentFile.seal_id).where(AttachmentFile.sha256 == sha256)
    query = (
        select(Outgoing)
        .join(AttachmentSeal, AttachmentSeal.document_id == Outgoing.id)
        .join(Attachment, Attachment.id == AttachmentSeal.attachment_id)
        .where(
            or_(AttachmentSeal.sha256 == sha256, AttachmentSeal.id.in_(longer)),
            AttachmentSeal.withdrawn_at.is_(None), Attachment.removed_at.is_(None), Outgoing.secret.is_(False),
        )
        .order_by(AttachmentSeal.id.desc())
        .limit(1)
    )  # fmt: skip
    return session.scalars(query).one_or_none()
