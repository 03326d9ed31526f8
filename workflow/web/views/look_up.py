"""Look-up by the code on a paper: anybody may ask, the code admits. Says what was issued and whether it holds."""

from __future__ import annotations

import datetime as dt
import re

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.numbering import date_words
from workflow.domain.outgoing import Medium
from workflow.services.journal import local_day
from workflow.store import asking, office, register_book
from workflow.store import documents as store
from workflow.store.models import Outgoing, Person
from workflow.web.context import commit, current
from workflow.web.forms import page
from workflow.web.guards import open_to_all
from workflow.web.types import type_name
from workflow.web.verdict_words import PURPOSES, conclusion_words

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
    return page(render_template("documents/look_up.html", typed=known, missing=False, verdict=_verdict(document)))


def normal(typed: str) -> str:
    """A code as it is stored, however it was typed; empty for what can be none."""
    letters = LETTERS.sub("", typed.upper())[:20]
    text = f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
    return text if CODE.fullmatch(text) else ""


def _verdict(document: Outgoing) -> dict[str, object]:
    """What a stranger may know: number, date, agency, kind, who signed and whether it holds. Not the file."""
    session = current().uow.session
    latest = {row.signature_id: row for row in store.verdicts_of(session, document.id)}
    agency = office.unit(session, document.agency_id).name
    signatures = [  # numbers and seals are the agency's: strangers need no clerk's name
        (PURPOSES[signature.purpose], name if signature.purpose == "leader" else agency, signature.received_at,
         conclusion_words(latest[signature.id].conclusion if signature.id in latest else "indeterminate"))
        for signature, name in store.signatures_of(session, document.id)
        if signature.withdrawn_at is None
    ]  # fmt: skip
    conclusions = {row.conclusion for row in latest.values()}
    whole = "passed" if conclusions == {"passed"} else "failed" if "failed" in conclusions else "indeterminate"
    signer = session.get(Person, document.signer_id) if document.signer_id else None
    return {
        "symbol": document.symbol,
        "dated": date_words(local_day(document.numbered_at)) if document.numbered_at else "",
        "agency": agency,
        "type": type_name(document.type_code),
        "signer": signer.full_name if signer else "",
        "issued_at": document.issued_at,
        "ink": document.medium == Medium.INK,
        "whole": conclusion_words(whole if signatures else ""),
        "signatures": signatures,
    }
