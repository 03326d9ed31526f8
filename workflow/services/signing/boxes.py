"""What the box of an agency's signature shows in a file that another program made: our drawing, and nothing else.

Number and seal say something to whoever reads the paper, and whoever draws their box decides what. So the program
is given the drawing and has to use it as the signature's picture; what comes back is compared with it twice: object
by object (`signing.inspect_drawing_in_jail`), and as a picture of the page beside the one that we would have made.
"""

from __future__ import annotations

import datetime as dt

import signing
from signing import jail
from signing import prepare as making
from workflow.adapters.blobs import Blobs
from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.people import Actor
from workflow.services.journal import OFFICE_ZONE
from workflow.services.signing import attached
from workflow.services.signing.preparing import SignaturePurpose, drawing_of, wanted_of
from workflow.store import documents
from workflow.store.models import Certificate, CopyItem, Outgoing, SigningItem
from workflow.store.session import UnitOfWork


def drawing(
    uow: UnitOfWork, actor: Actor, document: Outgoing, item: SigningItem, *, purpose: SignaturePurpose
) -> bytes:
    """How the box of one file of an act has to look: a PDF of one page, the same each time it is asked for."""
    attachment = attached.attachment_of(item.field)
    wanted = wanted_of(uow, actor, document, purpose=purpose, attachment_id=attachment)
    return drawing_of(uow, actor, document, wanted, now=item.claimed_at)


def drawing_now(
    uow: UnitOfWork, actor: Actor, document: Outgoing, *, purpose: SignaturePurpose, now: dt.datetime,
    attachment_id: int | None = None,
) -> bytes:  # fmt: skip
    """The same before an act is begun: that of a document's own box does not depend on the moment; an attachment's
    names it, to the second."""
    wanted = wanted_of(uow, actor, document, purpose=purpose, attachment_id=attachment_id)
    return drawing_of(uow, actor, document, wanted, now=now.replace(microsecond=0))


def demand_drawn(
    uow: UnitOfWork, actor: Actor, document: Outgoing, item: SigningItem, certificate: Certificate, *,
    purpose: SignaturePurpose, field: str, data: bytes, blobs: Blobs,
) -> None:  # fmt: skip
    """Raises `BadInput("returned_box_…")` for whatever else the box shows, `BadInput("returned_looks_…")` where the
    page looks otherwise than it should."""
    picture, page = drawing(uow, actor, document, item, purpose=purpose), _page(uow, document, item)
    demand_picture(uow, item, certificate, picture=picture, page=page, field=field, data=data, blobs=blobs)


def demand_picture(
    uow: UnitOfWork, item: SigningItem | CopyItem, certificate: Certificate, *, picture: bytes, page: int,
    field: str, data: bytes, blobs: Blobs,
) -> None:  # fmt: skip
    """The same where the drawing is at hand."""
    trouble = uow.compute(signing.inspect_drawing_in_jail, data, picture, field=field)
    if trouble is not None:
        raise BadInput(f"returned_box_{trouble}", field=field)
    sent = uow.compute(blobs.get, item.base_sha256)
    ours = uow.compute(
        making.prepare_signature, sent, field=field, certificate=certificate.der, appearance_pdf=picture,
        at=item.claimed_at.astimezone(OFFICE_ZONE), claims=making.Claims(name=certificate.subject_name),
    )  # fmt: skip
    seen = uow.compute(looks_alike, ours.document, data, sent=len(sent), page=page)
    if not seen["outside"]:
        raise BadInput("returned_looks_changed", field=field)
    if not seen["inside"]:
        raise BadInput("returned_looks_otherwise", field=field)


def _page(uow: UnitOfWork, document: Outgoing, item: SigningItem) -> int:
    if attached.attachment_of(item.field) is not None:
        return 1
    boxes = {row.name: row.page for row in documents.boxes_of(uow.session, document.id)}
    return boxes[item.field]


def looks_alike(ours: bytes, theirs: bytes, *, sent: int, page: int) -> dict[str, bool]:
    """What `looks.compare` finds; where it cannot look, nothing is alike."""
    asked = {"ours": len(ours), "sent": sent, "page": page}
    try:
        found: dict[str, bool] = jail.run("workflow.adapters.looks:compare", ours + theirs, arguments=asked).json
    except (jail.JailError, WorkflowError):
        return {"outside": False, "inside": False}
    return found
