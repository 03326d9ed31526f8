"""Notices on a device: the worker that shows them, and turning them on and off in a browser."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, request, send_from_directory, url_for
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.wrappers import Response as BaseResponse

from workflow.adapters.channels.push import LONGEST_ENDPOINT, Sender
from workflow.domain.errors import BadInput, NotFound
from workflow.services import channels
from workflow.services import push_devices as service
from workflow.services.push_devices import Offered
from workflow.web.assets import OWN
from workflow.web.context import act_for_oneself, current
from workflow.web.forms import see
from workflow.web.guards import open_to_all, signed_in
from workflow.web.security import PUSH_WORKER_PATH, Policy, page_policy
from workflow.web.views.sessions import marked, session_id

bp = Blueprint("push_devices", __name__)

OWN_DEVICES = signed_in("one's own devices")


class Subscription(Schema):
    """What a browser says of itself."""

    endpoint = fields.String(required=True, validate=validate.Length(1, LONGEST_ENDPOINT))
    p256dh = fields.String(required=True, validate=validate.Length(1, 100))
    auth = fields.String(required=True, validate=validate.Length(1, 40))


@bp.get(PUSH_WORKER_PATH)
@open_to_all("the same text for everybody; browsers look for a newer one when nobody is logged in")
@page_policy(Policy.PUSH_WORKER)
def worker() -> BaseResponse:
    """The worker, under an address that stays: by it a browser knows that there is a newer one."""
    answer = send_from_directory(OWN / "push", "worker.js", conditional=True, etag=True, max_age=0)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.post("/account/notices/devices")
@OWN_DEVICES
def add() -> BaseResponse:
    """Turn notices on in this browser."""
    here, sender = current(), _sender()
    try:
        given = Subscription().load(request.get_json(silent=True) or {})
    except ValidationError:
        raise BadInput("push_keys_refused") from None
    offered = Offered(
        endpoint=given["endpoint"], public_key=given["p256dh"], secret=given["auth"],
        browser=request.headers.get("User-Agent", "")[:200],
    )  # fmt: skip
    mark = here.mark[:64] or secrets.token_urlsafe(32)
    act_for_oneself(service.turn_on, offered, sender=sender, mark=mark, session_id=session_id())
    return marked(Response(status=204, mimetype="application/json"), mark)


@bp.post("/account/notices/devices/<int:device_id>/remove")
@OWN_DEVICES
def remove(device_id: int) -> BaseResponse:
    """Turn them off in one of one's own."""
    act_for_oneself(service.turn_off, device_id)
    return see(url_for("notice_choices.index", done="device"))


def _sender() -> Sender:
    try:
        found = channels.sender(current().settings)
    except BadInput:
        found = None
    if found is None:
        raise NotFound("channel_not_found")
    return found
