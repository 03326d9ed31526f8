"""The head says who signs copies besides them (Decree 30/2020, Art. 27)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.copies import NAMED_ROLES
from workflow.domain.errors import BadInput, NotFound, WorkflowError
from workflow.domain.people import CAPACITIES, Capacity, Role
from workflow.domain.permissions import Permission
from workflow.services import copies as service
from workflow.store import copies as store
from workflow.store import office
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import see
from workflow.web.guards import allows
from workflow.web.labels import label

PATH = "/copies/signers"
bp = Blueprint("copy_signers", __name__, url_prefix=PATH)


@bp.get("")
@allows(Permission.NAME_COPY_SIGNERS)
def index() -> str:
    """Who signs copies, and the form to name another."""
    return _page()


def _page(trouble: Trouble | None = None) -> str:
    here = current()
    named = store.named(here.uow.session, here.post.agency_id, on=here.today)
    taken = {one.post_id for one, _post, _name in named}
    free = [
        (f"{row.PostRow.id}:{capacity}", f"{row.full_name} ({row.PostRow.title}) · {label(Capacity(capacity))}")
        for row in office.signers(here.uow.session, here.post.agency_id, on=here.today)
        if Role(row.PostRow.role) in NAMED_ROLES and row.PostRow.id not in taken
        for capacity in CAPACITIES[Role(row.PostRow.role)]
    ]
    rows = [(one, post, name, label(Capacity(one.capacity))) for one, post, name in named]
    return render_template(
        "copies/signers.html", rows=rows, free=free, trouble=trouble, typed=request.form, path=PATH,
        done=request.args.get("done", ""),
    )  # fmt: skip


@bp.post("")
@allows(Permission.NAME_COPY_SIGNERS)
def name() -> Response | tuple[str, int]:
    """Name one, with the reason that goes into the journal."""
    post, _colon, capacity = request.form.get("signer", "").partition(":")
    try:
        if not (post.isascii() and post.isdecimal() and len(post) < 16):
            raise BadInput("copy_signer_role")
        act(service.name_signer, post_id=int(post), capacity=capacity, reason=request.form.get("reason", ""))
    except NotFound:
        raise
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        return _page(trouble), trouble.status
    return see(f"{PATH}?done=named")


@bp.post("/<int:post_id>/end")
@allows(Permission.NAME_COPY_SIGNERS)
def end(post_id: int) -> Response | tuple[str, int]:
    """Take it back, with a reason likewise."""
    try:
        act(service.take_back, post_id=post_id, reason=request.form.get("reason", ""))
    except NotFound:
        raise
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        return _page(trouble), trouble.status
    return see(f"{PATH}?done=ended")
