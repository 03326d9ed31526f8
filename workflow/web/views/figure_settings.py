"""Pages of what figures mean: indicators, targets, the limit of the backlog; and figures that people enter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.entered import Shape, host_of
from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.indicators import INDICATORS, VERSION, Better
from workflow.domain.permissions import Permission, Scope, allowed
from workflow.services.figures import backlog, entering, targets
from workflow.services.rates import narrowed
from workflow.store import entered as store
from workflow.store import trust_changes
from workflow.web import figure_words, month_words, plain_list
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.plain_list import Asked
from workflow.web.report_address import read_agency
from workflow.web.row_keys import number_of
from workflow.web.schemas.figures import BacklogHours, Correction, Figure, Indicator, Target
from workflow.web.sheets import left_out, table_answer

bp = Blueprint("figure_settings", __name__, url_prefix="/reports")

SEE = allows(Permission.SEE_RATES)
CHANGE = allows(Permission.MANAGE_SETTINGS, step_up=True)
A_PAGE = 100
EXPORTED = 20_000
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
    above = _above()
    entered = store.indicators(here.figures_scope, here.uow.session)
    known = store.indicators(Scope(agency_ids=tuple(above)), here.uow.session)
    return render_template(
        "reports/indicators.html",
        indicators=INDICATORS, version=VERSION, entered=entered, **_target_list(above),
        names=month_words, figures=figure_words, called=_called([*entered, *known]), decimal=_goal,
        may=allowed(here.post.role, Permission.MANAGE_SETTINGS), done=request.args.get("done", ""),
    )  # fmt: skip


SORTS = {"newest": N_("the newest first"), "oldest": N_("the oldest first")}


def _above() -> tuple[int, ...]:
    """Whose targets concern the reader: their own agency's and above; in an inspection, its agencies'."""
    here = current()
    of = here.figures_scope.agency_ids if here.person.inspection_id else (here.post.agency_id,)
    return trust_changes.agencies_above_all(here.uow.session, of)


def _aimed(above: Sequence[int]) -> tuple[Asked, list[tuple[str, str]]]:
    units = [(str(key), name) for key, name in store.units_aimed(current().uow.session, above)]
    return _narrowed([name for name, _words in _offered(above)], units), units


def _offered(above: Sequence[int]) -> list[tuple[str, str]]:
    here = current()
    own, known = here.figures_scope, Scope(agency_ids=tuple(above))
    return list(
        _called([one for scope in (own, known) for one in store.indicators(scope, here.uow.session)]).items()
    )


def _narrowed(indicators: Collection[str], units: Sequence[tuple[str, str]]) -> Asked:
    agency = read_agency(request.args)
    choices = {
        "indicator": indicators, "unit": [key for key, _name in units], "agency": [str(agency)] if agency else [],
    }  # fmt: skip
    return plain_list.read(request.args, sorts=SORTS, choices=choices)


def _wanted(asked: Asked, *, limit: int, place: int | None = None) -> store.Narrowed:
    return store.Narrowed(
        indicator=asked.value("indicator"), unit_id=number_of(asked.value("unit")), oldest=asked.sort == "oldest",
        place=place, limit=limit,
    )  # fmt: skip


def _place() -> int | None:
    return number_of(request.args.get("before", ""))


def _target_list(above: Sequence[int]) -> dict[str, Any]:
    asked, units = _aimed(above)
    rows = store.targets(current().uow.session, above, wanted=_wanted(asked, limit=A_PAGE + 1, place=_place()))
    more = asked.address("/reports/indicators", before=str(rows[A_PAGE - 1][0].id)) if len(rows) > A_PAGE else ""
    return {
        "targets": rows[:A_PAGE], "asked": asked, "aimed": units, "offered": _offered(above), "sorts": SORTS,
        "next": more, "first": asked.address("/reports/indicators") if _place() else "",
    }  # fmt: skip


@bp.get("/indicators/targets.csv")
@bp.get("/indicators/targets.xlsx")
@SEE
def targets_export() -> Response:
    """The targets as they are narrowed now."""
    above = _above()
    rows = store.targets(current().uow.session, above, wanted=_wanted(_aimed(above)[0], limit=EXPORTED + 1))
    called = dict(_offered(above))
    head = [_("Indicator"), _("Unit"), _("Target"), _("From month"), _("Until month"), _("Set by"), _("Set at"),
            _("Reason")]  # fmt: skip
    lines = [
        (called.get(row.indicator, ""), unit, Decimal(row.goal) if row.goal else None, row.first_month,
         row.last_month, who, row.set_at, row.reason)
        for row, unit, who in rows[:EXPORTED]
    ]  # fmt: skip
    return table_answer("targets", _("Targets"), head, [*lines, *left_out(rows, EXPORTED)], wide=(0, 7))


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
    asked, indicators, units = _of_entered()
    wanted = _wanted(asked, limit=A_PAGE + 1, place=_place())
    rows = store.standing(_entered_scope(), here.uow.session, wanted=wanted)
    return render_template(
        "reports/entered.html", rows=rows[:A_PAGE], figures=figure_words, asked=asked, sorts=SORTS,
        indicators=indicators, units=units, first=asked.address("/reports/entered") if _place() else "",
        next=asked.address("/reports/entered", before=str(rows[A_PAGE - 1][0].id)) if len(rows) > A_PAGE else "",
        may=allowed(here.post.role, Permission.MANAGE_SETTINGS), done=request.args.get("done", ""),
    )  # fmt: skip


def _entered_scope() -> Scope:
    """Of the agency that the address names, else of all that the reader sees; a foreign one is not found."""
    return narrowed(current().figures_scope, read_agency(request.args))


def _of_entered() -> tuple[Asked, list[tuple[str, str]], list[tuple[str, str]]]:
    here, scope = current(), _entered_scope()
    meant = store.indicators(here.figures_scope, here.uow.session)
    indicators = [(str(one.id), figure_words.entered_name(one)) for one in meant]
    units = [(str(key), name) for key, name in store.units_entered(scope, here.uow.session)]
    return _narrowed([key for key, _name in indicators], units), indicators, units


@bp.get("/entered.csv")
@bp.get("/entered.xlsx")
@SEE
def entered_export() -> Response:
    """The list as it is narrowed now."""
    here = current()
    wanted = _wanted(_of_entered()[0], limit=EXPORTED + 1)
    rows = store.standing(_entered_scope(), here.uow.session, wanted=wanted)
    head = [_("Indicator"), _("Unit"), _("Period"), _("Entered number"), _("Source"), _("Link"), _("Entered by"),
            _("Entered at")]  # fmt: skip
    lines = [
        (figure_words.entered_name(meant), unit, row.period, figure_words.entered_words(meant, row.figure),
         row.source, row.link, who, row.entered_at)
        for row, meant, unit, who in rows[:EXPORTED]
    ]  # fmt: skip
    return table_answer("entered", _("Entered figures"), head, [*lines, *left_out(rows, EXPORTED)], wide=(0, 4))


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
