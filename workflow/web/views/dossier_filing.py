"""*Lưu vào hồ sơ* from a document's own page: into which dossier, and whether it is *filed* in the same act."""

from __future__ import annotations

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from workflow.domain import incoming, outgoing
from workflow.domain.dossiers import Kind
from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.documents import moves as papers
from workflow.services.dossiers import filing
from workflow.services.incoming import moves as arrivals
from workflow.store import dossiers as store
from workflow.store.models import Dossier, Incoming, Outgoing
from workflow.web import dossier_words as words
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.dossiers import Filing
from workflow.web.views.dossiers import PATH, bp

_DOCUMENT = f"{PATH}/file/<any(outgoing, incoming):kind>/<int:document_id>"


@bp.get(_DOCUMENT)
@allows(Permission.KEEP_DOSSIER)
def choose(kind: str, document_id: int) -> str:
    """The open dossiers that it could go into, one's own first."""
    return _page(Kind(kind), document_id, Form(values={}))


@bp.post(_DOCUMENT)
@allows(Permission.KEEP_DOSSIER)
def put(kind: str, document_id: int) -> Response:
    """Put it in."""
    of, form = Kind(kind), read_form(Filing)
    if not form.good:
        return page(_page(of, document_id, form), 422)
    data = form.data
    try:
        act(
            filing.file, current().scope, dossier_id=data["dossier"], kind=of, document_id=document_id,
            document_version=data["version"], years=data["years"], and_file=data["and_file"],
        )  # fmt: skip
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        return page(_page(of, document_id, form, trouble=trouble), trouble.status)
    return see(f"/{kind}/{document_id}?done=file" if data["and_file"] else f"{PATH}/{data['dossier']}?done=add")


def _page(kind: Kind, document_id: int, form: Form, *, trouble: Trouble | None = None) -> str:
    here = current()
    document = filing.find(here.scope, here.uow, kind, document_id)
    held = store.of_document(here.scope, here.uow.session, kind=kind, document_id=document_id)
    known = {one.id for one in held}
    found = store.open_ones(
        here.scope, here.uow.session, agency_id=document.agency_id, person_id=here.person.person_id
    )
    offered = [one for one in found if one.id not in known] if document.agency_id == here.post.agency_id else []
    if not form.values.get("dossier") and offered:
        form.values["dossier"] = str(offered[0].id)
    return render_template(
        "dossiers/file.html",
        kind=kind, d=document, form=form, trouble=trouble, offered=offered, held=held,
        may_file=may_be_filed(kind, document), words=words, me=here.person.person_id,
    )  # fmt: skip


def may_be_filed(kind: Kind, document: Outgoing | Incoming) -> bool:
    """Whether this person may now take the document's own step to *filed*."""
    here = current()
    if kind is Kind.OUTGOING and isinstance(document, Outgoing):
        steps: Any = papers.possible_actions(here.uow, here.actor, document)
        return any(step.action is outgoing.Action.FILE and not missing for step, missing in steps)
    if isinstance(document, Incoming):
        steps = arrivals.possible_actions(here.uow, here.actor, document)
        return any(step.action is incoming.Action.FILE and not missing for step, missing in steps)
    return False


@bp.app_template_global()
def dossiers_of(kind: str, document_id: int) -> list[Dossier]:
    """The dossiers of the page's document that its reader may see, for the page of a document."""
    here = current()
    return list(store.of_document(here.scope, here.uow.session, kind=Kind(kind), document_id=document_id))
