"""Signature rates of units and persons, and the documents behind each figure."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response

from workflow.domain import periods
from workflow.domain.periods import Period
from workflow.domain.permissions import Permission
from workflow.domain.rates import SignRate
from workflow.services import rates as service
from workflow.services.rates import Asked, Line
from workflow.store.documents import PAGE
from workflow.web.api.base import Blueprint, answer, beginning
from workflow.web.api.rate_schemas import CountedList, CountedQuery, RateQuery, Rates
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.listing import after, cursor

bp = Blueprint("rates", __name__, description="Signature rates: every figure with the documents it counts")

_RATES = Rates()
_COUNTED = CountedList()


@bp.route("/rates")
@bp.operation("readRates", HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
@bp.response(200, Rates)
@bp.query(RateQuery)
@allows(Permission.SEE_RATES)
def board(query: Mapping[str, Any]) -> Response:
    """Signature rates per unit and per person in a period

    Units count both signatures unless `basis` says otherwise; persons are counted by their own signature alone.
    """
    here = current()
    made = service.board(
        here.uow,
        here.actor,
        here.figures_scope,
        period=_period(query),
        now=here.now,
        agency_id=query.get("agency"),
        basis=query["basis"],
    )
    body = {
        "period": made.period.key,
        "first": made.period.first,
        "last": made.period.last,
        "as_of": made.as_of,
        "basis": str(made.basis),
        "rows_are": "agencies" if made.by_agency else "units",
        "total": _figures(made.total.rate),
        "units": [_line(line) for line in made.units],
        "people": [_line(line) for line in made.people],
    }
    return answer(_RATES.dump(body))


@bp.route("/rates/documents")
@bp.operation("listCountedDocuments", HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
@bp.response(200, CountedList)
@bp.query(CountedQuery)
@allows(Permission.SEE_RATES)
def counted(query: Mapping[str, Any]) -> Response:
    """The documents that a figure counted, the latest first"""
    here = current()
    asked = Asked(
        period=_period(query), figure=query["figure"], basis=query["basis"], agency_id=query.get("agency"),
        unit_id=query.get("unit"), signer_id=query.get("signer"),
    )  # fmt: skip
    rows = service.documents(
        here.uow, here.actor, here.figures_scope, asked=asked, reader=here.scope,
        after=beginning(query, after("issued", query.get("after", ""))),
    )  # fmt: skip
    shown = rows[:PAGE]
    body = {
        "items": [_counted(row) for row in shown],
        "next": cursor("issued", shown[-1]) if len(rows) > PAGE else None,
    }
    return answer(_COUNTED.dump(body))


def _period(query: Mapping[str, Any]) -> Period:
    return periods.parse(query["period"]) if "period" in query else periods.month(current().today)


def _figures(rate: SignRate) -> dict[str, Any]:
    percent = rate.percent()
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "percent": None if percent is None else float(percent),
        "issued": rate.issued,
        "ink": rate.ink,
        "failed": rate.failed,
        "indeterminate": rate.indeterminate,
        "incomplete": rate.incomplete,
        "exempt": rate.exempt,
        "secret": rate.secret,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "name": line.name,
        "until": line.until,
        "now": _figures(line.rate),
        "before": _figures(line.before),
    }


def _counted(row: Any) -> dict[str, Any]:
    plain = ("id", "symbol", "type_code", "subject", "medium", "outcome", "signed_at", "issued_at",
             "leader_verdict", "seal_verdict")  # fmt: skip
    return {
        **{name: getattr(row, name) for name in plain},
        "readable": bool(row.readable),
        "signer": {"id": row.signer_id, "name": row.signer},
        "unit": {"id": row.unit_id, "name": row.unit_name},
        "agency": {"id": row.agency_id, "name": row.agency_name},
    }
