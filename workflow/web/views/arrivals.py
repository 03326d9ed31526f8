"""The queue of what waits to be received. `bp` also carries registration, papers, files, stamps and senders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Blueprint, current_app, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from signing.jail import JailError
from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.incoming import Source, State
from workflow.domain.outgoing import Urgency
from workflow.domain.permissions import Permission
from workflow.domain.text import clean, fold
from workflow.services.calendar import working_calendar
from workflow.services.incoming import receiving
from workflow.services.incoming.receiving import Brought
from workflow.store import arrivals as store
from workflow.store import reading
from workflow.store.models import Incoming
from workflow.web import format
from workflow.web.arrival_words import badge, verdict_choices
from workflow.web.clocks import Clock, clock
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import page
from workflow.web.guards import allows, wants_json
from workflow.web.i18n import _
from workflow.web.labels import label
from workflow.web.offers import URGENCY_TONES
from workflow.web.reading_words import state_of
from workflow.web.row_keys import LARGEST
from workflow.web.sheets import csv_answer, left_out
from workflow.web.storage import blobs
from workflow.web.types import type_names
from workflow.web.uploads import MEGABYTE

bp = Blueprint("arrivals", __name__)

PATH = "/incoming/arrivals"
ONE = "/incoming/<int:incoming_id>"
CAP = 1000
"""Counts stop here and say so."""
EXPORTED = 20_000
AT_ONCE = 50
"""Files of one form; a script sends them one by one."""
DIFFERING = 20
"""Registered documents that are listed because their scan says something else."""
UPLOADED = (Source.UPLOAD, Source.SCAN)
"""How files come that somebody brings by hand."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue as its address describes it; `given` are the parts that were understood."""

    wanted: store.Waiting
    given: tuple[tuple[str, str], ...]
    search: str = ""

    def address(self, path: str, *, without: tuple[str, str] | None = None, **changes: str) -> str:
        """The same queue with changes, or without one of its filters."""
        kept = [pair for pair in self.given if pair != without and pair[0] not in changes]
        query = urlencode([*kept, *((name, value) for name, value in changes.items() if value)])
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue, ready for the page."""

    id: int
    address: str
    urgency: tuple[str, str]
    verdict: tuple[str, str]
    source: str
    issuer: str
    symbol: str
    kind: str
    subject: str
    quarantined: bool
    anomaly: bool
    waits: str
    clock: Clock
    reading: str
    """`waiting` or `slow` while its file is being read."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one file. `state`: taken, known or refused."""

    name: str
    state: str
    words: str
    address: str = ""
    verdict: tuple[str, str] = ("", "")


@bp.get(PATH)
@allows(Permission.RECEIVE_DOCUMENT)
def index() -> str:
    """The queue: urgent first, then the longest waiting; filters stand in the address."""
    return _page(())


def _page(results: Sequence[Result]) -> str:
    here, asked = current(), _asked()
    found = store.queue(here.scope, here.uow.session, wanted=asked.wanted, after=_after())
    rows, more = found[: store.PAGE], len(found) > store.PAGE
    return render_template(
        "arrivals/queue.html",
        queue=asked,
        path=PATH,
        rows=_rows(rows),
        next=asked.address(PATH, after=f"{rows[-1].rank}-{rows[-1].id}") if more else "",
        first="after" in request.args,
        count=_count(asked, len(found)),
        panel=_panel() if asked.given or "filters" in request.args else None,
        chips=_chips(asked),
        done=done_words(),
        results=results,
        differing=reading.differing(here.scope, here.uow.session, limit=DIFFERING),
        most_differing=DIFFERING,
        limit=here.settings.max_upload // MEGABYTE,
        at_once=AT_ONCE,
    )


