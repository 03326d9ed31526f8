"""Outgoing documents in the API: rows, one document whole, an act on it, and whose token asks."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from workflow.domain.attachments import Kind as AttachmentKind
from workflow.domain.mandates import Basis as Right
from workflow.domain.outgoing import Action, Medium, State, Urgency
from workflow.domain.people import Capacity, Role
from workflow.domain.proofs import Proof
from workflow.services.authority import Entitled
from workflow.services.documents.acts import PLAIN
from workflow.store.documents import SORTS
from workflow.web.api.schemas import MOST, Key, Named, Words, after, flag, out, word
from workflow.web.schemas.fields import Choice, Id

TAKEN = tuple(sorted(PLAIN | {Action.CONFIRM_FORMAT, Action.NUMBER}))
"""Actions that need neither a file nor a key."""


class DocumentQuery(Schema):
    """Filters, as on the page of the list."""

    state = fields.List(Choice(State), load_default=list)
    type = Words(longest=20)
    unit = Id()
    signer = Id()
    made_of = Id(metadata={"description": "Only what a table made of this draft."})
    medium = Choice(Medium)
    late = flag("Only what is past its clock.")
    open = flag("Only what still waits for somebody.")
    q = Words(
        longest=200,
        metadata={"description": "Digits are a number, a text with a slash a symbol, else words of the subject."},
    )  # fmt: skip
    sort = fields.String(validate=validate.OneOf(SORTS), load_default="newest")
    after = after()
    limit = fields.Integer(validate=validate.Range(min=1, max=MOST), load_default=50)


class DocumentRow(Schema):
    """A document in a list."""

    id = out(fields.Integer)
    version = out(fields.Integer)
    state = word(State)
    symbol = out(fields.String)
    number = out(fields.Integer, empty=True)
    type_code = out(fields.String)
    subject = out(fields.String)
    urgency = word(Urgency)
    secret = out(fields.Boolean)
    medium = word(Medium)
    state_since = out(fields.AwareDateTime)
    step_due_at = out(fields.AwareDateTime, empty=True)
    issued_at = out(fields.AwareDateTime, empty=True)
    leader_verdict = word(("passed", "indeterminate", "failed"), blank=True)
    seal_verdict = word(("passed", "indeterminate", "failed"), blank=True)
    unit_name = out(fields.String)
    signer = out(fields.String, empty=True)


ROW = tuple(DocumentRow().fields)
"""The columns of a row, in order."""


class DocumentList(Schema):
    """A page of a list."""

    items = fields.List(fields.Nested(DocumentRow), required=True)
    next = out(fields.String, empty=True)


class Possible(Schema):
    """An action of this post from this state. `missing` names what keeps it from being taken, `why_not` says it."""

    action = word(Action)
    possible = out(fields.Boolean)
    missing = out(fields.String)
    why_not = out(fields.String)
    reason_needed = out(fields.Boolean)
    here = fields.Boolean(
        required=True, metadata={"description": "Whether this API takes it; the others need a file or a key."}
    )


class HistoryLine(Schema):
    """What happened, oldest first. `by` is null for the machine; the first line comes from nowhere."""

    at = out(fields.AwareDateTime)
    action = word(Action)
    source = word(State, blank=True)
    target = word(State)
    by = out(fields.String, empty=True)
    remark = out(fields.String)
    held_minutes = out(fields.Integer)


class Verdict(Schema):
    """The latest verdict of a signature. An indeterminate one is neither yes nor no."""

    at = out(fields.AwareDateTime)
    conclusion = word(("passed", "indeterminate", "failed"))
    reason = out(fields.String)
    reasons = fields.List(fields.String(), required=True)
    facets = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class Authority(Schema):
    """Was this person entitled to sign on that day? Told by what was stored at signing, not by today's posts."""

    entitled = word(Entitled)
    day = out(fields.Date)
    kept = out(fields.Boolean)
    basis = word(Right, blank=True)
    mandate = out(fields.Integer, empty=True)
    legal_basis = out(fields.String)
    reasons = fields.List(fields.String(), required=True)


class SignatureOut(Schema):
    """A signature that was embedded, withdrawn ones too."""

    purpose = word(("leader", "cosigner", "initials", "number", "seal"))
    by = out(fields.String)
    capacity = word(Capacity, blank=True)
    received_at = out(fields.AwareDateTime)
    withdrawn_at = out(fields.AwareDateTime, empty=True)
    authority = fields.Nested(Authority, required=True, allow_none=True)
    verdict = fields.Nested(Verdict, required=True, allow_none=True)


class ProofOut(Schema):
    """How far an issued file is proven by itself: `stamped` by somebody else's clock, `lasting` with its evidence.

    `until`: when the last timestamp ends; `renewals`: how often it was stamped again before. `reason`: why the last
    try came to nothing; `next_at`: when there is another one, null where none is left to do.
    """

    state = word(Proof)
    stamped_at = out(fields.AwareDateTime, empty=True)
    lasting_at = out(fields.AwareDateTime, empty=True)
    renewals = out(fields.Integer)
    renewed_at = out(fields.AwareDateTime, empty=True)
    authority = out(fields.String)
    until = out(fields.AwareDateTime, empty=True)
    reason = out(fields.String)
    next_at = out(fields.AwareDateTime, empty=True)


