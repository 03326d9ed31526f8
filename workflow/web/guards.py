"""Who may open which page. Deny by default: a view that says nothing keeps the application from starting.

The decorators only mark a view; one function before each request enforces the mark. A view that opens to a
permission still has to find its document through a `Scope`, where foreign and missing are the same 404.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import NotPermitted
from workflow.domain.people import STEP_UP_ROLES
from workflow.domain.permissions import Permission, demand
from workflow.store.accounts import Login
from workflow.web.context import API, Current, current

View = TypeVar("View", bound=Callable[..., Any])

STEP_UP = dt.timedelta(minutes=5)
"""How long a second factor counts as fresh for acts that ask for one."""

MARK = "_guard"


class Kind(StrEnum):
    """The three ways to open a view."""

    OPEN = "open"
    SIGNED_IN = "signed_in"
    ALLOWS = "allows"


@dataclass(frozen=True, slots=True)
class Guard:
    """What a view demands. `unfinished`: open also before the second factor of a login was given."""

    kind: Kind
    permission: Permission | None = None
    step_up: bool = False
    unfinished: bool = False
    why: str = ""


def allows(permission: Permission, *, step_up: bool = False) -> Callable[[View], View]:
    """Open a view to posts with a permission; with `step_up` only while a second factor is fresh."""
    return _marker(Guard(Kind.ALLOWS, permission, step_up=step_up))


def signed_in(why: str, *, step_up: bool = False, unfinished: bool = False) -> Callable[[View], View]:
    """Open a view to everybody who is logged in, whatever their post: their own account."""
    return _marker(Guard(Kind.SIGNED_IN, step_up=step_up, unfinished=unfinished, why=why))


def open_to_all(why: str) -> Callable[[View], View]:
    """Open a view to the world, with the reason that the fence test lists."""
    return _marker(Guard(Kind.OPEN, why=why))


def _marker(guard: Guard) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, MARK, guard)
        return view

    return mark


def guards_of(app: Flask) -> dict[tuple[str, str], Guard]:
    """(endpoint, method) → guard for every route; a class-based view may mark each of its methods."""
    found: dict[tuple[str, str], Guard] = {}
    missing: list[str] = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in (rule.methods or set()) - {"OPTIONS"}:
            guard = _guard_of(view, method)
            if guard is None:
                missing.append(f"{method} {rule.rule} ({rule.endpoint})")
            else:
                found[rule.endpoint, method] = guard
    if missing:
        raise RuntimeError("views without @allows, @signed_in or @open_to_all: " + ", ".join(sorted(missing)))
    return found


def _guard_of(view: Callable[..., Any], method: str) -> Guard | None:
    by_class = getattr(view, "view_class", None)
    if by_class is not None:
        name = "get" if method == "HEAD" and not hasattr(by_class, "head") else method.lower()
        found = getattr(getattr(by_class, name, None), MARK, None) or getattr(by_class, MARK, None)
    else:
        found = getattr(view, MARK, None)
    return found if isinstance(found, Guard) else None


def install(app: Flask) -> None:
    """Enforce the marks. Call before anything else looks at the body of a request."""

    @app.before_request
    def _enforce() -> Response | None:
        if request.endpoint is None or request.method == "OPTIONS":
            return None
        guard = app.extensions["guards"].get((request.endpoint, request.method))
        if guard is None:
            abort(404)
        return enforce(guard, current())


def seal(app: Flask) -> None:
    """Call when every view is registered: works out the guards, or refuses to start."""
    app.extensions["guards"] = guards_of(app)


def enforce(guard: Guard, here: Current) -> Response | None:
    """None where the person may pass, a redirect where something comes first, `NotPermitted` otherwise."""
    if guard.kind is Kind.OPEN:
        return None
    if here.login is None:
        return _ask(here, "sessions.login", "not_logged_in")
    if not guard.unfinished and _unfinished(here, here.login):
        has_factor = here.login.has_factor or here.demo
        return _ask(here, "sessions.step_up" if has_factor else "factors.index", "second_factor_needed")
    if guard.permission is not None:
        demand(here.actor, guard.permission)
    if guard.step_up and not fresh(here, here.login):
        return _ask(here, "sessions.step_up", "step_up_needed")
    return None


def _unfinished(here: Current, login: Login) -> bool:
    """Leaders, their deputies, clerks and administrators are not in before their second factor was given once.

    API tokens (no session) were made by somebody who gave it.
    """
    if login.stepped_up_at is not None or login.session_id is None:
        return False
    return login.post is not None and login.post.role in STEP_UP_ROLES


def fresh(here: Current, login: Login) -> bool:
    """Whether a second factor was given within the last five minutes."""
    return login.stepped_up_at is not None and here.now - login.stepped_up_at <= STEP_UP


def _ask(here: Current, endpoint: str, code: str) -> Response:
    """Send a person who reads a page to where they can go on; tell a program or a form what is missing."""
    if request.method != "GET" or wants_json():
        raise NotPermitted(code)
    return redirect(url_for(endpoint, next=request.full_path.rstrip("?")))


def wants_json() -> bool:
    """Whether the answer should be JSON: the API, or a script that asks for it."""
    if request.path.startswith(API):
        return True
    accepted = request.accept_mimetypes
    return accepted.best_match(("text/html", "application/json")) == "application/json" and bool(accepted)
