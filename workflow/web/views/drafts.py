"""Writing and mending a draft: its facts and its file in one form. Nothing that was typed is lost."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.adapters import office
from workflow.domain.errors import BadInput, Conflict, Missing, WorkflowError
from workflow.domain.mandates import Reason
from workflow.domain.outgoing import Action, State, Urgency
from workflow.domain.people import Capacity
from workflow.domain.permissions import Permission
from workflow.services.calendar import working_calendar
from workflow.services.documents import drafting, files, writing
from workflow.services.documents.drafting import DraftFacts
from workflow.services.documents.templates import offered, template_of
from workflow.store import documents as store
from workflow.store import registers
from workflow.store.models import Outgoing
from workflow.web import draft_recipients
from workflow.web.context import act, current
from workflow.web.draft_links import Unlinked, beginning, beside, check, corrects_now, link, mend_reason
from workflow.web.errors import Trouble, explain
from workflow.web.format import day, local
from workflow.web.forms import Form, once, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.labels import label
from workflow.web.schemas.documents import Changed, Draft
from workflow.web.signers import signer_choices
from workflow.web.storage import blobs
from workflow.web.template_words import grouped
from workflow.web.types import abbreviation_of, type_groups, type_name, without_copies
from workflow.web.uploads import uploaded, was_chosen
from workflow.web.views.actions import done, done_before
from workflow.web.views.documents import PATH, bp

EDITABLE = frozenset({State.DRAFT, State.RETURNED})

TWICE = dt.timedelta(seconds=30)
"""The same words by the same person within this time are the same form sent twice."""


@bp.get(f"{PATH}/new")
@allows(Permission.DRAFT_DOCUMENT)
def new() -> str:
    """An empty form; `?type=` chooses the kind, `?answers=`, `?corrects=`, `?amends=`, `?replaces=` begin it from
    another document.
    """
    blank = dict.fromkeys(Draft().fields, "")
    begun = blank | {"type_code": request.args.get("type", ""), "urgency": str(Urgency.NORMAL)}
    begun |= dict.fromkeys(draft_recipients.TICKED, "")
    return _form_page(Form(values=begun | beginning(current(), request.args)))


@bp.post(f"{PATH}/new")
@allows(Permission.DRAFT_DOCUMENT)
def create() -> Response:
    """Open the draft, then give it its file: two acts, kept one by one. “Continue” leads on to its boxes."""
    here, form = current(), _read()
    if request.form.get("fill"):
        return _filled(form)
    if not form.good:
        return page(_form_page(form), 422)
    try:
        check(form)
        facts = _facts(form)
        _demand_template(form)
        here.uow.begin_write()
        twin = store.twin_of(
            here.uow.session, drafter_id=here.person.person_id, type_code=facts.type_code,
            subject=facts.subject, since=here.now - TWICE,
        )  # fmt: skip
        if twin is not None and _stored(twin) == facts:
            made, version = twin.id, twin.version
            unlinked = link(made, form)
            if _says(made, facts):
                return _untied(twin, form, unlinked) or _onward(twin, Action.CREATE, already=True)
            if twin.state == State.DRAFT and twin.file_sha256 is None:
                here.uow.rollback()  # the file is taken apart outside of any write
                return _file_and_onward(made, version, form, again=True, unlinked=unlinked)
        document, fresh = act(drafting.create_once, facts=facts, form=once())
        unlinked = link(document.id, form)
        if not fresh and (_says(document.id, facts) or document.state != State.DRAFT):
            return _untied(document, form, unlinked) or _onward(document, Action.CREATE, already=True)
    except WorkflowError as refused:
        return _refused(form, refused)
    return _file_and_onward(document.id, document.version, form, again=not fresh, unlinked=unlinked)


def _filled(form: Form, document: Outgoing | None = None) -> Response:
    """The same form with more recipients; nothing is saved."""
    form.errors.clear()
    added = draft_recipients.fill(current(), form, request.form)
    return page(_form_page(form, document=document, added=added))


def _read() -> Form:
    """The form with the agencies and units that were ticked."""
    form = read_form(Draft)
    draft_recipients.read(form)
    return form


def _demand_template(form: Form) -> None:
    """The chosen template is offered here and is one of the chosen type; a file that is uploaded needs none."""
    key = form.data["template"]
    if key and not was_chosen("file"):
        template = template_of(current().uow, current().post.agency_id, key)
        if template.type_code != form.data["type_code"]:
            raise BadInput("template_of_other_type", name=template.name, type=type_name(template.type_code))


def _wanted_template() -> str:
    """What the new draft's words are to begin from: “Save and continue” leads to them."""
    return "" if was_chosen("file") or request.form.get("secret") else request.form.get("template", "")[:40]


