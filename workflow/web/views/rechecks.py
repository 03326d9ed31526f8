"""The button "Check again today" on a document: what can be proven now, beside what was found at signing."""

from __future__ import annotations

from urllib.parse import urlencode

from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.verification import rechecking
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import page, see
from workflow.web.guards import allows
from workflow.web.storage import blobs
from workflow.web.views.documents import PATH, bp
from workflow.web.views.one_document import document_page


@bp.post(f"{PATH}/<int:document_id>/recheck")
@allows(Permission.READ_DOCUMENT)
def recheck(document_id: int) -> Response:
    """Judge the signatures by today's lists and roots; an answer that is no other adds nothing but the moment."""
    try:
        found = act(rechecking.recheck, current().scope, document_id=document_id, blobs=blobs())
    except WorkflowError as refused:
        if refused.code == "document_not_found":
            raise
        trouble = explain(refused)
        return page(document_page(document_id, trouble=trouble), trouble.status)
    beside = found.attached
    word = "changed" if found.changed else "attached" if beside.changed else "same"
    if word == "same" and (not found.answered or beside.unanswered):
        word = "unanswered"
    which = {"lost": "-".join(map(str, beside.lost)), "differs": "1" if beside.differs else ""}
    told = urlencode({"checked": word} | {name: value for name, value in which.items() if value})
    return see(f"/outgoing/{document_id}?{told}")
