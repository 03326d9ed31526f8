"""Being away: who looks after my desk, and for administrators everybody's."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.absences import HAVE_DESKS, MAY_DEPUTISE, Acts
from workflow.domain.errors import NotPermitted, WorkflowError
from workflow.domain.people import Role
from workflow.domain.permissions import Permission
from workflow.services import absences as service
from workflow.store import absences as store
from workflow.store import mandates, people
from workflow.store.document_list import PAGE
from workflow.store.models import Person
from workflow.web import plain_list
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows, signed_in
from workflow.web.i18n import N_, _
from workflow.web.schemas.mandates import EndWithReason, NewAbsence
from workflow.web.sheets import table_answer

bp = Blueprint("absences", __name__)

CHANGE = allows(Permission.MANAGE_PEOPLE, step_up=True)

ACTS = {
    Acts.PROCESSING: N_("reads and settles incoming documents"),
    Acts.READING: N_("only reads"),
}
STATES = {"now": (N_("running"), "wait"), "future": (N_("to come"), "plain"), "past": (N_("over"), "plain")}


@bp.get("/absence")
@signed_in("one's own desk, in the post acted in")
def own() -> str:
    """My absences in this post, and the form for a new one."""
    return _own_page(Form(values={"first_day": current().today.isoformat(), "acts": str(Acts.PROCESSING)}))


@bp.post("/absence")
@signed_in("one's own desk, in the post acted in")
def leave() -> Response:
    """Leave the desk to somebody."""
    form = read_form(NewAbsence)
    if not form.good:
        return page(_own_page(form), 422)
    try:
        act(service.set_own, **form.data)
    except WorkflowError as refused:
        current().uow.rollback()
        return page(_own_page(_with(form, refused)), explain(refused).status)
    return see(url_for("absences.own", done="saved"))


@bp.post("/absence/<int:absence_id>/end")
@signed_in("one's own desk; the service finds no other")
def come_back(absence_id: int) -> Response:
    """Back before the last day."""
    act(service.end_own, absence_id=absence_id)
    return see(url_for("absences.own", done="ended"))


@bp.get("/admin/absences")
@allows(Permission.MANAGE_PEOPLE)
def admin() -> str:
    """Everybody's absences; with `?post=` the form for one post."""
    return _admin_page(Form(values={"first_day": current().today.isoformat(), "acts": str(Acts.PROCESSING)}))


@bp.get("/admin/absences.csv")
@bp.get("/admin/absences.xlsx")
@allows(Permission.MANAGE_PEOPLE)
def export() -> Response:
    """The same for a spreadsheet."""
    here = current()
    head = [
        _(word) for word in ("Name", "Title", "Unit", "Deputy", "From", "Until", "What the deputy may do", "State")
    ]
    rows = [
        (one.absent, one.post.title, one.unit, one.deputy, one.row.first_day, one.row.last_day,
         _(ACTS[Acts(one.row.acts)]), _(STATES[one.when(here.today)][0]))
        for one in store.of_agencies(here.figures_scope, here.uow.session)
    ]  # fmt: skip
    return table_answer("absences", _("Absences"), head, rows)


@bp.post("/admin/absences/<int:post_id>")
@CHANGE
def set_for(post_id: int) -> Response:
    """Leave somebody's desk to somebody."""
    form = read_form(NewAbsence)
    if not form.good:
        return page(_admin_page(form, post_id), 422)
    try:
        act(service.set_for, current().figures_scope, post_id=post_id, **form.data)
    except WorkflowError as refused:
        current().uow.rollback()
        return page(_admin_page(_with(form, refused), post_id), explain(refused).status)
    return see(url_for("absences.admin", done="saved"))


@bp.post("/admin/absences/<int:absence_id>/end")
@CHANGE
def end(absence_id: int) -> Response:
    """End it now, with a reason."""
    form = read_form(EndWithReason)
    if not form.good:
        return page(_admin_page(Form(errors={"": " ".join(form.errors.values())})), 422)
    act(service.end_for, current().figures_scope, absence_id=absence_id, **form.data)
    return see(url_for("absences.admin", done="ended"))


DONE = {
    "saved": N_("The absence is saved. In its days, what waits at this desk also lies on the deputy's."),
    "ended": N_("The absence is ended."),
}


def _done() -> str:
    """The sentence about the act that led here; only words of ours, whatever the address says."""
    return _(DONE[word]) if request.method == "GET" and (word := request.args.get("done", "")) in DONE else ""


def _with(form: Form, refused: WorkflowError) -> Form:
    trouble = explain(refused)
    form.errors[_FIELD_OF.get(refused.code, "")] = trouble.words(kept=False)
    return form


_FIELD_OF = {
    "absence_dates": "last_day", "absence_long": "last_day", "absence_overlaps": "first_day",
    "absence_oneself": "deputy_post_id", "absence_agency": "deputy_post_id", "absence_no_desk": "deputy_post_id",
    "deputy_not_in_post": "deputy_post_id", "post_not_found": "deputy_post_id",
}  # fmt: skip


def _deputies(role: Role, agency_id: int, person_id: int) -> list[tuple[int, str]]:
    here = current()
    roles = tuple(MAY_DEPUTISE.get(role, ()))
    found = mandates.could_hold(here.uow.session, agency_id, roles=roles, on=here.today)
    return [(post.id, f"{name}, {post.title}") for post, name in found if post.person_id != person_id]


def _own_page(form: Form) -> str:
    here = current()
    if here.person.acts:
        raise NotPermitted("not_in_place")
    return render_template(
        "absences/own.html", form=form, found=store.of_post(here.uow.session, here.post.id), states=STATES,
        today=here.today, deputies=_deputies(here.post.role, here.post.agency_id, here.person.person_id),
        acts=[(str(key), _(words)) for key, words in ACTS.items()], words=ACTS, done=_done(),
    )  # fmt: skip


def _admin_page(form: Form, post_id: int | None = None) -> str:
    here, wanted = current(), request.args.get("post", "")
    if post_id is None and wanted.isdecimal() and len(wanted) < 16:
        post_id = int(wanted)
    post = people.post(here.figures_scope, here.uow.session, post_id) if post_id is not None else None
    place = plain_list.after(request.args.get("after", ""), dt.date, int)
    found = store.of_agencies(here.figures_scope, here.uow.session, after=place, limit=PAGE + 1)
    shown = found[:PAGE]
    last = plain_list.cursor(shown[-1].row.first_day, shown[-1].row.id) if len(found) > PAGE else ""
    desks = mandates.could_hold(here.uow.session, here.post.agency_id, roles=tuple(HAVE_DESKS), on=here.today)
    return render_template(
        "absences/admin.html", form=form, post=post, states=STATES, today=here.today, words=ACTS,
        found=shown, count=store.count_of_agencies(here.figures_scope, here.uow.session),
        next=f"/admin/absences?after={last}" if last else "", first=place is not None,
        desks=[(row.id, f"{name}, {row.title}") for row, name in desks],
        deputies=_deputies(Role(post.role), post.agency_id, post.person_id) if post is not None else [],
        acts=[(str(key), _(text)) for key, text in ACTS.items()], done=_done(),
    )  # fmt: skip


@bp.app_template_global()
def desk_holder() -> str:
    """Name and title of whoever's desk is looked after."""
    here = current()
    return f"{here.uow.session.get_one(Person, here.post.person_id).full_name}, {here.post.title}"
