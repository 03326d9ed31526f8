"""Inspections: the list, founding one, its page, entering and leaving it, who looked at what."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import NotPermitted, WorkflowError
from workflow.domain.inspections import Act, Look, Standing, may
from workflow.domain.permissions import Permission
from workflow.services.inspections import founding, reading, visiting
from workflow.store import inspection_work
from workflow.store import inspections as store
from workflow.store.models import Inspection, InspectionLook
from workflow.web import plain_list
from workflow.web.context import Current, act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows, signed_in
from workflow.web.i18n import N_, _
from workflow.web.inspection_words import DONE, LOOK_WORDS, looked_at, rate, standing_of
from workflow.web.plain_list import Asked
from workflow.web.row_keys import number_of
from workflow.web.schemas.inspections import NewInspection, NewMember, Visited, WithReason
from workflow.web.sheets import left_out, table_answer
from workflow.web.views import standing_looks
from workflow.web.views.sessions import session_id

bp = Blueprint("inspections", __name__)

CONCERNED = signed_in("inspections that one founded, belongs to or answers in; the store finds no other")
CONFIRMED = signed_in("the service asks what one is to the inspection", step_up=True)
FOUND = allows(Permission.FOUND_INSPECTION, step_up=True)
MOST = 20_000


@bp.get("/inspections")
@CONCERNED
def index() -> str:
    """By filter and order, with what one can do now: enter, or look."""
    here, asked = current(), _asked()
    before = number_of(request.args.get("before", ""))
    rows = _rows(asked, before=before)
    open_ones = {row.id for _one, row in store.memberships(here.actor, here.uow.session, today=here.today)}
    more = rows[store.PAGE - 1][0].id if len(rows) > store.PAGE else None
    return render_template(
        "inspections/list.html", rows=rows[: store.PAGE], open_ones=open_ones, today=here.today,
        standing_of=standing_of, may_found=_may_found(here), asked=asked, sorts=SORTS,
        told_of_looks=standing_looks.is_told(),
        states=[(name, _(words)) for name, words in STATE_WORDS.items()],
        next=asked.address("/inspections", before=str(more)) if more else "", first=before is not None,
    )  # fmt: skip


SORTS = {"newest": N_("the newest first"), "oldest": N_("the oldest first")}
STATE_WORDS = {"running": N_("running"), "coming": N_("to come"), "over": N_("over")}


def _asked() -> Asked:
    return plain_list.read(request.args, sorts=SORTS, choices={"state": store.STATES})


def _rows(asked: Asked, *, before: int | None = None, limit: int = store.PAGE) -> Any:
    here = current()
    return store.listed(
        here.actor, here.uow.session, today=here.today, state=asked.value("state"), oldest=asked.sort == "oldest",
        before=before, limit=limit,
    )  # fmt: skip


@bp.get("/inspections.csv")
@bp.get("/inspections.xlsx")
@CONCERNED
def index_export() -> Response:
    """The list as it is narrowed now."""
    here = current()
    rows = _rows(_asked(), limit=MOST)
    head = [_(word) for word in (
        N_("Founding decision"), N_("Day"), N_("Agency"), N_("Purpose"), N_("From"), N_("Until"), N_("Units"),
        N_("State"),
    )]  # fmt: skip
    lines = [
        (row.decision_symbol, row.decision_day, row.decision_agency, row.purpose, row.first_day, row.last_day,
         units, standing_of(row, here.today)[0])
        for row, _agency, units in rows[:MOST]
    ]  # fmt: skip
    return table_answer("inspections", _("Inspections"), head, [*lines, *left_out(rows, MOST)], wide=(3,))


def _may_found(here: Current) -> bool:
    if here.person.inspection_id is not None or here.person.acts:
        return False
    return here.may(Permission.FOUND_INSPECTION) and (here.actor.at_top or here.actor.role != "admin")


@bp.get("/inspections/new")
@FOUND
def new() -> str:
    """The form."""
    return _new_page(Form())


@bp.post("/inspections/new")
@FOUND
def found() -> Response:
    """Put it on record."""
    form = read_form(NewInspection)
    chosen = [number_of(text) for text in request.form.getlist("units")]
    units = tuple(key for key in chosen if key is not None)
    form.values["units"] = " ".join(map(str, units))
    if not units:
        form.errors["units"] = _("Please choose from the list.")
    if not form.good:
        return page(_new_page(form), 422)
    try:
        made = act(founding.found, facts=founding.Facts(unit_ids=units, **form.data))
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        form.errors[_FIELD_OF.get(refused.code, "")] = trouble.words(kept=False)
        return page(_new_page(form), trouble.status)
    return see(url_for("inspections.show", inspection_id=made.id, done="founded"))


_FIELD_OF = {
    "inspection_symbol": "decision_symbol", "inspection_decision_in_future": "decision_day",
    "inspection_days": "last_day", "inspection_over": "last_day", "inspection_period": "period_to",
    "inspection_units": "units", "inspection_no_such_post": "head_post_id", "inspection_own_unit": "head_post_id",
    "inspection_not_your_decision": "decision_symbol",
}  # fmt: skip


def _new_page(form: Form) -> str:
    here = current()
    agency = here.post.agency_id
    people = store.could_join(here.uow.session, agency, on=here.today)
    return render_template(
        "inspections/new.html", form=form, units=store.choosable(here.uow.session, agency, on=here.today),
        chosen=form.values.get("units", "").split(),
        posts=[(key, f"{name}, {title}, {unit}") for key, name, title, unit in people],
    )  # fmt: skip


@bp.get("/inspections/<int:inspection_id>")
@CONCERNED
def show(inspection_id: int) -> str:
    """Its decision, team, units, and what stands open."""
    return _page(inspection_id, Form(), request.args.get("done", ""))


def _page(inspection_id: int, form: Form, done: str = "") -> str:
    here = current()
    session = here.uow.session
    row = store.find(here.actor, session, inspection_id, today=here.today)
    mine = store.standings(here.actor, session, row, today=here.today)
    open_ones = {found.id for _one, found in store.memberships(here.actor, session, today=here.today)}
    posts = store.could_join(session, row.agency_id, on=here.today) if may(mine, Act.GRANT) else ()
    own = own_units(row, mine)
    return render_template(
        "inspections/show.html", row=row, form=form, state=standing_of(row, here.today), today=here.today,
        acts={str(one): may(mine, one) for one in Act}, members=store.members_of(session, inspection_id),
        units=store.units_of(session, inspection_id), sees_looks=sees_looks(mine),
        may_enter=row.id in open_ones and here.person.inspection_id is None,
        in_it=here.person.inspection_id == row.id, tallies=inspection_work.tallies(session, inspection_id, own=own),
        counts=inspection_work.standing(session, inspection_id, today=here.today, own=own),
        posts=[(key, f"{name}, {title}, {unit}") for key, name, title, unit in posts],
        done=_(DONE[done]) if done in DONE else "",
    )  # fmt: skip


def found_here(inspection_id: int) -> tuple[Inspection, frozenset[Standing]]:
    """The inspection of an address and what one is to it; 404 for one that does not concern one."""
    here = current()
    row = store.find(here.actor, here.uow.session, inspection_id, today=here.today)
    return row, store.standings(here.actor, here.uow.session, row, today=here.today)


def after_act(inspection_id: int, done: str, form: Form, call: object, /, **values: object) -> Response:
    """Act and go back to the page; a refusal stands there with what was typed."""
    found_here(inspection_id)
    if form.good:
        try:
            act(call, inspection_id=inspection_id, **values)  # type: ignore[arg-type]
        except WorkflowError as refused:
            current().uow.rollback()
            form.errors[""] = explain(refused).words(kept=False)
            return page(_page(inspection_id, form), explain(refused).status)
        return see(url_for("inspections.show", inspection_id=inspection_id, done=done))
    return page(_page(inspection_id, form), 422)


@bp.post("/inspections/<int:inspection_id>/members")
@CONFIRMED
def grant(inspection_id: int) -> Response:
    """Take somebody into the team."""
    form = read_form(NewMember)
    return after_act(inspection_id, "granted", form, founding.grant, **form.data)


@bp.post("/inspections/<int:inspection_id>/members/<int:member_id>/revoke")
@CONFIRMED
def revoke(inspection_id: int, member_id: int) -> Response:
    """Take somebody out of it."""
    return _with_reason(inspection_id, "revoked", founding.revoke, member_id=member_id)


@bp.post("/inspections/<int:inspection_id>/end")
@CONFIRMED
def end(inspection_id: int) -> Response:
    """End it before its last day."""
    return _with_reason(inspection_id, "ended", founding.end)


def _with_reason(inspection_id: int, done: str, call: object, **values: object) -> Response:
    """What takes something away asks why."""
    form = read_form(WithReason)
    return after_act(inspection_id, done, form, call, **values, **form.data)


@bp.post("/inspections/<int:inspection_id>/units/<int:unit_id>")
@CONCERNED
def visited(inspection_id: int, unit_id: int) -> Response:
    """The team was done at a unit."""
    form = read_form(Visited)
    return after_act(inspection_id, "visited", form, visiting.inspected, unit_id=unit_id, **form.data)


@bp.post("/inspections/<int:inspection_id>/enter")
@CONFIRMED
def enter(inspection_id: int) -> Response:
    """Read in it from now on."""
    if current().person.acts:
        raise NotPermitted("not_in_place")
    act(reading.enter, inspection_id=inspection_id, session_id=session_id())
    return see(url_for("inspections.show", inspection_id=inspection_id, done="entered"))


@bp.post("/inspections/leave")
@signed_in("back to one's own post")
def leave() -> Response:
    """Back to one's own post."""
    act(reading.leave, session_id=session_id())
    return see(url_for("inspections.index"))


