"""The head of an agency lets the server hold the seal's key, or takes that back."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.permissions import Permission
from workflow.services import sealing
from workflow.store import office
from workflow.web.context import act, current
from workflow.web.forms import see
from workflow.web.guards import allows

bp = Blueprint("server_seal", __name__)


@bp.get("/certificates/server-seal")
@allows(Permission.ALLOW_SERVER_SEAL)
def show() -> str:
    """How things stand, and the form to change it."""
    here = current()
    agency = office.unit(here.uow.session, here.post.agency_id)
    return render_template(
        "certificates/server_seal.html",
        agency=agency,
        reachable=bool(here.settings.seal_socket),
        done=request.args.get("done", ""),
    )


@bp.post("/certificates/server-seal")
@allows(Permission.ALLOW_SERVER_SEAL, step_up=True)
def change() -> Response:
    """Allow or forbid, with the reason that goes into the journal."""
    allowed = request.form.get("allowed") == "yes"
    act(sealing.allow_server_seal, allowed=allowed, reason=request.form.get("reason", ""))
    return see("/certificates/server-seal?done=" + ("allowed" if allowed else "forbidden"))
