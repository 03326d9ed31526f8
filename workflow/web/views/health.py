"""For machines that watch this one: is it alive, can it work, what has it done."""

from __future__ import annotations

import ipaddress

import orjson
from flask import Blueprint, Response, abort, request

from workflow.store.health import database_answers
from workflow.web import metrics as counters
from workflow.web.context import current
from workflow.web.guards import open_to_all

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@open_to_all("says only that the process answers")
def healthz() -> Response:
    """The process is alive."""
    return _json({"status": "ok"}, 200)


@bp.get("/readyz")
@open_to_all("says only whether the database answers")
def readyz() -> Response:
    """The process can work: the database answers and has our tables."""
    ready = database_answers(current().uow.engine)
    return _json({"status": "ready" if ready else "database not ready"}, 200 if ready else 503)


@bp.get("/metrics")
@open_to_all("answers this very machine or the holder of the metrics token, nobody else")
def metrics() -> Response:
    """Prometheus counters."""
    if not (_from_this_machine() or _has_token()):
        abort(404)
    return Response(counters.exposition(), mimetype="text/plain; version=0.0.4")


def _from_this_machine() -> bool:
    """A loopback address that no proxy merely passed on."""
    if current().settings.proxy_hops == 0 and "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(current().address).is_loopback
    except ValueError:
        return False


def _has_token() -> bool:
    return current().bears(current().settings.metrics_token)


def _json(body: dict[str, str], status: int) -> Response:
    return Response(orjson.dumps(body), status, mimetype="application/json")
