"""What a view knows about its request: `current()`. One unit of work, opened when first asked for.

A view reads through `current().uow.session` and acts through `act(service, …)`, the one place in the web that
commits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Request

from workflow.config import TIME_ZONE, Settings
from workflow.domain.absences import Acts
from workflow.domain.errors import NotFound, NotPermitted
from workflow.domain.people import Actor, Post, Role
from workflow.domain.permissions import (
    AT_TOP,
    NOTHING,
    Permission,
    Scope,
    allowed,
    figures_scope,
    inspection_scope,
    open_in_place,
    scope_of,
)
from workflow.store import accounts, inspections, office, people
from workflow.store.accounts import Login
from workflow.store.session import Engine, UnitOfWork
from workflow.web import i18n

R = TypeVar("R")

HERE = ZoneInfo(TIME_ZONE)
READING = frozenset({"GET", "HEAD", "OPTIONS"})
LANGUAGE_COOKIE = "trinhky_language"
API = "/api/"
"""Requests below this path are known by their bearer token, never by a cookie: no CSRF is possible there."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What the application was made with."""

    settings: Settings
    engine: Engine
    clock: Callable[[], dt.datetime]

    @property
    def cookie(self) -> str:
        """Name of the session cookie; `__Host-` binds it to this very host over HTTPS."""
        return "__Host-trinhky" if self.settings.secure_cookies else "trinhky"

    @property
    def mark_cookie(self) -> str:
        """Name of the cookie by which a browser is known again; it opens nothing."""
        return "__Host-trinhky_device" if self.settings.secure_cookies else "trinhky_device"


class Current:
    """One request. `now` stands still while it lasts."""

    def __init__(self, installation: Installation, seen: Request) -> None:
        self.installation = installation
        self.settings = installation.settings
        self.now = installation.clock()
        self.request_id = secrets.token_hex(8)
        self._request = seen
        self._uow: UnitOfWork | None = None

    @property
    def uow(self) -> UnitOfWork:
        """The unit of work of this request."""
        if self._uow is None:
            self._uow = UnitOfWork(self.installation.engine)
        return self._uow

    def close(self) -> None:
        """Give the connection back; what was not committed is forgotten."""
        if self._uow is not None:
            self._uow.close()

    @cached_property
    def today(self) -> dt.date:
        """The day in the office's zone."""
        return self.now.astimezone(HERE).date()

    @cached_property
    def address(self) -> str:
        """Where the request came from. X-Forwarded-For counts only as many steps back as proxies were declared."""
        hops = self.settings.proxy_hops
        if hops:
            chain = [part.strip() for part in ",".join(self._request.headers.getlist("X-Forwarded-For")).split(",")]
            if len(chain) >= hops and chain[-hops]:
                return chain[-hops][:60]
        return (self._request.remote_addr or "")[:60]

    @cached_property
    def login(self) -> Login | None:
        """Who is logged in, or None."""
        if self._request.path.startswith(API):
            return self._bearer()
        secret = self.secret
        if not secret:
            return None
        found = accounts.login_by_cookie(self.uow.session, hashed(secret), now=self.now, today=self.today)
        if found is not None and found.session_id is not None and self.now - found.seen_at > accounts.TOUCH:
            self._touch(found.session_id)
        return found

    @property
    def secret(self) -> str:
        """What the browser's session cookie holds; handed on to the seal process only, which asks who it is."""
        return self._request.cookies.get(self.installation.cookie, "")

    @property
    def mark(self) -> str:
        """By what this browser is known again; empty where nobody logged in in it."""
        return self._request.cookies.get(self.installation.mark_cookie, "")

    def _bearer(self) -> Login | None:
        scheme, _space, secret = self._request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret:
            return None
        return accounts.login_by_token(self.uow.session, hashed(secret.strip()), now=self.now, today=self.today)

    def _touch(self, session_id: int) -> None:
        self.uow.begin_write()
        accounts.touch_session(self.uow.session, session_id, self.now)
        commit(reading="session")

    @property
    def person(self) -> Login:
        """The person logged in; guards have seen to it that there is one."""
        if self.login is None:
            raise NotPermitted("not_logged_in")
        return self.login

    @property
    def post(self) -> Post:
        """The post acted in; refused where none is held today."""
        if self.person.post is None:
            raise NotPermitted("no_post")
        return self.person.post

    @property
    def desk_of(self) -> int:
        """Whose desk is looked at: one's own, or that of who is away."""
        return self.post.person_id if self.person.acts else self.person.person_id

    @property
    def agency_id(self) -> int | None:
        """The agency acted for; None for strangers and people without a post."""
        return self.login.post.agency_id if self.login is not None and self.login.post is not None else None

    @cached_property
    def actor(self) -> Actor:
        """The actor for services."""
        if self.person.inspection_id is not None:
            own = Actor.of(self.post, name=self.person.full_name, address=self.address)
            return replace(own, inspection_id=self.person.inspection_id)
        at_top = self.post.role in {Role.ADMIN, Role.INSPECTOR} and self.post.agency_id == office.top_agency(
            self.uow.session, on=self.today
        )
        actor = Actor.of(self.post, name=self.person.full_name, address=self.address, at_top=at_top)
        if not self.person.acts:
            return actor
        return replace(
            actor, person_id=self.person.person_id, in_place_of=self.post.person_id,
            reading_only=self.person.acts == Acts.READING,
        )  # fmt: skip

    @cached_property
    def oneself(self) -> Actor:
        """The actor for services about one's own account, which work without a post too."""
        if self.person.post is not None:
            return self.actor
        return Actor.without_post(self.person.person_id, name=self.person.full_name, address=self.address)

    @cached_property
    def scope(self) -> Scope:
        """Whose papers this person reaches in this post."""
        if self.login is None or self.login.post is None:
            return NOTHING
        post = self.login.post
        if self.login.inspection_id is not None:
            return self._inspected
        units = people.units_below(self.uow.session, post.unit_id) if post.role is Role.UNIT_HEAD else ()
        agencies = self._agencies_below if post.role is Role.INSPECTOR else ()
        return scope_of(post, units_below=units, agencies_below=agencies)

    @cached_property
    def figures_scope(self) -> Scope:
        """Whose figures, and for an administrator whose people."""
        if self.login is None or self.login.post is None:
            return NOTHING
        if self.login.inspection_id is not None:
            return replace(self._inspected, unit_ids=())
        wide = self.login.post.role in {Role.ADMIN, Role.INSPECTOR}
        return figures_scope(self.login.post, agencies_below=self._agencies_below if wide else ())

    @property
    def figures_agency(self) -> int:
        """Whose figures are shown where the address names no agency: one's own; in an inspection its first."""
        if self.login is None or self.login.inspection_id is None:
            return self.post.agency_id
        agencies = self.figures_scope.agency_ids
        if not agencies:
            raise NotFound("unit_not_found")
        return min(agencies)

    @cached_property
    def _inspected(self) -> Scope:
        agencies, units = inspections.reach(self.uow.session, self.person.inspection_id or 0)
        return inspection_scope(agencies=agencies, units=units, until=self.person.inspected_until)

    @cached_property
    def _agencies_below(self) -> tuple[int, ...]:
        return people.agencies_below(self.uow.session, self.post.agency_id)

    @cached_property
    def locale(self) -> str:
        """The account's language, else the one chosen in this browser, else what the browser asks for."""
        wished = self.login.language if self.login else ""
        wished = wished or self._request.cookies.get(LANGUAGE_COOKIE, "")
        return (
            wished if wished in i18n.LOCALES else i18n.best_locale(self._request.headers.get("Accept-Language", ""))
        )

    @property
    def demo(self) -> bool:
        """Demo mode: both the settings and the database say so."""
        if not self.settings.demo:
            return False
        return self.login.demo if self.login else accounts.is_demo(self.uow.session)

    def bears(self, token: str) -> bool:
        """Whether the request carries this bearer token; an empty one never counts."""
        given = self._request.headers.get("Authorization", "")
        return bool(token) and secrets.compare_digest(given.encode(), f"Bearer {token}".encode())

    def may(self, permission: Permission) -> bool:
        """Whether the acting post has a permission: what menus and buttons ask."""
        if (
            self.login is None
            or self.login.post is None
            or not allowed(self.login.post.role, permission, at_top=True)
        ):
            return False
        acts = self.login.acts
        if acts and not open_in_place(permission, reading_only=acts == Acts.READING):
            return False
        return permission not in AT_TOP or self.actor.at_top


