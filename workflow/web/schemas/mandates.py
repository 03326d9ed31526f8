"""Forms of mandates and absences."""

from __future__ import annotations

from marshmallow import Schema

from workflow.domain.absences import Acts
from workflow.domain.people import Capacity
from workflow.web.schemas.fields import Choice, Day, Id, Text


class NewMandate(Schema):
    """A mandate as its granting document says; types, units and organs come beside the schema."""

    capacity = Choice(Capacity, required=True)
    source_post_id = Id(load_default=None)
    parent_id = Id(load_default=None)
    content = Text(longest=500, multiline=True, load_default="")
    valid_from = Day(required=True)
    valid_to = Day(load_default=None)
    legal_symbol = Text(longest=60, required=True)
    legal_day = Day(required=True)
    legal_title = Text(longest=300, load_default="")
    reason = Text(longest=500, required=True)


class EndWithReason(Schema):
    """Why a mandate is revoked, or an absence ended."""

    reason = Text(longest=500, required=True)


class NewAbsence(Schema):
    """Who looks after a desk, from when to when."""

    deputy_post_id = Id(required=True)
    first_day = Day(required=True)
    last_day = Day(required=True)
    acts = Choice(Acts, required=True)
    reason = Text(longest=500, required=True)
