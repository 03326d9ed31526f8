"""Filtered lists under a name: saved from the list's own page, and deleted there."""

from __future__ import annotations

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from workflow.services import saved_views
from workflow.web.context import act_for_oneself
from workflow.web.forms import see
from workflow.web.guards import signed_in
from workflow.web.saved_menu import PAGES, address, kept_query

bp = Blueprint("saved", __name__)

OWN = "everybody names their own lists; what a list shows is asked when it is opened"


@bp.post("/saved/<page>")
@signed_in(OWN)
def save(page: str) -> Response:
    """Keep the list as it is shown now."""
    if page not in PAGES:
        abort(404)
    query = kept_query(page, request.form.get("query", ""))
    act_for_oneself(saved_views.save, page=page, name=request.form.get("name", ""), query=query)
    return see(address(page, query))


@bp.post("/saved/<int:view_id>/delete")
@signed_in(OWN)
def delete(view_id: int) -> Response:
    """Take a name away; no document is touched."""
    page = act_for_oneself(saved_views.forget, view_id)
    query = kept_query(page, request.form.get("query", ""))
    return see(address(page, query))
