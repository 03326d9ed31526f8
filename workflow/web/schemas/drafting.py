"""Forms about templates, the words of a draft, and remarks on it."""

from __future__ import annotations

from marshmallow import Schema

from workflow.domain.templates import BASIS_LENGTH, BODY_LENGTH, NAME_LENGTH
from workflow.services.documents.commenting import LONGEST
from workflow.web.schemas.documents import Changed
from workflow.web.schemas.fields import Count, Text


class NewTemplate(Schema):
    """A template of the office."""

    type_code = Text(longest=20, required=True)
    name = Text(longest=NAME_LENGTH, required=True)
    basis = Text(longest=BASIS_LENGTH, multiline=True, load_default="")
    body = Text(longest=BODY_LENGTH, multiline=True, required=True)


class DraftWords(Changed):
    """What a drafter writes; `template` is what it began from."""

    template = Text(longest=40, load_default="")
    basis = Text(longest=BASIS_LENGTH, multiline=True, load_default="")
    body = Text(longest=BODY_LENGTH, multiline=True, required=True)


class Remarked(Schema):
    """A remark on a version, perhaps on one page of it."""

    ordinal = Count(required=True)
    page = Count(load_default=None)
    words = Text(longest=LONGEST, multiline=True, required=True)


class Answered(Schema):
    """An answer to a remark."""

    words = Text(longest=LONGEST, multiline=True, required=True)
