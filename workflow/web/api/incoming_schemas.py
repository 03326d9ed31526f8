"""What comes out of the API about incoming documents: shapes, which are also their description."""

from __future__ import annotations

import datetime as dt
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from workflow.domain.incoming import Action, Holder, Part, PartState, Result, Source, State
from workflow.domain.outgoing import Urgency
from workflow.domain.terms import DueKind
from workflow.store.incoming_list import SORTS
from workflow.web.api.document_schemas import CorrectionOut, Possible
from workflow.web.api.schemas import MOST, Named, Words, after, flag, out, word
from workflow.web.incoming_listing import VERDICTS
from workflow.web.schemas.fields import BAD_DATE, Choice, Id

CONCLUSIONS = ("passed", "indeterminate", "failed", "malformed", "unsigned")
_DUE = r"^(late|none|undecided|\d|[1-5]\d|60)$"


_DAY = r"^20\d\d-((0[1-9]|1[0-2])-(0[1-9]|1\d|2\d)|(0[13-9]|1[0-2])-30|(0[13578]|1[02])-31)$"


def day_filter(about: str, **options: Any) -> fields.String:
    """A day of the calendar; one that there is not is refused and not left out."""

    def exists(text: str) -> None:
        try:
            dt.date.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(BAD_DATE) from error

    return fields.String(
        validate=[validate.Regexp(_DAY, error=BAD_DATE), exists], metadata={"description": about}, **options
    )


class IncomingQuery(Schema):
    """Filters, as on the page of the list."""

    state = fields.List(Choice(State), load_default=list)
    type = Words(longest=20)
    issuer = Words(longest=100, metadata={"description": "Words of the sender's name, with or without accents."})
    urgency = Choice(Urgency)
    unit = Id(metadata={"description": "The lead unit."})
    handler = Id()
    source = Choice(Source)
    verdict = fields.String(validate=validate.OneOf(VERDICTS))
    due = fields.String(
        validate=validate.Regexp(_DUE),
        metadata={"description": "`late`, `none`, `undecided`, or due within so many working days."},
    )
    open = flag("Only what still waits for somebody.")
    from_ = day_filter("Arrived on this day or later.", data_key="from")
    to = day_filter("Arrived on this day or before.")
    year = fields.Integer(validate=validate.Range(min=1900, max=2199))
    number = fields.Integer(validate=validate.Range(min=1, max=999_999_999))
    q = Words(
        longest=200,
        metadata={"description": "Digits are an arrival number, a text with a slash a symbol, else words."},
    )
    sort = fields.String(validate=validate.OneOf(SORTS), load_default="newest")
    after = after()
    limit = fields.Integer(validate=validate.Range(min=1, max=MOST), load_default=50)


class IncomingRow(Schema):
    """An incoming document in a list."""

    id = out(fields.Integer)
    version = out(fields.Integer)
    state = word(State)
    year = out(fields.Integer, empty=True)
    number = out(fields.Integer, empty=True)
    issuer = out(fields.String)
    symbol = out(fields.String)
    issued_on = out(fields.Date, empty=True)
    type_code = out(fields.String, empty=True)
    subject = out(fields.String)
    urgency = word(Urgency)
    secret = out(fields.Boolean)
    source = word(Source)
    conclusion = word(CONCLUSIONS, blank=True)
    arrived_at = out(fields.AwareDateTime)
    state_since = out(fields.AwareDateTime)
    step_due_at = out(fields.AwareDateTime, empty=True)
    due_kind = word(DueKind)
    due_at = out(fields.AwareDateTime, empty=True)
    paused_since = out(fields.AwareDateTime, empty=True)
    done_at = out(fields.AwareDateTime, empty=True)
    result = word(Result, blank=True)
    unit_name = out(fields.String, empty=True)
    handler = out(fields.String, empty=True)


INCOMING_ROW = tuple(IncomingRow().fields)
"""The columns of a row, in order."""


class IncomingList(Schema):
    """A page of a list."""

    items = fields.List(fields.Nested(IncomingRow), required=True)
    next = out(fields.String, empty=True)


class IncomingPossible(Possible):
    """The same as of an outgoing document."""

    action = word(Action)


class IncomingLine(Schema):
    """What happened, oldest first. `by` is null for the machine; `held_by`: who had it since the line before."""

    at = out(fields.AwareDateTime)
    action = word(Action)
    source = word(State, blank=True)
    target = word(State)
    by = out(fields.String, empty=True)
    remark = out(fields.String)
    held_by = word(Holder, blank=True)
    held_minutes = out(fields.Integer)


class Taking(Schema):
    """A recipient that stands."""

    part = word(Part)
    state = word(PartState)
    unit = fields.Nested(Named, required=True)
    person = fields.Nested(Named, required=True, allow_none=True)
    words = out(fields.String)
    due_at = out(fields.AwareDateTime, empty=True)
    read_at = out(fields.AwareDateTime, empty=True)
    ended_at = out(fields.AwareDateTime, empty=True)
    result_words = out(fields.String)


class RecallOut(Schema):
    """The issuer recalled the document. `recalled_at`: since when it is used by nobody; `reason`, `answer`,
    `answered_at`, `words`: of the newest question to give it back, and what this office answered."""

    recalled_at = out(fields.AwareDateTime)
    reason = out(fields.String)
    answer = word(("open", "agreed", "refused"))
    answered_at = out(fields.AwareDateTime, empty=True)
    words = out(fields.String)


class IncomingOut(IncomingRow):
    """One incoming document with everything a program needs to decide what to do with it."""

    medium = word(("electronic", "paper"))
    signer = out(fields.String)
    signer_title = out(fields.String)
    registered_at = out(fields.AwareDateTime, empty=True)
    directed_at = out(fields.AwareDateTime, empty=True)
    direction = out(fields.String)
    result_words = out(fields.String)
    closed_at = out(fields.AwareDateTime, empty=True)
    leader = fields.Nested(Named, required=True, allow_none=True)
    holder = fields.Nested(Named, required=True, allow_none=True)
    corrected_by = fields.List(fields.Nested(CorrectionOut), required=True)
    corrects = fields.Nested(CorrectionOut, required=True, allow_none=True)
    recall = fields.Nested(RecallOut, required=True, allow_none=True)
    parts = fields.List(fields.Nested(Taking), required=True)
    actions = fields.List(fields.Nested(IncomingPossible), required=True)
    history = fields.List(fields.Nested(IncomingLine), required=True)
