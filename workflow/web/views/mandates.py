"""Administration of mandates: the list, one mandate, granting, revoking. Nothing is edited."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.people import CAPACITIES, SIGNING_ROLES, Capacity, Role
from workflow.domain.permissions import Permission
from workflow.services import mandates as service
from workflow.services.mandates import Grant
from workflow.store import mandates as store
from workflow.store import office, people, registers
from workflow.store.models import PostRow
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.format import day
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.mandate_list import MOST, matching, read_filter
from workflow.web.mandate_words import legal_words, limits_of, scope_words
from workflow.web.schemas.exchange import chosen_keys
from workflow.web.schemas.mandates import EndWithReason, NewMandate
from workflow.web.sheets import table_answer
from workflow.web.types import type_groups

bp = Blueprint("mandates", __name__, url_prefix="/admin")

LOOK = allows(Permission.MANAGE_PEOPLE)
CHANGE = allows(Permission.MANAGE_PEOPLE, step_up=True)

STATES = {
    "now": (N_("in force today"), "good"),
    "future": (N_("to come"), "wait"),
    "past": (N_("ended"), "plain"),
    "revoked": (N_("revoked"), "bad"),
}
"""A mandate's time as a word and a tone."""


@bp.get("/mandates")
@LOOK
def index() -> str:
    """The list."""
    here, wanted = current(), read_filter(request.args)
    rows = matching(store.listed(here.figures_scope, here.uow.session), wanted, today=here.today)
    return render_template(
        "mandates/list.html", wanted=wanted, rows=rows[:MOST], count=len(rows), capacities=list(Capacity),
        states=STATES, today=here.today, scope_of=_scope_of, legal=_legal, posts=_own_posts(),
    )  # fmt: skip


@bp.get("/mandates.csv")
@bp.get("/mandates.xlsx")
@LOOK
def export() -> Response:
    """The same list, whole, for a spreadsheet."""
    here, wanted = current(), read_filter(request.args)
    rows = matching(store.listed(here.figures_scope, here.uow.session), wanted, today=here.today)
    titles = [
        _(word)
        for word in (
            "Name", "Title", "Unit", "Signs as", "In the name of", "From", "Until", "Scope", "Legal basis", "State",
            "Reason",
        )
    ]  # fmt: skip
    lines = [
        (one.holder, one.title, one.unit, label(Capacity(one.row.capacity)), one.source, one.row.valid_from,
         one.row.valid_to, "; ".join(_scope_of(one)), _legal(one), _(STATES[one.when(here.today)][0]),
         one.end_reason or one.row.reason)
        for one in rows
    ]  # fmt: skip
    return table_answer("mandates", _("Mandates"), titles, lines, wide=(7, 8, 10))


def _scope_of(one: store.Listed) -> list[str]:
    return scope_words(store.mandate_of(one.row, one.ended_at, None, None, None))


def _legal(one: store.Listed) -> str:
    return legal_words(one.row.legal_symbol, one.row.legal_day, one.row.legal_title)


DONE = {
    "granted": N_("The mandate is on record and counts from now on."),
    "revoked": N_("The mandate is revoked; nobody signs by it any more."),
}


@bp.get("/mandates/<int:mandate_id>")
@LOOK
def show(mandate_id: int) -> str:
    """Everything about one mandate."""
    here = current()
    one = store.one_listed(here.figures_scope, here.uow.session, mandate_id)
    return render_template(
        "mandates/show.html", one=one,
        state=STATES[one.when(here.today)], legal=_legal(one),
        limits=limits_of(store.by_id(here.uow.session, mandate_id)),
        own=one.person_id == here.person.person_id,
        done=DONE.get(request.args.get("done", ""), ""),
    )  # fmt: skip


@bp.get("/mandates/new")
@CHANGE
def new() -> str:
    """The form for one post; without `?post=` the posts to choose from."""
    post_id = request.args.get("post", "")
    if not post_id.isdecimal() or len(post_id) > 15:
        return render_template("mandates/choose.html", posts=_own_posts())
    return _form_page(int(post_id), Form(values={"valid_from": current().today.isoformat()}))


