"""Administration of people: persons, their posts and accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput
from workflow.domain.people import SIGNING_ROLES, Role, inspector_last_day
from workflow.domain.permissions import Permission
from workflow.domain.text import mask_number
from workflow.services import people as service
from workflow.services.accounts import Link
from workflow.services.people import Appointment
from workflow.store import accounts as account_store
from workflow.store import channels as channel_store
from workflow.store import mandates
from workflow.store import people as store
from workflow.store.models import Person
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.people_list import PersonFilter, matching, read_filter
from workflow.web.schemas.people import ChangedPerson, NewPerson, NewPost, PostEnd, Reason, Renewal, Username
from workflow.web.sheets import table_answer
from workflow.web.views.mandates import STATES

bp = Blueprint("people", __name__, url_prefix="/admin")

LOOK = allows(Permission.MANAGE_PEOPLE)
CHANGE = allows(Permission.MANAGE_PEOPLE, step_up=True)

_FIELDS = {"inspector_needs_end": "valid_to", "ends_before_it_begins": "valid_to"}
"""The field beside which a refusal stands."""

ROLES = (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER, Role.DEPUTY, Role.INSPECTOR, Role.ADMIN)
"""Roles that a post can have, in the order people look for them."""


@dataclass(frozen=True, slots=True)
class AccountAct:
    """An act on somebody's account that needs a reason."""

    title: str
    explanation: str
    service: Callable[..., None]
    danger: bool = True


ACCOUNT_ACTS = {
    "factors": AccountAct(
        N_("Remove second factors"),
        N_("For a lost telephone. The person sets up a new factor at the next login. All browsers are logged out."),
        service.remove_factors,
    ),
    "close": AccountAct(
        N_("Close the account"),
        N_("Nobody can log in with it any more. What the person did stays in the books."),
        service.deactivate,
    ),
    "open": AccountAct(
        N_("Open the account again"), N_("The old password works again."), service.reactivate, danger=False
    ),
}


@bp.get("")
@LOOK
def home() -> str:
    """What can be administered."""
    return render_template("people/home.html")


@bp.get("/people")
@LOOK
def persons() -> str:
    """The list, one line a post."""
    here, wanted = current(), read_filter(request.args)
    found = matching(store.people(here.figures_scope, here.uow.session), wanted, today=here.today)
    units = store.units(here.figures_scope, here.uow.session)
    return render_template("people/persons.html", wanted=wanted, found=found, units=units, roles=ROLES)


@bp.get("/people.csv")
@bp.get("/people.xlsx")
@LOOK
def persons_csv() -> Response:
    """The same list, whole, for a spreadsheet."""
    here, wanted = current(), read_filter(request.args)
    found = matching(store.people(here.figures_scope, here.uow.session), wanted, today=here.today)
    head = [_(word) for word in ("Name", "Unit", "Title", "Role", "From", "Until", "Login name", "Account")]
    rows = [
        (row.full_name, row.unit_name, row.title, label(row.role), row.valid_from, row.valid_to, row.username,
         _(PersonFilter.ACCOUNTS[row.account]))
        for row in found.rows
    ]  # fmt: skip
    return table_answer("people", _("People and posts"), head, rows)


@bp.get("/people/new")
@CHANGE
def new_person() -> str:
    """The form for a new person."""
    form = Form(values={"unit_id": request.args.get("unit", ""), "valid_from": current().today.isoformat()})
    return _new_page(form)


@bp.post("/people/new")
@CHANGE
def enter_person() -> Response:
    """Enter a person with a first post."""
    form = read_form(NewPerson)
    if form.good:
        try:
            person_id = act(
                service.enter_person,
                current().figures_scope,
                full_name=form.data.pop("full_name"),
                email=form.data.pop("email"),
                first_post=Appointment(**form.data),
            )
        except BadInput as refused:
            form.errors[_FIELDS.get(refused.code, "valid_from")] = explain(refused).title
        else:
            return see(url_for("people.person", person_id=person_id))
    return page(_new_page(form), 422)


