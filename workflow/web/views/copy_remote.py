"""Copies sealed with a key that a remote service holds: what is chosen, and the request. From there on it has the
page that every request has (`remote_signing.show`)."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from workflow.domain.permissions import Permission
from workflow.domain.signing_acts import OF_COPIES
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.views.copy_sealing import WORDS, chosen_copies, names_of
from workflow.web.views.remote_signing import begin_with, start_values

bp = Blueprint("copy_remote", __name__)


@bp.get("/sign/copy/remote")
@allows(Permission.MAKE_COPIES, step_up=True)
def page() -> str:
    """Before the seal of copies."""
    return _start()


def _start(trouble: str = "") -> str:
    here = current()
    checked = chosen_copies(here)
    return render_template(
        "copies/remote.html", words=WORDS, named=names_of(here, checked),
        **start_values(OF_COPIES, checked, trouble),
    )  # fmt: skip


@bp.post("/sign/copy/remote")
@allows(Permission.MAKE_COPIES)
def begin() -> Response:
    """Prepare and fix; the page that follows shows the code."""
    return begin_with(OF_COPIES, chosen_copies(current()), _start)
