"""The form beside a sheet that is brought in."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from workflow.domain.imports.headings import Kind
from workflow.web.schemas.fields import BAD_NUMBER, Choice, Id, Text


class Sheet(Schema):
    """What the sheet holds and where it belongs; the file comes beside."""

    kind = Choice(Kind, required=True)
    register_id = Id(load_default=0)
    year = fields.Integer(
        load_default=0, validate=validate.Range(min=1900, max=2199, error=BAD_NUMBER),
        error_messages={"invalid": BAD_NUMBER},
    )  # fmt: skip
    basis = Text(longest=200, load_default="")