@bp.get("/people/<int:person_id>")
@LOOK
def person(person_id: int) -> str:
    """Everything about one person."""
    here = current()
    found, session = _person(person_id), here.uow.session
    account = account_store.account_of(session, person_id)
    return render_template(
        "people/person.html",
        person=found,
        posts=store.posts_of(session, person_id),
        account=account,
        passkeys=account_store.passkeys_of(session, account.id) if account else [],
        sessions=account_store.live_sessions(session, account.id, here.now) if account else [],
        mine=here.figures_scope.agency_ids,
        today=here.today,
        mandates=mandates.listed(here.figures_scope, session, person_id=person_id),
        mandate_states=STATES,
        signing_roles=SIGNING_ROLES,
        choice=channel_store.choice_of(session, person_id),
        hidden_number=mask_number,
    )


@bp.get("/people/<int:person_id>/change")
@CHANGE
def change(person_id: int) -> str:
    """The form for name and address."""
    found = _person(person_id)
    return _change_page(found, Form(values={"full_name": found.full_name, "email": found.email}))


@bp.post("/people/<int:person_id>/change")
@CHANGE
def change_person(person_id: int) -> Response:
    """Correct name and address."""
    form = read_form(ChangedPerson)
    if not form.good:
        return page(_change_page(_person(person_id), form), 422)
    act(service.change_person, current().figures_scope, person_id=person_id, **form.data)
    return see(url_for("people.person", person_id=person_id))


@bp.get("/people/<int:person_id>/posts/new")
@CHANGE
def new_post(person_id: int) -> str:
    """The form for one more post."""
    return _post_page(_person(person_id), Form(values={"valid_from": current().today.isoformat()}))


@bp.post("/people/<int:person_id>/posts/new")
@CHANGE
def appoint(person_id: int) -> Response:
    """Give one more post."""
    form = read_form(NewPost)
    if form.good:
        try:
            act(service.appoint, current().figures_scope, person_id=person_id, post=Appointment(**form.data))
        except BadInput as refused:
            form.errors[_FIELDS.get(refused.code, "valid_from")] = explain(refused).title
        else:
            return see(url_for("people.person", person_id=person_id))
    return page(_post_page(_person(person_id), form), 422)


@bp.get("/posts/<int:post_id>/end")
@CHANGE
def end_of_post(post_id: int) -> str:
    """The form to end a post."""
    return _end_page(post_id, Form(values={"last_day": current().today.isoformat()}))


@bp.post("/posts/<int:post_id>/end")
@CHANGE
def end_post(post_id: int) -> Response:
    """End a post."""
    form = read_form(PostEnd)
    if form.good:
        try:
            person_id = act(service.end_post, current().figures_scope, post_id=post_id, **form.data)
        except BadInput as refused:
            form.errors["last_day"] = explain(refused).title
        else:
            return see(url_for("people.person", person_id=person_id))
    return page(_end_page(post_id, form), 422)


@bp.get("/posts/<int:post_id>/renew")
@CHANGE
def renewal(post_id: int) -> str:
    """The form for a later last day of an inspector's post."""
    return _renewal_page(post_id, Form(values={"last_day": inspector_last_day(current().today).isoformat()}))


@bp.post("/posts/<int:post_id>/renew")
@CHANGE
def renew(post_id: int) -> Response:
    """Move the last day ahead."""
    form = read_form(Renewal)
    if form.good:
        try:
            person_id = act(service.renew_inspector, current().figures_scope, post_id=post_id, **form.data)
        except BadInput as refused:
            form.errors["last_day"] = explain(refused).title
        else:
            return see(url_for("people.person", person_id=person_id))
    return page(_renewal_page(post_id, form), 422)


