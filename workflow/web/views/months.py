"""Months of an agency: open and counted live, closed with their digest; each figure with its list."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.entered import met, read, shape_of
from workflow.domain.errors import NotFound, WorkflowError
from workflow.domain.freezing import FIRST_DAY, LAST_DAY
from workflow.domain.indicators import COUNTS, INDICATORS, Better, Population
from workflow.domain.periods import parse
from workflow.domain.permissions import Permission, allowed
from workflow.services.figures import closing, counting, month_lists, months, recounting, upward
from workflow.services.figures.month_lists import Asked, Behind, Item
from workflow.services.figures.months import EnteredLine, Figures, Line, State
from workflow.services.figures.targets import Goals
from workflow.store.rates import names_of
from workflow.web import figure_words, month_words, report_words
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.format import iso_day
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.row_keys import number_of
from workflow.web.schemas.figures import ClosingDay, MonthClosing
from workflow.web.sheets import left_out, secrets_left_out, secrets_words, table_answer
from workflow.web.types import type_names

bp = Blueprint("months", __name__, url_prefix="/reports/months")

SEE = allows(Permission.SEE_RATES)
CHANGE = allows(Permission.MANAGE_SETTINGS, step_up=True)
NO_GOALS: Goals = MappingProxyType({})
A_PAGE = 100
EXPORTED = 20_000

_FIELD_OF = {
    "reason_needed": "reason", "closing_day": "day", "closing_day_same": "day", "closing_day_changed": "day",
}  # fmt: skip


def _agency() -> int:
    """The one that the address names, else the reader's own."""
    text = request.args.get("agency", "")
    if not text:
        return current().figures_agency
    found = number_of(text)
    if found is None or found not in current().figures_scope.agency_ids:
        raise NotFound("unit_not_found")
    return found


def address(path: str, **parts: object) -> str:
    """An address with what it says."""
    query = urlencode({name: str(value) for name, value in parts.items() if value not in {None, "", False}})
    return f"{path}?{query}" if query else path


@bp.get("")
@SEE
def index() -> str:
    """Every month of an agency, the latest first."""
    here, agency_id = current(), _agency()
    offered = months.agencies(here.uow, here.figures_scope)
    return render_template(
        "reports/months.html",
        lines=months.listed(here.uow, here.actor, here.figures_scope, agency_id=agency_id, now=here.now),
        agency_id=agency_id, agency_name=dict(offered)[agency_id], offered=offered,
        own=agency_id == here.post.agency_id, offers=_offers(agency_id),
        day=closing.closing_day(here.uow, agency_id), may_change=_may(agency_id), done=request.args.get("done", ""),
        State=State, words=report_words, names=month_words, address=address,
    )  # fmt: skip


def _offers(agency_id: int) -> list[upward.Offer]:
    """Longer periods that one's own agency can report; of another one none."""
    here = current()
    if agency_id != here.post.agency_id:
        return []
    return upward.offered(here.uow, here.actor, here.figures_scope, agency_id=agency_id, now=here.now)


def _may(agency_id: int) -> bool:
    here = current()
    return allowed(here.post.role, Permission.MANAGE_SETTINGS) and agency_id == here.post.agency_id


@bp.get("/<period>")
@SEE
def one(period: str) -> str:
    """The figures of a month, frozen beside adjusted, with its adjustments, drift and digest."""
    found, papers, hidden = _open_ones(_figures(period))
    return render_template(
        "reports/month.html",
        found=found, hidden=secrets_words(hidden) if hidden else "",
        words=report_words, names=month_words, State=State, address=address, types=type_names(),
        may_close=_may(found.agency_id) and found.state is State.OVER, done=request.args.get("done", ""),
        figures=figure_words, may_settings=_may(found.agency_id),
        units={line.id: line.name for line in found.units}, papers=papers, place=recounting.place_of,
        closed_by=_closed_by(found), reports_here=found.agency_id == current().post.agency_id,
    )  # fmt: skip


def _open_ones(found: Figures) -> tuple[Figures, dict[tuple[str, int], Any], int]:
    """In an inspection without adjustments and drift of secret papers, and how many of those there are."""
    papers = _papers(found)
    if not current().scope.no_secrets:
        return found, papers, 0

    def opened(population: str | None, item: int) -> bool:
        named = Population(population) if population else None
        return (
            named is None or named in month_lists.PAPERLESS or not month_lists.is_secret(papers.get((named, item)))
        )

    adjustments = [row for row in found.adjustments if opened(row.population, row.item)]
    drifts = [row for row in found.drifts if opened(row.population, row.item)]
    hidden = len(found.adjustments) - len(adjustments) + len(found.drifts) - len(drifts)
    return replace(found, adjustments=adjustments, drifts=drifts), papers, hidden


