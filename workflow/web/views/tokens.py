"""Personal tokens for programs: made for the post one acts in, shown once, listed, revoked."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services import tokens as service
from workflow.store import tokens as store
from workflow.web.context import act, act_for_oneself, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows, signed_in
from workflow.web.listing import choices
from workflow.web.schemas.fields import BAD_CHOICE, BAD_NUMBER, REQUIRED, Text

bp = Blueprint("tokens", __name__, url_prefix="/account/tokens")

LIFETIMES = (7, 30, 90, 180, 365)
"""Days to choose from."""

MAKE = allows(Permission.USE_API, step_up=True)


class NewToken(Schema):
    """What it is for, and for how long."""

    label = Text(longest=60, required=True)
    days = fields.Integer(
        required=True,
        validate=validate.OneOf(LIFETIMES, error=BAD_CHOICE),
        error_messages={"required": REQUIRED, "invalid": BAD_NUMBER},
    )


@bp.get("")
@signed_in("one's own tokens")
def index() -> str:
    """The tokens that work."""
    here = current()
    found = store.live_tokens(here.uow.session, here.person.account_id, now=here.now)
    return render_template("accounts/tokens.html", tokens=found)


@bp.get("/new")
@MAKE
def new() -> str:
    """The form."""
    return _form_page(Form(values={"days": "90"}))


@bp.post("/new")
@MAKE
def make() -> Response:
    """Make one and show it, this once: it is in no address and in no history of a browser."""
    form = read_form(NewToken)
    if form.good:
        try:
            secret = act(service.make_token, label=form.data["label"], days=form.data["days"])
        except WorkflowError as refused:
            form.errors["label"] = explain(refused).title
        else:
            return page(render_template("accounts/token_made.html", secret=secret, label=form.data["label"]))
    return page(_form_page(form), 422)


@bp.post("/<int:token_id>/revoke")
@signed_in("one's own tokens")
def revoke(token_id: int) -> Response:
    """End one."""
    act_for_oneself(service.revoke_token, token_id)
    return see(url_for("tokens.index"))


def _form_page(form: Form) -> str:
    return render_template(
        "accounts/new_token.html", form=form, lifetimes=choices([(days, days) for days in LIFETIMES])
    )
