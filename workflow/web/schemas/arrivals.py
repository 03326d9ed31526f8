"""Forms about documents that arrive."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from workflow.domain.outgoing import Urgency
from workflow.web.i18n import N_
from workflow.web.schemas.documents import Changed
from workflow.web.schemas.fields import BAD_CHOICE, Choice, Day, Text

ISSUER_KINDS = ("agency", "organisation", "citizen")
DUE_KINDS = ("rule", "none", "days", "working_days", "hours", "day")
BAD_AMOUNT = N_("Please give a whole number.")


class Amount(fields.Integer):
    """A small whole number."""

    default_error_messages = {"invalid": BAD_AMOUNT}  # noqa: RUF012

    def __init__(self, *, least: int = 0, most: int = 9999) -> None:
        super().__init__(load_default=None, validate=validate.Range(min=least, max=most, error=BAD_AMOUNT))


class Arrival(Schema):
    """What the clerk says of a document. `seen`: keys of possible duplicates that the form has shown."""

    issuer = Text(longest=200, load_default="")
    issuer_kind = Text(longest=12, load_default="agency", validate=validate.OneOf(ISSUER_KINDS, error=BAD_CHOICE))
    symbol = Text(longest=60, load_default="")
    issued_on = Day(load_default=None)
    type_code = Text(longest=20, load_default="")
    subject = Text(longest=500, load_default="")
    signer = Text(longest=100, load_default="")
    signer_title = Text(longest=100, load_default="")
    urgency = Choice(Urgency, load_default=Urgency.NORMAL)
    secret = fields.Boolean(load_default=False)
    copies = Amount()
    pages = Amount()
    envelope_on = Day(load_default=None)
    note = Text(longest=500, load_default="")
    due_kind = Text(longest=12, load_default="rule", validate=validate.OneOf(DUE_KINDS, error=BAD_CHOICE))
    due_amount = Amount(least=1)
    due_on = Day(load_default=None)
    verdict_reason = Text(longest=500, load_default="")
    seen = Text(longest=200, load_default="")


class ArrivalOf(Changed, Arrival):
    """The same of a document as it was seen."""
