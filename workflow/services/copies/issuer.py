"""In whose name copies are made: the agency's first organ, which is the agency where it has none."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.errors import Refused
from workflow.domain.people import Capacity, collective_of, signature_block
from workflow.domain.registers import seal_fits
from workflow.store import office, registers
from workflow.store.models import Certificate, CertifiedCopy, Person, PostRow
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The agency as a copy names it."""

    name: str
    abbreviation: str
    superior: str
    place: str
    head_title: str


def issuer_of(uow: UnitOfWork, agency_id: int) -> Issuer:
    """Whose name, symbol and place stand on a copy."""
    agency = office.unit(uow.session, agency_id)
    organ = next(iter(registers.organs(uow.session, agency_id)), None)
    head = uow.session.get(PostRow, organ.head_post_id) if organ and organ.head_post_id else None
    return Issuer(
        name=organ.name if organ else agency.name,
        abbreviation=organ.abbreviation if organ else agency.abbreviation,
        superior=agency.superior, place=agency.place, head_title=head.title if head else agency.head_title,
    )  # fmt: skip


def block_of(uow: UnitOfWork, copy: CertifiedCopy) -> tuple[tuple[str, ...], str]:
    """Capacity and title as Annex I draws them, and the full name of who signs the copy."""
    post = uow.session.get_one(PostRow, copy.signer_post_id)
    person = uow.session.get_one(Person, copy.signer_id)
    issuer = issuer_of(uow, copy.agency_id)
    lines = signature_block(
        Capacity(copy.capacity), post.title, issuer.head_title or post.title, collective=collective_of(issuer.name)
    )
    return lines, person.full_name


def check_seal(uow: UnitOfWork, agency_id: int, certificate: Certificate) -> None:
    """The seal is the one of the organ in whose name copies are made. Raises `Refused("wrong_seal")`."""
    organs = registers.organs(uow.session, agency_id)
    if not organs:
        return
    own, others = organs[0], {one.certificate_id: one for one in organs[1:] if one.certificate_id is not None}
    if not seal_fits(own=own.certificate_id, certificate=certificate.id, of_others=others.keys()):
        owner = others[certificate.id].name if certificate.id in others else certificate.subject_name
        raise Refused("wrong_seal", organ=own.name, owner=owner)
