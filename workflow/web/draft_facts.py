"""A draft as its form says it and as it is stored: the two are compared before anything is written."""

from __future__ import annotations

import datetime as dt
import hashlib

from workflow.domain.errors import BadInput
from workflow.domain.outgoing import Urgency
from workflow.domain.people import Capacity
from workflow.services.calendar import working_calendar
from workflow.services.documents.drafting import DraftFacts
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.web import draft_recipients
from workflow.web.context import current
from workflow.web.draft_links import corrects_now
from workflow.web.format import local
from workflow.web.forms import Form
from workflow.web.uploads import uploaded, was_chosen


def facts_of(form: Form, document: Outgoing | None = None) -> DraftFacts:
    """The form as the service wants it; a due date ends with the office hours of its day.

    Raises `BadInput("due_day_over")` for a day before today that is not the one which stands in the draft.
    """
    data = form.data
    due_on: dt.date | None = data["due_on"]
    stands = local(document.due_at).date() if document is not None and document.due_at else None
    if due_on is not None and due_on < current().today and due_on != stands:
        raise BadInput("due_day_over")
    post, capacity = data["signer"] or (None, Capacity.HEAD)
    return DraftFacts(
        type_code=data["type_code"],
        subject=data["subject"],
        **draft_recipients.facts_of(form),
        urgency=data["urgency"],
        due_at=working_calendar(current().uow).closing(due_on) if due_on else None,
        secret=data["secret"],
        signer_post_id=post,
        capacity=capacity,
        organ_id=data["organ"],
    )


def reason_of(form: Form) -> str:
    """Why the draft corrects, amends or replaces another one, as the form says."""
    return str(form.data.get("correction_reason") or "")


def says(document_id: int, facts: DraftFacts, reason: str | None = None) -> bool:
    """Whether draft and file, and the reason of a correction, stand as this form wants them: then it is the same
    form, sent again."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    if stored(document) != facts:
        return False
    if reason is not None and corrects_now(here, document).get("correction_reason", reason) != reason:
        return False
    if not was_chosen("file"):
        return True
    newest = store.latest_file(here.uow.session, document_id, "original")
    return newest is not None and newest.sha256 == hashlib.sha256(uploaded("file")[0]).hexdigest()


def stored(document: Outgoing) -> DraftFacts:
    """The same of a stored draft, to see whether a form changes anything."""
    return DraftFacts(
        type_code=document.type_code,
        subject=document.subject,
        **draft_recipients.stored(document),
        urgency=Urgency(document.urgency),
        due_at=document.due_at,
        secret=document.secret,
        signer_post_id=document.signer_post_id,
        capacity=Capacity(document.capacity) if document.signer_post_id else Capacity.HEAD,
        organ_id=document.organ_id,
    )


def values_of(document: Outgoing) -> dict[str, str]:
    """The form's fields as a stored draft fills them."""
    signer = f"{document.signer_post_id}:{document.capacity}" if document.signer_post_id else ""
    return {
        "type_code": document.type_code,
        "subject": document.subject,
        **draft_recipients.values_of(document),
        "urgency": document.urgency,
        "due_on": local(document.due_at).date().isoformat() if document.due_at else "",
        "secret": "true" if document.secret else "",
        "signer": signer,
        "organ": str(document.organ_id or ""),
        "version": str(document.version),
        **corrects_now(current(), document),
    }
