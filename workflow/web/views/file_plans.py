"""Yearly file plans: made from last year's, written by the clerk, approved by the head, printed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Response, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from workflow.adapters.render import Column, Section, TableReport, render_report
from workflow.domain.dossiers import PLAN_STEPS, PlanAction, PlanState, next_notation
from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.permissions import Permission
from workflow.domain.retention import HandOverTerm
from workflow.domain.steps import possible
from workflow.services import file_plans as service
from workflow.services.dossiers.opening import letters
from workflow.services.file_plans import EntryFacts
from workflow.store import file_plans as store
from workflow.store import office
from workflow.store.models import FilePlan, Person
from workflow.web import dossier_words as words
from workflow.web import format
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.listing import choices
from workflow.web.schemas.documents import Remark
from workflow.web.schemas.dossiers import PlanLine, PlanYear
from workflow.web.views.dossiers import PATH, bp

PLANS = f"{PATH}/plans"
READ = allows(Permission.READ_DOSSIER)
WRITE = allows(Permission.PLAN_FILES)


@bp.get(PLANS)
@READ
def plans() -> str:
    """Every plan within reach, and the beginning of the next one."""
    return _plans_page()


@bp.post(PLANS)
@WRITE
def make_plan() -> Answer:
    """Begin a year's plan from the last one."""
    form = read_form(PlanYear)
    try:
        if not form.good:
            raise BadInput("plan_year", year=form.values["year"])
        made = act(service.make, year=form.data["year"])
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        return page(_plans_page(trouble=trouble), trouble.status)
    return see(f"{PLANS}/{made.id}?done=made")


def _plans_page(*, trouble: Trouble | None = None) -> str:
    here = current()
    rows = store.plans(here.scope, here.uow.session)
    own = {plan.year for plan, _agency, _who in rows if plan.agency_id == here.post.agency_id}
    free = [year for year in (here.today.year, here.today.year + 1) if year not in own]
    return render_template(
        "dossiers/plans.html", rows=rows, free=free, trouble=trouble, tones=words.PLAN_TONES, State=PlanState
    )


@bp.get(f"{PLANS}/<int:plan_id>")
@READ
def plan(plan_id: int) -> str:
    """One plan with the lines that the reader may see."""
    return _plan_page(plan_id)


def _plan_page(
    plan_id: int, *, trouble: Trouble | None = None, failed: PlanAction | None = None, typed: str = ""
) -> str:
    here = current()
    session = here.uow.session
    found = store.plan(here.scope, session, plan_id)
    entries = store.entries(here.scope, session, plan_id)
    steps = possible(PLAN_STEPS, PlanState(found.state), here.post.role)
    own = found.agency_id == here.post.agency_id
    may = {step.action: step for step in steps} if own else {}
    return render_template(
        "dossiers/plan.html",
        plan=found,
        agency=office.unit(session, found.agency_id).name,
        state=PlanState(found.state),
        tone=words.PLAN_TONES[PlanState(found.state)],
        groups=[(unit, list(lines)) for unit, lines in groupby(entries, key=lambda row: row.unit)],
        may_edit=PlanAction.EDIT in may,
        may_open=own and found.state == PlanState.APPROVED and here.may(Permission.KEEP_DOSSIER),
        offers=[
            (one, words.PLAN_OFFERS[one], step.reason) for one, step in may.items() if one is not PlanAction.EDIT
        ],
        approver=session.get_one(Person, found.approved_by_id).full_name if found.approved_by_id else "",
        words=words,
        done=_done(),
        trouble=trouble,
        failed=failed,
        typed=typed,
        whole=bool(here.scope.agency_ids),
    )


def _done() -> str:
    name = request.args.get("done", "")
    if name in set(PlanAction) and PlanAction(name) in words.PLAN_OFFERS:
        return _(words.PLAN_OFFERS[PlanAction(name)].done)
    ours = {
        "made": _("The draft is there. Change its lines, then submit it to the head."),
        "entry": _("The line is kept."), "dropped": _("The line is gone."), "term": _("The rule is kept."),
    }  # fmt: skip
    return ours.get(name, "")


@bp.post(f"{PLANS}/<int:plan_id>/<any(submit, withdraw, approve, return, revise):action>")
@READ
def take_plan(plan_id: int, action: str) -> Answer:
    """Submit, take back, approve, return, revise: who may is the service's business."""
    wanted, form = PlanAction(action), read_form(Remark)
    if not form.good:
        return page(_plan_page(plan_id, failed=wanted, typed=form.values["remark"]), 422)
    try:
        act(
            service.act, current().scope, plan_id=plan_id, action=wanted, version=form.data["version"],
            remark=form.data["remark"],
        )  # fmt: skip
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        body = _plan_page(plan_id, trouble=trouble, failed=wanted, typed=form.values["remark"])
        return page(body, trouble.status)
    return see(f"{PLANS}/{plan_id}?done={action}")


@bp.post(f"{PLANS}/<int:plan_id>/term")
@WRITE
def choose_term(plan_id: int) -> Answer:
    """Which rule digital dossiers of the year follow."""
    term = request.form.get("term", "")
    if term not in set(HandOverTerm):
        abort(422)
    act(service.choose_term, current().scope, plan_id=plan_id, digital_term=HandOverTerm(term))
    return see(f"{PLANS}/{plan_id}?done=term")


