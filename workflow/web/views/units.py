"""Administration of units: the tree, founding, changing, dissolving."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.people import UnitKind
from workflow.domain.permissions import Permission
from workflow.services import saturdays
from workflow.services import units as service
from workflow.services.units import Founding, Letterhead
from workflow.store import people as store
from workflow.store.models import Unit
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.flips import WHAT, Shown, shown
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.labels import label
from workflow.web.schemas.deadlines import Saturdays
from workflow.web.schemas.people import ChangedUnit, Dissolution, NewUnit
from workflow.web.sheets import csv_answer

bp = Blueprint("units", __name__, url_prefix="/admin")

LOOK = allows(Permission.MANAGE_PEOPLE)
CHANGE = allows(Permission.MANAGE_PEOPLE, step_up=True)

TOMORROW = dt.timedelta(days=1)
"""A change of Saturdays begins the next day: what holds then is shown."""

LETTERHEAD = ("name", "abbreviation", "place", "superior", "head_title", "email", "is_office")


@dataclass(slots=True)
class Branch:
    """A unit and what hangs below it."""

    unit: Unit
    below: list[Branch] = field(default_factory=list)


@bp.get("/units")
@LOOK
def index() -> str:
    """The tree, or with `all` the dissolved ones too."""
    here, everything = current(), request.args.get("all") == "1"
    found = [
        one
        for one in store.units(here.figures_scope, here.uow.session)
        if everything or one.valid_to is None or one.valid_to >= here.today
    ]
    return render_template("people/units.html", trees=_trees(found), count=len(found), everything=everything)


@bp.get("/units.csv")
@LOOK
def export() -> Response:
    """All units, dissolved ones too, for a spreadsheet."""
    here = current()
    rows = [
        (one.code, one.name, label(UnitKind(one.kind)), one.valid_from, one.valid_to, one.decree)
        for one in store.units(here.figures_scope, here.uow.session)
    ]
    head = [_("Code"), _("Name"), _("Kind"), _("From"), _("Until"), _("Legal basis")]
    return csv_answer("units.csv", head, rows)


@bp.get("/units/new")
@CHANGE
def new() -> str:
    """The form for a new unit."""
    values = {"parent_id": request.args.get("parent", ""), "valid_from": current().today.isoformat()}
    return _new_page(Form(values=values))


@bp.post("/units/new")
@CHANGE
def found() -> Response:
    """Enter a new unit."""
    form = read_form(NewUnit)
    if form.good:
        letterhead = Letterhead(**{name: form.data.pop(name) for name in LETTERHEAD})
        try:
            unit_id = act(
                service.found_unit, current().figures_scope, new=Founding(**form.data, letterhead=letterhead)
            )
        except BadInput as refused:
            form.errors["code"] = explain(refused).title
        else:
            return see(url_for("units.show", unit_id=unit_id))
    return page(_new_page(form), 422)


@bp.get("/units/<int:unit_id>")
@LOOK
def show(unit_id: int) -> str:
    """One unit: its letterhead, its history, its people."""
    here = current()
    one, session = _unit(unit_id), here.uow.session
    everybody = store.people(here.figures_scope, session)
    return render_template(
        "people/unit.html",
        unit=one,
        before=store.predecessors(session, unit_id),
        after=store.successors(session, unit_id),
        people=[
            row
            for row in everybody
            if row.unit_id == unit_id and (row.valid_to is None or row.valid_to >= here.today)
        ],
        own=here.post.agency_id == unit_id,
        saturday=saturdays.hours_on(one, here.today + TOMORROW),
    )


@bp.get("/units/<int:unit_id>/change")
@CHANGE
def change(unit_id: int) -> str:
    """The form for the letterhead."""
    one = _unit(unit_id)
    return _change_page(one, Form(values={name: getattr(one, name) for name in LETTERHEAD}))


@bp.post("/units/<int:unit_id>/change")
@CHANGE
def change_unit(unit_id: int) -> Response:
    """Change the letterhead."""
    form = read_form(ChangedUnit)
    if not form.good:
        return page(_change_page(_unit(unit_id), form), 422)
    letterhead = Letterhead(**{name: form.data[name] for name in LETTERHEAD})
    act(
        service.change_unit,
        current().figures_scope,
        unit_id=unit_id,
        letterhead=letterhead,
        reason=form.data["reason"],
    )
    return see(url_for("units.show", unit_id=unit_id))


@bp.get("/units/<int:unit_id>/saturday")
@CHANGE
def saturday(unit_id: int) -> str:
    """The form for office hours on Saturdays."""
    one = _unit(unit_id)
    values = {"hours": saturdays.hours_on(one, current().today + TOMORROW), "reason": "", "seen": one.saturday}
    return _saturday_page(one, Form(values=values))


@bp.post("/units/<int:unit_id>/saturday")
@CHANGE
def change_saturday(unit_id: int) -> Response:
    """First shows which open documents would be due at another moment, then saves."""
    here, one, form = current(), _unit(unit_id), read_form(Saturdays)
    if not form.good:
        return page(_saturday_page(one, form), 422)
    given = {"unit_id": unit_id, "hours": form.data["hours"]}
    try:
        if not form.data["save"]:
            flips = saturdays.preview(here.uow, here.actor, here.figures_scope, now=here.now, **given)
            return page(_saturday_page(one, form, flips=shown(flips, now=here.now)))
        reason, seen = form.data["reason"], form.data["seen"]
        act(saturdays.change, here.figures_scope, reason=reason, seen=seen, **given)
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        form.errors["" if refused.code == "saturday_changed" else "hours"] = trouble.words()
        one = _unit(unit_id)
        form.values["seen"] = one.saturday
        return page(_saturday_page(one, form), trouble.status)
    return see(url_for("units.show", unit_id=unit_id))


@bp.get("/units/<int:unit_id>/dissolve")
@CHANGE
def dissolution(unit_id: int) -> str:
    """The form, with what the dissolution would touch."""
    return _dissolve_page(_unit(unit_id), Form(values={"last_day": current().today.isoformat()}), [])


@bp.post("/units/<int:unit_id>/dissolve")
@CHANGE
def dissolve(unit_id: int) -> Response:
    """Dissolve."""
    form, chosen = read_form(Dissolution), request.form.getlist("successor", type=int)
    if form.good:
        try:
            act(
                service.dissolve_unit,
                current().figures_scope,
                unit_id=unit_id,
                successor_ids=tuple(dict.fromkeys(chosen)),
                **form.data,
            )
        except BadInput as refused:
            form.errors["last_day"] = explain(refused).title
        else:
            return see(url_for("units.show", unit_id=unit_id))
    return page(_dissolve_page(_unit(unit_id), form, chosen), 422)


def _trees(found: list[Unit]) -> list[Branch]:
    """Units as trees; one whose parent is out of reach stands at the top."""
    branches = {one.id: Branch(one) for one in found}
    tops: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.unit.parent_id or 0)
        (above.below if above is not None else tops).append(branch)
    return tops


def _unit(unit_id: int) -> Unit:
    return store.unit(current().figures_scope, current().uow.session, unit_id)


def _others(but: int = 0) -> list[tuple[int, str]]:
    here = current()
    return [
        (one.id, f"{one.code} · {one.name}")
        for one in store.units(here.figures_scope, here.uow.session)
        if one.id != but and (one.valid_to is None or one.valid_to >= here.today)
    ]


def _new_page(form: Form) -> str:
    kinds = [(str(kind), label(kind)) for kind in UnitKind]
    return render_template("people/new_unit.html", form=form, parents=_others(), kinds=kinds)


def _change_page(one: Unit, form: Form) -> str:
    return render_template("people/change_unit.html", unit=one, form=form)


def _saturday_page(one: Unit, form: Form, *, flips: Shown | None = None) -> str:
    now_hours = saturdays.hours_on(one, current().today + TOMORROW)
    return render_template(
        "people/saturday.html", unit=one, form=form, flips=flips, flip_words=WHAT, now_hours=now_hours
    )


def _dissolve_page(one: Unit, form: Form, chosen: list[int]) -> str:
    here = current()
    ending = store.ending_of(here.uow.session, one, here.today)
    return render_template(
        "people/dissolve.html", unit=one, form=form, ending=ending, others=_others(one.id), chosen=chosen
    )
