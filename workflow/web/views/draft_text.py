"""The words of a draft: the body is written here, the rest of the paper is set from the draft's facts."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import Conflict, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.documents import writing
from workflow.services.documents.templates import offered, template_of
from workflow.store import documents as store
from workflow.store import drafting
from workflow.store.models import FileVersion, Outgoing
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.page_images import page_sizes
from workflow.web.preflight import title_of
from workflow.web.schemas.drafting import DraftWords
from workflow.web.storage import blobs
from workflow.web.template_words import PLACES, grouped, writable
from workflow.web.views.documents import PATH, bp

SHOWN = 3
"""Pages of the present version beside the form; the document's own page shows all."""


@bp.get(f"{PATH}/<int:document_id>/text")
@allows(Permission.DRAFT_DOCUMENT)
def text(document_id: int) -> str | Response:
    """The words as they stand; else those of the template that was chosen (`?template=`), else the choice."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    if not writable(here, document):
        return see(url_for("outgoing.show", document_id=document_id))
    key = request.args.get("template", "")[:40]
    kept = writing.written_here(here.uow, document)
    if not key and kept is None:
        return _choice_page(document)
    if key:
        template = template_of(here.uow, document.agency_id, key)
        begun = writing.begin_words(here.uow, here.scope, document, template=template, now=here.now)
        values = {"basis": begun.words.basis, "body": begun.words.body, "template": key}
        unknown = [_(PLACES[place]) for place in begun.unknown]
    else:
        values = {"basis": kept.basis, "body": kept.body, "template": kept.template} if kept else {}
        unknown = []
    return _form_page(document, Form(values=values | {"version": str(document.version)}), unknown=unknown)


@bp.post(f"{PATH}/<int:document_id>/text")
@allows(Permission.DRAFT_DOCUMENT)
def save_text(document_id: int) -> Response:
    """Set the next version; “continue” leads on to its boxes, from where it is submitted."""
    here, form = current(), read_form(DraftWords)
    document = store.find(here.scope, here.uow.session, document_id)
    if not form.good:
        return page(_form_page(document, form), 422)
    try:
        act(writing.write, here.scope, document_id=document_id, blobs=blobs(), **form.data)
    except WorkflowError as refused:
        here.uow.rollback()
        document = store.find(here.scope, here.uow.session, document_id)
        if isinstance(refused, Conflict):
            form.values["version"] = str(document.version)
        trouble = explain(refused)
        return page(_form_page(document, form, trouble=trouble), trouble.status)
    if request.form.get("submit"):
        return see(url_for("outgoing.plan", document_id=document_id, new=1))
    return see(url_for("outgoing.text", document_id=document_id, saved=1))


def _choice_page(document: Outgoing) -> str:
    found = grouped(offered(current().uow, document.agency_id))
    own = [group for group in found if group[0] == document.type_code]
    others = [group for group in found if group[0] != document.type_code]
    return render_template(
        "drafting/choose.html", d=document, title=title_of(document), groups=own + others, fits=bool(own)
    )  # fmt: skip


def _form_page(
    document: Outgoing, form: Form, *, trouble: Trouble | None = None, unknown: list[str] | None = None
) -> str:  # fmt: skip
    here = current()
    file = store.latest_file(here.uow.session, document.id, "draft")
    here_written = drafting.latest_text(here.uow.session, document.id)
    replaced = file is not None and (here_written is None or here_written.ordinal != file.ordinal)
    return render_template(
        "drafting/text.html",
        d=document,
        title=title_of(document),
        form=form,
        trouble=trouble,
        unknown=unknown or [],
        file=file,
        sizes=_sizes(file),
        shown=SHOWN,
        replaced=replaced,
        saved="saved" in request.args and not trouble,
    )


def _sizes(file: FileVersion | None) -> tuple[tuple[float, float], ...]:
    return page_sizes(current().uow, blobs(), file.sha256) if file is not None else ()