@bp.get(f"{PLANS}/<int:plan_id>/entries/new")
@WRITE
def new_entry(plan_id: int) -> str:
    """An empty line, with the next free number of the unit's letters."""
    here = current()
    found = store.plan(here.scope, here.uow.session, plan_id)
    unit = request.args.get("unit", "")
    values = {"unit_id": unit if unit.isdecimal() and len(unit) < 12 else ""}
    if values["unit_id"]:
        known = {one.id: one for one in store.units_of(here.uow.session, found.agency_id, on=here.today)}
        if int(unit) in known:
            taken = store.notations(here.uow.session, plan_id)
            values["notation"] = next_notation(taken, letters(known[int(unit)].abbreviation))
    return _entry_page(found, Form(values=values))


@bp.get(f"{PLANS}/<int:plan_id>/entries/<int:entry_id>")
@WRITE
def entry(plan_id: int, entry_id: int) -> str:
    """A line as it stands."""
    here = current()
    row, found = store.entry(here.scope, here.uow.session, entry_id)
    if found.id != plan_id:
        abort(404)
    values = {
        "notation": row.notation, "title": row.title, "years": str(row.years), "unit_id": str(row.unit_id),
        "maker_id": str(row.maker_id or ""), "note": row.note,
    }  # fmt: skip
    return _entry_page(found, Form(values=values), entry_id=entry_id)


@bp.post(f"{PLANS}/<int:plan_id>/entries/new")
@WRITE
def add_entry(plan_id: int) -> Answer:
    """Keep a new line."""
    return _kept(plan_id, None)


@bp.post(f"{PLANS}/<int:plan_id>/entries/<int:entry_id>")
@WRITE
def save_entry(plan_id: int, entry_id: int) -> Answer:
    """Keep a changed one."""
    return _kept(plan_id, entry_id)


@bp.post(f"{PLANS}/<int:plan_id>/entries/<int:entry_id>/drop")
@WRITE
def drop_entry(plan_id: int, entry_id: int) -> Answer:
    """Take a line out."""
    try:
        act(service.drop_entry, current().scope, plan_id=plan_id, entry_id=entry_id)
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        return page(_plan_page(plan_id, trouble=trouble), trouble.status)
    return see(f"{PLANS}/{plan_id}?done=dropped")


def _kept(plan_id: int, entry_id: int | None) -> Answer:
    here, form = current(), read_form(PlanLine)
    trouble = None
    if form.good:
        try:
            facts = EntryFacts(**form.data)
            act(service.put_entry, here.scope, plan_id=plan_id, facts=facts, entry_id=entry_id)
        except WorkflowError as refused:
            here.uow.rollback()
            trouble = explain(refused)
        else:
            return see(f"{PLANS}/{plan_id}?done=entry")
    found = store.plan(here.scope, here.uow.session, plan_id)
    body = _entry_page(found, form, entry_id=entry_id, trouble=trouble)
    return page(body, trouble.status if trouble else 422)


def _entry_page(found: FilePlan, form: Form, *, entry_id: int | None = None, trouble: Trouble | None = None) -> str:
    here = current()
    session = here.uow.session
    makers = store.makers_of(session, found.agency_id, on=here.today)
    return render_template(
        "dossiers/entry.html",
        plan=found,
        entry_id=entry_id,
        form=form,
        trouble=trouble,
        units=choices([(one.id, one.name) for one in store.units_of(session, found.agency_id, on=here.today)]),
        makers=choices(list({key: (key, name) for key, name, _unit in makers}.values())),
        rules=store.retention_rules(session),
        words=words,
    )


@bp.get(f"{PLANS}/<int:plan_id>.pdf")
@READ
def plan_pdf(plan_id: int) -> Response:
    """The plan in its five legal columns, to print and sign."""
    here = current()
    found = store.plan(here.scope, here.uow.session, plan_id)
    data = here.uow.compute(render_report, _report(found), made_at=here.now)
    head = {
        "Content-Disposition": f'attachment; filename="file-plan-{found.year}.pdf"', "Cache-Control": "no-store",
    }  # fmt: skip
    return Response(data, mimetype="application/pdf", headers=head)


def _report(found: FilePlan) -> TableReport:
    here = current()
    session = here.uow.session
    entries = store.entries(here.scope, session, found.id)
    headings: tuple[tuple[str, float], ...] = (
        (_("Number and symbol of the dossier"), 2), (_("Title of the dossier"), 6), (_("Retention"), 2),
        (_("Maker"), 3), (_("Remarks"), 2),
    )  # fmt: skip
    columns = tuple(Column(words_, width) for words_, width in headings)
    sections = tuple(
        Section(f"{place}. {unit}", columns, tuple(_line(row) for row in rows))
        for place, (unit, rows) in enumerate(groupby(entries, key=lambda row: row.unit), 1)
    )
    if found.approved_by_id:
        who = session.get_one(Person, found.approved_by_id).full_name
        state = _("Approved by %(name)s, %(moment)s", name=who, moment=format.moment(found.approved_at))
    else:
        state = _("Draft, not approved yet")
    rule = _("Digital dossiers go to the archive: %(rule)s", rule=words.term_words(found.digital_term))
    return TableReport(
        unit=office.unit(session, found.agency_id).name,
        title=_("File plan of the year %(year)s", year=found.year), subtitles=(state, rule), sections=sections,
        footer=_("As of %(moment)s", moment=format.moment(here.now)),
    )  # fmt: skip


def _line(row: Any) -> tuple[str, ...]:
    one = row.PlanEntry
    return one.notation, one.title, words.years_words(one.years), row.maker or "", one.note
