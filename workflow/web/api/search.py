"""Search over incoming and outgoing documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from workflow.domain import incoming, outgoing
from workflow.domain.corrections import Kind
from workflow.domain.errors import NotFound
from workflow.domain.permissions import Permission
from workflow.services import search as service
from workflow.store.search import IN, OUT, Narrowed
from workflow.web.api.base import Blueprint, answer
from workflow.web.api.schemas import MOST, Words, after, out, word
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.row_keys import LARGEST
from workflow.web.search_rows import around, marks_of
from workflow.web.views.search import kinds

bp = Blueprint("found", __name__, description="Full-text search within reach of the token's post")

KINDS = (IN, OUT)
_STATES = tuple(dict.fromkeys([*map(str, outgoing.State), *map(str, incoming.State)]))


class SearchQuery(Schema):
    """Words and filters, as on the page of search. Days are inclusive."""

    q = Words(
        longest=200,
        load_default="",
        metadata={"description": 'With accents exact words, without any accents; "in quotes" side by side.'},
    )
    kind = fields.String(validate=validate.OneOf(KINDS))
    type = Words(longest=20)
    since = fields.Date()
    until = fields.Date()
    after = after()
    limit = fields.Integer(validate=validate.Range(min=1, max=MOST), load_default=25)


class Hit(Schema):
    """A piece of text; `hit`: it is what was looked for."""

    text = out(fields.String)
    hit = out(fields.Boolean)


class FoundRow(Schema):
    """A document that was found. `id` is that of its kind; `marks`: what became of it since it was
    issued; `words`: the place where the words stand in it;
    `attachment`: the name of the attachment that they stand in, empty for the document itself."""

    kind = word(KINDS)
    id = out(fields.Integer)
    symbol = out(fields.String)
    arrival_number = out(fields.Integer, empty=True)
    type_code = out(fields.String)
    subject = out(fields.String)
    party = out(fields.String)
    day = out(fields.Date)
    state = word(_STATES)
    urgency = word(outgoing.Urgency)
    secret = out(fields.Boolean)
    marks = fields.List(word(tuple(map(str, Kind))), required=True)
    words = fields.List(fields.Nested(Hit), required=True)
    attachment = out(fields.String)


class Found(Schema):
    """A page of results, the newest first. `loose`: nothing is written exactly like this; accents were let go."""

    items = fields.List(fields.Nested(FoundRow), required=True)
    loose = out(fields.Boolean)
    next = out(fields.String, empty=True)


_FOUND = Found()
_PLAIN = ("kind", "symbol", "arrival_number", "type_code", "subject", "party", "day", "state", "urgency", "secret")


@bp.route("/search")
@bp.operation("searchDocuments", HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
@bp.response(200, Found)
@bp.query(SearchQuery)
@allows(Permission.READ_DOCUMENT)
def search(query: Mapping[str, Any]) -> Response:
    """Documents that hold these words, within reach of the token's post

    A page at a time, by keyset: pass `next` of the answer as `after`.
    """
    here, limit = current(), query["limit"]
    wanted = (query["kind"],) if query.get("kind") else KINDS
    narrowed = Narrowed(
        kinds=tuple(kind for kind in kinds() if kind in wanted), type_code=query.get("type", ""),
        since=query.get("since"), until=query.get("until"),
    )  # fmt: skip
    key, way = _beginning(query.get("after", ""))
    found = service.search(
        here.uow, here.scope, query["q"], narrowed=narrowed, after=key, limit=limit, way=way
    )  # fmt: skip
    if found is None:
        return answer(_FOUND.dump({"items": [], "loose": False, "next": None}))
    rows = found.rows[:limit]
    told = marks_of(here.scope, here.uow.session, rows)
    items = [_item(row, found, told.get((row.kind, row.document_id), ())) for row in rows]
    going_on = f"{rows[-1].id}-{found.way}" if len(found.rows) > limit else None
    return answer(_FOUND.dump({"items": items, "loose": found.way > 0 and bool(items), "next": going_on}))


def _item(row: Any, found: service.Answer, marks: Sequence[Kind]) -> dict[str, Any]:
    attachment, words = around(row, found.asked)
    return {
        **{name: getattr(row, name) for name in _PLAIN},
        "id": row.document_id,
        "marks": list(marks),
        "words": [{"text": text, "hit": hit} for text, hit in words],
        "attachment": attachment,
    }


def _beginning(text: str) -> tuple[int | None, int | None]:
    """Read `after`; a damaged one is no place."""
    if not text:
        return None, None
    key, _dash, way = text.partition("-")
    if not (key.isascii() and key.isdigit() and 0 < int(key) <= LARGEST and way in {"0", "1"}):
        raise NotFound("cursor_unreadable")
    return int(key), int(way)
