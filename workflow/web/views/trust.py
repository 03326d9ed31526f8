"""Administration of trust: listed roots, revocation lists with their age, how strictly signatures are judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

import signing
from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services import trust as service
from workflow.services.signing import trust as rests_on
from workflow.store import certificates as store
from workflow.store.models import Crl, TrustRoot
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.schemas.fields import BAD_CHOICE, REQUIRED
from workflow.web.uploads import uploaded

bp = Blueprint("trust", __name__, url_prefix="/admin/trust")

LOOK = allows(Permission.MANAGE_TRUST)
CHANGE = allows(Permission.MANAGE_TRUST, step_up=True)

DAY = dt.timedelta(hours=25)
"""Older than this, and no signature of today can be judged by the daily policy."""

KINDS = {
    "public_service": N_("dedicated to public service"),
    "public": N_("public"),
    "dedicated": N_("dedicated"),
    "foreign": N_("foreign"),
    "demo": N_("DEMO"),
}
PURPOSES = {"person": N_("persons"), "seal": N_("seals of agencies"), "tsa": N_("timestamps")}
POLICIES = {
    "daily": N_("Daily: a revocation list of the last day decides. For offices whose lists are renewed every day."),
    "strict": N_("Strict: only a list from after the signature decides; until it comes, a signature waits."),
}


@dataclass(frozen=True, slots=True)
class Root:
    """A listed root with what its certificate says."""

    row: TrustRoot
    subject: str
    not_after: dt.datetime


class PolicyChoice(Schema):
    """One of the two."""

    name = fields.String(
        required=True,
        validate=validate.OneOf(list(POLICIES), error=BAD_CHOICE),
        error_messages={"required": REQUIRED},
    )


@bp.get("")
@LOOK
def index() -> str:
    """Everything that verification rests on."""
    here = current()
    session = here.uow.session
    return render_template(
        "trust/index.html",
        roots=[_root(row) for row in store.roots(session)],
        lists=sorted(store.newest_crls(session, until=here.now), key=lambda row: row.this_update),
        tone=tone,
        kinds=KINDS,
        purposes=PURPOSES,
        policy=_(POLICIES[rests_on.policy(here.uow).name]),
    )


def _root(row: TrustRoot) -> Root:
    facts = signing.inspect_certificate(row.der)
    return Root(row, facts.common_name, facts.not_after)


def tone(row: Crl, now: dt.datetime) -> str:
    """How loud a list's age is: over once its successor is due, a warning after a day."""
    if row.next_update is not None and row.next_update < now:
        return "bad"
    return "warn" if now - row.this_update > DAY else "good"


@bp.get("/crl")
@CHANGE
def crl() -> str:
    """The form."""
    return render_template("trust/crl.html", form=Form())


@bp.post("/crl")
@CHANGE
def take_crl() -> Response:
    """Take in a list from a file."""
    form = Form()
    try:
        data, name = uploaded("file")
        act(service.take_list, data=data, filename=name)
    except WorkflowError as refused:
        trouble = explain(refused)
        form.errors["file"] = " ".join(part for part in (trouble.title, trouble.next) if part)
        return page(render_template("trust/crl.html", form=form), 422)
    return see(url_for("trust.index"))


@bp.get("/policy")
@CHANGE
def policy() -> str:
    """The form."""
    return _policy_page(Form(values={"name": rests_on.policy(current().uow).name}))


@bp.post("/policy")
@CHANGE
def choose_policy() -> Response:
    """Choose how strictly new signatures are judged."""
    form = read_form(PolicyChoice)
    if not form.good:
        return page(_policy_page(form), 422)
    act(service.choose_policy, form.data["name"])
    return see(url_for("trust.index"))


def _policy_page(form: Form) -> str:
    return render_template("trust/policy.html", form=form, policies=POLICIES)
