"""A remote signing service says that something happened. It is believed nothing: we ask it ourselves."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from workflow.domain.errors import NotFound
from workflow.services.signing import remote
from workflow.web.context import current, installation
from workflow.web.guards import open_to_all
from workflow.web.remote_keys import configured
from workflow.web.storage import blobs
from workflow.web.views.remote_signing import doing

bp = Blueprint("remote_hook", __name__, url_prefix="/api/v1")

MOST = 64 * 1024
NAMES = ("transaction_id", "tran_code", "AP_TransID", "MSSP_TransID")
"""How the services call a request in what they send."""


@bp.post("/remote-signing/<provider>")
@open_to_all("called by a remote signing service, which is known by the secret of its setting")
def hint(provider: str) -> Response:
    """204 for whoever knows the secret, whatever is known of the request; 404 for everybody else."""
    here = current()
    service = configured().get(provider)
    if service is None or not service.capabilities.hook or not here.bears(service.hook_secret):
        raise NotFound("remote_service_gone")
    for reference in _references():
        request_id = remote.hinted(here.uow, provider=provider, reference=reference)
        if request_id is not None:
            remote.advance(
                doing, request_id=request_id, services=configured(), blobs=blobs(), clock=installation().clock
            )
            break
    return Response(status=204, mimetype="text/plain")


def _references() -> list[str]:
    if (request.content_length or 0) > MOST:
        return []
    body: Any = request.get_json(silent=True, force=True)
    data = body.get("data") if isinstance(body, dict) else None
    places = [one for one in (body, data) if isinstance(one, dict)]
    found = [one[name] for one in places for name in NAMES if isinstance(one.get(name), str)]
    return [one for one in found if 0 < len(one) <= 200 and one.isprintable()]
