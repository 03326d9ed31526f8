"""Incoming documents: list them, read one."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response
from werkzeug.datastructures import MultiDict

from workflow.domain.exchange import Status
from workflow.domain.permissions import Permission
from workflow.services.calendar import working_calendar
from workflow.services.incoming.moves import possible_actions
from workflow.store import exchange
from workflow.store import incoming as one
from workflow.store import incoming_choices as choices
from workflow.store import incoming_list as store
from workflow.store.models import Incoming, Person, Unit
from workflow.web import correction_view
from workflow.web.api.base import Blueprint, answer, beginning
from workflow.web.api.incoming_schemas import INCOMING_ROW, IncomingList, IncomingOut, IncomingQuery
from workflow.web.api.reading import told
from workflow.web.context import Current, current
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.incoming_listing import PLAIN, Listing, after, cursor, read_listing
from workflow.web.incoming_offers import DONE_ELSEWHERE, WHY_NOT

bp = Blueprint("incoming_api", __name__, description="Incoming documents and where they are")

_DOCUMENT = IncomingOut()
_NAMES = {"unit_name", "handler"}
"""Columns of a row that another table holds."""


@bp.route("/incoming")
@bp.operation("listIncoming", HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
@bp.response(200, IncomingList)
@bp.query(IncomingQuery)
@allows(Permission.READ_INCOMING)
def index(query: Mapping[str, Any]) -> Response:
    """Incoming documents within reach of the token's post

    A page at a time, by keyset: pass `next` of the answer as `after`.
    """
    here = current()
    listing, limit = _listing(here, query), query["limit"]
    rows = store.page(
        here.scope,
        here.uow.session,
        wanted=listing.wanted,
        sort=listing.sort,
        after=beginning(query, after(listing.sort, query.get("after", ""))),
        limit=limit,
        columns=INCOMING_ROW,
    )
    shown = rows[:limit]
    more = cursor(listing.sort, shown[-1]) if len(rows) > limit else None
    return answer({"items": shown.drawn(_json, _kept), "next": more})


_kept: dict[Any, orjson.Fragment] = {}


def _json(row: Any) -> orjson.Fragment:
    """A row as it goes out, written once for each content."""
    return orjson.Fragment(orjson.dumps(dict(zip(INCOMING_ROW, row, strict=True))))


def _listing(here: Current, query: Mapping[str, Any]) -> Listing:
    """The same reading of filters as the page of the list."""
    given = {**query, "from": query.get("from_"), "open": "1" if query["open"] else ""}
    plain = [(name, str(given[name])) for name in (*PLAIN, "sort") if given.get(name) not in {None, ""}]
    states = [("state", str(state)) for state in query["state"]]
    return read_listing(MultiDict([*plain, *states]), now=here.now, calendar=working_calendar(here.uow))


@bp.route("/incoming/<int:incoming_id>")
@bp.operation("readIncoming", HTTPStatus.NOT_FOUND)
@bp.response(200, IncomingOut)
@allows(Permission.READ_INCOMING)
def show(incoming_id: int) -> Response:
    """One incoming document: facts, recipients, possible actions, history

    A document out of reach is answered like one that does not exist.
    """
    here = current()
    return answer(_DOCUMENT.dump(_body(here, one.find(here.scope, here.uow.session, incoming_id))))


def _body(here: Current, document: Incoming) -> dict[str, Any]:
    session = here.uow.session
    plain = [name for name in _DOCUMENT.fields if hasattr(document, name) and name not in _NAMES]
    lead = session.get(Unit, document.lead_unit_id) if document.lead_unit_id else None
    handler = _person(here, document.handler_id)
    return {
        **{name: getattr(document, name) for name in plain},
        "unit_name": lead.name if lead else None,
        "handler": handler["name"] if handler else None,
        "leader": _person(here, document.leader_id),
        "holder": _person(here, document.holder_id),
        **told(correction_view.of_incoming(here, document)),
        "recall": _recall(here, document),
        "parts": _parts(here, document),
        "actions": _actions(here, document),
        "history": [
            {
                "at": line.at, "action": line.action, "source": line.from_state, "target": line.to_state,
                "by": name, "remark": line.remark, "held_by": line.held_by, "held_minutes": line.held_minutes,
            }
            for line, name in one.history_of(session, document.id)
        ],
    }  # fmt: skip


_ANSWERS = {Status.RECALL_ASKED: "open", Status.RECALL_AGREED: "agreed", Status.RECALL_REFUSED: "refused"}


def _recall(here: Current, document: Incoming) -> dict[str, Any] | None:
    """Replaced documents travel back too; what they are is said by `corrected_by`."""
    said = exchange.recall_of(here.scope, here.uow.session, document.id)
    if not said:
        return None
    asked = [line for line in said if line.code == Status.RECALL_ASKED]
    last = said[-1]
    answered = last.code != Status.RECALL_ASKED
    return {
        "recalled_at": asked[0].at, "reason": asked[-1].reason, "answer": _ANSWERS[Status(last.code)],
        "answered_at": last.at if answered else None, "words": last.reason if answered else "",
    }  # fmt: skip


def _person(here: Current, person_id: int | None) -> dict[str, Any] | None:
    found = here.uow.session.get(Person, person_id) if person_id is not None else None
    return None if found is None else {"id": found.id, "name": found.full_name}


def _parts(here: Current, document: Incoming) -> list[dict[str, Any]]:
    columns = ("part", "state", "words", "due_at", "read_at", "ended_at", "result_words")
    return [
        {
            **{name: getattr(part, name) for name in columns},
            "unit": {"id": part.unit_id, "name": unit},
            "person": {"id": part.person_id, "name": person} if part.person_id is not None else None,
        }
        for part, unit, person, _reader in choices.parts_with_names(here.uow.session, document.id)
    ]


def _actions(here: Current, document: Incoming) -> list[dict[str, Any]]:
    """What the acting post may do from here, each action once; none is taken here, so `here` is false."""
    made: dict[str, dict[str, Any]] = {}
    for step, missing in possible_actions(here.uow, here.actor, document):
        known = made.get(step.action)
        if step.action not in DONE_ELSEWHERE and (known is None or not known["possible"]):
            made[step.action] = {
                "action": str(step.action), "possible": not missing, "missing": missing,
                "why_not": _(WHY_NOT[missing]) if missing else "", "reason_needed": step.reason, "here": False,
            }  # fmt: skip
    return list(made.values())
