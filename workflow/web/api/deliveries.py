"""Where an issued document is: what the system delivered, what left otherwise, what own units got."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response

from workflow.domain.dispatch import DispatchState, Seen
from workflow.domain.permissions import Permission
from workflow.services.exchange import recall_outside
from workflow.store import deliveries, documents, exchange, unit_copies
from workflow.store.fates import fates
from workflow.store.models import Dispatch
from workflow.web.api.base import Blueprint, answer
from workflow.web.api.delivery_schemas import Deliveries
from workflow.web.context import Current, current
from workflow.web.fate_words import UNSENT
from workflow.web.guards import allows

bp = Blueprint("deliveries", __name__, description="Where issued documents are")

_DELIVERIES = Deliveries()
_COLUMNS = (
    "id", "name", "state", "channel", "sent_on", "tracking", "received_on", "receipt", "note", "address", "email",
    "recalled_at", "told_on", "told_how", "back_on",
)  # fmt: skip


@bp.route("/documents/<int:document_id>/deliveries")
@bp.operation("readDeliveries", HTTPStatus.NOT_FOUND)
@bp.response(200, Deliveries)
@allows(Permission.READ_DOCUMENT)
def show(document_id: int) -> Response:
    """Every recipient of a document within reach, with what became of its copy

    A document out of reach is answered like one that does not exist; before the issue nothing was delivered.
    """
    here = current()
    document = documents.find(here.scope, here.uow.session, document_id)
    found = {
        "document_id": document.id,
        "delivered": _delivered(here, document.id),
        "dispatched": _dispatched(here, document.id),
        "inside": _inside(here, document.id),
    }
    return answer(_DELIVERIES.dump(found))


def _delivered(here: Current, document_id: int) -> list[dict[str, Any]]:
    said: dict[int, list[dict[str, Any]]] = {}
    for line in exchange.statuses_of(here.scope, here.uow.session, document_id):
        said.setdefault(line.delivery_id, []).append({"code": line.code, "at": line.at, "reason": line.reason})
    return [
        {
            "agency": {"id": row.agency_id, "name": name}, "status": row.status, "since": row.status_at,
            "statuses": said.get(row.id, []),
        }
        for row, name in exchange.deliveries_of(here.scope, here.uow.session, document_id)
    ]  # fmt: skip


def _dispatched(here: Current, document_id: int) -> list[dict[str, Any]]:
    fate = fates(here.scope, here.uow.session, [document_id]).get(document_id)
    gone = str(UNSENT[fate.kind]) if fate is not None else ""
    return [_copy(row, gone) for row in deliveries.dispatches_of(here.scope, here.uow.session, document_id)]


def _copy(row: Dispatch, gone: str) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in _COLUMNS}
    unsent = gone if row.state == DispatchState.TO_SEND else ""
    return own | {
        "proposed_channel": row.wanted_channel,
        "unsent": unsent,
        "recall": recall_outside.stand(row) or "",
    }


def _inside(here: Current, document_id: int) -> list[dict[str, Any]]:
    return [
        {
            "unit": {"id": row.unit_id, "name": name},
            "state": Seen.RECALLED if row.recalled_at else Seen.SEEN if row.seen_at else Seen.UNSEEN,
            "given_at": row.given_at, "seen_at": row.seen_at, "seen_by": who, "recalled_at": row.recalled_at,
        }
        for row, name, who in unit_copies.of_document(here.scope, here.uow.session, document_id)
    ]  # fmt: skip
