"""Forms of the exchange."""

from __future__ import annotations

from collections.abc import Sequence

from marshmallow import Schema, fields, validate

from workflow.web.schemas.fields import BAD_CHOICE, Day, Text

MOST = 2000
"""Keys that one form can bring; the service knows how many recipients make sense."""


class Reason(Schema):
    """Why something is taken back. Its length and that it is there are the service's to say: nothing is lost."""

    reason = Text(longest=4000, multiline=True, load_default="")


def chosen_keys(given: Sequence[str]) -> tuple[tuple[int, ...], str]:
    """Ticked agencies in rising order, each once; and what is wrong with the list, as a message id."""
    if len(given) > MOST or not all(key.isascii() and key.isdecimal() and len(key) < 16 for key in given):
        return (), BAD_CHOICE
    return tuple(sorted({int(key) for key in given})), ""


class ExtensionAnswer(Schema):
    """Yes or no to a request for more time; the day may be another than the one that was asked for."""

    answer = fields.String(
        required=True, validate=validate.OneOf(("grant", "refuse"), error=BAD_CHOICE),
        error_messages={"required": BAD_CHOICE},
    )  # fmt: skip
    until = Day(load_default=None)
    remark = Text(longest=4000, multiline=True, load_default="")