PROOF = {"description": "Null before the document is issued, and of what bears no digital signature."}


class AttachmentOut(Schema):
    """A file of its own that goes with a document. A spreadsheet bears no seal.

    `sha256` is that of the file that goes out, `read_sha256` of the one that the signer was shown.
    """

    id = out(fields.Integer)
    place = out(fields.Integer)
    name = out(fields.String)
    kind = word(AttachmentKind)
    media_type = out(fields.String)
    pages = out(fields.Integer)
    sha256 = out(fields.String)
    read_sha256 = out(fields.String)
    sealed_at = out(fields.AwareDateTime, empty=True)
    verdict = fields.Nested(Verdict, required=True, allow_none=True)
    proof = fields.Nested(ProofOut, required=True, allow_none=True, metadata=PROOF)


class CorrectionOut(Schema):
    """Another document that this one corrects, amends or replaces, or that does so to it (Decree 30/2020, 18.3).

    `id` is null where the other document does not lie within reach; of secret ones no reason is told.
    """

    kind = word(("correct", "amend", "replace"))
    id = out(fields.Integer, empty=True)
    symbol = out(fields.String)
    date = out(fields.Date, empty=True)
    reason = out(fields.String)


class GoneOut(Schema):
    """Since when an issued document is not to be used any more: its issuer recalled it, whatever its receivers
    answered, or replaced it."""

    kind = word(("replace", "recall"))
    at = out(fields.AwareDateTime)


class SpreadOut(Schema):
    """The other end, where one approved draft became many documents: `line` is the row of the table that did it."""

    id = out(fields.Integer)
    code = out(fields.String)
    symbol = out(fields.String)
    state = word(State)
    line = out(fields.Integer)


class Document(Schema):
    """One document with everything a program needs to decide what to do with it."""

    id = out(fields.Integer)
    code = out(fields.String)
    version = out(fields.Integer)
    state = word(State)
    state_since = out(fields.AwareDateTime)
    type_code = out(fields.String)
    subject = out(fields.String)
    recipients = out(fields.String)
    urgency = word(Urgency)
    secret = out(fields.Boolean)
    medium = word(Medium)
    symbol = out(fields.String)
    number = out(fields.Integer, empty=True)
    year = out(fields.Integer, empty=True)
    agency = fields.Nested(Named, required=True)
    unit = fields.Nested(Named, required=True)
    drafter = fields.Nested(Named, required=True)
    signer = fields.Nested(Named, required=True, allow_none=True)
    holder = fields.Nested(Named, required=True, allow_none=True)
    capacity = word(Capacity)
    due_at = out(fields.AwareDateTime, empty=True)
    step_due_at = out(fields.AwareDateTime, empty=True)
    created_at = out(fields.AwareDateTime)
    signed_at = out(fields.AwareDateTime, empty=True)
    numbered_at = out(fields.AwareDateTime, empty=True)
    sealed_at = out(fields.AwareDateTime, empty=True)
    issued_at = out(fields.AwareDateTime, empty=True)
    closed_at = out(fields.AwareDateTime, empty=True)
    exempt_reason = out(fields.String)
    exempt_by_id = out(fields.Integer, empty=True)
    file_sha256 = out(fields.String, empty=True)
    proof = fields.Nested(ProofOut, required=True, allow_none=True, metadata=PROOF)
    pages = out(fields.Integer)
    attachments = fields.List(fields.Nested(AttachmentOut), required=True)
    corrected_by = fields.List(fields.Nested(CorrectionOut), required=True)
    corrects = fields.Nested(CorrectionOut, required=True, allow_none=True)
    gone = fields.Nested(GoneOut, required=True, allow_none=True)
    made_of = fields.Nested(
        SpreadOut, required=True, allow_none=True,
        metadata={"description": "The draft that a table made it of; null where that is out of reach."},
    )  # fmt: skip
    made = fields.List(
        fields.Nested(SpreadOut), required=True,
        metadata={
            "description": f"Documents within reach that a table made of this draft, {MOST} at most; the list with "
            "`made_of` has all of them."
        },
    )  # fmt: skip
    made_count = out(fields.Integer)
    actions = fields.List(fields.Nested(Possible), required=True)
    history = fields.List(fields.Nested(HistoryLine), required=True)
    signatures = fields.List(fields.Nested(SignatureOut), required=True)


class Act(Schema):
    """An act on the document as it stood at `version`; a moved version is a conflict and nothing is done."""

    action = fields.String(required=True, validate=validate.OneOf([str(one) for one in TAKEN]))
    version = Key(required=True)
    remark = Words(longest=2000, multiline=True, load_default="")
    accepted = fields.Boolean(
        load_default=False,
        metadata={
            "description": "For `confirm_format` and `number`: typed words that differ from the register or the "
            "signer were compared and stay as typed. Without it they are refused with `typed_differs`."
        },
    )


class Me(Schema):
    """Whose token this is, and the post it acts in."""

    name = out(fields.String)
    username = out(fields.String)
    post = out(fields.String)
    role = word(Role)
    unit = fields.Nested(Named, required=True)
    agency_id = out(fields.Integer)