@bp.get("/people/<int:person_id>/account/invite")
@CHANGE
def invitation(person_id: int) -> str:
    """The form for a login name."""
    found = _person(person_id)
    account = account_store.account_of(current().uow.session, person_id)
    name = account.username if account else service.propose_username(found.full_name)
    return render_template("people/invite.html", person=found, form=Form(values={"username": name}))


@bp.post("/people/<int:person_id>/account/invite")
@CHANGE
def invite(person_id: int) -> Response:
    """Open an account and show its one-time link."""
    form = read_form(Username)
    if form.good:
        try:
            link = act(service.invite, current().figures_scope, person_id=person_id, **form.data, **_mailing())
        except BadInput as refused:
            form.errors["username"] = explain(refused).title
        else:
            return _link_page(_person(person_id), link)
    return page(render_template("people/invite.html", person=_person(person_id), form=form), 422)


@bp.get("/people/<int:person_id>/account/reset")
@CHANGE
def reset_form(person_id: int) -> str:
    """The form for the reason."""
    return _reset_page(person_id, Form())


@bp.post("/people/<int:person_id>/account/reset")
@CHANGE
def reset(person_id: int) -> Response:
    """End the password and show a new one-time link."""
    form = read_form(Reason)
    if not form.good:
        return page(_reset_page(person_id, form), 422)
    link = act(service.reset_password, current().figures_scope, person_id=person_id, **form.data, **_mailing())
    return _link_page(_person(person_id), link)


@bp.get("/people/<int:person_id>/account/<any(factors, close, open):what>")
@CHANGE
def account_form(person_id: int, what: str) -> str:
    """The form for the reason of an act on an account."""
    return _account_page(person_id, what, Form())


@bp.post("/people/<int:person_id>/account/<any(factors, close, open):what>")
@CHANGE
def act_on_account(person_id: int, what: str) -> Response:
    """Remove factors, close or open an account."""
    form = read_form(Reason)
    if not form.good:
        return page(_account_page(person_id, what, form), 422)
    act(ACCOUNT_ACTS[what].service, current().figures_scope, person_id=person_id, **form.data)
    return see(url_for("people.person", person_id=person_id))


def _person(person_id: int) -> Person:
    return store.person(current().figures_scope, current().uow.session, person_id)


def _mailing() -> dict[str, object]:
    settings = current().settings
    return {"base_url": settings.base_url, "mail": bool(settings.smtp_url)}


def _choices() -> dict[str, object]:
    here = current()
    units = store.units(here.figures_scope, here.uow.session)
    alive = [one for one in units if one.valid_to is None or one.valid_to >= here.today]
    return {"units": [(one.id, f"{one.code} · {one.name}") for one in alive],
            "roles": [(str(role), label(role)) for role in ROLES]}  # fmt: skip


def _new_page(form: Form) -> str:
    return render_template("people/new_person.html", form=form, **_choices())


def _change_page(found: Person, form: Form) -> str:
    return render_template("people/change_person.html", person=found, form=form)


def _post_page(found: Person, form: Form) -> str:
    return render_template("people/new_post.html", person=found, form=form, **_choices())


def _end_page(post_id: int, form: Form) -> str:
    row = store.post(current().figures_scope, current().uow.session, post_id)
    return render_template("people/end_post.html", post=row, form=form)


def _renewal_page(post_id: int, form: Form) -> str:
    row = store.post(current().figures_scope, current().uow.session, post_id)
    return render_template("people/renew_post.html", post=row, form=form)


def _reset_page(person_id: int, form: Form) -> str:
    return render_template("people/reset.html", person=_person(person_id), form=form)


def _account_page(person_id: int, what: str, form: Form) -> str:
    found = ACCOUNT_ACTS[what]
    return render_template("people/account_act.html", person=_person(person_id), what=what, act=found, form=form)


def _link_page(found: Person, link: Link) -> Response:
    settings = current().settings
    address = f"{settings.base_url}/invitation/{link.secret}"
    mailed = bool(settings.smtp_url and found.email)
    return page(render_template("people/link.html", person=found, link=link, address=address, mailed=mailed))
