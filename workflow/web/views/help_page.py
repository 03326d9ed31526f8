"""The help page: what the words mean and what to do first, in one screen."""

from __future__ import annotations

from flask import Blueprint, render_template

from workflow.web.guards import open_to_all

bp = Blueprint("help", __name__)


@bp.get("/help")
@open_to_all("somebody who cannot log in needs it most")
def index() -> str:
    """The page."""
    return render_template("frame/help.html")
