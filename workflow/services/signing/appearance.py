"""What each signature looks like on the page (Decree 30/2020 Annex I): data from the row, drawn by typst."""

from __future__ import annotations

import datetime as dt

from signing import prepare as making
from workflow.adapters import render
from workflow.domain.errors import Missing
from workflow.domain.people import Actor
from workflow.services.documents.heading import heading_words, pieces
from workflow.services.documents.plans import field_of
from workflow.services.documents.remarks import signer_block
from workflow.store import documents, office
from workflow.store.models import Outgoing, Person, PostRow
from workflow.store.session import UnitOfWork


def draw(uow: UnitOfWork, actor: Actor, document: Outgoing, *, purpose: str, now: dt.datetime) -> bytes:
    """The one-page PDF of a signature's appearance, of exactly its planned box."""
    field = _field(uow, document, purpose)
    size = render.Size(field.box[2] - field.box[0], field.box[3] - field.box[1])
    if purpose == "leader":
        return _leader(uow, document, field, size, now=now)
    if field.kind in {making.FieldKind.COSIGNER, making.FieldKind.INITIALS}:
        return _beside(uow, actor, field, size, now=now)
    if purpose == "number":
        return _heading(uow, document, field, size, now=now)
    agency = office.unit(uow.session, document.agency_id)
    name, superior = agency.name, agency.superior
    return uow.compute(render.seal_stamp, size, name=name, place=superior, made_at=now)


def _field(uow: UnitOfWork, document: Outgoing, purpose: str) -> making.PlannedField:
    for row in documents.boxes_of(uow.session, document.id):
        if row.name == purpose:
            return field_of(row)
    raise Missing("planned_box", field=purpose)


def _leader(
    uow: UnitOfWork, document: Outgoing, field: making.PlannedField, size: render.Size, *, now: dt.datetime
) -> bytes:
    """Title and name only where the draft does not have them typed."""
    typed = field.typed if field.drawn is making.Drawn.MISSING else None
    block = typed if isinstance(typed, making.TypedBlock) else making.TypedBlock()
    lines, name = signer_block(uow, document)
    return uow.compute(
        render.leader_stamp, size, lines=() if block.titles else lines, name=name, is_named=not block.name,
        signed_at=now,
    )  # fmt: skip


def _beside(
    uow: UnitOfWork, actor: Actor, field: making.PlannedField, size: render.Size, *, now: dt.datetime
) -> bytes:
    """Who signs beside the signer: title and name as under any signature; initials are small."""
    post = uow.session.get_one(PostRow, actor.post_id)
    name, title = uow.session.get_one(Person, post.person_id).full_name, post.title
    if field.kind is making.FieldKind.INITIALS:
        return uow.compute(render.initials_stamp, size, name=name, signed_at=now)
    return uow.compute(render.leader_stamp, size, lines=(title.upper(),), name=name, signed_at=now)


def _heading(
    uow: UnitOfWork, document: Outgoing, field: making.PlannedField, size: render.Size, *, now: dt.datetime
) -> bytes:
    """The whole line, or what is missing in the one that is typed."""
    missing = pieces(uow, document, field)
    if missing:
        return uow.compute(render.gaps_stamp, size, missing, made_at=now)
    number, date = heading_words(uow, document)
    return uow.compute(render.heading_stamp, size, number=number, date=date, made_at=now)