@bp.get(f"{PATH}/export.csv")
@allows(Permission.RECEIVE_DOCUMENT)
def export() -> Response:
    """The queue as it is filtered now, for a spreadsheet."""
    here = current()
    found = store.queue(here.scope, here.uow.session, wanted=_asked().wanted, limit=EXPORTED)
    names = type_names()
    head = [
        _("State"), _("Urgency"), _("Signatures"), _("Issuing agency or sender"), _("Number and symbol"),
        _("Date of the document"), _("Type"), _("Subject"), _("How it came"), _("Quarantined"), _("Arrived"),
        _("To be received by"),
    ]  # fmt: skip
    lines = (
        (
            label(State(row.state)), label(Urgency(row.urgency)), badge(row.conclusion, medium=_medium(row))[0],
            row.issuer, row.symbol, format.day(row.issued_on) if row.issued_on else "",
            names.get(row.type_code or "", ""), _subject(row), label(Source(row.source)),
            _("yes") if row.quarantined else "", format.moment(row.arrived_at),
            format.moment(row.step_due_at) if row.step_due_at else "",
        )
        for row in found[:EXPORTED]
    )  # fmt: skip
    return csv_answer(f"arrivals-{here.today:%Y%m%d}.csv", head, [*lines, *left_out(found, EXPORTED)])


@bp.post(PATH)
@allows(Permission.RECEIVE_DOCUMENT)
def upload() -> Response:
    """Many files, each an act of its own: one that cannot be taken stops no other. `together`: one document."""
    try:
        source, brought = _source(), _brought()
    except WorkflowError as refused:
        return _answer([_refused("", refused)], status=422)
    if request.form.get("together"):
        return _answer([_take(brought[0], source, brought[1:])])
    return _answer([_take(one, source, ()) for one in brought])


def _source() -> Source:
    word = request.form.get("source", Source.UPLOAD)
    return Source(word) if word in set(UPLOADED) else Source.UPLOAD


def _brought() -> list[Brought]:
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        raise BadInput("no_file_chosen")
    if len(files) > AT_ONCE:
        raise BadInput("too_many_files", limit=AT_ONCE)
    return receiving.pair([(_name(file), file.stream.read()) for file in files])


def _name(file: FileStorage) -> str:
    """Without the folders that some browsers send."""
    return (file.filename or "").replace("\\", "/").rpartition("/")[2]


