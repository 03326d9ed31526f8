"""The reader of the desk: slip, pages, my decision, and on to the next; with a thumb or with the keyboard."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import Conflict, WorkflowError
from workflow.domain.outgoing import Action, Urgency
from workflow.domain.permissions import Permission
from workflow.services.documents import acts, agreeing, commenting, deputising
from workflow.store import agreements
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.web import desk_reader as reader
from workflow.web import done_words, opinion_view
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.labels import label
from workflow.web.offers import URGENCY_TONES
from workflow.web.schemas.desk_reader import Handed, Pinning
from workflow.web.schemas.documents import Changed, Remark
from workflow.web.types import type_name, type_names
from workflow.web.version_view import demand_page
from workflow.web.views.actions import done_before
from workflow.web.views.desk import bp
from workflow.web.views.one_document import note_look

PATH = reader.PATH
_ONE = f"{PATH}/<int:document_id>"

TOLD = frozenset({done_words.AGREE, done_words.PIN, done_words.REMARK, *map(str, reader.DECIDED)})
"""Acts of the reader."""


def _pile() -> reader.Pile:
    return reader.pile(current(), request.values.get("ticked"))


@bp.get(PATH)
@allows(Permission.ACT_ON_DOCUMENT)
def read() -> str | Response:
    """To the first paper."""
    pile = _pile()
    return see(pile.address(pile.ids[0])) if pile.rows else _end(pile)


@bp.get(f"{PATH}/end")
@allows(Permission.ACT_ON_DOCUMENT)
def read_end() -> str:
    """What is ticked, to be signed in one act; what is left."""
    return _end(_pile())


def _end(pile: reader.Pile) -> str:
    here = current()
    return render_template(
        "desk/read_end.html",
        pile=pile,
        chunks=pile.chunks,
        left=[row for row in pile.rows if row.id not in pile.ticked],
        asked=opinion_view.at_desk(here),
        types=type_names(),
        done=_done(),
    )


@bp.get(_ONE)
@allows(Permission.ACT_ON_DOCUMENT)
def read_one(document_id: int) -> str:
    """One paper; one that waits for me no longer says so and leads on."""
    here = current()
    note_look(here, store.find(here.scope, here.uow.session, document_id))
    return _page(document_id)


@bp.post(f"{_ONE}/agree")
@allows(Permission.ACT_ON_DOCUMENT)
def agree(document_id: int) -> Response:
    """Agree with the proposal: marked, ticked for the signature, on to the next."""
    pile, form = _pile(), read_form(Changed)
    if not form.good:
        return page(_page(document_id, form=form), 422)
    try:
        act(agreeing.agree, current().scope, document_id=document_id, version=form.data["version"])
    except WorkflowError as refused:
        return _refused(document_id, refused, form)
    ticked = [*(key for key in pile.ticked if key != document_id), document_id]
    return see(f"{pile.address(pile.next_to(document_id, 1), ticked)}&done=agree&of={document_id}")


@bp.post(f"{_ONE}/take-back")
@allows(Permission.ACT_ON_DOCUMENT)
def take_back(document_id: int) -> Response:
    """Agree no longer; its tick goes too."""
    pile, form = _pile(), read_form(Changed)
    if not form.good:
        return page(_page(document_id, form=form), 422)
    try:
        act(agreeing.take_back, current().scope, document_id=document_id, version=form.data["version"])
    except WorkflowError as refused:
        return _refused(document_id, refused, form)
    return see(pile.address(document_id, [key for key in pile.ticked if key != document_id]))


@bp.post(f"{_ONE}/pins")
@allows(Permission.ACT_ON_DOCUMENT)
def pin(document_id: int) -> Response:
    """A remark at a spot; without a spot (no script) it is one on the page."""
    here, pile, form = current(), _pile(), read_form(Pinning)
    if not form.good:
        return page(_page(document_id, form=form, failed="pin"), 422)
    given = form.data
    at, told = {"document_id": document_id, "ordinal": given["ordinal"], "words": given["words"]}, given["page"]
    try:
        demand_page(here, document_id, ordinal=given["ordinal"], page=told)
        if given["x"] is None or given["y"] is None:
            act(commenting.comment, here.scope, page=told, **at)
            return see(f"{pile.address(document_id)}&done={done_words.REMARK}")
        spot = commenting.Spot(page=told, x=given["x"], y=given["y"])
        act(commenting.pin, here.scope, spot=spot, earlier=given["earlier"], **at)
    except WorkflowError as refused:
        return _refused(document_id, refused, form, failed="pin")
    return see(f"{pile.address(document_id)}&done=pin#pins-title")


@bp.post(f"{_ONE}/acts/<any(approve, return, reject, decline):action>")
@allows(Permission.ACT_ON_DOCUMENT)
def decide(document_id: int, action: str) -> Response:
    """Approve, give back, refuse or decline, and on to the next."""
    pile, wanted, form = _pile(), Action(action), read_form(Remark)
    if not form.good:
        return page(_page(document_id, form=form, failed=action), 422)
    after = pile.next_to(document_id, 1)
    version, remark = form.data["version"], form.data["remark"]
    try:
        act(acts.act, current().scope, document_id=document_id, action=wanted, version=version, remark=remark)
    except Conflict as stale:
        if not done_before(document_id, wanted, version=version):
            return _refused(document_id, stale, form, failed=action)
    except WorkflowError as refused:
        return _refused(document_id, refused, form, failed=action)
    return see(f"{_pile().address(after)}&done={action}&of={document_id}")


@bp.post(f"{_ONE}/deputy")
@allows(Permission.ACT_ON_DOCUMENT)
def hand_to_deputy(document_id: int) -> Response:
    """Leave it to a deputy, and on to the next."""
    pile, form, name = _pile(), read_form(Handed), str(Action.HAND_TO_DEPUTY)
    if not form.good:
        return page(_page(document_id, form=form, failed=name), 422)
    after = pile.next_to(document_id, 1)
    try:
        act(
            deputising.hand_to_deputy, current().scope, document_id=document_id, version=form.data["version"],
            post_id=form.data["post"], words=form.data["words"],
        )  # fmt: skip
    except WorkflowError as refused:
        return _refused(document_id, refused, form, failed=name)
    return see(f"{_pile().address(after)}&done={name}&of={document_id}")


def _refused(document_id: int, error: WorkflowError, form: Form, *, failed: str = "") -> Response:
    """The paper as it is now, with what went wrong; what was typed stays in its form."""
    here = current()
    here.uow.rollback()
    trouble = explain(error)
    return page(_page(document_id, form=form, trouble=trouble, failed=failed), trouble.status)


def _page(document_id: int, *, form: Form | None = None, trouble: Trouble | None = None, failed: str = "") -> str:
    here, pile = current(), _pile()
    document = store.find(here.scope, here.uow.session, document_id)
    shown = reader.paper(here, document)
    read = (form.values.get("ordinal", "") if form and trouble and trouble.code == "pin_stale" else "") or (
        str(shown.file.ordinal) if shown.file else ""
    )
    return render_template(
        "desk/read.html",
        d=document,
        pile=pile,
        place=pile.place(document_id),
        before=pile.next_to(document_id, -1),
        after=pile.next_to(document_id, 1),
        paper=shown,
        read=read,
        type=type_name(document.type_code),
        urgency=(label(Urgency(document.urgency)), URGENCY_TONES[Urgency(document.urgency)]),
        form=form or Form(),
        trouble=trouble,
        failed=failed,
        done=_done(document_id),
    )


def _done(document_id: int = 0) -> done_words.Done | None:
    """What was done just now, to the paper before this one or to this one; only where it was."""
    name, key = request.args.get("done", ""), done_words.key_of(request.args.get("of", "")) or document_id
    return done_words.of_outgoing(current(), key, name) if name in TOLD and key else None


@bp.app_template_global()
def agreements_of(document: Outgoing) -> list[reader.Agreed]:
    """Who agreed with the proposal, when, on which version; oldest first."""
    found: list[Any] = list(agreements.of_document(current().uow.session, document.id))
    return [
        reader.Agreed(
            name, row.agreed_at, row.ordinal, row.slip, row.withdrawn_at, agreeing.holds(document, row),
            void=row.withdrawn_at is None and document.signed_at is None and not agreeing.holds(document, row),
        )
        for row, name in found
    ]  # fmt: skip
