"""Requests of other offices for more time about what we issued: the list, and the answer to one."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.exchange import extensions
from workflow.store import documents, office
from workflow.store import exchange as store
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.format import day
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.schemas.exchange import ExtensionAnswer
from workflow.web.views.documents import PATH
from workflow.web.views.documents import bp as outgoing

bp = Blueprint("extension_requests", __name__)

LIMIT = 200
TONES = {"asked": "wait", "granted": "good", "refused": "bad", "withdrawn": "plain", "lapsed": "plain"}

WORDS = {
    "asked": N_("waits for an answer"),
    "granted": N_("granted"),
    "refused": N_("refused"),
    "withdrawn": N_("called back"),
    "lapsed": N_("not needed any more"),
}

ONE = f"{PATH}/<int:document_id>/extension-requests/<int:request_id>"


@bp.get("/extension-requests")
@allows(Permission.READ_DOCUMENT)
def index() -> str:
    """What waits for an answer within one's reach, and with `all` what was answered before."""
    here = current()
    whole = request.args.get("all") == "1"
    rows = store.requests_about(here.scope, here.uow.session, open_only=not whole, limit=LIMIT)
    return render_template("exchange/requests.html", rows=rows, whole=whole)


@outgoing.get(ONE)
@allows(Permission.READ_DOCUMENT)
def extension_request(document_id: int, request_id: int) -> str:
    """Who asks, why and until when; a form for whoever may answer."""
    return _page(document_id, request_id)


@outgoing.post(ONE)
@allows(Permission.ACT_ON_DOCUMENT)
def answer_extension(document_id: int, request_id: int) -> Response:
    """Grant or refuse; pressed twice it is answered once."""
    here, form = current(), read_form(ExtensionAnswer)
    store.request_of(here.scope, here.uow.session, document_id, request_id=request_id)
    if not form.good:
        return page(_page(document_id, request_id, form=form), 422)
    try:
        act(
            extensions.answer, here.scope, document_id=document_id, request_id=request_id,
            grant=form.data["answer"] == "grant", until=form.data["until"], remark=form.data["remark"],
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        return page(_page(document_id, request_id, form=form, trouble=trouble), trouble.status)
    return see(url_for("outgoing.extension_request", document_id=document_id, request_id=request_id))


@bp.app_template_global()
def extension_word(state: str) -> str:
    """The word for where a request stands."""
    return _(WORDS[state])


@bp.app_template_global()
def extension_tone(state: str) -> str:
    """Its colour."""
    return TONES[state]


def _page(document_id: int, request_id: int, *, form: Form | None = None, trouble: Trouble | None = None) -> str:
    here = current()
    found, delivery = store.request_of(here.scope, here.uow.session, document_id, request_id=request_id)
    document = documents.find(here.scope, here.uow.session, document_id)
    may = found.state == "asked" and extensions.may_answer(here.actor, document)
    return render_template(
        "exchange/request.html", d=document, one=found, who=office.unit(here.uow.session, delivery.agency_id).name,
        may=may, trouble=trouble,
        form=form or Form(values={"until": day(found.wanted_on), "remark": ""}),
    )  # fmt: skip
