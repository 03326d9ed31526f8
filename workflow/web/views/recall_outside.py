"""Who outside was told of a recall, and what came back: the clerk's page of one copy."""

from __future__ import annotations

from flask import render_template
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.domain.dispatch import RECORDING
from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.exchange import dispatching, recall_outside
from workflow.services.exchange.recall_outside import Told
from workflow.store import deliveries as store
from workflow.store import documents
from workflow.store.models import Dispatch
from workflow.web import fate_words
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.fields import Day, Text
from workflow.web.views.deliveries import ONE
from workflow.web.views.documents import PATH, bp

RECALL = f"{ONE}/recall"


class ToldForm(Schema):
    """What the clerk writes down."""

    told_on = Day(load_default=None)
    told_how = Text(longest=300, load_default="")
    back_on = Day(load_default=None)
    seen = Text(longest=40, load_default="")


_FIELD_OF = {"recall_told_when": "told_on", "recall_told_how": "told_how", "recall_told_day": "told_on"}


@bp.get(RECALL)
@allows(Permission.ACT_ON_DOCUMENT)
def recalled_copy(document_id: int, dispatch_id: int) -> str:
    """The form, as it stands or for today."""
    row = _found(document_id, dispatch_id)
    return _page(document_id, row, Form(values=_values(row)))


@bp.post(RECALL)
@allows(Permission.ACT_ON_DOCUMENT)
def tell_of_recall(document_id: int, dispatch_id: int) -> Response:
    """Write it down."""
    here, form = current(), read_form(ToldForm)
    row = _found(document_id, dispatch_id)
    if not form.good:
        return page(_page(document_id, row, form), 422)
    data = form.data
    facts = Told(told_on=data["told_on"], how=data["told_how"], back_on=data["back_on"])
    try:
        act(
            recall_outside.record, here.scope, document_id=document_id, dispatch_id=dispatch_id, seen=data["seen"],
            facts=facts,
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        row = _found(document_id, dispatch_id)
        form.errors[_FIELD_OF.get(refused.code, "")] = " ".join(filter(None, (trouble.title, trouble.next)))
        if refused.code == "stale":
            form.values["seen"] = dispatching.mark_of(row)
        return page(_page(document_id, row, form), trouble.status)
    return see(f"{PATH}/{document_id}?noted=written#deliveries-title")


def _found(document_id: int, dispatch_id: int) -> Dispatch:
    here = current()
    return store.dispatch_of(here.scope, here.uow.session, document_id, dispatch_id=dispatch_id)


def _values(row: Dispatch) -> dict[str, str]:
    fresh = row.told_on is None and row.back_on is None
    told = current().today if fresh else row.told_on
    return {
        "told_on": told.isoformat() if told else "", "told_how": row.told_how,
        "back_on": row.back_on.isoformat() if row.back_on else "", "seen": dispatching.mark_of(row),
    }  # fmt: skip


def _page(document_id: int, row: Dispatch, form: Form) -> str:
    here = current()
    document = documents.find(here.scope, here.uow.session, document_id)
    return render_template(
        "exchange/recall_outside.html", d=document, row=row, form=form, gone=fate_words.gone(here, document),
        open=recall_outside.stand(row) is not None, may=here.post.role in RECORDING,
    )  # fmt: skip
