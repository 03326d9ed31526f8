"""Ends of algorithms: proposed by one administrator, in force by another, with the signatures they concern."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from signing.path.sunsets import NAMES
from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services import sunsets as service
from workflow.store import sunsets as store
from workflow.web import format
from workflow.web.context import HERE, act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.row_keys import LARGEST, number_of
from workflow.web.schemas.trust import NewSunset
from workflow.web.sheets import table_answer
from workflow.web.verdict_words import PURPOSES

bp = Blueprint("sunsets", __name__, url_prefix="/admin/trust/sunsets")

LOOK = allows(Permission.MANAGE_TRUST)
CHANGE = allows(Permission.MANAGE_TRUST, step_up=True)
PAGE = 50

PLAIN = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512", "shake256": "SHAKE256"}
KEYS = {
    "rsa_below_3072": N_("RSA keys shorter than 3072 bits"),
    "rsa_below_4096": N_("RSA keys shorter than 4096 bits"),
    "secp256r1": N_("keys of the curve P-256"), "secp384r1": N_("keys of the curve P-384"),
    "secp521r1": N_("keys of the curve P-521"), "ed25519": N_("Ed25519 keys"), "ed448": N_("Ed448 keys"),
}  # fmt: skip
COLUMNS = (N_("Number and symbol"), N_("Agency"), N_("Signature"), N_("Received at"), N_("Proven since"))
FIELDS = {"sunset_past": "until"}


def named(algorithm: str) -> str:
    """An algorithm in words."""
    return PLAIN[algorithm] if algorithm in PLAIN else _(KEYS[algorithm])


def state(row: Any) -> tuple[str, str]:
    """(word, tone)."""
    if row.removal_by_id is not None:
        return _("waits for a second administrator to take it away"), "warn"
    return (_("in force"), "good") if row.confirmed_at else (_("waits for a second administrator"), "warn")


@bp.get("")
@LOOK
def index() -> str:
    """The days, and the form for another one."""
    return _page(Form())


def _page(form: Form) -> str:
    here = current()
    return render_template(
        "trust/sunsets.html", rows=store.listed(here.uow.session), form=form, named=named, state=state,
        choices=[(name, named(name)) for name in NAMES], own=here.person.person_id,
    )  # fmt: skip


@bp.post("")
@CHANGE
def propose() -> Response:
    """Propose a day; it counts from its first moment on."""
    form = read_form(NewSunset)
    if form.good:
        until = dt.datetime.combine(form.data["until"], dt.time(), HERE)
        try:
            row = act(service.propose, **(form.data | {"until": until}))
        except WorkflowError as refused:
            form.errors[FIELDS.get(refused.code, "algorithm")] = explain(refused).words(kept=False)
        else:
            return see(url_for("sunsets.show", sunset_id=row.id))
    return page(_page(form), 422)


DECISIONS: dict[str, Callable[..., None]] = {"confirm": service.confirm, "remove": service.remove}


@bp.post("/<int:sunset_id>/<any(confirm, remove):decision>")
@CHANGE
def decide(sunset_id: int, decision: str) -> Response:
    """Put it in force, or take it away."""
    act(DECISIONS[decision], sunset_id=sunset_id)
    return see(url_for("sunsets.index"))


def _which(one: service.Concerned) -> str:
    """Which signature; an attachment by its place, not by its name, which tells of the paper."""
    if one.place is not None:
        return _("Seal on attachment %(n)s", n=one.place)
    return _(PURPOSES.get(one.field, one.field))


@bp.get("/<int:sunset_id>")
@LOOK
def show(sunset_id: int) -> str:
    """The signatures that use it, by pages."""
    here = current()
    after = number_of(request.args.get("after", ""), most=LARGEST) or 0
    found = service.concerned(here.uow, store.by_id(here.uow.session, sunset_id), after=after, limit=PAGE + 1)
    row = store.by_id(here.uow.session, sunset_id)
    return render_template(
        "trust/sunset.html", row=row, title=named(row.algorithm), state=state(row), lines=found[:PAGE], first=after,
        which=_which,
        next=found[PAGE - 1].id if len(found) > PAGE else 0,
    )  # fmt: skip


@bp.get("/<int:sunset_id>.csv")
@bp.get("/<int:sunset_id>.xlsx")
@LOOK
def export(sunset_id: int) -> Response:
    """All of them."""
    here = current()
    found = service.concerned(here.uow, store.by_id(here.uow.session, sunset_id))
    lines = [
        (one.symbol, one.agency, _which(one), format.moment(one.received_at),
         format.moment(one.proven_at) if one.proven_at else "")
        for one in found
    ]  # fmt: skip
    return table_answer("signatures", _("Signatures"), [_(word) for word in COLUMNS], lines, wide=(0, 1))
