"""How far files were read, for pages that wait for it; answers to what a file says otherwise than the register."""

from __future__ import annotations

import orjson
from flask import request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.incoming import being_read, differences
from workflow.store import incoming as store
from workflow.store import reading
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.reading_words import state_of
from workflow.web.row_keys import LARGEST
from workflow.web.schemas.documents import Changed
from workflow.web.views.arrivals import ONE, PATH, bp
from workflow.web.views.arrivals_files import files_page

ASKED = 50
"""Documents that one question may be about: a page of the queue."""


@bp.get(f"{PATH}/reading")
@allows(Permission.RECEIVE_DOCUMENT)
def reading_states() -> Response:
    """`{"17": "waiting", …}` of the documents asked for (`?of=17&of=18`) that are within reach."""
    here = current()
    asked = [int(key) for key in request.args.getlist("of")[:ASKED] if key.isdecimal() and len(key) < 17]
    rows = reading.states(here.scope, here.uow.session, [key for key in asked if key <= LARGEST])
    body = {str(key): state_of(state, asked_at, now=here.now) for key, state, asked_at in rows}
    return Response(orjson.dumps(body), mimetype="application/json", headers={"Cache-Control": "no-store"})


@bp.post(f"{ONE}/reading")
@allows(Permission.RECEIVE_DOCUMENT)
def answer_reading(incoming_id: int) -> Response:
    """Take one fact over from the file, or say that what stands is right (`field` empty: of everything)."""
    here, form = current(), read_form(Changed)
    document = store.find(here.scope, here.uow.session, incoming_id)
    name, read = request.form.get("field", ""), request.form.get("read", "")[:1000]
    takes = request.form.get("do") == "take"
    try:
        if not form.good or (name and name not in differences.FACT_OF.values()) or (takes and not name):
            raise BadInput("reading_answer")
        given = {"incoming_id": incoming_id, "name": name, "read": read}
        if takes:
            number = next((one.page for one in differences.open_ones(document) if one.name == name), 1)
            remark = _("Taken over from the scan, page %(page)s", page=number)
            act(being_read.take_over, here.scope, version=form.data["version"], remark=remark, **given)
        else:
            act(being_read.dismiss, here.scope, **given)
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        document = store.find(here.scope, here.uow.session, incoming_id)
        return page(files_page(document, trouble=trouble), trouble.status)
    answered = "taken" if takes else "dismissed"
    return see(url_for("arrivals.files", incoming_id=incoming_id, answered=answered))