def sees_looks(mine: frozenset[Standing]) -> bool:
    """Founders, heads of inspected units, and the team."""
    return bool(mine)


@bp.get("/inspections/<int:inspection_id>/looks")
@CONCERNED
def looks(inspection_id: int) -> str:
    """Who of the team looked at what: heads of units see what was theirs, and the lists over all units."""
    here = current()
    row, mine = found_here(inspection_id)
    before = number_of(request.args.get("before", ""))
    rows = store.looks(here.uow.session, inspection_id, under_ids=own_units(row, mine), before=before)
    more = rows[store.PAGE - 1][0].id if len(rows) > store.PAGE else None
    return render_template(
        "inspections/looks.html", row=row, rows=rows[: store.PAGE], words=LOOK_WORDS, looked_at=looked_at,
        next=f"/inspections/{row.id}/looks?before={more}" if more else "", first=before is not None,
    )  # fmt: skip


@bp.get("/inspections/<int:inspection_id>/looks.csv")
@bp.get("/inspections/<int:inspection_id>/looks.xlsx")
@CONCERNED
def looks_export(inspection_id: int) -> Response:
    """The same for a spreadsheet."""
    here = current()
    row, mine = found_here(inspection_id)
    rows = store.looks(here.uow.session, inspection_id, under_ids=own_units(row, mine), limit=MOST)
    head = [_(word) for word in (N_("When"), N_("Who looked"), N_("What"), N_("Unit"), N_("Page"))]
    lines = [(look.at, who, _what(look), unit or "", look.page) for look, who, unit in rows[:MOST]]
    return table_answer("looks", _("Who looked at what"), head, [*lines, *left_out(rows, MOST)])


def _what(look: InspectionLook) -> str:
    return " ".join(filter(None, (_(LOOK_WORDS[Look(look.kind)]), looked_at(look.subject))))


def own_units(row: Inspection, mine: frozenset[Standing]) -> frozenset[int] | None:
    """Of which units one is told: founders and the team of all (None), who only answers for a unit of that."""
    here = current()
    if mine - {Standing.UNIT}:
        return None
    return store.answered_for(here.actor, here.uow.session, row.id)


@bp.app_template_global()
def inspection_name() -> str:
    """The decision of the inspection read in."""
    here = current()
    row = here.uow.session.get_one(Inspection, here.person.inspection_id)
    return f"{row.decision_symbol}"


@bp.app_template_global()
def inspected_here() -> str:
    """The document that the page shows, as a finding names it; empty on other pages."""
    given = request.view_args or {}
    kinds = (("document_id", "outgoing"), ("incoming_id", "incoming"))
    return next((f"{kind}:{given[name]}" for name, kind in kinds if name in given), "")


bp.add_app_template_global(rate, "inspection_rate")
