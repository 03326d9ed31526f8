"""Forms about dossiers and file plans: shapes only."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from workflow.domain.retention import PERMANENT, HandOverTerm
from workflow.web.schemas.fields import BAD_CHOICE, REQUIRED, Choice, Count, Day, Id, Text


class Years(fields.Integer):
    """A retention: `domain.retention` says which numbers are one."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED, "invalid": BAD_CHOICE}  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Range(min=1, max=PERMANENT, error=BAD_CHOICE), **options)


class Versioned(Schema):
    """Every act says which version it saw."""

    version = Count(required=True)


class FromPlan(Schema):
    """A dossier that the file plan foresees."""

    entry = Id(required=True)
    term = Choice(HandOverTerm, load_default=None)


class Outside(Schema):
    """One that no plan foresees."""

    title = Text(longest=500, required=True)
    years = Years(required=True)
    term = Choice(HandOverTerm, load_default=None)
    description = Text(longest=500, multiline=True, load_default="")
    reason = Text(longest=500, multiline=True, required=True)


class Changed(Versioned):
    """What a dossier says about itself."""

    title = Text(longest=500, required=True)
    years = Years(required=True)
    term = Choice(HandOverTerm, required=True)
    description = Text(longest=500, multiline=True, load_default="")
    started_on = Day(required=True)
    maker = Id(required=True)


class Closed(Versioned):
    """The end of the work."""

    ended_on = Day(required=True)
    years = Years(required=True)
    duplicates_kept = fields.Boolean(truthy={"1"}, falsy={"0"}, load_default=False)
    remark = Text(longest=500, multiline=True, load_default="")


class Reasoned(Versioned):
    """An act that needs a reason and nothing else."""

    reason = Text(longest=500, multiline=True, required=True)


class Kept(Versioned):
    """Written consent to keep a dossier longer."""

    until = Day(required=True)
    consent = Text(longest=300, required=True)


class Added(Schema):
    """A document to put into a dossier."""

    kind = Text(longest=10, required=True)
    document = Id(required=True)
    years = Years(load_default=None)


class Filing(Schema):
    """A dossier for a document, and perhaps the document's own step to *filed*."""

    dossier = Id(required=True)
    years = Years(load_default=None)
    and_file = fields.Boolean(truthy={"1"}, falsy={"0"}, load_default=False)
    version = Count(load_default=None)


class PlanYear(Schema):
    """A new file plan."""

    year = Count(required=True)


class PlanLine(Schema):
    """A line of a file plan."""

    notation = Text(longest=20, required=True)
    title = Text(longest=500, required=True)
    years = Years(required=True)
    unit_id = Id(required=True)
    maker_id = Id(load_default=None)
    note = Text(longest=200, load_default="")


class Rule(Schema):
    """A line of the retention table."""

    title = Text(longest=300, required=True)
    years = Years(required=True)
    basis = Text(longest=200, required=True)
