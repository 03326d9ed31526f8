"""Enrol a key that a remote service holds: service and account, the certificate, then the key is proven there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, NotFound, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.signing import remote
from workflow.web.context import current
from workflow.web.errors import explain
from workflow.web.forms import page, see, showable
from workflow.web.guards import allows
from workflow.web.remote_keys import configured
from workflow.web.views.remote_signing import doing

bp = Blueprint("remote_certificates", __name__)


@bp.get("/certificates/remote")
@allows(Permission.ENROL_CERTIFICATE, step_up=True)
def choose() -> str:
    """Which service, which account there."""
    return _page()


@bp.post("/certificates/remote")
@allows(Permission.ENROL_CERTIFICATE, step_up=True)
def offered() -> Response:
    """The keys of the account."""
    here = current()
    actor, services = here.actor, configured()
    try:
        found = remote.offered(
            here.uow, actor, provider=request.form.get("provider", ""), account=request.form.get("account", ""),
            services=services,
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        return page(_page(trouble=explain(refused).words(kept=False)), 422)
    return page(_page(found=found))


@bp.post("/certificates/remote/prove")
@allows(Permission.ENROL_CERTIFICATE, step_up=True)
def prove() -> Response:
    """Draw the challenge; its page shows the code and goes on."""
    here = current()
    if here.person.session_id is None:
        raise NotFound("login_session_not_found")
    actor, services = here.actor, configured()
    try:
        credential = request.form.get("credential", "")
        if not credential:
            raise BadInput("remote_no_key_chosen")
        request_id = remote.begin_enrolment(
            doing, actor, provider=request.form.get("provider", ""), account=request.form.get("account", ""),
            credential=credential, for_agency=_for_agency(), login_session_id=here.person.session_id,
            origin=here.settings.base_url, services=services, now=here.now,
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        return page(_page(trouble=explain(refused).words(kept=False)), 422)
    return see(url_for("remote_signing.show", request_id=request_id))


def _for_agency() -> bool:
    return request.values.get("for") == "agency" and current().may(Permission.SEAL)


def _page(found: tuple[remote.Offered, ...] = (), trouble: str = "") -> str:
    values: dict[str, Any] = {
        name: showable(request.form.get(name, ""))[:100] for name in ("provider", "account")
    }  # fmt: skip
    return render_template(
        "certificates/remote.html", services=list(configured().values()), found=found, trouble=trouble,
        values=values, for_agency=_for_agency(),
    )  # fmt: skip