@bp.get(f"{PATH}/<int:document_id>/edit")
@allows(Permission.DRAFT_DOCUMENT)
def edit(document_id: int) -> str | Response:
    """The form as the draft stands; what was sent on (the back button leads here) is shown instead."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    if document.state not in EDITABLE:
        return see(url_for("outgoing.show", document_id=document_id))
    return _form_page(Form(values=_values(document)), document=document)


@bp.post(f"{PATH}/<int:document_id>/edit")
@allows(Permission.DRAFT_DOCUMENT)
def save(document_id: int) -> Response:
    """Save what changed; a stale form shows both versions."""
    here, form, seen = current(), _read(), read_form(Changed)
    document = store.find(here.scope, here.uow.session, document_id)
    form.values["version"] = seen.values["version"]
    if request.form.get("fill"):
        return _filled(form, document)
    form.errors |= seen.errors
    if not form.good:
        return page(_form_page(form, document=document), 422)
    version = seen.data["version"]
    try:
        facts = _facts(form)
        if document.version != version or facts != _stored(document):
            document = act(drafting.revise, here.scope, document_id=document_id, version=version, facts=facts)
        mend_reason(document_id, form)
        unlinked = link(document_id, form) if request.form.get("link_again") else []
    except Conflict as stale:
        if done_before(document_id, Action.REVISE, version=version) and _says(document_id, facts):
            return done(document_id, Action.REVISE, already=True)
        return _stale(document_id, form, stale)
    except WorkflowError as refused:
        return _refused(form, refused, document_id=document_id)
    changed = document.version != version
    return _file_and_onward(document_id, document.version, form, changed=changed, unlinked=unlinked)


def _file_and_onward(
    document_id: int, version: int, form: Form, *, again: bool = False, changed: bool = False,
    unlinked: Sequence[Unlinked] = (),
) -> Response:  # fmt: skip
    """The facts are saved; where the file is refused, the form says so and keeps everything else. So it does where
    the draft was not tied to what it was begun for (`unlinked`).

    `changed`: a paper that was written here is set anew from the facts, so that it never says older ones.

    `again`: the words were sent a moment ago. Either their file was refused and this is the better one, or it is a
    double click whose first half is still at work: then that half has done it.
    """
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    try:
        if was_chosen("file"):
            data, name = uploaded("file")
            document = act(
                files.upload_draft, here.scope, document_id=document_id, version=version,
                data=data, filename=name, blobs=blobs(),
            )  # fmt: skip
        elif changed and (kept := writing.written_here(here.uow, document)) is not None:
            document = act(
                writing.write, here.scope, document_id=document_id, version=version, basis=kept.basis,
                body=kept.body, template=kept.template, blobs=blobs(),
            )  # fmt: skip
        elif document.file_sha256 is None and _wanted_template() and not unlinked:
            return see(url_for("outgoing.text", document_id=document_id, template=_wanted_template()))
        if request.form.get("submit") and document.file_sha256 is None and not document.secret and not unlinked:
            raise Missing("has_file")
    except Conflict as overtaken:
        if again:
            here.uow.rollback()
            return _onward(store.find(here.scope, here.uow.session, document_id), Action.CREATE, already=True)
        form.values["version"] = str(version)
        return _refused(form, overtaken, document_id=document_id, saved=True)
    except WorkflowError as refused:
        form.values["version"] = str(version)
        return _refused(form, refused, document_id=document_id, saved=True, unlinked=unlinked)
    return _untied(document, form, unlinked) or _onward(document, Action.REVISE)


def _untied(document: Outgoing, form: Form, unlinked: Sequence[Unlinked]) -> Response | None:
    """The form again, where the draft was kept without what it was begun for; None where nothing is missing."""
    if not unlinked:
        return None
    form.values["version"] = str(document.version)
    return page(_form_page(form, document=document, unlinked=unlinked), unlinked[0].status)


def _onward(document: Outgoing, taken: Action, *, already: bool = False) -> Response:
    """“Continue” goes on to the boxes, from where the draft is submitted; papers without a file have none."""
    if (
        taken is Action.CREATE
        and document.file_sha256 is None
        and document.state in EDITABLE
        and _wanted_template()
    ):
        return see(url_for("outgoing.text", document_id=document.id, template=_wanted_template()))
    if request.form.get("submit") and document.file_sha256 is not None and document.state in EDITABLE:
        return see(url_for("outgoing.plan", document_id=document.id, new=1))
    return done(document.id, taken, already=already)


def _facts(form: Form) -> DraftFacts:
    """The form as the service wants it; a due date ends with the office hours of its day."""
    data = form.data
    due_on: dt.date | None = data["due_on"]
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


def _says(document_id: int, facts: DraftFacts) -> bool:
    """Whether draft and file stand as this form wants them: then it is the same form, sent again."""
    here = current()
    if _stored(store.find(here.scope, here.uow.session, document_id)) != facts:
        return False
    if not was_chosen("file"):
        return True
    newest = store.latest_file(here.uow.session, document_id, "original")
    return newest is not None and newest.sha256 == hashlib.sha256(uploaded("file")[0]).hexdigest()


def _stored(document: Outgoing) -> DraftFacts:
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


def _values(document: Outgoing) -> dict[str, str]:
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


def _stale(document_id: int, form: Form, stale: Conflict) -> Response:
    """Somebody was faster: what was typed stays in the form, what stands now is shown beside it."""
    here = current()
    here.uow.rollback()
    document = store.find(here.scope, here.uow.session, document_id)
    form.values["version"] = str(document.version)
    editable = document.state in EDITABLE
    body = _form_page(form, document=document, trouble=explain(stale), stands=_values(document), editable=editable)
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
    "calendar_too_short": "due_on", "recipient_own": "to", "recipients_many": "to", "recipient_agency": "to",
    "recipient_own_unit": "units", "recipient_units_many": "units",
}  # fmt: skip
"""Which field an error belongs to; everything about files belongs to the file."""


def _refused(
    form: Form, error: WorkflowError, *, document_id: int | None = None, saved: bool = False,
    unlinked: Sequence[Unlinked] = (),
) -> Response:  # fmt: skip
    here = current()
    here.uow.rollback()
    document = store.find(here.scope, here.uow.session, document_id) if document_id else None
    trouble = explain(error)
    if saved:
        trouble = replace(trouble, kept=_("The draft itself was saved."))
    about_file = isinstance(error, BadInput) and error.code.startswith(("draft_", "file_", "plan_"))
    field = "file" if about_file else _FIELD_OF.get(error.code, "")
    form.errors[field] = " ".join(part for part in (trouble.title, trouble.kept, trouble.next) if part)
    return page(_form_page(form, document=document, unlinked=unlinked), trouble.status)


def _form_page(
    form: Form,
    *,
    document: Outgoing | None = None,
    trouble: Trouble | None = None,
    stands: dict[str, str] | None = None,
    editable: bool = True,
    unlinked: Sequence[Unlinked] = (),
    added: draft_recipients.Added | None = None,
) -> str:
    common, rest = type_groups()
    others, copies = without_copies(rest)
    address = url_for("outgoing.save", document_id=document.id) if document else url_for("outgoing.create")
    has_file = document is not None and document.file_sha256 is not None
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
        templates=[] if document else grouped(offered(current().uow, current().post.agency_id)),
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
