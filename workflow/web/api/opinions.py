"""Opinions and initials: those of a document, one's own list, an answer."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response
from werkzeug.datastructures import MultiDict

from workflow.domain import opinions as rules
from workflow.domain.errors import NotFound
from workflow.domain.opinions import State
from workflow.domain.outgoing import BEFORE_SIGNING
from workflow.domain.permissions import Permission
from workflow.services.opinions import answering
from workflow.store import documents, opinion_list
from workflow.store import opinions as store
from workflow.store.models import Outgoing
from workflow.store.opinion_list import Stand, present_of, stand_of
from workflow.web import opinion_listing
from workflow.web.api.base import Blueprint, answer, beginning
from workflow.web.api.opinion_schemas import (
    Answer,
    DocumentOpinions,
    OpinionList,
    OpinionOut,
    OpinionQuery,
    OpinionRow,
)
from workflow.web.context import Current, act, current
from workflow.web.guards import allows

bp = Blueprint("opinions_api", __name__, description="Opinions and initials on drafts")

_ROW, _ONE = OpinionRow(), OpinionOut()


@bp.route("/opinions")
@bp.operation("listOpinions", HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
@bp.response(200, OpinionList)
@bp.query(OpinionQuery)
@allows(Permission.READ_DOCUMENT)
def index(query: Mapping[str, Any]) -> Response:
    """Requests for opinions and initials, asked of the token's post or by it

    A page at a time, by keyset: pass `next` of the answer as `after`.
    """
    here, limit = current(), query["limit"]
    given = {**query, "from": query.get("from_"), "late": "1" if query["late"] else ""}
    names = ("side", "state", "kind", "late", "from", "to", "q", "sort")
    plain = [(name, str(given[name])) for name in names if given.get(name)]
    asked, wanted = opinion_listing.read(here, MultiDict(plain))
    place = beginning(query, opinion_listing.after(asked.sort, query.get("after", "")))
    rows = opinion_list.page(
        here.scope, here.uow.session, me=opinion_listing.me(here), wanted=wanted, sort=asked.sort, after=place,
        limit=limit,
    )  # fmt: skip
    more = opinion_listing.cursor(asked.sort, rows[limit - 1]) if len(rows) > limit else None
    return answer({"items": [_ROW.dump(_row(row)) for row in rows[:limit]], "next": more})


def _row(row: Any) -> dict[str, Any]:
    stand, _state = stand_of(row)
    plain = ("id", "kind", "unit", "person", "asker", "asked_at", "due_on")
    shown = {name: getattr(row, name) if row.shown else None for name in ("type_code", "subject", "question")}
    return {
        **{name: getattr(row, name) for name in plain},
        **shown,
        "state": stand,
        "verdict": row.verdict or "",
        "document_id": row.document_id if row.reads else None,
        "answered_at": row.said_at,
        "file": present_of(row) if stand is Stand.WAITING else None,
    }


@bp.route("/opinions/<int:request_id>")
@bp.operation("readOpinion", HTTPStatus.NOT_FOUND)
@bp.response(200, OpinionOut)
@allows(Permission.READ_DOCUMENT)
def show(request_id: int) -> Response:
    """One request with its answers

    A request out of reach is answered like one that does not exist.
    """
    return answer(_ONE.dump(_found(current(), request_id)))


@bp.route("/opinions/<int:request_id>/answers", methods=["POST"])
@bp.operation(
    "answerOpinion",
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
@bp.response(200, OpinionOut)
@bp.body(Answer)
@allows(Permission.GIVE_OPINION)
def give(wanted: dict[str, Any], request_id: int) -> Response:
    """Answer a request, on the text that was read

    The answer is the request as it is afterwards. 409: another file came meanwhile, or it was answered or taken
    back before; nothing was recorded.
    """
    act(answering.answer, current().scope, request_id=request_id, **wanted)
    return answer(_ONE.dump(_found(current(), request_id)))


@bp.route("/documents/<int:document_id>/opinions")
@bp.operation("listDocumentOpinions", HTTPStatus.NOT_FOUND)
@bp.response(200, DocumentOpinions)
@allows(Permission.READ_DOCUMENT)
def of_document(document_id: int) -> Response:
    """Everybody who was asked about a document, and what they said

    A document out of reach is answered like one that does not exist.
    """
    here = current()
    document = documents.find(here.scope, here.uow.session, document_id)
    found = store.of_document(here.uow.session, document_id)
    present = store.present_text(here.uow.session, document_id)
    return answer({"items": [_ONE.dump(_body(here, one, document, present, reads=True)) for one in found]})


def _found(here: Current, request_id: int) -> dict[str, Any]:
    one, document = store.find(here.scope, here.uow.session, request_id)
    present = store.present_text(here.uow.session, document.id)
    try:
        documents.find(here.scope, here.uow.session, document.id)
        reads = True
    except NotFound:
        reads = False
    return _body(here, one, document, present, reads=reads)


def _body(
    here: Current, one: store.Asked, document: Outgoing, present: str | None, *, reads: bool
) -> dict[str, Any]:
    row, state, last = one.row, one.state(present), one.said[-1].row if one.said else None
    in_time = document.state in {str(each) for each in BEFORE_SIGNING}
    stand = _stand(state, in_time=in_time)
    shown = reads or (row.withdrawn_at is None and (in_time or last is not None))
    needed = {rules.ASKED_OF_ME, rules.BEFORE_SIGNATURE}
    mine = here.may(Permission.GIVE_OPINION) and needed <= answering.facts_of(here.actor, row, document)
    plain = ("id", "kind", "asked_at", "due_on", "withdrawn_at", "withdrawn_reason")
    return {
        **{name: getattr(row, name) for name in plain},
        "state": stand,
        "verdict": last.verdict if last else "",
        "document_id": document.id if reads else None,
        "type_code": document.type_code if shown else None,
        "subject": document.subject if shown else None,
        "question": row.question if shown else None,
        "unit": one.unit or None,
        "person": one.person or None,
        "asker": one.asker,
        "answered_at": last.at if last else None,
        "file": present if stand is Stand.WAITING else None,
        "answers": [_said(said, present) for said in one.said],
        "may_answer": stand is Stand.WAITING and mine,
    }


def _stand(state: State, *, in_time: bool) -> Stand:
    if state in {State.ANSWERED, State.WITHDRAWN}:
        return Stand(str(state))
    return Stand.WAITING if in_time else Stand.LAPSED


def _said(said: store.Said, present: str | None) -> dict[str, Any]:
    row = said.row
    plain = {name: getattr(row, name) for name in ("at", "verdict", "words")}
    return {
        **plain,
        "by": {"id": row.person_id, "name": said.name},
        "in_place_of": said.in_place_of,
        "file": row.text,
        "present": row.text == present,
    }
