"""Look-up by the code on a paper: anybody may ask, the code admits. Says what was issued and whether it holds."""

from __future__ import annotations

import datetime as dt
import re

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from workflow.store import asking, register_book
from workflow.web.context import commit, current
from workflow.web.forms import page
from workflow.web.guards import open_to_all
from workflow.web.issued_words import issued_facts

bp = Blueprint("look_up", __name__)

CODE = re.compile(r"[23456789A-Z]{4}-[23456789A-Z]{4}-[23456789A-Z]{3}")
LETTERS = re.compile(r"[^0-9A-Z]")

ALLOWED, WINDOW = 30, dt.timedelta(minutes=1)
"""Questions that one address may ask in this time. A code cannot be guessed; this saves the server's work."""


def _lets_pass() -> bool:
    """Count one question of this address, in whichever process it comes; False where there were too many.

    Who asks on and on is only read about, so that nobody can keep the database writing.
    """
    here = current()
    subject, since = f"look_up:{here.address}", here.now - WINDOW
    if asking.times(here.uow.session, subject, since=since) >= ALLOWED:
        return False
    here.uow.begin_write()
    asked = asking.count(here.uow.session, subject, now=here.now, since=since)
    commit(reading="asking")
    return asked <= ALLOWED


@bp.get("/v")
@open_to_all("asks for the code that stands on a paper")
def ask() -> Response | str:
    """The form; a code typed into it leads to its own address."""
    typed = request.args.get("code", "")
    if not typed:
        return render_template("documents/look_up.html", typed="", missing=False, verdict=None)
    return redirect(f"/v/{normal(typed)}" if normal(typed) else "/v/unknown")


@bp.get("/v/<code>")
@open_to_all("whoever holds the paper holds the code; it admits to the verdict only, never to the file")
def answer(code: str) -> Response:
    """The verdict of one issued document, or the same kind answer for every code that leads nowhere."""
    here = current()
    if not _lets_pass():
        abort(429)
    known = normal(code)
    document = None
    if known:
        document = register_book.by_code(here.uow.session, known, reason="the code on the paper admits")
    if document is None:
        return page(render_template("documents/look_up.html", typed=code[:20], missing=True, verdict=None), 404)
    verdict = issued_facts(document)
    return page(render_template("documents/look_up.html", typed=known, missing=False, verdict=verdict))


def normal(typed: str) -> str:
    """A code as it is stored, however it was typed; empty for what can be none."""
    letters = LETTERS.sub("", typed.upper())[:20]
    text = f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
    return text if CODE.fullmatch(text) else ""
