"""Personal data: numbers uncovered with a purpose, who looked, one file about a person, erasure by two people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from workflow.domain.errors import NotFound, WorkflowError
from workflow.domain.permissions import Permission
from workflow.domain.personal_data import Number
from workflow.services.access import personal as service
from workflow.store import people
from workflow.store import personal as store
from workflow.web import access_words as words
from workflow.web import personal_file
from workflow.web.context import act, act_for_oneself, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows, signed_in
from workflow.web.i18n import _
from workflow.web.paged import PAGE
from workflow.web.row_keys import number_of
from workflow.web.schemas.fields import Choice, Text
from workflow.web.sheets import table_answer

bp = Blueprint("personal_data", __name__)
ALL, OWN = "/admin/personal-data", "/account/data"
ONE = "/admin/people/<int:person_id>/data"
CHANGE = allows(Permission.MANAGE_PEOPLE, step_up=True)
EXPORTED = 5000


class Purpose(Schema):
    """What somebody needs it for."""

    purpose = Text(longest=500, multiline=True, required=True)


class Uncovered(Purpose):
    """Which number, and what for."""

    kind = Choice(Number, required=True)


class Asked(Schema):
    """Why data is to be erased."""

    reason = Text(longest=500, multiline=True, required=True)


class Decided(Schema):
    """Carried out, or refused with a reason."""

    done = fields.Boolean(truthy={"yes"}, falsy={"no"}, required=True)
    remark = Text(longest=500, multiline=True, load_default="")


@bp.get(ALL)
@allows(Permission.SEE_ACCESS)
def index() -> str:
    """Requests for erasure, and who uncovered whose numbers, the newest first."""
    here = current()
    before = number_of(request.args.get("before", "")) or None
    looks = store.number_looks(
        here.figures_scope, here.uow.session, today=here.today, before=before, limit=PAGE + 1
    )
    return render_template(
        "access/personal.html", looks=looks[:PAGE], more=looks[PAGE - 1][0].id if len(looks) > PAGE else 0,
        before=before, words=words,
        erasures=store.erasures(here.figures_scope, here.uow.session, today=here.today),
        may=here.may(Permission.MANAGE_PEOPLE),
    )  # fmt: skip


@bp.get(f"{ALL}/looks.csv")
@bp.get(f"{ALL}/looks.xlsx")
@allows(Permission.SEE_ACCESS)
def looks() -> Response:
    """The same log as a sheet; it holds no number."""
    here = current()
    head = [_("At"), _("Seen by"), _("About"), _("What"), _("Purpose"), _("Address")]
    rows: list[list[Any]] = [
        [look.at, who, about, _(words.NUMBERS[Number(look.kind)]), look.purpose, look.address]
        for look, who, about in store.number_looks(
            here.figures_scope, here.uow.session, today=here.today, limit=EXPORTED
        )
    ]
    return table_answer("number-looks", _("Who saw personal numbers"), head, rows, wide=(4,))


@bp.get(ONE)
@CHANGE
def one(person_id: int) -> str:
    """What can be done about one person's data."""
    return _one(person_id)


def _one(
    person_id: int, *, form: Form | None = None, trouble: Trouble | None = None, numbers: tuple[str, ...] = (),
    kind: Number | None = None,
) -> str:  # fmt: skip
    here = current()
    found, session = people.person(here.figures_scope, here.uow.session, person_id), here.uow.session
    return render_template(
        "access/person.html", person=found, form=form or Form(), trouble=trouble, numbers=numbers, kind=kind,
        words=words, Number=Number, choice=store.choice(session, person_id),
        remote=store.remote_accounts(session, person_id), erasures=store.erasures_of(session, person_id),
        looks=store.number_looks(here.figures_scope, session, today=here.today, about_id=person_id),
        me=here.person.person_id,
        prospect=service.prospect(here.uow, person_id, today=here.today), done=request.args.get("done", ""),
        barred=_barred(found.id),
    )  # fmt: skip


