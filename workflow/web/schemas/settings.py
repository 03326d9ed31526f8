"""The form of one day of the working calendar."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from workflow.web.schemas.fields import BAD_CHOICE, REQUIRED, Day, Text

WHAT = ("off", "worked", "ordinary")
"""What holds on the day; `ordinary`: the week decides, nothing is written down."""


class DayChange(Schema):
    """Name and decree are asked for by the service, because an ordinary day needs neither."""

    day = Day(required=True)
    what = fields.String(
        required=True, validate=validate.OneOf(WHAT, error=BAD_CHOICE), error_messages={"required": REQUIRED}
    )
    name_vi = Text(longest=200, load_default="")
    name_en = Text(longest=200, load_default="")
    decree = Text(longest=200, load_default="")
    reason = Text(longest=500, required=True)
    seen = fields.String(load_default="", validate=validate.Length(max=2000))
    save = fields.String(load_default="", validate=validate.OneOf(("", "yes")))


class PauseJob(Schema):
    """Why a job is paused."""

    reason = Text(longest=500, multiline=True, required=True)
