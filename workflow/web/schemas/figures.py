"""Forms about closed months."""

from __future__ import annotations

from marshmallow import Schema

from workflow.web.schemas.deadlines import Amount
from workflow.web.schemas.fields import Text


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
