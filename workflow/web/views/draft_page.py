"""The page of a draft's form: empty, as it stands, or with what was refused, stale or not tied. Nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from flask import render_template, url_for
from werkzeug.wrappers import Response

from workflow.adapters import office
from workflow.domain.errors import BadInput, Conflict, WorkflowError
from workflow.domain.mandates import Reason
from workflow.domain.outgoing import State, Urgency
from workflow.domain.permissions import Permission
from workflow.services.documents import writing
from workflow.services.documents.templates import offered
from workflow.store import documents as store
from workflow.store import registers
from workflow.store.models import Outgoing
from workflow.web import draft_recipients
from workflow.web.context import current
from workflow.web.draft_facts import values_of
from workflow.web.draft_links import Unlinked, beside
from workflow.web.errors import Trouble, explain
from workflow.web.format import day
from workflow.web.forms import Form, once, page
from workflow.web.i18n import _
from workflow.web.labels import label
from workflow.web.signers import signer_choices
from workflow.web.template_words import grouped
from workflow.web.types import abbreviation_of, type_groups, type_name, without_copies
from workflow.web.views.documents import bp

EDITABLE = frozenset({State.DRAFT, State.RETURNED})


def untied_page(document: Outgoing, form: Form, unlinked: Sequence[Unlinked]) -> Response | None:
    """The form again, where the draft was kept without what it was begun for; None where nothing is missing."""
    if not unlinked:
        return None
    form.values["version"] = str(document.version)
    return page(form_page(form, document=document, unlinked=unlinked), unlinked[0].status)


def stale_page(document_id: int, form: Form, stale: Conflict) -> Response:
    """Somebody was faster: what was typed stays in the form, what stands now is shown beside it."""
    here = current()
    here.uow.rollback()
    document = store.find(here.scope, here.uow.session, document_id)
    form.values["version"] = str(document.version)
    editable = document.state in EDITABLE
    body = form_page(form, document=document, trouble=explain(stale), stands=values_of(document), editable=editable)
    return page(body, 409)


_FIELD_OF = {
    "subject_needed": "subject", "subject_too_long": "subject", "type_not_found": "type_code",
    **{f"authority_{reason}": "signer" for reason in Reason},
    "not_a_signer": "signer", "capacity_not_allowed": "signer", "post_not_held": "signer",
    "wrong_head": "signer", "organ_of_another_agency": "organ",
    "has_signer": "signer", "has_file": "file", "secret_content_refused": "secret",
    "correction_by_letter": "type_code", "correction_same_form": "type_code", "correction_organ": "organ",
    "reason_needed": "correction_reason", "exchange_reason_too_long": "correction_reason",
    "template_of_other_type": "template", "template_not_found": "template", "template_ended": "template",
    "calendar_too_short": "due_on", "due_day_over": "due_on",
    "recipient_own": "to", "recipients_many": "to", "recipient_agency": "to",
    "recipient_own_unit": "units", "recipient_units_many": "units",
}  # fmt: skip
"""Which field an error belongs to; everything about files belongs to the file."""


def refused_page(
    form: Form, error: WorkflowError, *, document_id: int | None = None, saved: bool = False,
    unlinked: Sequence[Unlinked] = (),
) -> Response:  # fmt: skip
    """The form with what was refused at its field; `saved`: the draft itself is kept."""
    here = current()
    here.uow.rollback()
    document = store.find(here.scope, here.uow.session, document_id) if document_id else None
    trouble = explain(error)
    if saved:
        trouble = replace(trouble, kept=_("The draft itself was saved."))
    about_file = isinstance(error, BadInput) and error.code.startswith(("draft_", "file_", "plan_"))
    field = "file" if about_file else _FIELD_OF.get(error.code, "")
    form.errors[field] = trouble.words()
    return page(form_page(form, document=document, unlinked=unlinked), trouble.status)


def form_page(
    form: Form,
    *,
    document: Outgoing | None = None,
    trouble: Trouble | None = None,
    stands: dict[str, str] | None = None,
    editable: bool = True,
    unlinked: Sequence[Unlinked] = (),
    added: draft_recipients.Added | None = None,
) -> str:
    """The form; `stands`: the draft as somebody else left it, `added`: the recipients that were filled in."""
    common, rest = type_groups()
    others, copies = without_copies(rest)
    address = url_for("outgoing.save", document_id=document.id) if document else url_for("outgoing.create")
    has_file = document is not None and document.file_sha256 is not None
    # a new draft; or one that was kept while its file was refused, so that the choice is not lost
    asks_for_one = document is None or (not has_file and bool(form.values.get("template")))
    return render_template(
        "documents/draft.html",
        form=form,
        d=document,
        common=common,
        others=others,
        copies=copies,
        organs=organ_choices(),
        urgencies=[(str(urgency), label(urgency)) for urgency in Urgency],
        signers=signer_choices(current(), document=document),
        address=address,
        trouble=trouble,
        stands=stands,
        editable=editable,
        unlinked=unlinked,
        added=added,
        has_file=has_file,
        limit=current().settings.max_upload // (1024 * 1024),
        once="" if document else once(),
        word_files=office.available(),
        templates=[] if not asks_for_one else grouped(offered(current().uow, current().post.agency_id)),
        writes=document is not None and writing.written_here(current().uow, document) is not None,
        keeps_templates=current().may(Permission.KEEP_TEMPLATES),
        **beside(current(), form, document),
    )


def organ_choices() -> list[tuple[str, str]]:
    """In whose name a draft may be written; none to choose from where there are not several."""
    here = current()
    found = registers.organs(here.uow.session, here.post.agency_id)
    return [(str(organ.id), organ.name) for organ in found] if len(found) > 1 else []


@bp.app_template_global()
def readable(name: str, value: str) -> str:
    """A stored value as words, beside the form that holds another one."""
    if not value:
        return ""
    match name:
        case "type_code":
            return type_name(value)
        case "urgency":
            return label(Urgency(value))
        case "due_on":
            return day(dt.date.fromisoformat(value))
        case "secret":
            return _("yes")
        case "organ":
            return next((name for key, name in organ_choices() if key == value), value)
        case "to" | "units":
            return "\n".join(draft_recipients.names_of(tuple(int(key) for key in value.split())))
        case "signer":
            return next(
                (
                    words
                    for _who, options in signer_choices(current()).offered
                    for key, words in options
                    if key == value
                ),
                value,
            )
    return value


bp.app_template_global()(abbreviation_of)
