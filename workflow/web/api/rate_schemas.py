"""Signature rates and the documents behind them, in the API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from workflow.domain.outgoing import Medium
from workflow.domain.rates import Basis, Outcome
from workflow.services.rates import Figure
from workflow.web.api.schemas import Named, after, out, word
from workflow.web.schemas.fields import Choice, Id

_PERIOD = r"^20\d\d(-(0[1-9]|1[0-2])|-Q[1-4])?$"


class RateQuery(Schema):
    """Which figures. Without `period` those of this month."""

    period = fields.String(
        validate=validate.Regexp(_PERIOD), metadata={"description": "`2026-11`, `2026-Q4`, `2026`"}
    )
    agency = Id()
    basis = Choice(Basis, load_default=Basis.BOTH)


class CountedQuery(RateQuery):
    """Which figure's documents."""

    figure = Choice(Figure, required=True)
    unit = Id()
    signer = Id()
    after = after()


class Figures(Schema):
    """Counts of issued documents; `percent` is null where nothing counts."""

    numerator = out(fields.Integer)
    denominator = out(fields.Integer)
    percent = out(fields.Float, empty=True)
    issued = out(fields.Integer)
    ink = out(fields.Integer)
    failed = out(fields.Integer)
    indeterminate = out(fields.Integer)
    incomplete = out(fields.Integer)
    exempt = out(fields.Integer)
    secret = out(fields.Integer)


class RateLine(Named):
    """One unit or person. `before`: the same in the period before."""

    until = out(fields.Date, empty=True)
    now = fields.Nested(Figures, required=True)
    before = fields.Nested(Figures, required=True)


class Rates(Schema):
    """Signature rates of units and of persons, the worst first."""

    period = out(fields.String)
    first = out(fields.Date)
    last = out(fields.Date)
    as_of = out(fields.AwareDateTime)
    basis = word(Basis)
    rows_are = word(("units", "agencies"))
    total = fields.Nested(Figures, required=True)
    units = fields.List(fields.Nested(RateLine), required=True)
    people = fields.List(fields.Nested(RateLine), required=True)


class CountedRow(Schema):
    """A document behind a figure. Where the post may not open it, its subject is empty."""

    id = out(fields.Integer)
    symbol = out(fields.String)
    type_code = out(fields.String)
    subject = out(fields.String)
    readable = out(fields.Boolean)
    medium = word(Medium)
    outcome = word(Outcome)
    signed_at = out(fields.AwareDateTime)
    issued_at = out(fields.AwareDateTime)
    leader_verdict = word(("passed", "indeterminate", "failed"), blank=True)
    seal_verdict = word(("passed", "indeterminate", "failed"), blank=True)
    signer = fields.Nested(Named, required=True)
    unit = fields.Nested(Named, required=True)
    agency = fields.Nested(Named, required=True)


class CountedList(Schema):
    """A page of the documents behind a figure."""

    items = fields.List(fields.Nested(CountedRow), required=True)
    next = out(fields.String, empty=True)