def installation() -> Installation:
    """The settings, engine and clock of the running application."""
    found: Installation = current_app.extensions["trinhky"]
    return found


def current() -> Current:
    """The present request."""
    found: Current = g.current
    return found


def commit(*, reading: str = "") -> None:
    """Make this request's act durable. One that only reads commits one of a few things (`reading`) alone."""
    if request.method in READING and reading not in {"session", "look", "asking", "ticket"}:
        raise RuntimeError(f"{request.method} {request.endpoint} tried to change something")
    current().uow.commit()


def act(service: Callable[..., R], /, *values: object, **named: object) -> R:
    """Call a service as the person logged in, now, and commit: `act(people.end_post, post_id, last_day=day)`."""
    here = current()
    result = service(here.uow, here.actor, *values, now=here.now, **named)
    commit()
    return result


def act_for_oneself(service: Callable[..., R], /, *values: object, **named: object) -> R:
    """The same for one's own account, with or without a post."""
    here = current()
    result = service(here.uow, here.oneself, *values, now=here.now, **named)
    commit()
    return result


def hashed(secret: str) -> str:
    """Secrets of links, cookies and tokens are kept only like this; they are random, so one SHA-256 will do."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def install(app: Flask, made: Installation) -> None:
    """Open a `Current` for each request and close it after."""
    app.extensions["trinhky"] = made

    @app.before_request
    def _open() -> None:
        g.current = Current(app.extensions["trinhky"], request)

    @app.teardown_request
    def _close(_error: BaseException | None) -> None:
        here: Current | None = g.pop("current", None)
        if here is not None:
            here.close()
