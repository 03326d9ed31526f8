"""The answer about a checked file: the object of `python -m signing verify --json`, and what was known here."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from signing import Conclusion
from workflow.domain.corrections import Kind
from workflow.services.checking import Standing


class ChangeOut(Schema):
    """Something that came after a signature; a later signature has a `field` and who made it (`by`)."""

    revision = fields.Integer(required=True)
    code = fields.String(required=True)
    field = fields.String(required=True)
    by = fields.String(required=True)


class CheckedSignature(Schema):
    """One signature, each facet apart. `signer` is empty where nobody is known; personal numbers are masked."""

    field = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["approval", "certification", "timestamp"]))
    verdict = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    reasons = fields.List(fields.String(), required=True)
    integrity = fields.String(required=True)
    coverage = fields.String(required=True)
    changes_after = fields.String(required=True)
    changes_permitted = fields.Boolean(required=True)
    changes = fields.List(fields.Nested(ChangeOut), required=True)
    algorithms = fields.String(required=True)
    path = fields.String(required=True)
    revocation = fields.String(required=True)
    revocation_time = fields.String(required=True, allow_none=True)
    signing_time = fields.String(required=True, allow_none=True)
    time_source = fields.String(
        required=True, validate=validate.OneOf(["timestamp", "anchored_receipt", "claimed"])
    )
    signature_kind = fields.String(required=True)
    signer = fields.Dict(keys=fields.String(), required=True)
    indication = fields.String(required=True)
    sub_indication = fields.String(required=True, allow_none=True)


class Revision(Schema):
    """A saved state: the first `end` bytes of the file."""

    number = fields.Integer(required=True)
    end = fields.Integer(required=True)


class PaperMark(Schema):
    """What became of the paper since. Of a recall, and of what replaced it where that is secret, no `symbol`."""

    kind = fields.String(required=True, validate=validate.OneOf([str(one) for one in Kind]))
    day = fields.String(required=True, allow_none=True)
    symbol = fields.String(required=True, allow_none=True)


class KnownPaper(Schema):
    """Our own document behind the bytes; one that is not issued is not named. `original`: of a certified copy, what
    it is a copy of, in words."""

    standing = fields.String(required=True, validate=validate.OneOf([str(one) for one in Standing]))
    code = fields.String(required=True, allow_none=True)
    symbol = fields.String(required=True, allow_none=True)
    agency = fields.String(required=True, allow_none=True)
    issued_at = fields.String(required=True, allow_none=True)
    marks = fields.List(fields.Nested(PaperMark), required=True)
    original = fields.String(required=True, allow_none=True)


class CheckResult(Schema):
    """The whole answer. `verdict` is the worst of all; `basis`: which reading of the file decided."""

    file = fields.String(required=True)
    verdict = fields.String(required=True, validate=validate.OneOf([str(one) for one in Conclusion]))
    reason = fields.String(required=True, allow_none=True)
    signatures = fields.List(fields.Nested(CheckedSignature), required=True)
    reasons = fields.List(fields.String(), required=True)
    detail = fields.String(required=True)
    basis = fields.String(required=True)
    checked_at = fields.String(required=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    trust_digest = fields.String(required=True)
    policy = fields.String(required=True)
    revisions = fields.List(fields.Nested(Revision), required=True)
    paper = fields.Nested(KnownPaper, required=True, allow_none=True)
