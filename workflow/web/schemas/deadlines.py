"""Forms about deadlines, extensions, explanations and urging of incoming documents, rules and Saturdays."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from workflow.domain.terms import Measure
from workflow.services.incoming.explaining import Cause
from workflow.web.i18n import N_
from workflow.web.schemas.documents import Changed
from workflow.web.schemas.fields import BAD_CHOICE, REQUIRED, Choice, Day, Id, Text

BAD_AMOUNT = N_("Please enter a whole number.")

HOW = ("day", "days", "working_days", "hours", "none")
"""How a due date is said: a day, a term, or that there is none."""


class Amount(fields.Integer):
    """A number of days or hours."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED, "invalid": BAD_AMOUNT}  # noqa: RUF012

    def __init__(self, **options: object) -> None:
        super().__init__(validate=validate.Range(min=0, max=10_000, error=BAD_AMOUNT), **options)  # type: ignore[arg-type]


class Words(Changed):
    """An act with words; whether they are needed the state table says."""

    remark = Text(longest=1000, multiline=True, load_default="")


class Due(Words):
    """When a document is due."""

    how = fields.String(
        required=True, validate=validate.OneOf(HOW, error=BAD_CHOICE), error_messages={"required": REQUIRED}
    )
    day = Day(load_default=None)
    amount = Amount(load_default=None)


class OwnDue(Changed):
    """The own date of a part; empty takes it away."""

    part = Id(required=True)
    day = Day(load_default=None)


class AskExtension(Words):
    """Until when, why, and of whom."""

    until = Day(required=True)
    kind = fields.String(load_default="inside", validate=validate.OneOf(("inside", "between"), error=BAD_CHOICE))
    office = Text(longest=200, load_default="")


class GrantExtension(Words):
    """The date that was asked for, or another."""

    until = Day(load_default=None)


class Explain(Changed):
    """An explanation: which, for which kind of cause, in what words."""

    explanation = Id(required=True)
    cause = Choice(Cause, required=True)
    words = Text(longest=4000, multiline=True, required=True)


class Decide(Words):
    """A decision about an explanation."""

    explanation = Id(required=True)


class Urge(Words):
    """Whom to urge; empty: whoever has it."""

    person = Id(load_default=None)


class RuleForm(Schema):
    """An agency's own term."""

    type_code = Text(longest=20, load_default="")
    unit_id = Id(load_default=None)
    measure = Choice(Measure, required=True)
    amount = Amount(load_default=None)
    basis = Text(longest=200, required=True)
    reason = Text(longest=500, required=True)
    save = fields.String(load_default="", validate=validate.OneOf(("", "yes")))


class RuleEnd(Schema):
    """The end of an agency's own term."""

    reason = Text(longest=500, required=True)
    save = fields.String(load_default="", validate=validate.OneOf(("", "yes")))


class ExplanationDays(Schema):
    """How long explanations may take; `seen`: what held when the page was made."""

    days = Amount(required=True)
    reason = Text(longest=500, required=True)
    seen = Amount(required=True)


class EscalationHours(Schema):
    """After how many working hours whom lateness is told; an empty one: not at all. `seen`: the mark of what held
    when the page was made."""

    normal_holder = Amount(load_default=None)
    normal_head = Amount(load_default=None)
    normal_leader = Amount(load_default=None)
    urgent_holder = Amount(load_default=None)
    urgent_head = Amount(load_default=None)
    urgent_leader = Amount(load_default=None)
    explanation_head = Amount(required=True)
    explanation_leader = Amount(required=True)
    reason = Text(longest=500, required=True)
    seen = fields.String(load_default="", validate=validate.Length(max=60))


class Saturdays(Schema):
    """When a unit is open on Saturdays; empty: not at all."""

    hours = Text(longest=60, load_default="")
    reason = Text(longest=500, required=True)
    seen = fields.String(load_default="", validate=validate.Length(max=500))
    save = fields.String(load_default="", validate=validate.OneOf(("", "yes")))
