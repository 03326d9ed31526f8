"""Many documents of one approved draft: the table and its files come in, a faulty one comes back with its rows."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput
from workflow.domain.permissions import Permission
from workflow.domain.spreading import MOST, Problem
from workflow.services.bulk import spreading
from workflow.services.bulk.spreading import Table
from workflow.store import bulk
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.web import bulk_words as words
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import once, page, see
from workflow.web.guards import allows
from workflow.web.spread_view import Trace, trace
from workflow.web.storage import blobs
from workflow.web.uploads import uploaded
from workflow.web.views.documents import PATH, bp


@bp.app_template_global()
def spread_trace(document: Outgoing) -> Trace:
    """On the document's own page: what was made of it, or what it was made of."""
    return trace(current(), document)


@bp.get(f"{PATH}/<int:document_id>/spread")
@allows(Permission.ACT_ON_DOCUMENT)
def spread_form(document_id: int) -> str:
    """The form, while it is this person's turn at the draft."""
    return _form(document_id)


def _form(document_id: int, *, problems: list[Problem] | None = None, trouble: Trouble | None = None) -> str:
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    spreading.check_draft(here.uow, here.actor, document)
    standing, latest = bulk.standing_of(here.uow.session, document.id)
    return render_template(
        "documents/spread.html", d=document, problems=problems or [], trouble=trouble, faults=words.SPREAD_FAULTS,
        most=MOST, again="again" in request.form, standing=standing, latest=latest,
        awaited=bulk.awaited_of(here.uow.session, document.id), once=once(),
    )  # fmt: skip


@bp.post(f"{PATH}/<int:document_id>/spread")
@allows(Permission.ACT_ON_DOCUMENT)
def spread(document_id: int) -> Response:
    """Look through the table; where every row is good, its page goes on with a look into the files."""
    try:
        data, _name = uploaded("table", lacking="sheet_needed")
        files = {one.filename: one.read() for one in request.files.getlist("files")[:MOST] if one.filename}
        table = Table(data=data, files=files, form=once(), again=request.form.get("again") == "1")
        run, problems = act(
            spreading.look, current().scope, document_id=document_id, table=table, blobs=blobs()
        )  # fmt: skip
    except BadInput as refused:
        current().uow.rollback()
        return page(_form(document_id, trouble=explain(refused)), 422)
    if problems:
        return page(_form(document_id, problems=problems), 422)
    return see(f"/bulk/{run}")
