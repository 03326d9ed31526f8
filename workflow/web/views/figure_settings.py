"""Pages of what figures mean: indicators, targets, the limit of the backlog; and figures that people enter."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.entered import Shape, host_of
from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.indicators import INDICATORS, VERSION, Better
from workflow.domain.permissions import Permission, Scope, allowed
from workflow.services.figures import backlog, entering, targets
from workflow.store import entered as store
from workflow.store import trust_changes
from workflow.web import figure_words, month_words
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.row_keys import number_of
from workflow.web.schemas.figures import BacklogHours, Correction, Figure, Indicator, Target

bp = Blueprint("figure_settings", __name__, url_prefix="/reports")

SEE = allows(Permission.SEE_RATES)
CHANGE = allows(Permission.MANAGE_SETTINGS, step_up=True)
A_PAGE = 100
LARGEST = 200_000
"""Bytes of a sheet."""
_FIELD_OF = {
    "reason_needed": "reason", "backlog_hours": "hours", "backlog_same": "hours", "backlog_changed": "hours",
    "target_number": "goal", "target_share": "goal", "target_changed": "goal",
    "period_unreadable": "period", "period_reversed": "period",
    "indicator_name": "name", "indicator_there": "name", "indicator_about": "about", "indicator_parts": "parts",
    "indicator_decimals": "decimals", "figure_unreadable": "figure", "figure_parts": "figure",
    "figure_rank": "figure", "figure_source": "source", "figure_link": "link", "figure_too_early": "period",
    "figure_there": "period", "figure_changed": "figure",
}  # fmt: skip


@bp.get("/months/backlog")
@CHANGE
def backlog_form() -> str:
    """How many working hours a document may wait for a signature."""
    now = str(backlog.hours(current().uow, current().post.agency_id))
    return _backlog_page(Form(values={"hours": now, "seen": now, "reason": ""}))


@bp.post("/months/backlog")
@CHANGE
def change_backlog() -> Response:
    """Change it."""
    given = read_form(BacklogHours)
    if not given.good:
        return page(_backlog_page(given), 422)
    data = given.data
    try:
        act(backlog.change, current().figures_scope, wanted=data["hours"], seen=data["seen"], reason=data["reason"])
    except WorkflowError as refused:
        answer = refused_form(given, refused, _FIELD_OF)
        given.values["seen"] = str(backlog.hours(current().uow, current().post.agency_id))
        return page(_backlog_page(given), answer)
    return see("/reports/months?done=day")


def _backlog_page(given: Form) -> str:
    here = current()
    now = backlog.hours(here.uow, here.post.agency_id)
    return render_template("reports/backlog.html", form=given, hours=now, least=backlog.LEAST, most=backlog.MOST)


def refused_form(given: Form, refused: WorkflowError, fields: dict[str, str]) -> Any:
    """Put the refusal beside its field; the status to answer with."""
    current().uow.rollback()
    trouble = explain(refused)
    given.errors[fields.get(refused.code, "")] = trouble.words()
    return trouble.status


@bp.get("/indicators")
@SEE
def indicators() -> str:
    """What every figure means, by which version; targets, and all that were ever set."""
    here = current()
    of = here.figures_scope.agency_ids if here.person.inspection_id else (here.post.agency_id,)
    above = trust_changes.agencies_above_all(here.uow.session, of)
    entered = store.indicators(here.figures_scope, here.uow.session)
    known = store.indicators(Scope(agency_ids=tuple(above)), here.uow.session)
    return render_template(
        "reports/indicators.html",
        indicators=INDICATORS, version=VERSION, entered=entered, targets=store.targets(here.uow.session, above),
        names=month_words, figures=figure_words, called=_called([*entered, *known]), decimal=_goal,
        may=allowed(here.post.role, Permission.MANAGE_SETTINGS), done=request.args.get("done", ""),
    )  # fmt: skip


def _goal(text: str) -> str:
    return month_words.decimal(Decimal(text)) if text else "–"


def _called(entered: Any) -> dict[str, str]:
    """Indicators by the name that a target has."""
    own = {one.name: _(month_words.INDICATORS[one.name]) for one in INDICATORS}
    return own | {f"entered:{one.id}": figure_words.entered_name(one) for one in entered}


@bp.get("/indicators/target")
@CHANGE
def target_form() -> str:
    """A target for a unit, from a month on."""
    here = current()
    seen = store.newest_target(_own(), here.uow.session)
    values = {"seen": str(seen), "unit": str(here.post.agency_id), "first_month": f"{here.today:%Y-%m}"}
    return _target_page(Form(values=values))


@bp.post("/indicators/target")
@CHANGE
def set_target() -> Response:
    """Set it."""
    given = read_form(Target)
    if not given.good:
        return page(_target_page(given), 422)
    data = dict(given.data)
    wanted = targets.Wanted(unit_id=data.pop("unit"), **data)
    try:
        act(targets.set_target, current().figures_scope, wanted=wanted)
    except WorkflowError as refused:
        answer = refused_form(given, refused, {**_FIELD_OF, "period_unreadable": "first_month",
                                               "period_reversed": "last_month"})  # fmt: skip
        given.values["seen"] = str(store.newest_target(_own(), current().uow.session))
        return page(_target_page(given), answer)
    return see("/reports/indicators?done=target")


def _own() -> Scope:
    return Scope(agency_ids=(current().post.agency_id,))


def _target_page(given: Form) -> str:
    here = current()
    called = _called(store.indicators(_own(), here.uow.session))
    units = [(row.id, row.name) for row in store.units(_own(), here.uow.session)]
    return render_template("reports/target.html", form=given, called=list(called.items()), units=units)


@bp.get("/indicators/new")
@CHANGE
def indicator_form() -> str:
    """An indicator whose figures people enter."""
    return _indicator_page(Form(values={"decimals": "2", "better": "higher"}))


@bp.post("/indicators/new")
@CHANGE
def new_indicator() -> Response:
    """Define it."""
    given = read_form(Indicator)
    if not given.good:
        return page(_indicator_page(given), 422)
    data = dict(given.data)
    parts = tuple(one for one in data.pop("parts").split(";") if one.strip())
    shape, better = Shape(data.pop("shape")), Better(data.pop("better"))
    try:
        act(entering.define, current().figures_scope,
            wanted=entering.Meaning(shape=shape, better=better, parts=parts, **data))  # fmt: skip
    except WorkflowError as refused:
        return page(_indicator_page(given), refused_form(given, refused, _FIELD_OF))
    return see("/reports/indicators?done=indicator")


def _indicator_page(given: Form) -> str:
    return render_template("reports/indicator.html", form=given, figures=figure_words)


@bp.get("/entered")
@SEE
def entered() -> str:
    """Entered figures that stand, the newest first."""
    here = current()
    rows = store.standing(
        here.figures_scope, here.uow.session, before=number_of(request.args.get("before", "")), limit=A_PAGE + 1
    )
    return render_template(
        "reports/entered.html", rows=rows[:A_PAGE], more=len(rows) > A_PAGE, figures=figure_words,
        may=allowed(here.post.role, Permission.MANAGE_SETTINGS), done=request.args.get("done", ""),
    )  # fmt: skip


@bp.get("/entered/<int:line>")
@SEE
def entered_one(line: int) -> str:
    """One figure: its source, who entered it, and what stood before."""
    return _line_page(line, None)


@bp.post("/entered/<int:line>")
@CHANGE
def correct(line: int) -> Response:
    """Correct it, with a reason."""
    given = read_form(Correction)
    if not given.good:
        return page(_line_page(line, given), 422)
    try:
        act(entering.correct, current().figures_scope, line=line, **given.data)
    except WorkflowError as refused:
        status = refused_form(given, refused, _FIELD_OF)
        given.values["seen"] = str(store.line(current().figures_scope, current().uow.session, line)[0][0].id)
        return page(_line_page(line, given), status)
    return see(f"/reports/entered/{line}")


def _line_page(line: int, given: Form | None) -> str:
    here = current()
    rows = store.line(here.figures_scope, here.uow.session, line)
    newest = rows[0][0]
    meant = store.indicator(here.figures_scope, here.uow.session, newest.indicator_id)
    form = given or Form(values={"seen": str(newest.id), "source": newest.source, "link": newest.link})
    return render_template(
        "reports/entered_line.html", form=form, rows=rows, meant=meant, figures=figure_words,
        host_of=host_of, unit=store.unit_in(here.figures_scope, here.uow.session, newest.unit_id).name,
        may=allowed(here.post.role, Permission.MANAGE_SETTINGS) and newest.agency_id == here.post.agency_id,
    )  # fmt: skip


@bp.get("/entered/new")
@CHANGE
def figure_form() -> str:
    """A figure of a unit and period."""
    return _figure_page(Form(values={"unit": str(current().post.agency_id)}))


@bp.post("/entered/new")
@CHANGE
def new_figure() -> Response:
    """Enter it."""
    given = read_form(Figure)
    if not given.good:
        return page(_figure_page(given), 422)
    data = dict(given.data)
    wanted = entering.Entry(indicator_id=data.pop("indicator"), unit_id=data.pop("unit"), **data)
    try:
        act(entering.enter, current().figures_scope, wanted=wanted)
    except WorkflowError as refused:
        return page(_figure_page(given), refused_form(given, refused, _FIELD_OF))
    return see("/reports/entered?done=entered")


def _figure_page(given: Form) -> str:
    here = current()
    offered = [(one.id, figure_words.entered_name(one)) for one in store.indicators(_own(), here.uow.session)]
    units = [(row.id, row.name) for row in store.units(_own(), here.uow.session)]
    return render_template("reports/figure.html", form=given, offered=offered, units=units, figures=figure_words)


@bp.get("/entered/sheet")
@CHANGE
def sheet_form() -> str:
    """Figures from a sheet."""
    return _sheet_page(Form(values={}), "", ())


@bp.post("/entered/sheet")
@CHANGE
def sheet() -> Response:
    """Look through it; with `take`, enter its good rows."""
    here, given = current(), Form(values={})
    file = request.files.get("file")
    data = file.read(LARGEST + 1) if file and file.filename else b""
    try:
        if len(data) > LARGEST:
            raise BadInput("figures_sheet", most=entering.MOST_ROWS)
        text = data.decode("utf-8-sig", "replace") if data else request.form.get("text", "")[:LARGEST]
        rows = entering.rows_of(text)
        if request.form.get("take"):
            act(entering.take, here.figures_scope, rows=rows)
            return see("/reports/entered?done=entered")
        shown = entering.preview(here.uow, here.actor, here.figures_scope, rows=rows, now=here.now)
    except WorkflowError as refused:
        return page(_sheet_page(given, "", ()), refused_form(given, refused, {"figures_sheet": "file"}))
    return page(_sheet_page(given, text, shown), 200)


def _sheet_page(given: Form, text: str, shown: Any) -> str:
    why = {one.number: explain(one.wrong).words() for one in shown if one.wrong is not None}
    return render_template("reports/sheet.html", form=given, text=text, shown=shown, why=why)
