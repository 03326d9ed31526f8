"""Registering what arrived: the file at the left, its facts at the right, Enter, and the next one is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import Conflict, WorkflowError, stale
from workflow.domain.incoming import Action, Source, State
from workflow.domain.outgoing import Urgency
from workflow.domain.permissions import Permission
from workflow.services.calendar import working_calendar
from workflow.services.incoming import arriving, registering, working
from workflow.services.incoming.moves import WORRYING
from workflow.store import arrivals
from workflow.store import incoming as store
from workflow.store.models import Incoming, IncomingFile
from workflow.web import arrival_forms as forms
from workflow.web import arrival_words as words
from workflow.web import format
from workflow.web.clocks import clock
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.labels import label
from workflow.web.offers import URGENCY_TONES
from workflow.web.office_pages import pictures_of
from workflow.web.page_images import page_sizes
from workflow.web.reading_words import stand
from workflow.web.schemas.arrivals import ArrivalOf
from workflow.web.schemas.documents import Remark
from workflow.web.storage import blobs
from workflow.web.views.arrivals import ONE, PATH, bp, document_address, done_words

PDF = "application/pdf"
PICTURES = frozenset({"image/png", "image/jpeg", "image/tiff", "image/webp", "image/gif", "image/bmp"})
"""Kinds that can be shown as page images."""


@bp.get(f"{ONE}/register")
@allows(Permission.RECEIVE_DOCUMENT)
def register(incoming_id: int) -> str | Response:
    """The form; what is registered already is shown on its own page (the back button leads here)."""
    here = current()
    document = store.find(here.scope, here.uow.session, incoming_id)
    if document.state not in arrivals.WAITING:
        return see(document_address(document))
    return form_page(document, Form(values=forms.values_of(document)))


@bp.post(f"{ONE}/register")
@allows(Permission.RECEIVE_DOCUMENT)
def take(incoming_id: int) -> Response:
    """Register, or only keep the facts; a form sent twice registers once, a stale one shows both versions."""
    here, form = current(), read_form(ArrivalOf)
    document = store.find(here.scope, here.uow.session, incoming_id)
    if "version" in form.errors or "version" not in form.data:
        form.errors.pop("version", None)
        return page(form_page(document, form), 422)
    registers = request.form.get("do") != "save"
    if document.version != form.data["version"]:
        return _stale_or_done(incoming_id, form, stale(document))
    due = forms.due_from(form) if form.good else None
    if registers and form.good:
        forms.require_facts(form)
    if not form.good:
        return page(form_page(document, form), 422)
    facts = forms.facts_from(form, document)
    found = arriving.duplicates(
        here.uow, here.scope, agency_id=document.agency_id, facts=facts, without=document.id
    )
    if registers and forms.unseen(form, found):
        return page(form_page(document, form, found=found, warned=True), 422)
    given: dict[str, Any] = {"incoming_id": incoming_id, "version": form.data["version"], "facts": facts}
    saw = request.form.get("reading", document.reading)
    if registers:
        given |= {"due": due, "verdict_reason": form.data["verdict_reason"], "saw": saw}
    return _act(incoming_id, form, registering.register if registers else arriving.correct, given)


def _act(incoming_id: int, form: Form, service: Callable[..., Any], given: dict[str, Any]) -> Response:
    try:
        document = act(service, current().scope, **given)
    except Conflict as stale:
        return _stale_or_done(incoming_id, form, stale)
    except WorkflowError as refused:
        return _refused(incoming_id, form, refused)
    return onward(document, saved=service is arriving.correct)


def onward(document: Incoming, *, already: bool = False, saved: bool = False) -> Response:
    """To the next one in the queue, with a sentence about this one; a saved one stays on the screen."""
    here = current()
    answer: dict[str, Any] = {"done": document.id}
    answer |= {name: 1 for name, true in (("already", already), ("saved", saved)) if true}
    if document.state in arrivals.TO_DO or saved:
        return see(url_for("arrivals.register", incoming_id=document.id, **answer))
    following = arrivals.next_one(here.scope, here.uow.session, document)
    if following is None:
        return see(url_for("arrivals.index", **answer))
    return see(url_for("arrivals.register", incoming_id=following.id, **answer))


def _stale_or_done(incoming_id: int, form: Form, stale: Conflict) -> Response:
    """The same form by the same person a moment ago has done it; else somebody was faster: both versions."""
    here = current()
    here.uow.rollback()
    document = store.find(here.scope, here.uow.session, incoming_id)
    mine = document.actor_before_id == here.person.person_id
    if document.state not in arrivals.WAITING and mine:
        return onward(document, already=True)
    if document.state not in arrivals.WAITING:
        return page(form_page(document, form, trouble=explain(stale), stands=forms.values_of(document)), 409)
    form.values["version"] = str(document.version)
    return page(form_page(document, form, trouble=explain(stale), stands=forms.values_of(document)), 409)


def _refused(incoming_id: int, form: Form, error: WorkflowError) -> Response:
    here = current()
    here.uow.rollback()
    document = store.find(here.scope, here.uow.session, incoming_id)
    trouble = explain(error)
    name = forms.FIELD_OF.get(error.code, "")
    form.errors[name] = trouble.words(kept=False)
    form.values["version"] = str(document.version)
    return page(form_page(document, form), 422 if name else trouble.status)


@bp.post(f"{ONE}/decline")
@allows(Permission.RECEIVE_DOCUMENT)
def decline(incoming_id: int) -> Response:
    """Sent back with a reason; the next one is there."""
    return _with_reason(incoming_id, Action.DECLINE, registering.decline)


@bp.post(f"{ONE}/anomaly")
@allows(Permission.RECEIVE_DOCUMENT)
def anomaly(incoming_id: int) -> Response:
    """Reported to the leader, who decides."""
    return _with_reason(incoming_id, Action.REPORT_ANOMALY, partial(working.act, action=Action.REPORT_ANOMALY))


@bp.post(f"{ONE}/anomaly/withdraw")
@allows(Permission.RECEIVE_DOCUMENT)
def withdraw(incoming_id: int) -> Response:
    """The report was a mistake: whoever made it takes it back."""
    return _with_reason(incoming_id, Action.WITHDRAW, partial(working.act, action=Action.WITHDRAW))


def _with_reason(incoming_id: int, action: Action, service: Callable[..., Any]) -> Response:
    here, given = current(), read_form(Remark)
    document = store.find(here.scope, here.uow.session, incoming_id)
    typed = request.form.get("remark", "")
    if not given.good:
        return page(_again(document, failed=action, typed=typed), 422)
    version, remark = given.data["version"], given.data["remark"]
    try:
        document = act(service, here.scope, incoming_id=incoming_id, version=version, remark=remark)
    except WorkflowError as refused:
        here.uow.rollback()
        document = store.find(here.scope, here.uow.session, incoming_id)
        if isinstance(refused, Conflict) and _done_before(document, action):
            return onward(document, already=True)
        trouble = explain(refused)
        return page(_again(document, failed=action, typed=typed, trouble=trouble), trouble.status)
    return onward(document)


def _done_before(document: Incoming, action: Action) -> bool:
    here = current()
    last = store.last_history(here.uow.session, document.id)
    return last is not None and last.action == action and last.person_id == here.person.person_id


def _again(document: Incoming, *, failed: Action, typed: str, trouble: Trouble | None = None) -> str:
    form = Form(values=forms.values_of(document))
    return form_page(document, form, failed=failed, typed=typed, trouble=trouble)


def form_page(
    document: Incoming, form: Form, *, trouble: Trouble | None = None, stands: dict[str, str] | None = None,
    found: Sequence[Incoming] | None = None, warned: bool = False, failed: Action | None = None, typed: str = "",
) -> str:  # fmt: skip
    """The page, perhaps with what went wrong; what was typed stays."""
    here = current()
    files = [file for file, _intake in store.files_of(here.uow.session, document.id)]
    file = chosen_file(files)
    reading = stand(here, document)
    read = words.readings(document, form.values, shown=file is not None and file.ordinal == reading.ordinal)
    alike = _alike(document) if found is None else found
    form.values["seen"] = " ".join(str(row.id) for row in alike)
    told = words.verdict_of(here, files)
    following = arrivals.next_one(here.scope, here.uow.session, document)
    needs_reason = document.conclusion in WORRYING
    return render_template(
        "arrivals/register.html",
        d=document,
        form=form,
        labels=forms.labels(),
        options=forms.options(),
        files=files,
        file=file,
        kinds=words.FILE_KINDS,
        pages=sheets(file),
        told=told,
        badge=words.badge(document.conclusion, medium=document.medium),
        needs_reason=needs_reason,
        warnings=words.warning_words(document.warnings),
        secrecy=words.bears_secrecy(document),
        read=read,
        stand=reading,
        first="none"
        if form.errors or trouble or warned
        else words.attention(form.values, read, needs_reason=needs_reason),
        alike=[(row, document_address(row)) for row in alike],
        warned=warned,
        trouble=trouble,
        stands=stands,
        waiting=document.state in arrivals.WAITING,
        open=document.state in arrivals.TO_DO,
        state=label(State(document.state)),
        source=label(Source(document.source)),
        urgency=(label(Urgency(document.urgency)), URGENCY_TONES[Urgency(document.urgency)]),
        clock=clock(document.step_due_at, here.now, working_calendar(here.uow)),
        waits=format.ago(document.arrived_at, here.now),
        following=following,
        skip=url_for("arrivals.register", incoming_id=following.id) if following else PATH,
        done=done_words(),
        failed=failed,
        typed=typed,
    )


def _alike(document: Incoming) -> Sequence[Incoming]:
    here = current()
    facts = arriving.facts_of(document)
    return arriving.duplicates(here.uow, here.scope, agency_id=document.agency_id, facts=facts, without=document.id)


def chosen_file(files: Sequence[IncomingFile]) -> IncomingFile | None:
    """The file asked for by `?file=`, else the document itself, else its scan."""
    wanted = request.args.get("file", "")
    if wanted.isdecimal():
        for file in files:
            if file.ordinal == int(wanted[:6]):
                return file
    order = ("main", "scan", "attachment", "envelope", "work")
    return min(files, key=lambda file: (order.index(file.kind), file.ordinal), default=None)


def sheets(file: IncomingFile | None) -> tuple[tuple[float, float], ...]:
    """Page sizes of a file that can be shown as page images; nothing of the others."""
    if file is None or file.media_type not in {PDF, *PICTURES}:
        return ()
    return page_sizes(current().uow, blobs(), file.sha256, picture=file.media_type in PICTURES)


@bp.app_template_global()
def readable_fact(name: str, value: str) -> str:
    """A stored value of an arrival as words."""
    return forms.readable(name, value)


bp.app_template_global("office_pictures")(pictures_of)


@bp.app_template_global()
def file_warnings(codes: Sequence[Any]) -> list[str]:
    """What is to be said about a file."""
    return words.warning_words(codes)
