"""What comes on paper: registered first, scanned later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.outgoing import Urgency
from workflow.domain.permissions import Permission
from workflow.services.incoming import arriving, receiving
from workflow.store.models import Incoming
from workflow.web import arrival_forms as forms
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, once, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.arrivals import Arrival
from workflow.web.views.arrivals import bp, document_address, done_words

PATH = "/incoming/new"


@bp.get(PATH)
@allows(Permission.RECEIVE_DOCUMENT)
def new() -> str:
    """An empty form."""
    blank = dict.fromkeys(Arrival().fields, "")
    given = {"urgency": str(Urgency.NORMAL), "issuer_kind": "agency", "copies": "1", "due_kind": "rule"}
    return _form_page(Form(values=blank | given))


@bp.post(PATH)
@allows(Permission.RECEIVE_DOCUMENT)
def write_down() -> Response:
    """Into the register at once, or only onto the queue. The next paper's form follows, or the scan of this one."""
    here, form = current(), read_form(Arrival)
    registers = request.form.get("do") != "save"
    due = forms.due_from(form) if form.good else None
    if form.good:
        forms.require_facts(form)
    if not form.good:
        return page(_form_page(form), 422)
    try:
        facts = forms.facts_from(form)
        given: dict[str, Any] = {"facts": facts, "form": once(), "register": registers, "due": due}
        found = arriving.duplicates(here.uow, here.scope, agency_id=here.agency_id or 0, facts=facts)
        if forms.unseen(form, found) and not _sent_before(found):
            return page(_form_page(form, found=found), 422)
        taken = act(receiving.write_down, here.scope, **given)
    except WorkflowError as refused:
        return _refused(form, refused)
    answer: dict[str, Any] = {"done": taken.document.id} | ({} if taken.fresh else {"already": 1})
    if request.form.get("then") == "scan":
        return see(url_for("arrivals.files", incoming_id=taken.document.id, **answer))
    return see(url_for("arrivals.new", **answer))


def _sent_before(found: Sequence[Incoming]) -> bool:
    """Whether the only paper like it is the one that this very form made a moment ago."""
    here = current()
    key = receiving.paper_key(here.person.person_id, once())
    return any(row.once_key == key for row in found)


def _refused(form: Form, error: WorkflowError) -> Response:
    current().uow.rollback()
    trouble = explain(error)
    form.errors[forms.FIELD_OF.get(error.code, "")] = trouble.words(kept=False)
    return page(_form_page(form), trouble.status)


def _form_page(form: Form, *, found: Sequence[Incoming] = ()) -> str:
    form.values["seen"] = " ".join(str(row.id) for row in found)
    return render_template(
        "arrivals/paper.html",
        form=form,
        labels=forms.labels(),
        options=forms.options(),
        once=once(),
        alike=[(row, document_address(row)) for row in found],
        read={},
        first="none" if form.errors or found else "issuer",
        done=done_words(),
    )
