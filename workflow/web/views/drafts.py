"""Writing and mending a draft: its facts and its file in one form. Nothing that was typed is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask import request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import Conflict, Missing, WorkflowError
from workflow.domain.outgoing import Action, State, Urgency
from workflow.domain.permissions import Permission
from workflow.services.documents import drafting, files, writing
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.web import draft_recipients
from workflow.web.context import act, current
from workflow.web.draft_facts import facts_of, reason_of, says, stored, values_of
from workflow.web.draft_links import Unlinked, beginning, check, link, mend_reason
from workflow.web.forms import Form, once, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.documents import Changed, Draft
from workflow.web.storage import blobs
from workflow.web.template_choice import demand_template, wanted_template
from workflow.web.uploads import uploaded, was_chosen
from workflow.web.views.actions import done, done_before
from workflow.web.views.documents import PATH, bp
from workflow.web.views.draft_page import EDITABLE, form_page, refused_page, stale_page, untied_page

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
    return form_page(Form(values=begun | beginning(current(), request.args)))


@bp.post(f"{PATH}/new")
@allows(Permission.DRAFT_DOCUMENT)
def create() -> Response:
    """Open the draft, then give it its file: two acts, kept one by one. “Continue” leads on to its boxes."""
    here, form = current(), _read()
    if request.form.get("fill"):
        return _filled(form)
    if not form.good:
        return page(form_page(form), 422)
    try:
        check(form)
        facts = facts_of(form)
        demand_template(form)
        here.uow.begin_write()
        twin = store.twin_of(
            here.uow.session, drafter_id=here.person.person_id, type_code=facts.type_code,
            subject=facts.subject, since=here.now - TWICE,
        )  # fmt: skip
        if twin is not None and stored(twin) == facts:
            made, unlinked = twin.id, link(twin.id, form)
            version = twin.version  # a link moves it
            if says(made, facts):
                return untied_page(twin, form, unlinked) or _onward(twin, Action.CREATE, already=True)
            if twin.state == State.DRAFT and twin.file_sha256 is None:
                here.uow.rollback()  # the file is taken apart outside of any write
                return _file_and_onward(made, version, form, again=True, unlinked=unlinked)
        document, fresh = act(drafting.create_once, facts=facts, form=once())
        unlinked = link(document.id, form)
        if not fresh and (says(document.id, facts) or document.state != State.DRAFT):
            return untied_page(document, form, unlinked) or _onward(document, Action.CREATE, already=True)
    except WorkflowError as refused:
        return refused_page(form, refused)
    return _file_and_onward(document.id, document.version, form, again=not fresh, unlinked=unlinked)


def _filled(form: Form, document: Outgoing | None = None) -> Response:
    """The same form with more recipients; nothing is saved."""
    form.errors.clear()
    added = draft_recipients.fill(current(), form, request.form)
    return page(form_page(form, document=document, added=added))


def _read() -> Form:
    """The form with the agencies and units that were ticked."""
    form = read_form(Draft)
    draft_recipients.read(form)
    return form


@bp.get(f"{PATH}/<int:document_id>/edit")
@allows(Permission.DRAFT_DOCUMENT)
def edit(document_id: int) -> str | Response:
    """The form as the draft stands; what was sent on (the back button leads here) is shown instead."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    if document.state not in EDITABLE:
        return see(url_for("outgoing.show", document_id=document_id))
    return form_page(Form(values=values_of(document)), document=document)


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
        return page(form_page(form, document=document), 422)
    version = seen.data["version"]
    try:
        facts = facts_of(form, document)
        demand_template(form)
        if document.version != version or facts != stored(document):
            document = act(drafting.revise, here.scope, document_id=document_id, version=version, facts=facts)
        changed = document.version != version
        wrong = _reason_refused(document, form)
        unlinked = link(document_id, form) if request.form.get("link_again") else []
    except Conflict as stale:
        if done_before(document_id, Action.REVISE, version=version) and says(document_id, facts, reason_of(form)):
            return done(document_id, Action.REVISE, already=True)
        return stale_page(document_id, form, stale)
    except WorkflowError as refused:
        return refused_page(form, refused, document_id=document_id)
    document = store.find(here.scope, here.uow.session, document_id)  # a reason and a link move the version
    answer = _file_and_onward(document_id, document.version, form, changed=changed, unlinked=unlinked)
    if wrong is None or answer.status_code >= 400:
        return answer
    form.values["version"] = str(store.find(here.scope, here.uow.session, document_id).version)
    return refused_page(form, wrong, document_id=document_id, saved=True)


def _reason_refused(document: Outgoing, form: Form) -> WorkflowError | None:
    """Have the reason of a correction said anew; why it was refused, while the facts that were saved stay."""
    try:
        mend_reason(document, form)
    except Conflict:
        raise
    except WorkflowError as refused:
        current().uow.rollback()
        return refused
    return None


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
        elif document.file_sha256 is None and wanted_template() and not unlinked:
            return see(url_for("outgoing.text", document_id=document_id, template=wanted_template()))
        if request.form.get("submit") and document.file_sha256 is None and not document.secret and not unlinked:
            raise Missing("has_file")
    except Conflict as overtaken:
        if again:
            here.uow.rollback()
            return _onward(store.find(here.scope, here.uow.session, document_id), Action.CREATE, already=True)
        form.values["version"] = str(version)
        return refused_page(form, overtaken, document_id=document_id, saved=True)
    except WorkflowError as refused:
        form.values["version"] = str(version)
        return refused_page(form, refused, document_id=document_id, saved=True, unlinked=unlinked)
    return untied_page(document, form, unlinked) or _onward(document, Action.REVISE)


def _onward(document: Outgoing, taken: Action, *, already: bool = False) -> Response:
    """“Continue” goes on to the boxes, from where the draft is submitted; papers without a file have none."""
    if taken is Action.CREATE and document.file_sha256 is None and document.state in EDITABLE and wanted_template():
        return see(url_for("outgoing.text", document_id=document.id, template=wanted_template()))
    if request.form.get("submit") and document.file_sha256 is not None and document.state in EDITABLE:
        return see(url_for("outgoing.plan", document_id=document.id, new=1))
    return done(document.id, taken, already=already)
