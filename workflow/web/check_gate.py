"""The gate before the check of files: who may, how much, how often, whose turn. It stands before the body is read.

A stranger's place is taken before a byte of the file is parsed, so that strangers never hold more than one thread.
People logged in take a turn only while their file is judged: a slow line of theirs hinders nobody.
"""

from __future__ import annotations

import datetime as dt
import io
import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from flask import Flask, Request, Response, current_app, g, render_template, request

from workflow.config import MEGABYTE
from workflow.domain.errors import BadInput, NotPermitted, Refused, WorkflowError
from workflow.services.checking import public_check
from workflow.store import asking
from workflow.web import errors
from workflow.web.context import Current, commit, current
from workflow.web.guards import wants_json
from workflow.web.turns import Busy, Turns

AROUND = MEGABYTE
"""What a form may weigh besides its files."""
WINDOW = dt.timedelta(minutes=10)
STRANGERS, MEMBERS = 20, 120
"""Checks and reports in that time: of one address, and of one person logged in. A busy clerk looks at a file every
five seconds at most; a stranger who needs more than twenty can ask the office."""
SOON, LATER = 3, 600
"""Seconds after which to come back (Retry-After): to a busy service, and having asked too often."""

GATED = frozenset({"verify.take", "verify.report_pdf", "verify.report_json"})
IN_MEMORY = GATED | {"checks.check"}
"""What comes to these is never laid on a disk, not even for a moment."""
TURNS = "trinhky_check_turns"


class CarefulRequest(Request):
    """A request whose files stay in memory where they are only to be looked at."""

    def _get_file_stream(self, *given: Any, **named: Any) -> IO[bytes]:
        return io.BytesIO() if self.endpoint in IN_MEMORY else super()._get_file_stream(*given, **named)


@dataclass(frozen=True, slots=True)
class Admission:
    """What this reader may send. `limit`: bytes of all files together."""

    allowed: bool
    limit: int
    member: bool

    @property
    def megabytes(self) -> int:
        """The limit as pages say it."""
        return self.limit // MEGABYTE


def admission(here: Current) -> Admission:
    """Who is logged in always may; strangers where the office allows it, and smaller files."""
    most = here.settings.max_upload
    if here.login is not None:
        return Admission(True, most, True)
    public = public_check(here.uow)
    return Admission(public.allowed, min(public.megabytes * MEGABYTE, most), False)


def install(app: Flask) -> None:
    """Call after the guards and before CSRF, which reads the body."""
    app.request_class = CarefulRequest
    app.extensions[TURNS] = Turns()

    @app.before_request
    def _gate() -> Response | None:
        if request.endpoint not in GATED or request.method != "POST":
            return None
        return _at_the_gate(current())

    @app.teardown_request
    def _leave(_error: BaseException | None) -> None:
        guest = g.pop("check_guest", None)
        if guest is not None:
            turns().leave(guest)


def turns() -> Turns:
    """Those of this process."""
    found: Turns = current_app.extensions[TURNS]
    return found


def _at_the_gate(here: Current) -> Response | None:
    """None for who may go on; the refusal otherwise, without looking at what was sent."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return None  # another site's request is refused further on, and must not use up the visitor's checks
    may = admission(here)
    if not may.allowed:
        return refusal(NotPermitted("public_verification_off"))
    request.max_content_length = may.limit + AROUND
    if (request.content_length or 0) > may.limit + AROUND:
        return refusal(BadInput("check_too_large", limit=may.megabytes))
    try:
        if may.member:
            count(here)
            return None
        refuse_often(here)
        g.check_guest = here.uow.compute(turns().enter, subject(here), member=False)
        count(here)
    except WorkflowError as refused:
        return refusal(refused)
    except Busy as busy:
        return refusal(too_busy(busy))
    return None


@contextmanager
def turn(here: Current) -> Iterator[None]:
    """While a file is judged. A stranger has had theirs since the gate. Raises `Refused("check_busy")`."""
    if here.login is None:
        yield
        return
    try:
        guest = here.uow.compute(turns().enter, subject(here), member=True)
    except Busy as busy:
        raise too_busy(busy) from busy
    try:
        yield
    finally:
        turns().leave(guest)


def too_busy(busy: Busy) -> Refused:
    """Its words."""
    return Refused("check_busy", ahead=busy.ahead)


def subject(here: Current) -> str:
    """Whose checks are counted: a person, or an address; of IPv6 the network that one household has (RFC 6177)."""
    if here.login is not None:
        return f"verify:person:{here.login.person_id}"
    try:
        known = ipaddress.ip_address(here.address)
    except ValueError:
        return f"verify:{here.address}"
    if known.version == 6:
        return f"verify:{ipaddress.ip_network((known, 64), strict=False)}"
    return f"verify:{known}"


def refuse_often(here: Current) -> None:
    """Only read, so that nobody can keep the database writing. Raises `Refused("check_often")`."""
    most = MEMBERS if here.login is not None else STRANGERS
    if asking.times(here.uow.session, subject(here), since=here.now - WINDOW) >= most:
        raise Refused("check_often")


def count(here: Current) -> None:
    """One more: all that a check leaves in the database. Raises `Refused("check_often")`."""
    refuse_often(here)
    here.uow.begin_write()
    asking.count(here.uow.session, subject(here), now=here.now, since=here.now - WINDOW)
    commit()


def refusal(error: WorkflowError) -> Response:
    """The page of the check with what happened, what was kept and what to do; or the problem document."""
    trouble = errors.explain(error)
    if wants_json():
        made = errors.answer(trouble)
    else:
        page = render_template("verify/index.html", trouble=trouble, may=admission(current()))
        made = Response(page, trouble.status, mimetype="text/html")
    if error.code in {"check_busy", "check_often"}:
        made.headers["Retry-After"] = str(SOON if error.code == "check_busy" else LATER)
    if "ahead" in error.details:
        made.headers["X-Ahead"] = str(error.details["ahead"])  # the page's own script comes back by itself
    if trouble.status in {413, 403, 503, 429}:
        made.headers["Connection"] = "close"  # what was not read of the body must not be taken for a request
    return made
