"""A paper that was signed by hand: the clerk records who, as what, on which day, and why not digitally."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from workflow.domain.errors import Conflict, WorkflowError
from workflow.domain.mandates import Reason
from workflow.domain.outgoing import Action
from workflow.domain.permissions import Permission
from workflow.services.documents.ink import InkSignature, record_ink
from workflow.store import documents as store
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form
from workflow.web.guards import allows
from workflow.web.preflight import title_of
from workflow.web.schemas.documents import Ink
from workflow.web.signers import DAY_OPEN, signer_choices
from workflow.web.views.actions import done, done_before
from workflow.web.views.documents import PATH, bp

_FIELD_OF = {
    **{f"authority_{reason}": "signer" for reason in Reason},
    "not_a_signer": "signer",
    "capacity_not_allowed": "signer",
    "post_not_held": "signer",
    "signed_on_impossible": "signed_on",
    "reason_needed": "reason",
}


@bp.get(f"{PATH}/<int:document_id>/ink")
@allows(Permission.SEAL)
def ink_form(document_id: int) -> str:
    """The form, with what the document says already."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    signer = f"{document.signer_post_id}:{document.capacity}" if document.signer_post_id else ""
    values = {"signer": signer, "signed_on": here.today.isoformat(), "version": str(document.version)}
    return _form_page(document_id, Form(values=values))


@bp.post(f"{PATH}/<int:document_id>/ink")
@allows(Permission.SEAL)
def save_ink(document_id: int) -> Response:
    """Record it."""
    here, form = current(), read_form(Ink)
    store.find(here.scope, here.uow.session, document_id)
    if not form.good:
        return page(_form_page(document_id, form), 422)
    version = form.data["version"]
    post, capacity = form.data["signer"]
    read = InkSignature(
        signer_post_id=post, capacity=capacity, signed_on=form.data["signed_on"], reason=form.data["reason"]
    )
    try:
        act(record_ink, here.scope, document_id=document_id, version=version, ink=read)
    except WorkflowError as refused:
        if isinstance(refused, Conflict) and done_before(document_id, Action.RECORD_INK, version=version):
            return done(document_id, Action.RECORD_INK, already=True)
        here.uow.rollback()
        trouble = explain(refused)
        form.errors[_FIELD_OF.get(refused.code, "")] = trouble.words()
        return page(_form_page(document_id, form), trouble.status)
    return done(document_id, Action.RECORD_INK)


def _form_page(document_id: int, form: Form) -> str:
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    return render_template(
        "documents/ink.html",
        form=form,
        d=document,
        title=title_of(document),
        signers=signer_choices(here, document=document, still_open=DAY_OPEN),
    )
