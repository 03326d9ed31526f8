"""Outgoing documents: list them, read one, act on one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response
from werkzeug.datastructures import MultiDict

from workflow.domain.outgoing import Action
from workflow.domain.permissions import Permission
from workflow.services.documents import acts, files, numbers
from workflow.store import documents as store
from workflow.web.api.base import ADDRESSES, Blueprint, answer, beginning
from workflow.web.api.document_schemas import ROW, Act, Document, DocumentList, DocumentQuery, Me
from workflow.web.api.reading import document_body
from workflow.web.context import act, current
from workflow.web.guards import allows
from workflow.web.listing import Listing, after, cursor, read_listing
from workflow.web.storage import blobs

bp = Blueprint("documents", __name__, description="Outgoing documents, their states and acts on them")

_PLAIN = ("type", "unit", "signer", "made_of", "medium", "late", "open", "q", "sort")
_DOCUMENT = Document()
_ME = Me()


@bp.route("/me")
@bp.operation("whoAmI")
@bp.response(200, Me)
@allows(Permission.USE_API)
def me() -> Response:
    """Whose token this is, and the post it acts in"""
    here = current()
    post = here.post
    found = {
        "name": here.person.full_name,
        "username": here.person.username,
        "post": post.title,
        "role": str(post.role),
        "unit": {"id": post.unit_id, "name": here.person.unit_name},
        "agency_id": post.agency_id,
    }
    return answer(_ME.dump(found))


@bp.route("/documents")
@bp.operation("listDocuments", HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
@bp.response(200, DocumentList)
@bp.query(DocumentQuery)
@allows(Permission.READ_DOCUMENT)
def index(query: Mapping[str, Any]) -> Response:
    """Documents within reach of the token's post

    A page at a time, by keyset: pass `next` of the answer as `after`.
    """
    here = current()
    listing, limit = _listing(query), query["limit"]
    rows = store.page(
        here.scope,
        here.uow.session,
        wanted=listing.wanted,
        sort=listing.sort,
        after=beginning(query, after(listing.sort, query.get("after", ""))),
        limit=limit,
        columns=ROW,
    )
    shown = rows[:limit]
    return answer(
        {
            "items": shown.drawn(_json, _kept),
            "next": cursor(listing.sort, shown[-1]) if len(rows) > limit else None,
        }
    )


_kept: dict[Any, orjson.Fragment] = {}


def _json(row: Any) -> orjson.Fragment:
    """A row as it goes out, written once for each content."""
    return orjson.Fragment(orjson.dumps(dict(zip(ROW, row, strict=True))))


def _listing(query: Mapping[str, Any]) -> Listing:
    """The same reading of filters as the page of the list."""
    now = current().now
    plain = tuple((name, str(query[name])) for name in _PLAIN if query.get(name))
    states = tuple(("state", str(state)) for state in query["state"])
    return _read((*plain, *states), now) if query["late"] else _read_once((*plain, *states))


def _read(given: tuple[tuple[str, str], ...], now: dt.datetime) -> Listing:
    return read_listing(MultiDict(given), now=now)


@lru_cache(maxsize=ADDRESSES)
def _read_once(given: tuple[tuple[str, str], ...]) -> Listing:
    """What does not ask for overdue ones says the same at any time."""
    return _read(given, dt.datetime.min.replace(tzinfo=dt.UTC))


@bp.route("/documents/<int:document_id>")
@bp.operation("readDocument", HTTPStatus.NOT_FOUND)
@bp.response(200, Document)
@allows(Permission.READ_DOCUMENT)
def show(document_id: int) -> Response:
    """One document: facts, possible actions, history, signatures with their verdicts

    A document out of reach is answered like one that does not exist.
    """
    here = current()
    return answer(_DOCUMENT.dump(document_body(here, store.find(here.scope, here.uow.session, document_id))))


@bp.route("/documents/<int:document_id>/actions", methods=["POST"])
@bp.operation(
    "actOnDocument",
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
@bp.response(200, Document)
@bp.body(Act)
@allows(Permission.ACT_ON_DOCUMENT)
def take(wanted: dict[str, Any], document_id: int) -> Response:
    """Act on a document as it stood at a version

    The answer is the document as it is afterwards. 409: the document moved on, or the action does not exist from
    its state; nothing was done.
    """
    action = Action(wanted["action"])
    _SERVICES.get(action, _plain)(action, document_id, wanted)
    here = current()
    return answer(_DOCUMENT.dump(document_body(here, store.find(here.scope, here.uow.session, document_id))))


def _plain(action: Action, document_id: int, wanted: dict[str, Any]) -> object:
    return act(
        acts.act, current().scope, document_id=document_id, action=action, version=wanted["version"],
        remark=wanted["remark"],
    )  # fmt: skip


def _confirm_format(_action: Action, document_id: int, wanted: dict[str, Any]) -> object:
    return act(
        files.confirm_format, current().scope, document_id=document_id, version=wanted["version"], blobs=blobs(),
        base_url=current().settings.base_url, accepted=wanted["accepted"],
    )  # fmt: skip


def _number(_action: Action, document_id: int, wanted: dict[str, Any]) -> object:
    return act(
        numbers.number, current().scope, document_id=document_id, version=wanted["version"],
        accepted=wanted["accepted"],
    )  # fmt: skip


def _issue(_action: Action, document_id: int, wanted: dict[str, Any]) -> object:
    return act(
        acts.issue, current().scope, document_id=document_id, version=wanted["version"], blobs=blobs(),
        remark=wanted["remark"],
    )  # fmt: skip


_SERVICES: dict[Action, Callable[[Action, int, dict[str, Any]], object]] = {
    Action.CONFIRM_FORMAT: _confirm_format,
    Action.NUMBER: _number,
    Action.ISSUE: _issue,
}
