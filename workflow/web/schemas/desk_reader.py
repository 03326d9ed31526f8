"""Forms of the reader of the desk."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from workflow.services.documents.commenting import FARTHEST, LONGEST
from workflow.services.documents.deputising import LONGEST as WORDS_LONGEST
from workflow.web.schemas.documents import Changed
from workflow.web.schemas.fields import BAD_NUMBER, Count, Id, Text

_ON_PAGE = validate.Range(min=0, max=FARTHEST, error=BAD_NUMBER)
_WORDS: dict[str, Any] = {"invalid": BAD_NUMBER, "special": BAD_NUMBER, "null": BAD_NUMBER}


class Pinning(Schema):
    """A remark at a spot of a page, in points from its lower left corner."""

    ordinal = Count(required=True)
    page = Count(required=True)
    x = fields.Float(load_default=None, allow_nan=False, validate=_ON_PAGE, error_messages=_WORDS)
    y = fields.Float(load_default=None, allow_nan=False, validate=_ON_PAGE, error_messages=_WORDS)
    words = Text(longest=LONGEST, multiline=True, required=True)
    earlier = fields.Boolean(load_default=False)


class Handed(Changed):
    """A deputy is to sign it."""

    post = Id(required=True)
    words = Text(longest=WORDS_LONGEST, multiline=True, load_default="")