def _barred(person_id: int) -> Trouble | None:
    """Why nothing can be done here, said before anybody fills in a form."""
    here = current()
    try:
        service.demand_ours_alone(here.uow, here.actor, here.figures_scope, person_id, here.now)
    except WorkflowError as refused:
        return explain(refused)
    return None


@bp.post(f"{ONE}/numbers")
@CHANGE
def uncover(person_id: int) -> Response:
    """A number in clear: written down first, then shown on this one answer."""
    form = read_form(Uncovered)
    if not form.good:
        return page(_one(person_id, form=form), 422)
    try:
        numbers = act(service.uncover, current().figures_scope, person_id=person_id, **form.data)
    except WorkflowError as refused:
        return _refused(person_id, refused, form)
    return _unkept(page(_one(person_id, numbers=tuple(numbers), kind=form.data["kind"])))


@bp.post(f"{ONE}/export")
@CHANGE
def export_for(person_id: int) -> Response:
    """Everything held about a person as one file, for them."""
    form = read_form(Purpose)
    if not form.good:
        return page(_one(person_id, form=form), 422)
    found = people.person(current().figures_scope, current().uow.session, person_id)
    name = found.full_name
    try:
        held = act(service.export_for, current().figures_scope, person_id=person_id, **form.data)
    except WorkflowError as refused:
        return _refused(person_id, refused, form)
    return personal_file.answer(held, name=name)


@bp.post(f"{ONE}/erasure")
@CHANGE
def ask_for(person_id: int) -> Response:
    """Ask for somebody that their data be erased."""
    form = read_form(Asked)
    if not form.good:
        return page(_one(person_id, form=form), 422)
    try:
        act(service.ask_for, current().figures_scope, person_id=person_id, **form.data)
    except WorkflowError as refused:
        return _refused(person_id, refused, form)
    return see(url_for("personal_data.one", person_id=person_id, done="asked"))


@bp.post(f"{ONE}/erasure/decide")
@CHANGE
def decide(person_id: int) -> Response:
    """A second administrator carries it out, or refuses it."""
    form = read_form(Decided)
    if not form.good:
        return page(_one(person_id, form=form), 422)
    try:
        act(service.decide, current().figures_scope, person_id=person_id, **form.data)
    except WorkflowError as refused:
        return _refused(person_id, refused, form)
    return see(url_for("personal_data.one", person_id=person_id, done="decided"))


def _refused(person_id: int, refused: WorkflowError, form: Form) -> Response:
    if isinstance(refused, NotFound) and refused.code == "person_not_found":
        raise refused
    current().uow.rollback()
    trouble = explain(refused)
    return page(_one(person_id, form=form, trouble=trouble), trouble.status)


def _unkept(made: Response) -> Response:
    made.headers["Cache-Control"] = "no-store"
    return made


@bp.get(OWN)
@signed_in("one's own data")
def own() -> str:
    """What is held about oneself, who looked, and what can be asked for."""
    return _own()


def _own(*, form: Form | None = None, trouble: Trouble | None = None) -> str:
    here = current()
    person_id, session = here.person.person_id, here.uow.session
    return render_template(
        "access/own.html", form=form or Form(), trouble=trouble, words=words, Number=Number,
        looks=store.own_number_looks(session, person_id), erasures=store.erasures_of(session, person_id),
        prospect=service.prospect(here.uow, person_id, today=here.today), done=request.args.get("done", ""),
    )  # fmt: skip


@bp.post(f"{OWN}/export")
@signed_in("one's own data", step_up=True)
def export_own() -> Response:
    """Everything held about oneself as one file."""
    name = current().person.full_name
    return personal_file.answer(act_for_oneself(service.export_own), name=name)


@bp.post(f"{OWN}/erasure")
@signed_in("one's own data", step_up=True)
def ask_own() -> Response:
    """Ask that one's own data be erased."""
    form = read_form(Asked)
    if not form.good:
        return page(_own(form=form), 422)
    try:
        act_for_oneself(service.ask_own, **form.data)
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        return page(_own(form=form, trouble=trouble), trouble.status)
    return see(f"{OWN}?done=asked")
