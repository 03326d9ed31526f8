"""The words of a draft: the body is written here, the rest of the paper is set from the draft's facts."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, Conflict, NotFound, WorkflowError
from workflow.domain.permissions import Permission
from workflow.domain.templates import Words, checked
from workflow.services.documents import writing
from workflow.services.documents.templates import Template, offered, template_of
from workflow.store import documents as store
from workflow.store import drafting
from workflow.store.models import DraftText, FileVersion, Outgoing
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
    """The words as they stand; else those of the template that was chosen (`?template=`), else the choice.

    Another template may be chosen as long as the words may be written (`?choose=1`). What would go lost is told
    first, and only `?drop=1` begins anew; what was set before stays among the versions either way.
    """
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    if not writable(here, document):
        return see(url_for("outgoing.show", document_id=document_id))
    key = request.args.get("template", "")[:40]
    kept = writing.written_here(here.uow, document)
    if not key and (kept is None or request.args.get("choose")):
        return _choice_page(document, kept)
    if key:
        template = template_of(here.uow, document.agency_id, key)
        if kept is not None and not request.args.get("drop") and _typed(document, kept):
            return _drop_page(document, kept, template)
        begun = writing.begin_words(here.uow, here.scope, document, template=template, now=here.now)
        values = {"basis": begun.words.basis, "body": begun.words.body, "template": key}
        unknown = [_(PLACES[place]) for place in begun.unknown]
    else:
        values = {"basis": kept.basis, "body": kept.body, "template": kept.template} if kept else {}
        unknown = []
    values["version"] = str(document.version)
    return _form_page(document, Form(values=values), unknown=unknown, anew=bool(key) and kept is not None)


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


def _typed(document: Outgoing, kept: DraftText) -> bool:
    """Whether somebody wrote more than the template of the words filled in by itself."""
    here = current()
    try:
        template = template_of(here.uow, document.agency_id, kept.template, ended_too=True)
        filled = writing.begin_words(here.uow, here.scope, document, template=template, now=here.now).words
        return checked(filled.basis, filled.body) != Words(basis=kept.basis, body=kept.body)
    except (NotFound, BadInput):  # they began from no template, or it cannot be filled with what is known now
        return True


def _drop_page(document: Outgoing, kept: DraftText, template: Template) -> str:
    newest = store.latest_file(current().uow.session, document.id, "draft")
    return render_template(
        "drafting/drop.html", d=document, title=title_of(document), kept=kept, template=template,
        lines=sum(bool(line.strip()) for line in kept.body.splitlines()), file=newest,
    )  # fmt: skip


def _choice_page(document: Outgoing, kept: DraftText | None) -> str:
    found = grouped(offered(current().uow, document.agency_id))
    own = [group for group in found if group[0] == document.type_code]
    others = [group for group in found if group[0] != document.type_code]
    return render_template(
        "drafting/choose.html", d=document, title=title_of(document), groups=own + others, fits=bool(own),
        present=kept.template if kept else "", written=kept is not None,
    )  # fmt: skip


def _form_page(
    document: Outgoing, form: Form, *, trouble: Trouble | None = None, unknown: list[str] | None = None,
    anew: bool = False,
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
        written=here_written is not None,
        anew=anew,
        saved="saved" in request.args and not trouble,
    )


def _sizes(file: FileVersion | None) -> tuple[tuple[float, float], ...]:
    return page_sizes(current().uow, blobs(), file.sha256) if file is not None else ()
