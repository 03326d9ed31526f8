"""Forms about closed months."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from workflow.domain.entered import Shape
from workflow.domain.indicators import Better
from workflow.web.row_keys import LARGEST
from workflow.web.schemas.deadlines import Amount
from workflow.web.schemas.fields import BAD_CHOICE, Count, Id, Text


class MonthClosing(Schema):
    """Why a month is closed by hand."""

    reason = Text(longest=500, required=True)


class BacklogHours(Schema):
    """How long a document may wait for a signature; `seen`: what held when the page was made."""

    hours = Amount(required=True)
    reason = Text(longest=500, required=True)
    seen = Amount(required=True)


class ClosingDay(Schema):
    """On which working day months are closed; `seen`: what held when the page was made."""

    day = Amount(required=True)
    reason = Text(longest=500, required=True)
    seen = Amount(required=True)


class ReportDrafting(Schema):
    """The report of closed months: who signs it, and who gets it besides the agency above."""

    signer = Id(required=True)
    recipients = Text(longest=2000, multiline=True, load_default="")


class ReportPlan(Schema):
    """Who drafts reports of which periods; nobody where `drafter` is empty. `seen`: how often it was changed."""

    often = Text(
        longest=10, load_default="months", validate=validate.OneOf(("months", "longer", "all"), error=BAD_CHOICE)
    )
    drafter = Id(load_default=None)
    signer = Id(load_default=None)
    recipients = Text(longest=2000, multiline=True, load_default="")
    reason = Text(longest=500, required=True)
    seen = Count(required=True)


class Target(Schema):
    """A target of an indicator; without a number it is taken away."""

    indicator = Text(longest=30, required=True)
    unit = Id(required=True)
    goal = Text(longest=20, load_default="")
    first_month = Text(longest=7, required=True)
    last_month = Text(longest=7, load_default="")
    reason = Text(longest=500, required=True)
    seen = fields.Integer(required=True, validate=validate.Range(min=0, max=LARGEST))


class Indicator(Schema):
    """An indicator whose figures people enter."""

    name = Text(longest=120, required=True)
    name_en = Text(longest=120, load_default="")
    about = Text(longest=1000, multiline=True, required=True)
    about_en = Text(longest=1000, multiline=True, load_default="")
    shape = fields.String(required=True, validate=validate.OneOf(list(Shape), error=BAD_CHOICE))
    parts = Text(longest=300, load_default="")
    better = fields.String(required=True, validate=validate.OneOf(list(Better), error=BAD_CHOICE))
    decimals = Amount(load_default=2)


class Figure(Schema):
    """A figure of a unit and period with its source."""

    indicator = Id(required=True)
    unit = Id(required=True)
    period = Text(longest=24, required=True)
    figure = Text(longest=20, required=True)
    source = Text(longest=500, required=True)
    link = Text(longest=300, load_default="")


class Correction(Schema):
    """Another figure in its place; `seen`: the row that stood when the page was made."""

    figure = Text(longest=20, required=True)
    source = Text(longest=500, required=True)
    link = Text(longest=300, load_default="")
    reason = Text(longest=500, required=True)
    seen = Id(required=True)
