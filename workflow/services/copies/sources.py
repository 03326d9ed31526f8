"""What a copy is made of: the original, what it is called, whether copies of it may be made, its own file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain import copies as rules
from workflow.domain.copies import Form, Medium
from workflow.domain.errors import NotFound, NotPermitted, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services.documents.organs import organ_of
from workflow.services.documents.symbols import dated
from workflow.store import documents, incoming, office
from workflow.store.models import Incoming, Outgoing
from workflow.store.session import UnitOfWork

PDF = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The original as the copy will name it. `sha256`: its own file, a PDF; empty where it has none."""

    outgoing_id: int | None = None
    incoming_id: int | None = None
    medium: Medium
    issuer: str
    symbol: str
    dated: dt.date | None
    type_code: str | None
    subject: str
    sha256: str


def source_of(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, outgoing_id: int | None, incoming_id: int | None
) -> Source:
    """An issued document or a registered arrival of the actor's own agency.

    Raises `NotFound` beyond reach, `Refused`: `copy_secret`, `copy_not_issued`, `copy_not_registered`,
    `copy_no_original` where what came by wire bears no signatures that passed: that is no electronic original
    (Decree 30/2020, Art. 5.1).
    """
    if (outgoing_id is None) == (incoming_id is None):
        raise NotFound("copy_source_not_found")
    if outgoing_id is not None:
        return of_outgoing(uow, actor, documents.find(scope, uow.session, outgoing_id))
    return _of_incoming(uow, actor, incoming.find(scope, uow.session, incoming_id or 0))


def of_outgoing(uow: UnitOfWork, actor: Actor, document: Outgoing) -> Source:
    """A document that the agency issued."""
    _own(actor, document.agency_id)
    rules.demand_public(secret=document.secret)
    if document.issued_at is None:
        raise Refused("copy_not_issued")
    organ = organ_of(uow, document)
    issuer = organ.name if organ else office.unit(uow.session, document.agency_id).name
    medium = Medium.PAPER if document.medium == "ink" else Medium.DIGITAL
    return Source(
        outgoing_id=document.id, medium=medium, issuer=issuer, symbol=document.symbol, dated=dated(document),
        type_code=document.type_code, subject=document.subject,
        sha256=(document.file_sha256 or "") if medium is Medium.DIGITAL else "",
    )  # fmt: skip


def _of_incoming(uow: UnitOfWork, actor: Actor, document: Incoming) -> Source:
    _own(actor, document.agency_id)
    rules.demand_public(secret=document.secret)
    if document.number is None:
        raise Refused("copy_not_registered")
    medium = Medium.PAPER if document.medium == "paper" else Medium.DIGITAL
    if medium is Medium.DIGITAL and document.conclusion != "passed":
        raise Refused("copy_no_original")
    files = [
        file for file, _intake in incoming.files_of(uow.session, document.id)
        if file.kind in {"main", "scan"} and file.media_type == PDF and not file.quarantined
    ]  # fmt: skip
    return Source(
        incoming_id=document.id, medium=medium, issuer=document.issuer, symbol=document.symbol,
        dated=document.issued_on, type_code=document.type_code, subject=document.subject,
        sha256=files[0].sha256 if files else "",
    )  # fmt: skip


def _own(actor: Actor, agency_id: int) -> None:
    """An inspector reaches agencies below: copies are made by who holds the original."""
    if actor.agency_id != agency_id:
        raise NotPermitted("copy_of_another_agency")


def demand_form(source: Source, form: Form, medium: Medium) -> None:
    """Raise `Refused` where no such copy is made of it: Article 25, and only of a copy that came is a copy of a
    copy made."""
    if form is Form.RECOPY and source.incoming_id is None:
        raise Refused("copy_of_no_copy")
    rules.demand_way(form, source.medium, medium)
