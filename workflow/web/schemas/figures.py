"""Forms about closed months."""

from __future__ import annotations

from marshmallow import Schema

from workflow.web.schemas.deadlines import Amount
from workflow.web.schemas.fields import Count, Id, Text


class MonthClosing(Schema):
    """Why a month is closed by hand."""

    reason = Text(longest=500, required=True)


class ClosingDay(Schema):
    """On which working day months are closed; `seen`: what held when the page was made."""

    day = Amount(required=True)
    reason = Text(longest=500, required=True)
    seen = Amount(required=True)


class ReportDrafting(Schema):
    """The monthly report of a closed month: who signs it, and who gets it besides the agency above."""

    signer = Id(required=True)
    recipients = Text(longest=2000, multiline=True, load_default="")


class ReportPlan(Schema):
    """Who drafts the report each month; nobody where `drafter` is empty. `seen`: how often it was changed."""

    drafter = Id(load_default=None)
    signer = Id(load_default=None)
    recipients = Text(longest=2000, multiline=True, load_default="")
    reason = Text(longest=500, required=True)
    seen = Count(required=True)
