"""What a signing program on somebody's computer may open: one file, once, by a ticket. No cookie, no login.

The addresses are secrets: they are logged by their route only, and answers are not to be kept.
"""

from __future__ import annotations

import orjson
from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput
from workflow.services.signing import tickets
from workflow.web.context import commit, current
from workflow.web.guards import open_to_all
from workflow.web.security import Policy, csrf, page_policy
from workflow.web.storage import blobs

bp = Blueprint("agent_tickets", __name__, url_prefix="/sign/agent")
csrf.exempt(bp)

AROUND = 16 * 1024
"""Bytes that a form may put around its file."""


@bp.get("/<ticket>.pdf")
@open_to_all("A program without a login fetches one file by a one-time ticket")
@page_policy(Policy.DOWNLOAD)
def fetch(ticket: str) -> Response:
    """The file that is to be signed."""
    if request.method == "HEAD":  # looking must not use it up
        abort(405)
    here = current()
    data = tickets.fetch(here.uow, ticket=ticket, blobs=blobs(), now=here.now)
    commit(reading="ticket")
    answer = Response(data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="document.pdf"'
    return answer


@bp.route("/<ticket>", methods=["PUT", "POST"])
@open_to_all("A program without a login brings one file by a one-time ticket; nothing but its signer takes it")
def bring(ticket: str) -> Response:
    """The signed file: as the body of a PUT, or as the one file of a form."""
    here = current()
    room = tickets.room(here.uow, ticket=ticket, now=here.now)
    request.max_content_length = room + AROUND
    if request.method == "PUT":
        data = request.stream.read(room + 1)
    else:
        files = list(request.files.values())
        if len(files) != 1:
            raise BadInput("file_needed")
        data = files[0].stream.read(room + 1)
    tickets.bring(here.uow, ticket=ticket, data=data, blobs=blobs(), now=here.now)
    commit()
    told = {"Status": True, "Message": "", "FileName": "document.pdf", "FileServer": ""}
    return Response(orjson.dumps(told), mimetype="application/json")
