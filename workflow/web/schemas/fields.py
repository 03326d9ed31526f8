"""The fields every schema is made of. Text has one way in: normalised, without control characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from workflow.domain.errors import BadInput
from workflow.domain.text import clean
from workflow.web.format import iso_day
from workflow.web.i18n import N_
from workflow.web.row_keys import LARGEST, LARGEST_COUNT

REQUIRED = N_("Please fill this in.")
TOO_LONG = N_("This is too long.")
BAD_CHARACTER = N_("This holds a character that cannot be stored. Remove what was pasted and type it anew.")
BAD_DATE = N_("Please enter a date as dd/mm/yyyy.")
NO_SUCH_DAY = N_("The calendar has no such day. Please look at the day and the month.")
BAD_NUMBER = N_("Please choose from the list.")
BAD_CHOICE = N_("Please choose from the list.")
BAD_EMAIL = N_("This is not a mail address, e.g. lan.nt@example.gov.vn")


_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2}", re.ASCII)


def day_trouble(text: str) -> str:
    """What is wrong with words that are no day: `31/02/2026` has the right form, `tomorrow` has not."""
    return NO_SUCH_DAY if _DAY.fullmatch(text.strip()) else BAD_DATE


class Text(fields.String):
    """A text as it is stored: NFC, Đ for its lookalike, trimmed; at most `longest` characters."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED, "invalid": BAD_CHARACTER}  # noqa: RUF012

    def __init__(self, *, longest: int = 200, multiline: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.longest = longest
        self.multiline = multiline

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        try:
            text = clean(text, multiline=self.multiline)
        except BadInput as refused:
            raise ValidationError(BAD_CHARACTER) from refused
        if self.required and not text:
            raise ValidationError(REQUIRED)
        if len(text) > self.longest:
            raise ValidationError(TOO_LONG)
        return text


class Secret(fields.String):
    """A password or code: taken as typed, at most 400 characters, never cleaned and never shown again."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED}  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Length(max=400, error=TOO_LONG), **options)


EARLIEST, LATEST = 1900, 2199
"""Years that a date may lie in: at the ends of the calendar there is no day before or after."""


class Day(fields.Date):
    """A date: `2026-11-23` from a date picker or `23/11/2026` as people write it."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED, "invalid": BAD_DATE}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        try:
            day = super()._deserialize(iso_day(str(value)), attr, data, **options)
        except ValidationError as wrong:
            raise ValidationError(day_trouble(str(value))) from wrong
        if not EARLIEST <= day.year <= LATEST:
            raise ValidationError(BAD_DATE)
        return day


class Id(fields.Integer):
    """A key of a row, from a list."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED, "invalid": BAD_NUMBER}  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Range(min=1, max=LARGEST, error=BAD_NUMBER), **options)


class Count(fields.Integer):
    """A version, a year, a page or a place in an order: what PostgreSQL keeps in four bytes."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED, "invalid": BAD_NUMBER}  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        within = validate.Range(min=1, max=LARGEST_COUNT, error=BAD_NUMBER)
        super().__init__(validate=within, **options)


class Choice(fields.Enum[Any]):
    """A word of one of our enumerations."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED, "unknown": BAD_CHOICE}  # noqa: RUF012

    def __init__(self, kind: Any, **options: Any) -> None:
        super().__init__(kind, by_value=True, **options)


class Email(Text):
    """A mail address, checked no further than people mistype it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        name, _at, host = text.partition("@")
        if text and (not name or "." not in host or " " in text or "@" in host):
            raise ValidationError(BAD_EMAIL)
        return text