@bp.post("/mandates/new/<int:post_id>")
@CHANGE
def grant(post_id: int) -> Response:
    """Put it on record."""
    form = read_form(NewMandate)
    units, wrong = chosen_keys(request.form.getlist("units"))
    types, organs = tuple(request.form.getlist("types")), tuple(request.form.getlist("organs"))
    form.values |= {"types": " ".join(types), "units": " ".join(map(str, units)), "organs": " ".join(organs)}
    if wrong:
        form.errors["units"] = _(wrong)
    if not form.good:
        return page(_form_page(post_id, form), 422)
    given = Grant(post_id=post_id, types=types, units=units, organs=organs, **form.data)
    try:
        made = act(service.grant, current().figures_scope, given=given)
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        step = _(SET_RIGHT) if refused.code.startswith("authority_") else trouble.next
        form.errors[_field_of(refused.code, given)] = " ".join(filter(None, (trouble.title, step)))
        return page(_form_page(post_id, form), trouble.status)
    return see(url_for("mandates.show", mandate_id=made, done="granted"))


SET_RIGHT = N_("Set it right here and send again.")
"""What to do about a mandate that the law does not know; the same codes beside a draft advise another signer."""


def _field_of(code: str, given: Grant) -> str:
    """Which field a refusal is about. TL. lacks its types; TUQ. an end, or else what it is limited to."""
    if code == "authority_not_limited" and (given.capacity is Capacity.TL or given.valid_to is not None):
        return "types"
    return _FIELD_OF.get(code, "")


_FIELD_OF = {
    "authority_no_legal_basis": "legal_symbol", "authority_wrong_source": "source_post_id",
    "authority_passed_on": "parent_id", "authority_not_limited": "valid_to", "ends_before_it_begins": "valid_to",
    "mandate_basis_in_future": "legal_day", "mandate_symbol": "legal_symbol", "capacity_not_allowed": "capacity",
    "mandate_unit_elsewhere": "units", "mandate_organ_unknown": "organs", "type_not_found": "types",
}  # fmt: skip


@bp.get("/mandates/<int:mandate_id>/revoke")
@CHANGE
def revocation(mandate_id: int) -> str:
    """The form for the reason."""
    return _revoke_page(mandate_id, Form())


@bp.post("/mandates/<int:mandate_id>/revoke")
@CHANGE
def revoke(mandate_id: int) -> Response:
    """End it now."""
    form = read_form(EndWithReason)
    if not form.good:
        return page(_revoke_page(mandate_id, form), 422)
    act(service.revoke, current().figures_scope, mandate_id=mandate_id, **form.data)
    return see(url_for("mandates.show", mandate_id=mandate_id, done="revoked"))


def _revoke_page(mandate_id: int, form: Form) -> str:
    here = current()
    one = store.one_listed(here.figures_scope, here.uow.session, mandate_id)
    return render_template("mandates/revoke.html", one=one, legal=_legal(one), form=form)


def _own_posts() -> list[tuple[int, str]]:
    """Posts of the administrator's own agency that can sign; for others one starts from the person."""
    here = current()
    found = store.could_hold(here.uow.session, here.post.agency_id, roles=tuple(SIGNING_ROLES), on=here.today)
    return [(post.id, f"{name}, {post.title}") for post, name in found]


def _form_page(post_id: int, form: Form) -> str:
    here = current()
    session = here.uow.session
    post = people.post(here.figures_scope, session, post_id)
    orders = service.passable(here.uow, post.unit_id, agency_id=post.agency_id, now=here.now)
    common, others = type_groups()
    return render_template(
        "mandates/new.html", form=form, post=post, unit=office.unit(session, post.unit_id),
        capacities=[(str(one), label(one)) for one in CAPACITIES.get(Role(post.role), ())],
        heads=[(row.id, f"{name}, {row.title} ({_held(row)})")
               for row, name in store.heads(session, post.agency_id)],
        orders=[(one.id, f"{one.legal.symbol}: {', '.join(limits_of(one))}")
                for one in orders if one.post_id != post_id],
        types=[*common, *others], units=[(one.id, one.name) for one in people.units(here.figures_scope, session)
                                         if one.agency_id == post.agency_id],
        organs=[(one.code, one.name) for one in registers.organs(session, post.agency_id)], chosen=_chosen(form),
    )  # fmt: skip


def _held(row: PostRow) -> str:
    return (
        f"{day(row.valid_from)} – {day(row.valid_to)}"
        if row.valid_to
        else _("since %(day)s", day=day(row.valid_from))
    )


def _chosen(form: Form) -> dict[str, Any]:
    return {name: set(form.values.get(name, "").split()) for name in ("types", "units", "organs")}
