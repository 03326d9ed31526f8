"""The planned fields of a draft: boxes over the page, moved with a finger, the mouse or the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from signing.prepare import Drawn, TypedBlock, TypedHead
from workflow.domain.errors import BadInput, Missing, WorkflowError
from workflow.domain.outgoing import Action
from workflow.domain.permissions import Permission
from workflow.services.documents import acts
from workflow.services.documents.files import Place, move_boxes
from workflow.services.documents.moves import possible_actions
from workflow.services.documents.plans import field_of
from workflow.services.documents.word_files import WORD
from workflow.store import documents as store
from workflow.store import drafting
from workflow.store.models import Outgoing, PlannedBox
from workflow.web.context import Current, act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import page, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.page_images import page_sizes
from workflow.web.preflight import current_file, title_of
from workflow.web.storage import blobs
from workflow.web.typed_words import ASKED, Told, accepted_words, questions, told
from workflow.web.views.actions import done
from workflow.web.views.documents import PATH, bp
from workflow.web.views.draft_page import EDITABLE

MM = 72 / 25.4
"""Points in a millimetre: people measure paper in millimetres, PDF in points."""

EDGES = ("page", "left", "bottom", "width", "height")

BOXES = {
    "leader": N_("Signer's signature"),
    "number": N_("Number and date"),
    "seal": N_("Seal"),
    "cosigner": N_("Signature beside the signer's"),
    "initials": N_("Initials"),
    "footer": N_("Look-up code and QR"),
}


DRAWN = {
    "leader": {Drawn.MISSING: N_("Only the signature"), Drawn.WHOLE: N_("Title, signature and name")},
    "number": {Drawn.MISSING: N_("Only what is left blank"), Drawn.WHOLE: N_("The whole line, in a free place")},
}
"""The choices where a draft has something typed that need not be drawn again."""


@bp.get(f"{PATH}/<int:document_id>/plan")
@allows(Permission.ACT_ON_DOCUMENT)
def plan(document_id: int) -> str:
    """The boxes as they are planned; whoever drafts submits from here."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    return _plan_page(document)


@bp.post(f"{PATH}/<int:document_id>/plan")
@allows(Permission.ACT_ON_DOCUMENT)
def save_plan(document_id: int) -> Response:
    """Take the boxes as they were moved, then submit if that was asked for; the rules are the services'."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    stands, saved = document.version, False
    try:
        version, places = _version(), _places(_boxes(document_id))
        if places or version != stands or not request.form.get("submit"):
            moved = act(
                move_boxes, here.scope, document_id=document_id, version=version, places=places, blobs=blobs()
            )  # fmt: skip
            version, saved = moved.version, True
        if request.form.get("submit"):
            act(acts.act, here.scope, document_id=document_id, action=Action.SUBMIT, version=version)
            return done(document_id, Action.SUBMIT)
    except WorkflowError as refused:
        here.uow.rollback()
        if request.form.get("submit") and _is_submitted(document_id):
            return done(document_id, Action.SUBMIT, already=True)
        document = store.find(here.scope, here.uow.session, document_id)
        trouble = explain(refused)
        typed = None if saved else dict(request.form)
        return page(_plan_page(document, trouble=trouble, typed=typed), trouble.status)
    return see(f"{PATH}/{document_id}/plan?saved=1")


def _is_submitted(document_id: int) -> bool:
    """The form came twice: the first one did it."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    people = [line for line, *_who in store.history_of(here.uow.session, document_id) if line.person_id is not None]
    return (
        document.state not in EDITABLE
        and people[-1].action == Action.SUBMIT
        and people[-1].person_id == here.person.person_id
    )


def _version() -> int:
    text = request.form.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        raise BadInput("request_malformed")
    return int(text)


def _places(boxes: Sequence[PlannedBox]) -> tuple[Place, ...]:
    """The boxes that the form changes; the others keep their place to the last digit."""
    return tuple(_place(box) for box in boxes if _is_changed(box))