def _take(main: Brought, source: Source, attachments: Sequence[Brought]) -> Result:
    here = current()
    try:
        limit = here.settings.max_upload
        if any(len(one.data) + len(one.content or b"") > limit for one in (main, *attachments)):
            raise BadInput("file_too_large", limit=format.number(limit // MEGABYTE))
        taken = act(
            receiving.take_in, here.scope, main=main, attachments=attachments, source=source, blobs=blobs()
        )  # fmt: skip
    except (WorkflowError, JailError) as refused:
        here.uow.rollback()
        return _refused(main.filename, refused)
    document = taken.document
    return Result(
        name=main.paper[1],
        state="taken" if taken.fresh else "known",
        words=_taken_words(document) if taken.fresh else known_words(document),
        address=document_address(document),
        verdict=badge(document.conclusion, medium=document.medium),
    )


def _taken_words(document: Incoming) -> str:
    if document.reading == "waiting":
        return _("Received; it waits in the queue, and its scan is being read.")
    return _("Received; it waits in the queue.")


def _refused(name: str, error: Exception) -> Result:
    if not isinstance(error, WorkflowError):
        return Result(
            name, "refused", _("This file could not be looked at. Nothing was kept; please send it again.")
        )
    trouble = explain(error)
    return Result(name, "refused", trouble.words())


def known_words(document: Incoming) -> str:
    """The sentence for a file that is here already."""
    if document.number is not None:
        return _("This file is here already: arrival number %(number)s.", number=document.number)
    return _("This file is here already: %(state)s.", state=label(State(document.state)).lower())


def _answer(results: list[Result], *, status: int = 200) -> Response:
    current().uow.rollback()
    if not wants_json():
        return page(_page(results), status)
    body = [{"name": one.name, "state": one.state, "words": one.words, "address": one.address,
             "verdict": one.verdict[0], "tone": one.verdict[1]} for one in results]  # fmt: skip
    return Response(orjson.dumps(body), status, mimetype="application/json")


def document_address(document: Incoming) -> str:
    """Where somebody goes on with a document: to its registration while it waits, else to its page."""
    if document.number is None and document.state in store.WAITING:
        return url_for("arrivals.register", incoming_id=document.id)
    if "incoming.show" in current_app.view_functions:
        return url_for("incoming.show", incoming_id=document.id)
    return url_for("arrivals.files", incoming_id=document.id)


def done_words() -> dict[str, Any] | None:
    """What was done a moment ago, by the document that the address names, if it is within reach."""
    here, text = current(), request.args.get("done", "")
    if not text.isdecimal() or not 0 < int(text[:17]) <= LARGEST:
        return None
    found = store.one(here.scope, here.uow.session, int(text[:17]))
    if found is None:
        return None
    return {
        "document": found,
        "address": document_address(found),
        "registered": found.number is not None,
        "state": label(State(found.state)),
        "already": "already" in request.args,
        "saved": "saved" in request.args,
    }


def _asked() -> Queue:
    """Read an address; what makes no sense in it is left out."""
    known: dict[str, set[str]] = {
        "source": set(Source),
        "verdict": {code for code, _word in verdict_choices()},
        "urgency": set(Urgency),
    }
    given = [(name, value) for name in known if (value := request.args.get(name, "")) in known[name]]
    chosen, search = dict(given), _search()
    if search:
        given.append(("q", search))
    wanted = store.Waiting(
        source=Source(chosen["source"]) if "source" in chosen else None,
        conclusion=chosen.get("verdict", ""),
        urgency=Urgency(chosen["urgency"]) if "urgency" in chosen else None,
        words=fold(search),
    )
    return Queue(wanted, tuple(given), search)


def _search() -> str:
    try:
        return clean(request.args.get("q", ""))[:200]
    except BadInput:
        return ""


def _after() -> tuple[int, int] | None:
    rank, _dash, key = request.args.get("after", "").partition("-")
    if not (rank.isdecimal() and key.isdecimal()) or len(rank) > 2 or len(key) > 16:
        return None
    return (int(rank), int(key)) if int(key) <= LARGEST else None


def _count(asked: Queue, shown: int) -> str:
    if shown <= store.PAGE and "after" not in request.args:
        return format.number(shown)
    here = current()
    return format.capped(store.count(here.scope, here.uow.session, wanted=asked.wanted, cap=CAP), CAP)


def _rows(rows: Sequence[Any]) -> list[Row]:
    here, names = current(), type_names()
    calendar = working_calendar(here.uow)
    states = _being_read(rows)
    return [
        Row(
            id=row.id,
            address=url_for("arrivals.register", incoming_id=row.id),
            urgency=(label(Urgency(row.urgency)), URGENCY_TONES[Urgency(row.urgency)]),
            verdict=badge(row.conclusion, medium=_medium(row)),
            source=label(Source(row.source)),
            issuer=row.issuer,
            symbol=row.symbol,
            kind=names.get(row.type_code or "", ""),
            subject=_subject(row),
            quarantined=row.quarantined,
            anomaly=row.state == State.ANOMALY,
            waits=format.ago(row.arrived_at, here.now),
            clock=clock(row.step_due_at, here.now, calendar),
            reading=states.get(row.id, ""),
        )
        for row in rows
    ]


def _being_read(rows: Sequence[Any]) -> dict[int, str]:
    """How it stands with those of the rows whose file is still being read."""
    here, waiting = current(), [row.id for row in rows if row.reading == "waiting"]
    if not waiting:
        return {}
    found = reading.states(here.scope, here.uow.session, waiting)
    return {key: state_of(state, asked_at, now=here.now) for key, state, asked_at in found}


def _medium(row: Any) -> str:
    return "paper" if row.source == Source.PAPER else "electronic"


def _subject(row: Any) -> str:
    """A file that nothing was read from is known by its name."""
    return str(row.subject or row.filename or _("without a subject"))


def _panel() -> dict[str, Any]:
    return {
        "source": [(str(one), label(one)) for one in Source],
        "verdict": verdict_choices(),
        "urgency": [(str(one), label(one)) for one in Urgency],
    }


def _chips(asked: Queue) -> list[tuple[str, str]]:
    """Each filter as words, with the address of the queue without it."""
    words = {name: dict(options) for name, options in _panel().items()} if asked.given else {}
    return [
        (words[name][value] if name in words else f"“{value}”", asked.address(PATH, without=(name, value)))
        for name, value in asked.given
    ]
