"""Access reviews: who could see or sign what in an agency on a day, one document the other way round, reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask import Blueprint, render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.domain.access import Ability
from workflow.domain.errors import BadInput, NotFound, WorkflowError
from workflow.domain.people import Role
from workflow.domain.permissions import Permission
from workflow.domain.text import clean, fold
from workflow.services.access import naming, reaching, reviewing
from workflow.services.access.standing import Standing, digest, standing
from workflow.store import access as store
from workflow.store import people
from workflow.web import access_words as words
from workflow.web import format
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.labels import label
from workflow.web.paged import Paged, page_of
from workflow.web.people_list import name_key
from workflow.web.row_keys import number_of
from workflow.web.schemas.fields import Text
from workflow.web.sheets import table_answer
from workflow.web.views.months import address

PATH = "/admin/access"
bp = Blueprint("access", __name__)
SEE = allows(Permission.SEE_ACCESS)
CHANGE = allows(Permission.REVIEW_ACCESS, step_up=True)
SORTS = ("unit", "name", "role")


class Reviewed(Schema):
    """What an administrator found."""

    seen = Text(longest=64, required=True)
    remark = Text(longest=1000, multiline=True, load_default="")


def _day() -> dt.date:
    """The day of the address, today where it names none, none to come."""
    today = current().today
    try:
        asked = dt.date.fromisoformat(format.iso_day(request.values.get("day", "")))
    except ValueError:
        return today
    return min(asked, today) if asked.year >= 1990 else today


def _agency() -> int:
    """The agency of the address among those looked after; one's own where it names none."""
    here = current()
    text = request.values.get("agency", "")
    key = number_of(text) if text else here.post.agency_id
    if key is None or key not in here.figures_scope.agency_ids:
        raise NotFound("unit_not_found")
    return key


def _found() -> list[Standing]:
    here = current()
    return standing(here.uow, here.actor, here.figures_scope, agency_id=_agency(), day=_day(), now=here.now)


def _narrowed(found: Sequence[Standing]) -> list[Standing]:
    """By role, ability and words of the address, in the order it asks for."""
    role, can = request.args.get("role", ""), request.args.get("can", "")
    try:
        wanted = fold(clean(request.args.get("q", ""))[:100])
    except BadInput:
        wanted = ""
    rows = [
        one
        for one in found
        if (not role or one.post.role == role)
        and (not can or can in one.abilities)
        and (not wanted or wanted in fold(f"{one.name} {one.post.title} {one.unit}"))
    ]
    by = request.args.get("sort", "unit")
    order = list(Role)
    rows.sort(
        key=lambda one: (
            fold(one.unit) if by not in {"name", "role"} else "", order.index(one.post.role) if by == "role" else 0,
            name_key(one.name), one.post.id,
        )
    )  # fmt: skip
    return rows


def _here(path: str = PATH, **changes: object) -> str:
    kept = {name: request.values.get(name, "") for name in ("day", "agency", "role", "can", "q", "sort")}
    given = {**kept, **changes}
    return address(path, **{name: value for name, value in given.items() if value})


@bp.get(PATH)
@SEE
def index() -> str:
    """Every post of an agency on a day, with all that it opened."""
    return _page()


def _page(trouble: Trouble | None = None, remark: str = "", chosen: frozenset[int] = frozenset()) -> str:
    here, agency = current(), _agency()
    found = _found()
    shown: Paged[Standing] = page_of(
        _narrowed(found), request.args.get("after", ""), key=lambda one: str(one.post.id)
    )
    units = people.units(here.figures_scope, here.uow.session)
    return render_template(
        "access/index.html", day=_day(), agency_id=agency, shown=shown, whole=len(found), seen=digest(found),
        agencies=[one for one in units if one.kind == "agency"], words=words, roles=[*Role][:-1], abilities=Ability,
        sorts=SORTS, here_address=_here,
        reviews=store.reviews(here.figures_scope, here.uow.session, agency_id=agency),
        due=reviewing.due(here.uow, here.figures_scope, agency_id=agency, today=here.today), trouble=trouble,
        remark=remark, chosen=chosen, done=request.args.get("done", ""), may=here.may(Permission.REVIEW_ACCESS),
        posts={one.post.id: one for one in found},
    )  # fmt: skip


