"""The planned fields of a draft: boxes over the page, moved with a finger, the mouse or the arrow keys."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, Missing, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.documents.files import Place, move_boxes
from workflow.store import documents as store
from workflow.store.models import Outgoing, PlannedBox
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import page, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.page_images import page_sizes
from workflow.web.preflight import current_file, title_of
from workflow.web.storage import blobs
from workflow.web.views.documents import PATH, bp

MM = 72 / 25.4
"""Points in a millimetre: people measure paper in millimetres, PDF in points."""

EDGES = ("page", "left", "bottom", "width", "height")

BOXES = {
    "leader": N_("Signer's signature"),
    "number": N_("Number and date"),
    "seal": N_("Seal"),
    "initials": N_("Initials"),
    "footer": N_("Look-up code and QR"),
}


@bp.get(f"{PATH}/<int:document_id>/plan")
@allows(Permission.ACT_ON_DOCUMENT)
def plan(document_id: int) -> str:
    """The boxes as they are planned."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    return _plan_page(document)


@bp.post(f"{PATH}/<int:document_id>/plan")
@allows(Permission.ACT_ON_DOCUMENT)
def save_plan(document_id: int) -> Response:
    """Take the boxes as they were moved; the rules for them are the service's."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    boxes = store.boxes_of(here.uow.session, document_id)
    try:
        places = tuple(_place(box) for box in boxes)
        act(
            move_boxes, here.scope, document_id=document_id, version=_version(), places=places, blobs=blobs()
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        document = store.find(here.scope, here.uow.session, document_id)
        trouble = explain(refused)
        return page(_plan_page(document, trouble=trouble, typed=dict(request.form)), trouble.status)
    return see(f"{PATH}/{document_id}/plan?saved=1")


def _version() -> int:
    text = request.form.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        raise BadInput("request_malformed")
    return int(text)


def _place(box: PlannedBox) -> Place:
    """One box from the form's millimetres."""
    numbers = [_millimetres(f"{box.name}-{edge}") for edge in EDGES]
    left, bottom, width, height = (round(value * MM, 2) for value in numbers[1:])
    return Place(
        name=box.name, page=int(numbers[0]), left=left, bottom=bottom, right=left + width, top=bottom + height
    )


def _millimetres(name: str) -> float:
    text = request.form.get(name, "").strip().replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        raise BadInput("box_unreadable") from None
    if not 0 <= value <= 10_000:
        raise BadInput("box_unreadable")
    return value


def _plan_page(document: Outgoing, *, trouble: Trouble | None = None, typed: dict[str, Any] | None = None) -> str:
    here = current()
    file = current_file(here, document)
    if file is None:
        raise Missing("has_file")
    sizes = page_sizes(here.uow, blobs(), file.sha256)
    boxes = [(box, _(BOXES.get(box.kind, box.kind)), _numbers(box, typed)) for box in _boxes(document.id)]
    return render_template(
        "documents/plan.html",
        d=document,
        title=title_of(document),
        file=file,
        sizes=sizes,
        boxes=boxes,
        edges=[(edge, _(words)) for edge, words in zip(EDGES, _EDGE_WORDS, strict=True)],
        trouble=trouble,
        saved="saved" in request.args,
    )


_EDGE_WORDS = (
    N_("Page"),
    N_("From the left (mm)"),
    N_("From the bottom (mm)"),
    N_("Width (mm)"),
    N_("Height (mm)"),
)


def _boxes(document_id: int) -> list[PlannedBox]:
    return list(store.boxes_of(current().uow.session, document_id))


def _numbers(box: PlannedBox, typed: dict[str, Any] | None) -> dict[str, str]:
    """What the number fields hold: what was typed, else what is planned."""
    planned = (
        float(box.page),
        box.left / MM,
        box.bottom / MM,
        (box.right - box.left) / MM,
        (box.top - box.bottom) / MM,
    )
    made = {}
    for edge, value in zip(EDGES, planned, strict=True):
        text = str(int(value)) if edge == "page" else f"{value:.1f}"
        made[edge] = str((typed or {}).get(f"{box.name}-{edge}", text))
    return made
