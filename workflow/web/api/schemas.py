"""What the shapes of the API share: fields that describe what they refuse, the answer to an error, a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from workflow.web.schemas.fields import BAD_NUMBER, Id, Text

MOST = 200
"""Rows of one answer."""
_PRINTABLE = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$"
_CURSOR = r"^[A-Za-z0-9_-]{1,200}$"


class Words(Text):
    """Text that says in the description what it refuses: control characters and more than `longest`."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        about = {"maxLength": longest, "pattern": _PRINTABLE, **options.pop("metadata", {})}
        super().__init__(longest=longest, metadata=about, **options)


class Key(Id):
    """A key in JSON: a number, not digits in quotes."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        if isinstance(value, str) or (isinstance(value, float) and not value.is_integer()):
            raise ValidationError(BAD_NUMBER)
        return super()._deserialize(value, attr, data, **options)


def flag(about: str) -> fields.Boolean:
    """`true` or `false` in an address."""
    return fields.Boolean(
        truthy={"true"}, falsy={"false"}, load_default=False, metadata={"description": about}
    )  # fmt: skip


def after() -> fields.String:
    """Where a list goes on."""
    about = {"description": "`next` of the answer before; only with the same filters and order."}
    return fields.String(validate=validate.Regexp(_CURSOR), metadata=about)


def out(kind: type[fields.Field[Any]], *, empty: bool = False) -> fields.Field[Any]:
    """A field of an answer; `empty`: it may be null."""
    return kind(required=True, allow_none=empty)


def word(kind: Any, *, blank: bool = False) -> fields.String:
    """One of an enumeration's words in an answer; `blank`: or the empty string."""
    words = [str(one) for one in kind] + ([""] if blank else [])
    return fields.String(required=True, metadata={"enum": words})


class Problem(Schema):
    """RFC 9457. `code` is stable; title and detail are in the language of the token's account."""

    type = out(fields.String)
    status = out(fields.Integer)
    code = out(fields.String)
    title = out(fields.String)
    detail = out(fields.String)
    request_id = out(fields.String)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class Named(Schema):
    """A unit or a person."""

    id = out(fields.Integer)
    name = out(fields.String)
