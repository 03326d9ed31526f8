"""The first page: the desk, where there is one."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from workflow.domain.permissions import Permission
from workflow.web.assets import asset
from workflow.web.context import current
from workflow.web.guards import open_to_all, signed_in

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in("leads each person to the page of their post")
def index() -> Response | str:
    """The desk for people with papers, administration for administrators, a word for people without a post."""
    if (inspection := current().person.inspection_id) is not None:
        return redirect(url_for("inspections.show", inspection_id=inspection))
    if current().may(Permission.MANAGE_PEOPLE) and "people.home" in current_app.view_functions:
        return redirect(url_for("people.home"))
    if current().person.post is not None and "desk.index" in current_app.view_functions:
        return redirect(url_for("desk.index"))
    return render_template("frame/home.html")


@bp.get("/favicon.ico")
@open_to_all("browsers ask for it before anybody is logged in")
def favicon() -> Response:
    """Browsers that ignore the link in the head ask here."""
    return redirect(asset("img/mark.svg"))
