"""Certified copies in the office of the tour: one waits for the head's approval, one for the clerk's seal."""

from __future__ import annotations

from sqlalchemy import select

from workflow.demo.life import Life
from workflow.domain.copies import Form, Medium
from workflow.domain.people import Role
from workflow.services import copies
from workflow.store.models import Outgoing

TO = "Hội Cựu chiến binh xã;\n- Lưu: VT."


def waiting(life: Life) -> None:
    """Extracts of the last two issued papers, asked for this morning: no scan is needed for them."""
    query = select(Outgoing.id).where(
        Outgoing.agency_id == life.agency_id, Outgoing.state == "issued", Outgoing.secret.is_(False),
        Outgoing.medium == "digital",
    )  # fmt: skip
    with life.work() as uow:
        found = uow.session.scalars(query.order_by(Outgoing.issued_at.desc(), Outgoing.id.desc()).limit(2)).all()
    head = next(
        key for key, actor in sorted(life.cast.actors.items()) if actor.role is Role.LEADER and key not in life.ends
    )
    life.at(0, 7, 58)
    for place, document_id in enumerate(found):
        asked = copies.Asked(
            form=Form.EXTRACT, medium=Medium.DIGITAL, signer_post_id=life.cast.actors[head].post_id or 0, pages="1",
            recipients=TO,
        )  # fmt: skip
        made = life.do(copies.ask, "clerk", asked=asked, outgoing_id=document_id, blobs=life.blobs)
        if place == 1:
            life.do(copies.approve, head, copy_id=made.copy.id, version=None)
            life.do(copies.number, "clerk", copy_id=made.copy.id, version=None)
