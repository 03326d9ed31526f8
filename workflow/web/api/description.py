"""The description of the API, for people's tools."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from workflow.web.api.base import PREFIX, answer
from workflow.web.guards import open_to_all

bp = Blueprint("api", __name__, url_prefix=PREFIX)


@bp.get("/openapi.json")
@open_to_all("describes the operations of the API and holds nobody's data")
def openapi() -> Response:
    """OpenAPI 3.1."""
    made = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    return answer(made.spec.to_dict())
