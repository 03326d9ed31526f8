"""Forms about documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from workflow.domain.outgoing import Urgency
from workflow.domain.people import Capacity
from workflow.web.schemas.fields import BAD_CHOICE, REQUIRED, Choice, Count, Day, Id, Text


class SignerChoice(fields.String):
    """`12:kt`: a post and the capacity its holder would sign in, as one choice from a list."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        post, _colon, capacity = str(value).partition(":")
        if not post.isdecimal() or len(post) > 15 or capacity not in set(Capacity):
            raise ValidationError(BAD_CHOICE)
        return int(post), Capacity(capacity)


class Draft(Schema):
    """What a drafter says of a document."""

    type_code = Text(longest=20, required=True)
    subject = Text(longest=500, required=True)
    recipients = Text(longest=4000, multiline=True, load_default="")
    urgency = Choice(Urgency, load_default=Urgency.NORMAL)
    due_on = Day(load_default=None)
    secret = fields.Boolean(load_default=False)
    signer = SignerChoice(load_default=None)
    organ = Id(load_default=None)
    """In whose name, where the agency has several organs."""
    answers = Id(load_default=None)
    """The incoming document that the draft was begun for."""
    corrects = Id(load_default=None)
    amends = Id(load_default=None)
    replaces = Id(load_default=None)
    """The issued document that it is about, by what it does to it."""
    correction_reason = Text(longest=4000, multiline=True, load_default="")
    template = Text(longest=40, load_default="")
    """What its words are to begin from; none where a file is uploaded."""


class Changed(Schema):
    """The version of a document that the form was made from."""

    version = Count(required=True)


class Remark(Changed):
    """An act with words."""

    remark = Text(longest=2000, multiline=True, load_default="")
    accepted = fields.Boolean(load_default=False)


class OtherNumber(fields.String):
    """`held:12`, `year:2026`: a number that was held, or the next one of the year before."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        kind, _colon, key = str(value).partition(":")
        if kind not in {"held", "year"} or not key.isdecimal() or len(key) > 15:
            raise ValidationError(BAD_CHOICE)
        return kind, int(key)


class Numbering(Remark):
    """The next number, or another one."""

    other = OtherNumber(load_default=None)


class Ink(Changed):
    """What the clerk reads off a paper signed by hand."""

    signer = SignerChoice(required=True)
    signed_on = Day(required=True)
    reason = Text(longest=2000, multiline=True, required=True)
