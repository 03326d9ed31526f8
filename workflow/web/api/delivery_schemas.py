"""Where a document went, in the API: agencies of this installation, copies outside it, units inside the agency."""

from __future__ import annotations

from marshmallow import Schema, fields

from workflow.domain.dispatch import Channel, DispatchState, Recall, Seen, Unsent
from workflow.domain.exchange import Status
from workflow.web.api.schemas import Named, out, word


class AcknowledgementOut(Schema):
    """What a receiving agency said, by its code of QCVN 102."""

    code = word(Status)
    at = out(fields.AwareDateTime)
    reason = out(fields.String)


class DeliveryOut(Schema):
    """An agency of this installation that has the document. `statuses`: all that was said, oldest first."""

    agency = fields.Nested(Named, required=True)
    status = word(Status)
    since = out(fields.AwareDateTime)
    statuses = fields.List(fields.Nested(AcknowledgementOut), required=True)


class DispatchOut(Schema):
    """A copy that leaves by post, by hand or by mail, as the clerk wrote it down. `proposed_channel`, `address`,
    `email`: what the catalogue of outside offices knew at the issue. `unsent`: why a copy that did not leave yet is
    not sent any more. `recall`: where a recall stands with a copy that left; `told_on`, `told_how`, `back_on`: when
    and how its recipient was told, when it came back."""

    id = out(fields.Integer)
    name = out(fields.String)
    state = word(DispatchState)
    unsent = word(Unsent, blank=True)
    channel = word(Channel, blank=True)
    sent_on = out(fields.Date, empty=True)
    tracking = out(fields.String)
    received_on = out(fields.Date, empty=True)
    receipt = out(fields.String)
    note = out(fields.String)
    proposed_channel = word(Channel, blank=True)
    address = out(fields.String)
    email = out(fields.String)
    recall = word(Recall, blank=True)
    recalled_at = out(fields.AwareDateTime, empty=True)
    told_on = out(fields.Date, empty=True)
    told_how = out(fields.String)
    back_on = out(fields.Date, empty=True)


class UnitCopyOut(Schema):
    """A unit of the sender's own agency. Null `given_at`: not issued yet, or the unit was dissolved before.
    `recalled_at`: when the sender took it back; `seen_at` says still whether the unit had seen it."""

    unit = fields.Nested(Named, required=True)
    state = word(Seen)
    given_at = out(fields.AwareDateTime, empty=True)
    seen_at = out(fields.AwareDateTime, empty=True)
    seen_by = out(fields.String, empty=True)
    recalled_at = out(fields.AwareDateTime, empty=True)


class Deliveries(Schema):
    """Where a document went: through the system, outside it, inside the agency."""

    document_id = out(fields.Integer)
    delivered = fields.List(fields.Nested(DeliveryOut), required=True)
    dispatched = fields.List(fields.Nested(DispatchOut), required=True)
    inside = fields.List(fields.Nested(UnitCopyOut), required=True)
