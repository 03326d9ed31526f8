"""Forms of what is believed. Purposes and agencies, several of one name, come beside the schemas."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from signing import SignatureKind
from signing.path.sunsets import NAMES
from workflow.web.schemas.fields import BAD_CHOICE, REQUIRED, Day, Text


class RootWishes(Schema):
    """What is to be believed of a root, and why."""

    label = Text(longest=200, required=True)
    kind = fields.String(
        load_default="unknown", validate=validate.OneOf([*SignatureKind, "demo"], error=BAD_CHOICE)
    )
    trusted_until = Day(load_default=None)
    reason = Text(longest=500, required=True)


class NewRoot(RootWishes):
    """A root to add, beside its file."""

    fingerprint = Text(longest=200, required=True)


class WhyOnly(Schema):
    """A reason."""

    reason = Text(longest=500, required=True)


class Typed(Schema):
    """The fingerprint once more; empty where none is asked for."""

    fingerprint = Text(longest=200, load_default="")


class PolicyChoice(Schema):
    """How strictly signatures are judged, and why that changes."""

    name = fields.String(
        required=True,
        validate=validate.OneOf(["daily", "strict"], error=BAD_CHOICE),
        error_messages={"required": REQUIRED},
    )
    reason = Text(longest=500, required=True)


class NewSunset(Schema):
    """The day on which an algorithm ends, and what that rests on."""

    algorithm = fields.String(
        required=True,
        validate=validate.OneOf(NAMES, error=BAD_CHOICE),
        error_messages={"required": REQUIRED},
    )
    until = Day(required=True)
    source = Text(longest=300, required=True)
    reason = Text(longest=500, required=True)
