"""Enrolment with another program: a paper of ours is downloaded, signed with the token, and brought back."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.signing import enrolling
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import see
from workflow.web.guards import allows
from workflow.web.security import Policy, page_policy
from workflow.web.storage import blobs
from workflow.web.uploads import uploaded
from workflow.web.verdict_words import in_words

bp = Blueprint("enrolment_papers", __name__)


@bp.post("/certificates/paper")
@allows(Permission.ENROL_CERTIFICATE, step_up=True)
def begin() -> str:
    """The page. It is asked for by a form, because its paper is written down."""
    here = current()
    act(enrolling.paper, login_session_id=here.person.session_id, origin=here.settings.base_url, blobs=blobs())
    return _page()


def _page(*, why_not: str = "") -> str:
    return render_template(
        "certificates/paper.html", for_agency=request.form.get("for") == "agency", why_not=why_not,
        holder=request.form.get("holder", ""), field=enrolling.FIELD,
    )  # fmt: skip


@bp.get("/certificates/paper.pdf")
@allows(Permission.ENROL_CERTIFICATE)
@page_policy(Policy.DOWNLOAD)
def paper() -> Response:
    """What this login has to sign."""
    here = current()
    session_id = here.person.session_id or 0
    answer = Response(
        enrolling.paper_file(here.uow, here.actor, login_session_id=session_id, blobs=blobs()),
        mimetype="application/pdf",
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="enrolment.pdf"'
    return answer


@bp.post("/certificates/paper/finish")
@allows(Permission.ENROL_CERTIFICATE)
def finish() -> Response | str:
    """Take the signed paper."""
    try:
        data, _name = uploaded("file")
        act(
            enrolling.enrol_by_paper, login_session_id=current().person.session_id, data=data,
            holder=request.form.get("holder", ""), for_agency=request.form.get("for") == "agency", blobs=blobs(),
        )  # fmt: skip
    except WorkflowError as refused:
        current().uow.rollback()
        return _page(why_not=explain(in_words(refused)).words(kept=False))
    return see(url_for("certificates.mine", done="enrolled"))
