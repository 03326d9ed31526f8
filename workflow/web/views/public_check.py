"""Administration: whether strangers may have files checked here, and how large these may be."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from workflow.config import MEGABYTE
from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services import checking
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_
from workflow.web.schemas.fields import BAD_CHOICE, REQUIRED

bp = Blueprint("public_check", __name__, url_prefix="/admin/trust/public")

CHANGE = allows(Permission.MANAGE_TRUST, step_up=True)

CHOICES = {
    "no": N_("No: only people who are logged in."),
    "yes": N_("Yes: anybody who opens the page."),
}


class PublicChoice(Schema):
    """Yes or no, and megabytes."""

    allowed = fields.String(
        required=True,
        validate=validate.OneOf(list(CHOICES), error=BAD_CHOICE),
        error_messages={"required": REQUIRED},
    )
    megabytes = fields.Integer(
        required=True,
        error_messages={"required": REQUIRED, "invalid": N_("Please type a whole number.")},
    )


@bp.get("")
@CHANGE
def form() -> str:
    """The form, as it is chosen now."""
    chosen = checking.public_check(current().uow)
    return _page(Form(values={"allowed": "yes" if chosen.allowed else "no", "megabytes": str(chosen.megabytes)}))


@bp.post("")
@CHANGE
def choose() -> Response:
    """Keep the choice."""
    here = current()
    typed = read_form(PublicChoice)
    if not typed.good:
        return page(_page(typed), 422)
    try:
        act(
            checking.choose_public_check, allowed=typed.data["allowed"] == "yes",
            megabytes=typed.data["megabytes"], most=here.settings.max_upload,
        )  # fmt: skip
    except WorkflowError as refused:
        typed.errors["megabytes"] = explain(refused).title
        return page(_page(typed), 422)
    return see(url_for("trust.index"))


def _page(typed: Form) -> str:
    most = current().settings.max_upload // MEGABYTE
    return render_template("trust/public.html", form=typed, choices=CHOICES, most=most)
