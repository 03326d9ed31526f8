"""Opinions and initials in the API: shapes, which are also their description."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from workflow.domain.opinions import Kind, Verdict
from workflow.services.opinions.answering import WORDS_LENGTH
from workflow.store.opinion_list import SORTS, Side, Stand
from workflow.web.api.incoming_schemas import day_filter
from workflow.web.api.schemas import MOST, Named, Words, after, flag, out, word
from workflow.web.schemas.fields import Choice

_SHA256 = r"^[0-9a-f]{64}(\+[0-9a-f]{64})?$"


class OpinionQuery(Schema):
    """Filters, as on the page of the list."""

    side = Choice(
        Side,
        load_default=Side.ME,
        metadata={"description": "Asked of me or of the unit I head (`me`), of my unit (`unit`), by me (`by`)."},
    )
    state = Choice(Stand)
    kind = Choice(Kind)
    late = flag("Only what waits though its day has passed.")
    from_ = day_filter("Asked on this day or later.", data_key="from")
    to = day_filter("Asked on this day or before.")
    q = Words(longest=200, metadata={"description": "Words of the subject, with or without accents."})
    sort = fields.String(
        validate=validate.OneOf(tuple(SORTS)),
        load_default="newest",
        metadata={"description": "By `due` stand only those that have a day."},
    )
    after = after()
    limit = fields.Integer(validate=validate.Range(min=1, max=MOST), load_default=50)


class OpinionRow(Schema):
    """A request for an opinion or for initials. What it is about is null once who was asked may not read it."""

    id = out(fields.Integer)
    kind = word(Kind)
    state = word(Stand)
    verdict = word(Verdict, blank=True)
    document_id = out(fields.Integer, empty=True)
    type_code = out(fields.String, empty=True)
    subject = out(fields.String, empty=True)
    question = out(fields.String, empty=True)
    unit = out(fields.String, empty=True)
    person = out(fields.String, empty=True)
    asker = out(fields.String)
    asked_at = out(fields.AwareDateTime)
    due_on = out(fields.Date, empty=True)
    answered_at = out(fields.AwareDateTime, empty=True)
    file = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "SHA-256 of the text that waits for the answer, with a plus and the digest of what is "
            "attached to it, if anything; null where nothing waits."
        },
    )


class OpinionList(Schema):
    """One page of a list; `next` is null at its end."""

    items = fields.List(fields.Nested(OpinionRow), required=True)
    next = out(fields.String, empty=True)


class AnswerOut(Schema):
    """What was said, by whom, on which text. An answer of initials holds for that text only."""

    at = out(fields.AwareDateTime)
    by = fields.Nested(Named, required=True)
    in_place_of = out(fields.String)
    verdict = word(Verdict)
    words = out(fields.String)
    file = out(fields.String)
    present = fields.Boolean(
        required=True, metadata={"description": "Whether that is still the text of the draft."}
    )


class OpinionOut(OpinionRow):
    """One request with its answers, oldest first."""

    withdrawn_at = out(fields.AwareDateTime, empty=True)
    withdrawn_reason = out(fields.String)
    answers = fields.List(fields.Nested(AnswerOut), required=True)
    may_answer = fields.Boolean(
        required=True, metadata={"description": "Whether the token's post may answer it now."}
    )


class DocumentOpinions(Schema):
    """Everybody who was asked about a document, oldest first."""

    items = fields.List(fields.Nested(OpinionOut), required=True)


class Answer(Schema):
    """An answer on the text that was read. Another file meanwhile is a conflict and nothing is recorded."""

    verdict = Choice(Verdict, required=True)
    words = Words(
        longest=WORDS_LENGTH,
        multiline=True,
        load_default="",
        metadata={"description": "Needed for `agree_with_remarks` and `disagree`."},
    )
    seen = fields.String(
        required=True,
        validate=validate.Regexp(_SHA256),
        metadata={"description": "`file` of the request as it was read."},
    )
