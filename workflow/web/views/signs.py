"""Dấu hiệu bất thường: per office, each sign with its papers and what made it. Hints to look again, no verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.domain.anomalies import SIGNS, Sign
from workflow.domain.errors import BadInput, NotFound, WorkflowError
from workflow.domain.periods import Period, span
from workflow.domain.permissions import Permission
from workflow.services import anomalies, anomaly_remarks, rates
from workflow.services.anomalies import Item, Listed
from workflow.web import report_words, sign_words
from workflow.web.context import act, act_for_oneself, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows, signed_in
from workflow.web.i18n import _
from workflow.web.report_address import offered, read_agency, read_period
from workflow.web.row_keys import number_of
from workflow.web.schemas.deadlines import Amount
from workflow.web.schemas.fields import Text
from workflow.web.sheets import left_out, table_answer
from workflow.web.types import type_names
from workflow.web.views.months import address

bp = Blueprint("signs", __name__)

PATH = "/reports/signs"
OWN = "/account/signs"
SEE = allows(Permission.SEE_RATES)
CHANGE = allows(Permission.MANAGE_SIGNS, step_up=True)
MINE = signed_in("what signs say about oneself")
A_PAGE = 50
EXPORTED = 20_000
USUAL_DAYS = 90


class Said(Schema):
    """What somebody found, or says about what names them."""

    words = Text(longest=1000, multiline=True, required=True)


def _period() -> Period:
    """As the address names it; else the last ninety days: most signs need some weeks to show."""
    today = current().today
    return read_period(request.values, default=span(today - dt.timedelta(days=USUAL_DAYS - 1), today))


def _sign(word: str) -> Sign:
    if word not in set(Sign):
        raise NotFound("sign_not_found")
    return Sign(word)


def _agency() -> int:
    text = request.values.get("agency", "")
    if not text:
        return current().figures_agency
    found = number_of(text)
    if found is None:
        raise NotFound("unit_not_found")
    return found


@bp.get(PATH)
@SEE
def index() -> str:
    """Every office with a sign, the worst first."""
    here, period, named = current(), _period(), read_agency(request.args)
    return render_template(
        "reports/signs.html", agency=named, period=period, Sign=Sign,
        board=anomalies.board(here.uow, here.actor, here.figures_scope, period=period, agency_id=named),
        offered=offered(here.today), span=_span(period), words=sign_words, periods=report_words, address=address,
        blind=anomalies.blind(here.uow, here.figures_scope, period),
        many=len(here.figures_scope.agency_ids) > 1, may_change=here.may(Permission.MANAGE_SIGNS),
    )  # fmt: skip


def _span(period: Period) -> Form:
    return Form(values={"from": period.first.isoformat(), "to": period.last.isoformat()})


@bp.get(f"{PATH}/offices.csv")
@bp.get(f"{PATH}/offices.xlsx")
@SEE
def offices() -> Response:
    """The same as a sheet."""
    here, period = current(), _period()
    board = anomalies.board(
        here.uow, here.actor, here.figures_scope, period=period, agency_id=read_agency(request.args)
    )
    head = [_("Agency"), *(_(sign_words.SIGNS[one].short) for one in Sign), _("Looked at"), _("Stands out by")]
    rows: list[list[Any]] = [
        [one.name, *(one.counts[sign] for sign in Sign), one.reviewed,
         ", ".join(_(sign_words.SIGNS[sign].short) for sign in one.out)]
        for one in board.offices
    ]  # fmt: skip
    return table_answer(f"signs-{period.key}", _("Signs of irregularity"), head, rows, wide=(0, 9))


@bp.get(f"{PATH}/<sign>")
@SEE
def one(sign: str) -> str:
    """The papers behind a sign of an office, each with what made it and what was said about it."""
    return _list_page(_sign(sign))


def _listed(sign: Sign, *, limit: int) -> Listed:
    here = current()
    return anomalies.listed(
        here.uow, here.actor, here.figures_scope, sign=sign, agency_id=_agency(), period=_period(),
        reader=here.scope, before=number_of(request.args.get("before", "")), limit=limit,
    )  # fmt: skip


def _list_page(sign: Sign, *, trouble: Trouble | None = None, typed: Mapping[int, str] | None = None) -> str:
    here, period, agency_id = current(), _period(), _agency()
    found = _listed(sign, limit=A_PAGE)
    return render_template(
        "reports/sign.html",
        sign=sign, about=sign_words.SIGNS[sign], found=found, period=period, agency_id=agency_id,
        agency_name=dict(anomalies.agencies(here.uow, here.figures_scope))[agency_id], words=sign_words,
        periods=report_words, types=type_names(), trouble=trouble, typed=typed or {},
        done=request.args.get("done", ""), definition=SIGNS[sign], Sign=Sign,
        blind=anomalies.blind(here.uow, rates.narrowed(here.figures_scope, agency_id), period),
        here_address=lambda path="", **more: address(
            f"{PATH}/{sign}{path}", agency=agency_id, period=period.key, **more
        ),
    )  # fmt: skip


@bp.get(f"{PATH}/<sign>/papers.csv")
@bp.get(f"{PATH}/<sign>/papers.xlsx")
@SEE
def papers(sign: str) -> Response:
    """The same list, whole."""
    chosen = _sign(sign)
    found = _listed(chosen, limit=EXPORTED)
    head = [_("Document"), _("Subject"), _("At"), _("What made it"), _("What was said")]
    rows = [
        [
            named(item), item.paper.subject if item.paper else "", item.finding.at,
            "; ".join(sign_words.facts(item)),
            "; ".join(f"{_(sign_words.KINDS[said.kind])} ({said.by}): {said.words}" for said in item.said),
        ]
        for item in found.items
    ]  # fmt: skip
    rest = left_out([*rows, rows[:1]] if found.more else rows, len(rows))
    return table_answer(
        f"sign-{chosen}-{_period().key}", _(sign_words.SIGNS[chosen].short), head, [*rows, *rest], wide=(1, 3, 4)
    )


def named(item: Item) -> str:
    """A paper as the reader may know it: its symbol, or its code or arrival number alone."""
    paper: Any = item.paper
    if paper is None:
        return ""
    if not SIGNS[item.finding.sign].incoming:
        return str((paper.readable and paper.symbol) or paper.code)
    number = f"{paper.number}/{paper.year}" if paper.number else ""
    return " · ".join(part for part in (number, paper.symbol if paper.readable else "") if part)


@bp.post(f"{PATH}/<sign>/<int:item_id>/review")
@SEE
def review(sign: str, item_id: int) -> Response:
    """Looked at, with a reason; the sign stays."""
    chosen, form = _sign(sign), read_form(Said)
    period, agency_id = _period(), _agency()
    try:
        if not form.good:
            raise BadInput("reason_needed", action="sign")
        act(
            anomaly_remarks.review, current().figures_scope, sign=chosen, key=item_id, agency_id=agency_id,
            period=period, words=form.data["words"],
        )  # fmt: skip
    except NotFound:
        raise
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        typed = {item_id: form.values.get("words", "")}
        return page(_list_page(chosen, trouble=trouble, typed=typed), trouble.status)
    return see(address(f"{PATH}/{chosen}", agency=agency_id, period=period.key, done="reviewed"))


@bp.get(f"{PATH}/thresholds/<sign>")
@CHANGE
def thresholds(sign: str) -> str:
    """From which numbers on a sign speaks, in the whole province."""
    chosen = _sign(sign)
    now = anomalies.thresholds(current().uow)[chosen]
    return _thresholds_page(chosen, Form(values={name: str(value) for name, value in now.items()}))


@bp.post(f"{PATH}/thresholds/<sign>")
@CHANGE
def change(sign: str) -> Response:
    """Other numbers, with a reason."""
    chosen = _sign(sign)
    numbers = {one.name: Amount(required=True) for one in SIGNS[chosen].thresholds}
    seen = {f"seen_{name}": Amount(required=True) for name in numbers}
    form = read_form(Schema.from_dict({**numbers, **seen, "reason": Text(longest=500, required=True)}))
    if not form.good:
        return page(_thresholds_page(chosen, form), 422)
    try:
        act(
            anomaly_remarks.change, sign=chosen, values={name: form.data[name] for name in numbers},
            seen={name: form.data[f"seen_{name}"] for name in numbers}, reason=form.data["reason"],
        )  # fmt: skip
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        form.errors[str(refused.details.get("field", "")) if refused.code == "sign_threshold" else ""] = (
            trouble.words()
        )
        return page(_thresholds_page(chosen, form), trouble.status)
    return see(address(PATH, done="thresholds"))


def _thresholds_page(sign: Sign, form: Form) -> str:
    return render_template(
        "reports/sign_thresholds.html", sign=sign, definition=SIGNS[sign], form=form, words=sign_words,
        limits=anomalies.thresholds(current().uow)[sign],
    )  # fmt: skip


@bp.get(OWN)
@MINE
def about_me() -> str:
    """What signs name me, so that I can say how it was."""
    return _own_page()


def _own_page(*, trouble: Trouble | None = None, typed: Mapping[str, str] | None = None) -> str:
    here, period = current(), _period()
    return render_template(
        "accounts/signs.html",
        items=anomalies.about_me(here.uow, here.oneself, here.scope, period=period), period=period,
        words=sign_words, periods=report_words, SIGNS=SIGNS, types=type_names(), trouble=trouble,
        typed=typed or {}, done=request.args.get("done", ""), address=address,
    )  # fmt: skip


@bp.post(f"{OWN}/<sign>/<int:item_id>/comment")
@MINE
def comment(sign: str, item_id: int) -> Response:
    """How it was, in my words."""
    chosen, form, period = _sign(sign), read_form(Said), _period()
    try:
        if not form.good:
            raise BadInput("reason_needed", action="sign")
        act_for_oneself(anomaly_remarks.comment, sign=chosen, key=item_id, period=period, words=form.data["words"])
    except NotFound:
        raise
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        typed = {f"{chosen}-{item_id}": form.values.get("words", "")}
        return page(_own_page(trouble=trouble, typed=typed), trouble.status)
    return see(address(OWN, period=period.key, done="commented"))
