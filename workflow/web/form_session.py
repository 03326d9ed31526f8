"""What Flask calls the session is here one random number: the secret that a browser's form tokens are bound to.

Who is logged in stands in our own table. Nothing else is ever kept in this cookie, so it needs no signature, no
JSON and no compression at every request; the tokens made from it are signed (`security.form_token`).
"""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, Request
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.wrappers import Response

_RAW = re.compile("[0-9a-f]{40}")
TOKEN = "csrf_token"  # noqa: S105  the name of a field


class FormSession(dict[str, Any], SessionMixin):
    """Holds `csrf_token` or nothing. `known` is what the browser sent."""

    def __init__(self, known: str = "") -> None:
        super().__init__({TOKEN: known} if known else {})
        self.known = known


class FormSessions(SessionInterface):
    """Reads the number from its cookie and writes it when it is new."""

    def open_session(self, app: Flask, request: Request) -> FormSession:
        """The browser's number, if it is one."""
        raw = request.cookies.get(self.get_cookie_name(app), "")
        return FormSession(raw if _RAW.fullmatch(raw) else "")

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send a new number, or take the old one away."""
        response.headers.add("Vary", "Cookie")
        assert isinstance(session, FormSession)
        raw = str(session.get(TOKEN, ""))
        if raw == session.known:
            return
        name, secure = self.get_cookie_name(app), self.get_cookie_secure(app)
        if raw:
            response.set_cookie(name, raw, httponly=True, secure=secure, samesite="Lax", path="/")
        else:
            response.delete_cookie(name, httponly=True, secure=secure, samesite="Lax", path="/")
