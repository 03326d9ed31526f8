"""What each signature looks like on the page (Decree 30/2020 Annex I): data from the row, drawn by typst."""

from __future__ import annotations

import datetime as dt

from workflow.adapters import render
from workflow.adapters.render.heading import heading_stamp
from workflow.domain.errors import Missing
from workflow.domain.numbering import date_text
from workflow.domain.people import Actor, Capacity, signature_block
from workflow.services.journal import local_day
from workflow.store import documents, office
from workflow.store.models import Outgoing, Person, PostRow
from workflow.store.session import UnitOfWork


def draw(uow: UnitOfWork, actor: Actor, document: Outgoing, *, purpose: str, now: dt.datetime) -> bytes:
    """The one-page PDF of a signature's appearance, of exactly its planned box."""
    size = _size(uow, document, purpose)
    if purpose == "leader":
        return _leader(uow, document, size, now=now)
    if purpose == "number":
        return _heading(uow, document, size, now=now)
    agency = office.unit(uow.session, document.agency_id)
    name, superior = agency.name, agency.superior
    return uow.compute(render.seal_stamp, size, name=name, place=superior, made_at=now)


def _size(uow: UnitOfWork, document: Outgoing, purpose: str) -> render.Size:
    for box in documents.boxes_of(uow.session, document.id):
        if box.name == purpose:
            return render.Size(box.right - box.left, box.top - box.bottom)
    raise Missing("planned_box", field=purpose)


def _leader(uow: UnitOfWork, document: Outgoing, size: render.Size, *, now: dt.datetime) -> bytes:
    post = uow.session.get(PostRow, document.signer_post_id)
    person = uow.session.get(Person, document.signer_id)
    if post is None or person is None:
        raise Missing("has_signer")
    agency = office.unit(uow.session, document.agency_id)
    lines = signature_block(Capacity(document.capacity), post.title, agency.head_title or post.title)
    return uow.compute(render.leader_stamp, size, lines=lines, name=person.full_name, signed_at=now)


def _heading(uow: UnitOfWork, document: Outgoing, size: render.Size, *, now: dt.datetime) -> bytes:
    number, date = heading_words(uow, document)
    return uow.compute(heading_stamp, size, number=number, date=date, made_at=now)


def heading_words(uow: UnitOfWork, document: Outgoing) -> tuple[str, str]:
    """`Số: 05/QĐ-UBND` and `Đồng Tâm, ngày 23 tháng 11 năm 2026`, as they stand in the register."""
    if document.numbered_at is None:
        raise Missing("has_number")
    agency = office.unit(uow.session, document.agency_id)
    return f"Số: {document.symbol}", date_text(agency.place, local_day(document.numbered_at))
