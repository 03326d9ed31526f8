"""A bundle that takes longer than a page may: how far it is, giving it to whoever asked, and taking it back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.services.proving import orders
from workflow.store import bundle_orders as store
from workflow.store.models import BundleOrder
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.file_answers import disposition
from workflow.web.forms import see
from workflow.web.guards import signed_in
from workflow.web.security import Policy, use_policy
from workflow.web.storage import blobs
from workflow.web.views.bundles import held_as

bp = Blueprint("bundle_orders", __name__, url_prefix="/bundles/orders")

OWN = "only what one asked for oneself, in the very post that it was asked in"
AGAIN = 10
"""Seconds after which a page that waits asks again, also without script."""


def _whose() -> dict[str, Any]:
    here = current()
    return {"person_id": here.person.person_id, "held_as": held_as(here)}


@bp.get("/<int:order_id>")
@signed_in(OWN)
def show(order_id: int) -> Response:
    """How far it is; while it is being made the page comes again by itself."""
    here, whose = current(), _whose()
    order = store.own(here.uow.session, whose["person_id"], whose["held_as"], order_id)
    until = orders.until(order, here.uow, now=here.now)
    over = order.state == "ready" and until is not None and until < here.now
    waits = order.state in {"waiting", "making"}
    page = render_template(
        "bundles/order.html", order=order, until=until, over=over, waits=waits, trouble=_trouble(order)
    )
    answer = Response(page, mimetype="text/html")
    if waits:
        answer.headers["Refresh"] = str(AGAIN)
    return answer


def _trouble(order: BundleOrder) -> str:
    return explain(WorkflowError(order.code, **order.details)).words() if order.state == "refused" else ""


@bp.post("/<int:order_id>/file")
@signed_in(OWN)
def file(order_id: int) -> Response:
    """The zip, piece by piece, once the journal has that it was taken. It lies in the store of files: whoever reads
    it slowly holds nobody else's up."""
    here = current()
    whose = _whose() | {"reaches": orders.Reaches(reader=here.scope, figures=here.figures_scope)}
    orders.ready(here.uow, order_id=order_id, **whose, now=here.now)
    pieces = blobs().shelved(orders.shelf_name(order_id))
    order = act(orders.give, order_id=order_id, **whose)
    use_policy(Policy.DOWNLOAD)
    answer = Response(pieces, mimetype="application/zip", direct_passthrough=True)
    answer.headers["Content-Disposition"] = disposition(order.shown["file"])
    answer.headers["Content-Length"] = str(order.size)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<int:order_id>/cancel")
@signed_in(OWN)
def cancel(order_id: int) -> Response:
    """It is not wanted any more."""
    order = act(orders.cancel, order_id=order_id, **_whose())
    return see(order.shown["back"])
