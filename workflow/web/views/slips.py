"""The submission slip of a document: as it was laid, as it would be laid now, the drafter's words, the PDF."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.outgoing import State
from workflow.domain.permissions import Permission
from workflow.services.opinions import slips
from workflow.store import documents
from workflow.store import opinions as store
from workflow.store.models import Outgoing
from workflow.web import slip_view
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.opinions import Words
from workflow.web.types import type_name
from workflow.web.views.documents import PATH, bp

SLIP = f"{PATH}/<int:document_id>/slip"


@bp.get(SLIP)
@allows(Permission.READ_DOCUMENT)
def slip(document_id: int) -> str:
    """The newest one, or the one of `?at=`; while drafting what would be laid, with the drafter's words."""
    return _page(document_id)


@bp.post(SLIP)
@allows(Permission.DRAFT_DOCUMENT)
def slip_words(document_id: int) -> Response:
    """Keep the drafter's words for the next submission."""
    here, form = current(), read_form(Words)
    documents.find(here.scope, here.uow.session, document_id)
    if not form.good:
        return page(_page(document_id, form=form), 422)
    try:
        act(
            slips.write_words, here.scope, document_id=document_id, basis=form.data["basis"],
            proposal=form.data["proposal"],
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        return page(_page(document_id, form=form, trouble=trouble), trouble.status)
    return see(url_for("outgoing.slip", document_id=document_id, done="1"))


@bp.get(f"{SLIP}.pdf")
@allows(Permission.READ_DOCUMENT)
def slip_pdf(document_id: int) -> Response:
    """The same to print."""
    here = current()
    document = documents.find(here.scope, here.uow.session, document_id)
    shown = slip_view.chosen(here, document, ordinal=_ordinal())
    made = Response(slip_view.as_pdf(here, document, shown), mimetype="application/pdf")
    name = f"phieu-trinh-{document.code}-{shown.ordinal}.pdf"
    made.headers["Content-Disposition"] = f'inline; filename="{name}"'
    made.headers["Cache-Control"] = "private, no-cache"
    return made


@bp.app_template_global()
def slip_of(document: Outgoing) -> slip_view.Page:
    """The slip that lies before whoever decides."""
    return slip_view.chosen(current(), document)


def _ordinal() -> int:
    word = request.args.get("at", "")
    return int(word) if word.isdecimal() and len(word) < 6 else 0


def _page(document_id: int, *, form: Form | None = None, trouble: Trouble | None = None) -> str:
    here = current()
    document = documents.find(here.scope, here.uow.session, document_id)
    shown = slip_view.chosen(here, document, ordinal=_ordinal())
    own = store.slip_words(here.uow.session, document_id)
    drafting = document.state in {State.DRAFT, State.RETURNED} and document.drafter_id == here.actor.person_id
    typed = {"basis": own.basis if own else "", "proposal": own.proposal if own else ""}
    return render_template(
        "opinions/slip.html", d=document, type=type_name(document.type_code), slip=shown,
        earlier=[row for row in store.slips_of(here.uow.session, document_id) if row.ordinal != shown.ordinal],
        may_write=drafting and here.may(Permission.DRAFT_DOCUMENT), form=form or Form(values=typed),
        trouble=trouble, done="done" in request.args,
    )  # fmt: skip
