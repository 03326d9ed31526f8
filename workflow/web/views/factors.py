"""Second factors: an app on the phone and passkeys. Open to a login that is not finished: it ends here."""

from __future__ import annotations

import io
from typing import Any

import segno
from flask import Blueprint, Response, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from workflow.domain.errors import BadInput
from workflow.services import factors, passkeys
from workflow.services.passkeys import Site
from workflow.store import accounts as store
from workflow.web.context import act_for_oneself, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import signed_in
from workflow.web.i18n import _
from workflow.web.schemas.accounts import Code
from workflow.web.schemas.fields import Text
from workflow.web.views.sessions import enter, next_page, session_id

bp = Blueprint("factors", __name__, url_prefix="/account/factors")

MINE = signed_in("one's own second factors", unfinished=True)
"""A first factor is added by password alone; the services demand a fresh one for every later change."""


@bp.get("")
@MINE
def index() -> str:
    """What is set up, and how to add more."""
    here = current()
    return render_template(
        "accounts/factors.html",
        keys=store.passkeys_of(here.uow.session, here.person.account_id),
        site=_site(),
        next=next_page() if "next" in request.args else "",
    )


@bp.post("/totp")
@MINE
def begin_totp() -> BaseResponse:
    """Begin with an app on the phone."""
    act_for_oneself(factors.begin_totp, session_id=session_id())
    return see(url_for("factors.totp"))


@bp.get("/totp")
@MINE
def totp() -> str:
    """The QR code and the field for the first code."""
    return _totp_page(Form())


@bp.post("/totp/confirm")
@MINE
def confirm_totp() -> BaseResponse:
    """Take the first code."""
    form = read_form(Code)
    if form.good:
        try:
            secret = act_for_oneself(factors.confirm_totp, form.data["code"], session_id=session_id())
        except BadInput as refused:
            form.errors["code"] = explain(refused).title
        else:
            return enter(see(url_for("factors.index")), secret)
    return page(_totp_page(form), 422)


@bp.get("/totp/qr.svg")
@MINE
def totp_image() -> Response:
    """The QR code as a picture of its own: the CSP allows no inline data."""
    made = io.BytesIO()
    segno.make(_pending_address(), error="m").save(made, kind="svg", scale=4, border=3, light="#ffffff")
    return Response(made.getvalue(), mimetype="image/svg+xml")


@bp.post("/totp/remove")
@MINE
def remove_totp() -> BaseResponse:
    """Forget the phone."""
    act_for_oneself(factors.remove_totp, session_id=session_id())
    return see(url_for("factors.index"))


@bp.post("/passkeys/begin")
@MINE
def begin_passkey() -> dict[str, Any]:
    """Options for `navigator.credentials.create`."""
    return act_for_oneself(passkeys.begin_registration, _site(), session_id=session_id())


@bp.post("/passkeys/finish")
@MINE
def finish_passkey() -> BaseResponse:
    """Keep a new passkey."""
    try:
        label = Text(longest=60).deserialize(request.args.get("label", "")) or _("Passkey")
    except ValidationError as wrong:
        raise BadInput("passkey_refused") from wrong
    secret = act_for_oneself(passkeys.finish_registration, _site(), _answer(), label=label, session_id=session_id())
    return enter(Response(status=204), secret)


@bp.post("/passkeys/step-up/begin")
@MINE
def begin_step_up() -> dict[str, Any]:
    """Options for `navigator.credentials.get`."""
    return act_for_oneself(passkeys.begin_step_up, _site(), session_id=session_id())


@bp.post("/passkeys/step-up/finish")
@MINE
def finish_step_up() -> BaseResponse:
    """Step up by a passkey."""
    secret = act_for_oneself(passkeys.finish_step_up, _site(), _answer(), session_id=session_id())
    return enter(Response(status=204), secret)


@bp.post("/passkeys/<int:passkey_id>/remove")
@MINE
def remove_passkey(passkey_id: int) -> BaseResponse:
    """Forget a passkey."""
    act_for_oneself(passkeys.remove_passkey, passkey_id, session_id=session_id())
    return see(url_for("factors.index"))


def _site() -> Site:
    return Site.of(current().settings.base_url)


def _answer() -> dict[str, Any]:
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise BadInput("passkey_refused")
    return found


def _pending_address() -> str:
    here = current()
    return factors.pending_totp(here.uow, here.oneself, session_id=session_id(), now=here.now)


def _totp_page(form: Form) -> str:
    address = _pending_address()
    secret = address.split("secret=", 1)[1].split("&", 1)[0]
    spaced = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return render_template("accounts/totp.html", form=form, secret=spaced)