def _closed_by(found: Figures) -> str:
    if found.frozen is None or found.frozen.closed_by_id is None:
        return ""
    who = found.frozen.closed_by_id
    return names_of(current().uow.session, {who}).get(who, "")


def _figures(period: str) -> Figures:
    here = current()
    return months.of_month(
        here.uow, here.actor, here.figures_scope, key=period, agency_id=_agency(), now=here.now, as_of=_as_of()
    )


def _as_of() -> dt.date | None:
    """The day at whose end the figures are asked about."""
    text = request.args.get("as_of", "")
    if not text:
        return None
    try:
        return dt.date.fromisoformat(iso_day(text))
    except ValueError as error:
        raise NotFound("report_not_found") from error


def _papers(found: Figures) -> dict[tuple[str, int], Any]:
    """What adjustments and drift are about, as far as the reader may see it."""
    here = current()
    keys: dict[Population, set[int]] = {}
    named = [(row.population, row.item) for row in found.adjustments]
    for population, item in named + [(row.population, row.item) for row in found.drifts if row.population]:
        keys.setdefault(Population(population), set()).add(item)
    return {
        (str(kind), key): paper
        for kind, some in keys.items()
        for key, paper in month_lists.papers_of(here.uow, here.scope, kind, sorted(some)).items()
    }


@bp.get("/<period>/figures.csv")
@bp.get("/<period>/figures.xlsx")
@SEE
def figures(period: str) -> Response:
    """Every figure on a line: of the agency, its units and its signers; as closed and as it stands."""
    found = _figures(period)
    head = [
        _("Kind"),
        _("Name"),
        _("Figure"),
        _("As closed"),
        _("With adjustments"),
        _("Counted"),
        _("In percent"),
        _("Target"),
        _("Whether it is met"),
    ]
    rows = [
        *_lines(found, _("Agency"), found.agency_name, found.total),
        *(row for line in found.units for row in _lines(found, _("Unit"), line.name, line)),
        *(row for line in found.people for row in _lines(found, _("Person"), line.name, line, month_words.PEOPLE)),
        *(
            row
            for line in found.holders
            for row in _lines(found, _("Person"), line.name, line, month_words.HOLDERS)
        ),
        *(_entered(one, found.goals.get((one.unit_id, f"entered:{one.indicator.id}"))) for one in found.entered),
    ]
    return table_answer(f"figures-{period}", _("Figures of a month"), head, rows, wide=(1, 2))


def _lines(
    found: Figures, kind: str, name: str, line: Line, of: month_words.Table | None = None
) -> list[list[Any]]:
    """Without rates of what the definition of then did not count. `of`: the table of persons that it stands in."""
    goals = NO_GOALS if of else found.goals
    counts = of.columns if of else tuple(COUNTS)
    rates = [one for one in INDICATORS if of is None or one.name == of.rate]
    made: list[list[Any]] = [
        [
            kind,
            name,
            month_words.name(one),
            line.frozen[one] if line.frozen else None,
            line.now[one],
            None,
            None,
            None,
            None,
        ]
        for one in counts
        if line.now[one] or (line.frozen and line.frozen[one])
    ]
    made += [
        [kind, name, _(month_words.INDICATORS[one.name]), line.frozen[one.numerator] if line.frozen else None,
         line.now[one.numerator], line.now[one.denominator], one.percent(line.now),
         *_aimed(goals.get((line.id, one.name)), one.percent(line.now), one.better)]
        for one in rates
        if line.now[one.denominator] and COUNTS[one.numerator].population in found.counts
    ]  # fmt: skip
    return made


def _aimed(goal: Decimal | None, amount: Decimal | None, better: Better) -> list[Any]:
    good = met(amount, goal, better)
    return [goal, None if good is None else _("met") if good else _("not met")]


def _entered(one: EnteredLine, goal: Decimal | None) -> list[Any]:
    row = one.indicator
    amount = read(shape_of(one.now), one.now).amount(row.decimals) if one.now else None
    then = None if one.frozen is None else figure_words.entered_words(row, one.frozen)
    now = figure_words.entered_words(row, one.now)
    return [
        _("Entered"), one.unit, figure_words.entered_name(row), then, now, None, amount,
        *_aimed(goal, amount, Better(row.better)),
    ]  # fmt: skip


@bp.get("/<period>/documents")
@SEE
def documents(period: str) -> str:
    """What one figure counted, by keyset."""
    after = number_of(request.args.get("after", "")) or 0
    asked, found = _behind(period, after=after, limit=A_PAGE)
    return render_template(
        "reports/month_documents.html",
        asked=asked, found=found, words=report_words, names=month_words, types=type_names(), period=parse(period),
        State=State, address=_list_address(period, asked), secrets_left_out=secrets_words,
    )  # fmt: skip