@bp.get(f"{PATH}.csv")
@bp.get(f"{PATH}.xlsx")
@SEE
def export() -> Response:
    """The same list, whole."""
    head = [_("Name"), _("Title"), _("Unit"), _("Role"), _("Account"), _("Could"), _("Reach"), _("Besides")]
    rows = [
        [one.name, one.post.title, one.unit, label(one.post.role), _(words.ACCOUNTS[one.account]),
         ", ".join(words.can(one)), words.reach(one), "; ".join(words.besides(one))]
        for one in _narrowed(_found())
    ]  # fmt: skip
    return table_answer(f"access-{_day().isoformat()}", _("Accesses on a day"), head, rows, wide=(5, 7))


@bp.post(f"{PATH}/reviews")
@CHANGE
def review() -> Response:
    """Reviewed: what is to be kept and what withdrawn."""
    here, form = current(), read_form(Reviewed)
    picked = frozenset(key for key in map(number_of, request.form.getlist("withdraw")) if key is not None)
    remark = form.values.get("remark", "")
    try:
        if not form.good:
            raise BadInput("access_remark")
        act(
            reviewing.review, here.figures_scope, agency_id=_agency(), day=_day(), withdraw=picked, **form.data,
        )  # fmt: skip
    except NotFound:
        raise
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        return page(_page(trouble, remark, picked), trouble.status)
    return see(_here(done="reviewed"))


def _reachers() -> tuple[reaching.Asked | None, list[reaching.Reacher], Trouble | None]:
    here, asked = current(), request.args.get("document", "")[:60].strip()
    if not asked:
        return None, [], None
    try:
        found = reaching.find(here.uow, here.actor, here.figures_scope, words=clean(asked), agency_id=_agency())
    except WorkflowError as refused:
        return None, [], explain(refused)
    return found, reaching.reachers(here.uow, here.actor, here.figures_scope, found, day=_day(), now=here.now), None


@bp.get(f"{PATH}/document")
@SEE
def document() -> str:
    """Who could see, sign or seal one document on a day, and why."""
    asked, found, trouble = _reachers()
    shown = page_of(found, request.args.get("after", ""), key=lambda one: f"{one.post.id}.{one.way}.{one.of}")
    return render_template(
        "access/document.html", asked=asked, shown=shown, trouble=trouble, day=_day(), agency_id=_agency(),
        words=words, typed=request.args.get("document", "")[:60], here_address=_here,
    )  # fmt: skip


@bp.get(f"{PATH}/person/<int:person_id>")
@SEE
def one_person(person_id: int) -> str:
    """What one person could see and sign on a day: posts with all that each opened, papers that named them."""
    here, agency = current(), _agency()
    found = people.person(here.figures_scope, here.uow.session, person_id)
    papers = naming.papers_of(
        here.uow, here.actor, here.figures_scope, agency_id=agency, person_id=person_id, day=_day(), now=here.now
    )
    shown = page_of(papers, request.args.get("after", ""), key=lambda one: str(one.key))
    return render_template(
        "access/one.html", person=found, day=_day(), agency_id=agency, words=words, here_address=_here,
        held=[one for one in _found() if one.post.person_id == person_id],
        shown=shown,
    )  # fmt: skip


@bp.get(f"{PATH}/document.csv")
@bp.get(f"{PATH}/document.xlsx")
@SEE
def document_export() -> Response:
    """The same as a sheet."""
    asked, found, _trouble = _reachers()
    head = [
        _("Name"), _("Title"), _("Unit"), _("By which right"), _("It was theirs to sign"), _("Could sign"),
        _("Could seal"), _("Account"),
    ]  # fmt: skip
    rows = [
        [one.name, one.title, one.unit, "; ".join(words.sources(one)), _("yes") if one.chosen else "",
         words.signing(one),
         _("yes") if one.seals else "", "" if one.open else _(words.ACCOUNTS["closed"])]
        for one in found
    ]  # fmt: skip
    name = f"access-{asked.kind}-{asked.key}" if asked else "access-document"
    return table_answer(name, _("Who could see a document"), head, rows, wide=(3,))
