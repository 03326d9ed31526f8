"""In whose name a document is issued, and whether a seal or a signer is that organ's.

One agency's clerk may keep the registers of several organs (HĐND, Thường trực HĐND, UBND); each has its own seal
and head. A document is an organ's through its register, before it is numbered through what its draft names.
"""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import BadInput, Refused
from workflow.domain.people import Capacity, Role
from workflow.domain.registers import head_fits, seal_fits
from workflow.store import registers as store
from workflow.store.models import Certificate, Organ, Outgoing, PostRow, Register
from workflow.store.session import UnitOfWork


def organ_of(uow: UnitOfWork, document: Outgoing) -> Organ | None:
    """The organ that issues a document; None in an agency that has none: it issues itself."""
    if document.register_id is not None:
        register = uow.session.get_one(Register, document.register_id)
        if register.organ_id is not None:
            return uow.session.get_one(Organ, register.organ_id)
    if document.organ_id is not None:
        return uow.session.get_one(Organ, document.organ_id)
    return next(iter(store.organs(uow.session, document.agency_id)), None)


def name_organ(uow: UnitOfWork, document: Outgoing, organ_id: int | None) -> None:
    """Keep what a draft says. Raises `BadInput("organ_of_another_agency")`."""
    known = {organ.id for organ in store.organs(uow.session, document.agency_id)}
    if organ_id is not None and organ_id not in known:
        raise BadInput("organ_of_another_agency")
    document.organ_id = organ_id


def check_seal(uow: UnitOfWork, document: Outgoing, certificate: Certificate) -> None:
    """The seal belongs to the organ whose register the document stands in (Decree 30/2020, Art. 32.2).

    Raises `Refused("wrong_seal")` with the organ and whose seal it is.
    """
    organ = organ_of(uow, document)
    if organ is None:
        return
    others = {one.certificate_id: one for one in _others(uow, organ) if one.certificate_id is not None}
    if seal_fits(own=organ.certificate_id, certificate=certificate.id, of_others=others.keys()):
        return
    owner = others[certificate.id].name if certificate.id in others else certificate.subject_name
    raise Refused("wrong_seal", organ=organ.name, owner=owner)


def check_head(uow: UnitOfWork, document: Outgoing, *, on: dt.date) -> None:
    """Whoever signs as an organ's head heads it, and nobody who heads another signs for it.

    The one place that knows of heads; what deputies and heads of units may sign is the mandates' question. A head
    whose post has ended `on` that day counts no more: then whoever leads the agency signs until another is named.
    Raises `Refused("wrong_head")` with the organ, its head and the signer.
    """
    organ = organ_of(uow, document)
    post = uow.session.get(PostRow, document.signer_post_id) if document.signer_post_id else None
    if organ is None or post is None:
        return
    head = _head(uow, organ, on=on)
    heads = {found for one in _others(uow, organ) if (found := _head(uow, one, on=on)) is not None}
    fits = head_fits(
        head=head, post=post.id, role=Role(post.role), capacity=Capacity(document.capacity),
        of_others=heads - {head},
    )  # fmt: skip
    if not fits:
        raise Refused("wrong_head", organ=organ.name, head=_named(uow, head), signer=_named(uow, post.id))


def _head(uow: UnitOfWork, organ: Organ, *, on: dt.date) -> int | None:
    """The post that heads an organ, while it is held."""
    post = uow.session.get(PostRow, organ.head_post_id) if organ.head_post_id else None
    ended = post is None or post.valid_from > on or (post.valid_to is not None and post.valid_to < on)
    return None if ended else organ.head_post_id


def _others(uow: UnitOfWork, organ: Organ) -> list[Organ]:
    return [one for one in store.organs(uow.session, organ.agency_id) if one.id != organ.id]


def _named(uow: UnitOfWork, post_id: int | None) -> str:
    post = uow.session.get(PostRow, post_id) if post_id else None
    return f"{post.title} {store.name_of(uow.session, post.person_id)}" if post else ""