def _behind(period: str, *, after: int, limit: int) -> tuple[Asked, Behind]:
    here = current()
    asked = Asked(
        key=period, agency_id=_agency(), count=request.args.get("count", ""), unit_id=_key("unit"),
        person_id=_key("person"), frozen="frozen" in request.args, as_of=_as_of(),
    )  # fmt: skip
    found = month_lists.behind(
        here.uow, here.actor, here.figures_scope, asked=asked, reader=here.scope, now=here.now, after=after,
        limit=limit,
    )  # fmt: skip
    return asked, found


def _key(name: str) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return None
    found = number_of(text)
    if found is None:
        raise NotFound("unit_not_found")
    return found


def _list_address(period: str, asked: Asked) -> Any:
    def made(path: str = "", **more: object) -> str:
        return address(
            f"/reports/months/{period}/documents{path}", agency=asked.agency_id, count=asked.count,
            unit=asked.unit_id, person=asked.person_id, frozen=1 if asked.frozen else None,
            as_of=asked.as_of, **more,
        )  # fmt: skip

    return made


@bp.get("/<period>/documents.csv")
@bp.get("/<period>/documents.xlsx")
@SEE
def documents_export(period: str) -> Response:
    """The same list, whole."""
    asked, found = _behind(period, after=0, limit=EXPORTED)
    head = [_("Number and symbol"), _("Subject"), _("Unit"), _("Person"), _("Counted as")]
    rows = [
        [named(one), one.paper.subject if one.paper else "", one.unit, one.person,
         month_words.value(one.population, one.value)]
        for one in found.items
    ]  # fmt: skip
    rest = [*left_out([*rows, rows[:1]] if found.more else rows, len(rows)), *secrets_left_out(found.left_out)]
    return table_answer(f"{asked.count}-{period}", _("Documents"), head, [*rows, *rest], wide=(1,))


def named(one: Item) -> str:
    """Symbol of an outgoing document; arrival number and symbol of an incoming one. Who may not open it gets its
    code or its number alone, as on the page."""
    paper = one.paper
    if paper is None:
        return ""
    if one.population in counting.OUTGOING:
        return str((paper.readable and paper.symbol) or paper.code)
    number = f"{paper.number}/{paper.year}" if paper.number else ""
    return " · ".join(part for part in (number, paper.symbol if paper.readable else "") if part)


@bp.get("/<period>/close")
@CHANGE
def close_form(period: str) -> str:
    """What closing means, and a reason."""
    return _close_page(period, Form(values={"reason": ""}))


@bp.post("/<period>/close")
@CHANGE
def close(period: str) -> Response:
    """Close it now."""
    given = read_form(MonthClosing)
    if not given.good:
        return page(_close_page(period, given), 422)
    try:
        act(closing.close_by_hand, current().figures_scope, period=period, reason=given.data["reason"])
    except WorkflowError as refused:
        return _refused(given, refused, lambda: _close_page(period, given))
    return see(address(f"/reports/months/{period}", done="closed"))


def _close_page(period: str, given: Form) -> str:
    here = current()
    what = parse(period)
    found = months.of_month(
        here.uow, here.actor, here.figures_scope, key=period, agency_id=here.post.agency_id, now=here.now
    )
    return render_template(
        "reports/month_close.html", form=given, period=what, found=found, State=State, words=report_words
    )


@bp.get("/closing-day")
@CHANGE
def day_form() -> str:
    """On which working day months are closed."""
    now = str(closing.closing_day(current().uow, current().post.agency_id))
    return _day_page(Form(values={"day": now, "seen": now, "reason": ""}))


@bp.post("/closing-day")
@CHANGE
def day() -> Response:
    """Change it."""
    given = read_form(ClosingDay)
    if not given.good:
        return page(_day_page(given), 422)
    data = given.data
    try:
        act(closing.change_day, current().figures_scope, day=data["day"], seen=data["seen"], reason=data["reason"])
    except WorkflowError as refused:
        return _refused(given, refused, lambda: _day_page(given))
    return see(address("/reports/months", done="day"))


def _day_page(given: Form) -> str:
    here = current()
    now = closing.closing_day(here.uow, here.post.agency_id)
    return render_template(
        "reports/closing_day.html", form=given, day=now, least=FIRST_DAY, most=LAST_DAY,
        words=report_words,
    )  # fmt: skip


def _refused(given: Form, refused: WorkflowError, again: Any) -> Response:
    current().uow.rollback()
    trouble = explain(refused)
    given.errors[_FIELD_OF.get(refused.code, "")] = trouble.words()
    if "seen" in given.values:
        given.values["seen"] = str(closing.closing_day(current().uow, current().post.agency_id))
    return page(again(), trouble.status)
