"""The help page: what each seat does here, the keys, what the words mean."""

from __future__ import annotations

from flask import Blueprint, render_template

from workflow.web.context import current
from workflow.web.guards import open_to_all
from workflow.web.guide import GUIDE, KEYS

bp = Blueprint("help", __name__)


@bp.get("/help")
@open_to_all("somebody who cannot log in needs it most")
def index() -> str:
    """The page."""
    here = current()
    return render_template(
        "frame/help.html", keys=KEYS, guide=[(part, here.may(part.permission)) for part in GUIDE]
    )
