"""Acts of the exchange. On an outgoing document: recall, links to what it answers and corrects. On an incoming one:
the answer to a recall."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from workflow.domain.dispatch import DispatchState, Recall
from workflow.domain.errors import WorkflowError
from workflow.domain.incoming import State
from workflow.domain.permissions import Permission
from workflow.services import replies
from workflow.services.exchange import correcting, recalling
from workflow.store import documents, incoming
from workflow.store.models import Incoming
from workflow.web import delivery_list, exchange_view
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.labels import label
from workflow.web.schemas.documents import Remark
from workflow.web.schemas.exchange import Reason
from workflow.web.views.documents import PATH
from workflow.web.views.documents import bp as outgoing
from workflow.web.views.one_document import document_page

bp = Blueprint("exchange", __name__)

AGREE, REFUSE = "agree-recall", "refuse-recall"


@outgoing.post(f"{PATH}/<int:document_id>/recall")
@allows(Permission.ACT_ON_DOCUMENT)
def recall(document_id: int) -> Response:
    """Take it back from every agency; refused, the page keeps the reason that was typed."""
    here, form = current(), read_form(Reason)
    documents.find(here.scope, here.uow.session, document_id)
    try:
        act(recalling.ask_recall, here.scope, document_id=document_id, reason=form.values["reason"])
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        body = document_page(document_id, trouble=trouble, recall_reason=form.values["reason"])
        return page(body, trouble.status)
    return _noted(document_id, "recalled")


@outgoing.post(f"{PATH}/<int:document_id>/answers/<int:incoming_id>/<any(link, unlink):what>")
@allows(Permission.DRAFT_DOCUMENT)
def answers(document_id: int, incoming_id: int, what: str) -> Response:
    """Say that it answers an incoming document, or that it does not."""
    service = replies.link if what == "link" else replies.unlink
    act(service, current().scope, document_id=document_id, incoming_id=incoming_id)
    return _noted(document_id, f"{what}ed")


@outgoing.post(f"{PATH}/<int:document_id>/corrects-nothing")
@allows(Permission.DRAFT_DOCUMENT)
def corrects_nothing(document_id: int) -> Response:
    """Take back that it corrects, amends or replaces another one."""
    act(correcting.name_none, current().scope, document_id=document_id)
    return _noted(document_id, "kept")


def _noted(document_id: int, word: str) -> Response:
    return see(url_for("outgoing.show", document_id=document_id, noted=word))


@bp.get(f"/incoming/<int:incoming_id>/{AGREE}")
@allows(Permission.ACT_ON_INCOMING)
def agreeing(incoming_id: int) -> str:
    """What the sender asks and why; words of one's own are welcome."""
    return _answer_page(incoming_id, AGREE)


@bp.get(f"/incoming/<int:incoming_id>/{REFUSE}")
@allows(Permission.ACT_ON_INCOMING)
def refusing(incoming_id: int) -> str:
    """The same; without a reason it cannot be refused."""
    return _answer_page(incoming_id, REFUSE)


@bp.post(f"/incoming/<int:incoming_id>/{AGREE}")
@allows(Permission.ACT_ON_INCOMING)
def agree(incoming_id: int) -> Response:
    """Give it back."""
    return _answer(incoming_id, AGREE)


@bp.post(f"/incoming/<int:incoming_id>/{REFUSE}")
@allows(Permission.ACT_ON_INCOMING)
def refuse(incoming_id: int) -> Response:
    """Keep it."""
    return _answer(incoming_id, REFUSE)


def _answer(incoming_id: int, what: str) -> Response:
    here, form = current(), read_form(Remark)
    incoming.find(here.scope, here.uow.session, incoming_id)
    if not form.good:
        return page(_answer_page(incoming_id, what, form=form), 422)
    service = recalling.agree_recall if what == AGREE else recalling.refuse_recall
    version, remark = form.data["version"], form.data["remark"]
    try:
        act(service, here.scope, incoming_id=incoming_id, version=version, remark=remark)
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        return page(_answer_page(incoming_id, what, form=form, trouble=trouble), trouble.status)
    return see(f"/incoming/{incoming_id}")


@bp.app_template_global()
def named_paper(row: Incoming) -> str:
    """An incoming document as people call it."""
    return exchange_view.named(row)


@bp.app_template_global()
def dispatch_tone(state: str) -> str:
    """The colour of a stored state of a copy."""
    return delivery_list.TONES[DispatchState(state)]


@bp.app_template_global()
def recall_tone(stand: str) -> str:
    """The colour of where a recall stands with a copy."""
    return delivery_list.RECALL_TONES[Recall(stand)]


@bp.app_template_global()
def incoming_word(state: str) -> str:
    """The word for a stored state of an incoming document."""
    return label(State(state))


def _answer_page(incoming_id: int, what: str, *, form: Form | None = None, trouble: Trouble | None = None) -> str:
    here = current()
    row = incoming.find(here.scope, here.uow.session, incoming_id)
    return render_template(
        "exchange/recall.html", d=row, notes=exchange_view.notes_of(here, row), agree=what == AGREE, what=what,
        form=form or Form(values={"remark": ""}), trouble=trouble,
    )  # fmt: skip
