"""A test client that behaves like our pages, a clock that stands still, and sessions without passwords."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

import html5lib
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from tests.support.office import Office
from workflow.store.models import Account, LoginSession
from workflow.store.session import unit_of_work

COOKIE = "trinhky"
MORNING = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
"""Monday 23 November 2026, nine o'clock at the office."""


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: dt.datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **time: float) -> None:
        """Move on, e.g. `clock.advance(minutes=6)`."""
        self.now += dt.timedelta(**time)


class Browser(FlaskClient):
    """`login("clerk")` comes in as somebody of the office; pages are checked; forms carry their CSRF token."""

    engine: Engine
    clock: Clock
    office: Office

    def login(self, name: str, *, stepped_up: bool = True) -> Browser:
        """Come in as a member of the office (a key of `office.posts`), by default with the second factor given."""
        post = self.office.posts[name]
        secret = open_session(self.engine, post.person_id, post_id=post.id, now=self.clock(), stepped_up=stepped_up)
        self.set_cookie(COOKIE, secret)
        return self

    def logout(self) -> Browser:
        """Forget who we were."""
        self.delete_cookie(COOKIE)
        return self

    def open(self, *args: Any, csrf: bool = True, **named: Any) -> TestResponse:  # type: ignore[override]
        """Any request. `csrf=False` leaves the token out."""
        if csrf and named.get("method", "GET") not in {"GET", "HEAD", "OPTIONS"}:
            headers = dict(named.get("headers") or {})
            headers.setdefault("X-CSRFToken", self._token())
            named["headers"] = headers
        named.setdefault("buffered", True)
        response = super().open(*args, **named)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 304, 307, 308}:
            parse_strictly(response.text)
        return response

    def _token(self) -> str:
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", secrets.token_hex(20))
        return str(URLSafeTimedSerializer(self.application.secret_key or "", salt="wtf-csrf-token").dumps(raw))


def open_session(
    engine: Engine, person_id: int, *, post_id: int | None, now: dt.datetime, stepped_up: bool = True
) -> str:
    """A live browser session without a password; returns the cookie's value."""
    secret = secrets.token_urlsafe(16)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(
            LoginSession(
                id_hash=hashlib.sha256(secret.encode()).hexdigest(),
                account_id=uow.session.scalars(select(Account.id).where(Account.person_id == person_id)).one(),
                post_id=post_id,
                created_at=now,
                seen_at=now,
                stepped_up_at=now if stepped_up else None,
                address="127.0.0.1",
                browser="tests",
            )
        )
        uow.commit()
    return secret


def parse_strictly(page: str) -> None:
    """Raise on the first thing that is not valid HTML; the message shows where."""
    html5lib.HTMLParser(strict=True).parse(page)
