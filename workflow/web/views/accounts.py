"""One's own account: posts, password, browsers; and the one-time link that opens an account."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, NotFound
from workflow.services import accounts
from workflow.services.logins import Visitor, digest
from workflow.store import absences
from workflow.store import accounts as store
from workflow.web.context import act_for_oneself, commit, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import open_to_all, signed_in
from workflow.web.i18n import _
from workflow.web.schemas.accounts import ChangedPassword, NewPassword
from workflow.web.views.sessions import enter, session_id

bp = Blueprint("accounts", __name__)


@bp.get("/account")
@signed_in("one's own account")
def index() -> str:
    """Who I am, which posts I hold, where I am logged in."""
    here = current()
    person, session = here.person, here.uow.session
    return render_template(
        "accounts/account.html",
        posts=store.posts_held(session, person.person_id, here.today),
        sessions=store.live_sessions(session, person.account_id, here.now),
        present=person.session_id,
        desks=absences.desks_for(here.uow.session, here.person.person_id, today=here.today),
    )


@bp.get("/account/posts")
@signed_in("one's own posts", unfinished=True)
def posts() -> str:
    """Choose the post to act in."""
    here = current()
    return render_template(
        "accounts/posts.html",
        posts=store.posts_held(here.uow.session, here.person.person_id, here.today),
        desks=absences.desks_for(here.uow.session, here.person.person_id, today=here.today),
    )


@bp.get("/account/password")
@signed_in("one's own password")
def password() -> str:
    """The form."""
    return render_template("accounts/password.html", form=Form())


@bp.post("/account/password")
@signed_in("one's own password")
def change_password() -> Response:
    """Change it against the old one; other browsers are logged out."""
    form = read_form(ChangedPassword)
    if form.good:
        try:
            secret = _changed(form)
        except BadInput as refused:
            _beside_its_field(form, refused)
        else:
            if secret is not None:
                return enter(see(url_for("accounts.index")), secret)
            form.errors["old"] = _("The old password is not right.")
    return page(render_template("accounts/password.html", form=form), 422)


def _changed(form: Form) -> str | None:
    accounts.demand_same(form.data["password"], form.data["again"])
    return act_for_oneself(
        accounts.change_password, form.data["old"], form.data["password"], session_id=session_id()
    )


def _beside_its_field(form: Form, refused: BadInput) -> None:
    form.errors["again" if refused.code == "password_differs" else "password"] = explain(refused).title


@bp.post("/account/sessions/<int:row_id>/end")
@signed_in("one's own browsers")
def end_session(row_id: int) -> Response:
    """Log one of my browsers out."""
    act_for_oneself(accounts.end_session, row_id)
    return see(url_for("accounts.index"))


@bp.post("/account/sessions/end-others")
@signed_in("one's own browsers")
def end_other_sessions() -> Response:
    """Log all my other browsers out."""
    act_for_oneself(accounts.end_other_sessions, session_id=session_id())
    return see(url_for("accounts.index"))


@bp.get("/invitation/<secret>")
@open_to_all("whoever holds the one-time link chooses the first password")
def invitation(secret: str) -> Response:
    """The form behind a one-time link. Looking at it uses nothing up: mail scanners look too."""
    return _invitation_page(secret, Form(), 200)


@bp.post("/invitation/<secret>")
@open_to_all("whoever holds the one-time link chooses the first password")
def use_invitation(secret: str) -> Response:
    """Set the password; then log in with it."""
    here, form = current(), read_form(NewPassword)
    if form.good:
        try:
            accounts.demand_same(form.data["password"], form.data["again"])
            accounts.use_link(here.uow, Visitor(here.address), secret, form.data["password"], now=here.now)
            commit()
        except BadInput as refused:
            _beside_its_field(form, refused)
    if form.good:
        return see(url_for("sessions.login"))
    return _invitation_page(secret, form, 422)


def _invitation_page(secret: str, form: Form, status: int) -> Response:
    here = current()
    found = store.invitation_for(here.uow.session, digest(secret), here.now)
    if found is None:
        raise NotFound("link_used_up")
    _row, account, person = found
    body = render_template("accounts/invitation.html", form=form, account=account, person=person, secret=secret)
    return page(body, status)
