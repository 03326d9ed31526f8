"""What comes out of the API about dossiers: shapes, which are also their description."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from workflow.domain.dossiers import Kind, State
from workflow.domain.retention import PERMANENT, HandOverTerm
from workflow.store.dossier_list import SORTS
from workflow.web.api.schemas import MOST, Named, Words, after, out, word
from workflow.web.dossier_listing import DUES
from workflow.web.schemas.fields import Choice, Id

_SORTS = tuple(name for name in SORTS if name != "title")
"""A cursor of ours is short; a title is not."""
RETENTION = f"Years; {PERMANENT} is permanent."


class DossierQuery(Schema):
    """Filters, as on the page of the list."""

    state = fields.List(Choice(State), load_default=list)
    year = fields.Integer(validate=validate.Range(min=1900, max=2199))
    unit = Id()
    maker = Id()
    years = fields.Integer(
        validate=validate.Range(min=1, max=PERMANENT),
        metadata={"description": RETENTION},
    )
    due = fields.String(
        validate=validate.OneOf(tuple(DUES)),
        metadata={"description": "`late`, or to be handed to the archive within so many days."},
    )
    q = Words(longest=200, metadata={"description": "A number like `01.TCCB`, else words of the title."})
    sort = fields.String(validate=validate.OneOf(_SORTS), load_default="newest")
    after = after()
    limit = fields.Integer(validate=validate.Range(min=1, max=MOST), load_default=50)


class DossierRow(Schema):
    """A dossier in a list. Documents that the token's post does not reach are not counted."""

    id = out(fields.Integer)
    code = out(fields.String)
    notation = out(fields.String)
    year = out(fields.Integer)
    title = out(fields.String)
    state = word(State)
    unit = fields.Nested(Named, required=True)
    maker = fields.Nested(Named, required=True)
    years = fields.Integer(required=True, metadata={"description": RETENTION})
    term = word(HandOverTerm)
    started_on = out(fields.Date)
    ended_on = out(fields.Date, empty=True)
    due_on = out(fields.Date, empty=True)
    documents = out(fields.Integer)


class DossierList(Schema):
    """One page of a list; `next` is null at its end."""

    items = fields.List(fields.Nested(DossierRow), required=True)
    next = out(fields.String, empty=True)


class DossierDocumentOut(Schema):
    """A document in a dossier, in its place."""

    kind = word(Kind)
    id = out(fields.Integer)
    symbol = out(fields.String)
    type_code = out(fields.String)
    subject = out(fields.String)
    author = out(fields.String)
    day = out(fields.Date, empty=True)
    pages = out(fields.Integer)
    state = out(fields.String)
    note = out(fields.String)


class DossierOut(DossierRow):
    """One dossier with the documents that the token's post reaches, in order."""

    description = out(fields.String)
    outside_reason = out(fields.String)
    consent = out(fields.String)
    kept_through = out(fields.Date, empty=True)
    files = fields.List(fields.Nested(DossierDocumentOut), required=True)
