"""Enrol a key that a remote service holds: service and account, the certificate, then the key is proven there."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, NotFound, Refused, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.signing import remote
from workflow.store import asking
from workflow.web.context import commit, current
from workflow.web.errors import explain
from workflow.web.forms import page, see, showable
from workflow.web.guards import allows
from workflow.web.remote_keys import configured
from workflow.web.views.remote_signing import doing

bp = Blueprint("remote_certificates", __name__)

A_PERSON = 20
"""Looks at accounts, and proofs, of one person in an hour."""
AN_ACCOUNT = 5
"""Proofs that one account is asked for in a quarter of an hour, by whomever."""


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
        _count(f"remote:{here.person.person_id}", most=A_PERSON, within=dt.timedelta(hours=1))
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
        _count(f"remote:{here.person.person_id}", most=A_PERSON, within=dt.timedelta(hours=1))
        account = f"{request.form.get('provider', '')}:{request.form.get('account', '').strip()}"
        asked = hashlib.sha256(account.encode()).hexdigest()[:32]
        _count(f"remote_account:{asked}", most=AN_ACCOUNT, within=dt.timedelta(minutes=15))
        request_id = remote.begin_enrolment(
            doing, actor, provider=request.form.get("provider", ""), account=request.form.get("account", ""),
            credential=credential, for_agency=_for_agency(), login_session_id=here.person.session_id,
            origin=here.settings.base_url, services=services, now=here.now,
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        return page(_page(trouble=explain(refused).words(kept=False)), 422)
    return see(url_for("remote_signing.show", request_id=request_id))


def _count(subject: str, *, most: int, within: dt.timedelta) -> None:
    """Accounts are free text: nobody looks up strangers, or makes a telephone ring, without end."""
    here = current()
    if asking.times(here.uow.session, subject, since=here.now - within) >= most:
        raise Refused("remote_asked_too_often")
    here.uow.begin_write()
    asking.count(here.uow.session, subject, now=here.now, since=here.now - within)
    commit()


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
