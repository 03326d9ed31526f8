"""Coming in, stepping up, switching post or language, going out."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from workflow.services import accounts, factors, logins
from workflow.services.logins import Attempt, Visitor
from workflow.store import accounts as store
from workflow.web.context import LANGUAGE_COOKIE, act_for_oneself, commit, current, installation
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import open_to_all, signed_in
from workflow.web.i18n import LOCALES, _
from workflow.web.resuming import asked_again, go_on
from workflow.web.schemas.accounts import Login, PostChoice, StepUp

bp = Blueprint("sessions", __name__)

YEAR = 365 * 24 * 3600


@bp.get("/login")
@open_to_all("the door itself")
def login() -> Response | str:
    """The login page; in a demo with a button for everybody."""
    if current().login is not None:
        return redirect(next_page())
    return _login_page(Form())


@bp.post("/login")
@open_to_all("the door itself")
def log_in() -> Response:
    """Check name and password."""
    here, form, visitor = current(), read_form(Login), _visitor()
    if not form.good:
        return page(_login_page(form), 422)
    attempt: Attempt = logins.log_in(here.uow, visitor, form.data["username"], form.data["password"], now=here.now)
    commit()
    if attempt.opened is not None:
        session.clear()
        return enter(marked(see(next_page()), visitor.mark), attempt.opened.secret)
    if attempt.wait:
        form.errors[""] = _("Too many failed attempts. Please wait %(seconds)s seconds.", seconds=attempt.wait)
        return page(_login_page(form), 429)
    form.errors[""] = _("Name or password is not right. Nothing is locked: check both and try again.")
    return page(_login_page(form), 401)


@bp.post("/login/demo/<int:post_id>")
@open_to_all("one-click login; the service refuses it outside a demo")
def log_in_as_demo(post_id: int) -> Response:
    """Come in as one of the demo's people."""
    here, visitor = current(), _visitor()
    opened = logins.log_in_as_demo(here.uow, visitor, post_id, demo=here.settings.demo, now=here.now)
    commit()
    session.clear()
    return enter(marked(see(next_page()), visitor.mark), opened.secret)


@bp.post("/logout")
@signed_in("ends one's own session", unfinished=True)
def log_out() -> Response:
    """End this session."""
    act_for_oneself(logins.log_out, session_id())
    response = see(url_for("sessions.login"))
    made = installation()
    response.delete_cookie(
        made.cookie, path="/", secure=made.settings.secure_cookies, httponly=True, samesite="Lax"
    )  # browsers ignore a removal that lacks what `__Host-` demands
    session.clear()
    return response


@bp.get("/step-up")
@signed_in("asks for one's own second factor", unfinished=True)
def step_up() -> Response | str:
    """Ask for the second factor."""
    if not current().person.has_factor and not current().demo:
        return redirect(url_for("factors.index", next=request.args.get("next", "")))
    return asked_again(Form(), next_page())


@bp.post("/step-up")
@signed_in("takes one's own second factor", unfinished=True)
def step_up_by_code() -> Response:
    """Take a code from the phone."""
    form = read_form(StepUp)
    if not form.good:
        return page(asked_again(form, next_page()), 422)
    secret = act_for_oneself(factors.step_up_by_code, form.data["step_up_code"], session_id=session_id())
    if secret is None:
        form.errors["step_up_code"] = _("The code is not right, or it was used already. Wait for the next one.")
        return page(asked_again(form, next_page()), 422)
    return enter(go_on(next_page()), secret)


@bp.post("/step-up/demo")
@signed_in("the service refuses it outside a demo", unfinished=True)
def step_up_in_demo() -> Response:
    """One click instead of a factor."""
    secret = act_for_oneself(factors.step_up_in_demo, session_id=session_id(), demo=current().settings.demo)
    return enter(go_on(next_page()), secret)


@bp.post("/post")
@signed_in("chooses among one's own posts", unfinished=True)
def switch_post() -> Response:
    """Act in another post of one's own."""
    form = read_form(PostChoice)
    if form.good:
        act_for_oneself(logins.switch_post, form.data["post"], session_id=session_id())
    return see(url_for("home.index"))


@bp.post("/language/<code>")
@open_to_all("a preference of whoever looks")
def language(code: str) -> Response:
    """Show everything in another language; kept with the account, or in this browser before login."""
    response = see(next_page())
    if code not in LOCALES:
        return response
    if current().login is not None:
        act_for_oneself(accounts.choose_language, code)
    response.set_cookie(
        LANGUAGE_COOKIE, code, max_age=365 * 24 * 3600, httponly=True, samesite="Lax",
        secure=current().settings.secure_cookies,
    )  # fmt: skip
    return response


def enter(response: Response, secret: str) -> Response:
    """Set the session's cookie. Forms open in other tabs stay good: their tokens hang on a cookie of their own."""
    made = installation()
    response.set_cookie(
        made.cookie, secret, httponly=True, samesite="Lax", path="/", secure=made.settings.secure_cookies
    )
    return response


def session_id() -> int:
    """The present session's row."""
    found = current().person.session_id
    assert found is not None, "guards let only browsers in here"
    return found


def _visitor() -> Visitor:
    mark = current().mark[:64] or secrets.token_urlsafe(32)
    return Visitor(current().address, request.headers.get("User-Agent", "")[:200], mark)


def marked(response: Response, mark: str) -> Response:
    """Let this browser be known again: the mark opens nothing, only its hash is kept."""
    made = installation()
    response.set_cookie(
        made.mark_cookie, mark, max_age=YEAR, path="/", httponly=True, samesite="Lax",
        secure=made.settings.secure_cookies,
    )  # fmt: skip
    return response


def next_page() -> str:
    """Where to go on: a path of this service, never another host.

    Two slashes name a host, and parsers that drop empty parts turn four slashes into two.
    """
    wished = request.values.get("next", "")
    local = wished.startswith("/") and wished[1:2] != "/" and "\\" not in wished
    return wished if local and wished.isprintable() else url_for("home.index")


def _login_page(form: Form) -> str:
    here = current()
    people = store.demo_people(here.uow.session, here.today) if here.demo else []
    offices: dict[str, list[tuple[int, str, str, object]]] = {}
    for post_id, name, title, role, agency in people:
        offices.setdefault(agency, []).append((post_id, name, title, role))
    return render_template("accounts/login.html", form=form, offices=offices, next=next_page())