def _is_changed(box: PlannedBox) -> bool:
    stands = {f"{box.name}-{edge}": text for edge, text in _numbers(box, None).items()}
    drawn = request.form.get(f"{box.name}-drawn", box.drawn)
    return drawn != box.drawn or any(request.form.get(name) != text for name, text in stands.items())


def _place(box: PlannedBox) -> Place:
    """One box from the form's millimetres."""
    drawn = request.form.get(f"{box.name}-drawn", box.drawn)
    if drawn not in set(Drawn):
        raise BadInput("request_malformed")
    numbers = [_millimetres(f"{box.name}-{edge}") for edge in EDGES]
    left, bottom, width, height = (round(value * MM, 2) for value in numbers[1:])
    return Place(
        name=box.name, page=int(numbers[0]), left=left, bottom=bottom, right=left + width, top=bottom + height,
        drawn=Drawn(drawn),
    )  # fmt: skip


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
    boxes = [
        (box, _(BOXES.get(box.kind, box.kind)), _numbers(box, typed), _found(box, typed))
        for box in _boxes(document.id)
    ]
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
        fresh="new" in request.args,
        from_word=_came_as_word(here, document),
        open_remarks=drafting.open_comments(here.uow.session, document.id),
        may_submit=any(
            step.action == Action.SUBMIT for step, _lack in possible_actions(here.uow, here.actor, document)
        ),
        wrong=told(here, document),
    )


def _came_as_word(here: Current, document: Outgoing) -> bool:
    """While its drafter can still change it: what LibreOffice set may break lines elsewhere than Word."""
    came = store.latest_file(here.uow.session, document.id, "original")
    return document.state in EDITABLE and came is not None and came.note == WORD


@bp.app_template_global()
def typed_wrongly(document: Outgoing) -> Told | None:
    """What does not fit in the words that a draft has typed, for every page that shows it."""
    return told(current(), document)


@bp.app_template_global()
def asks_to_compare(document: Outgoing, action: Action) -> bool:
    """Whether this act needs the tick that what is typed stays so."""
    return action in ASKED and bool(questions(current(), document))


bp.app_template_global()(accepted_words)


@dataclass(frozen=True, slots=True)
class Found:
    """What a draft has typed at a box, in words, and how much may be drawn there: (value, words) pairs.

    `gaps`: where something will be filled in, (left, width) in shares of the box.
    """

    words: str
    choices: tuple[tuple[str, str], ...]
    drawn: str
    gaps: tuple[tuple[float, float], ...] = ()
    blocked: bool = False
    """Typed, but nothing can be filled in there: no reason for a tick of success."""


def _found(box: PlannedBox, typed: dict[str, Any] | None) -> Found | None:
    field = field_of(box)
    gaps: tuple[tuple[float, float], ...] = ()
    blocked = isinstance(field.typed, TypedHead) and not field.typed.gaps
    if isinstance(field.typed, TypedBlock):
        block = " · ".join(part for part in (" / ".join(field.typed.titles), field.typed.name) if part)
        both = field.typed.titles and field.typed.name
        told = N_("Title and name stand already in the draft: %(words)s.") if both else ALREADY
        words = _(told, words=block)
    elif isinstance(field.typed, TypedHead):
        words = _(BLOCKED if blocked else ALREADY, words=field.typed.words)
        width = field.size[0]
        gaps = tuple((round(gap.left / width, 4), round(gap.width / width, 4)) for gap in field.typed.gaps)
    else:
        return None
    choices = DRAWN[box.kind] if field.can_leave_out else {}
    drawn = str((typed or {}).get(f"{box.name}-drawn", box.drawn))
    return Found(words, tuple((str(value), _(text)) for value, text in choices.items()), drawn, gaps, blocked)


ALREADY = N_("Already typed in the draft: %(words)s.")
BLOCKED = N_(
    "Typed in the draft, but nothing can be filled in there: %(words)s. "
    "Number and date are drawn whole in this box."
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
