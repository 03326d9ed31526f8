"""Proof bundles: what goes into one, taking it, and the two programs that check it elsewhere."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from typing import IO, Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.adapters import slots
from workflow.adapters.slots import Slot
from workflow.domain.bundles import MOST_DOCUMENTS, MOST_FILES, Contents
from workflow.domain.errors import NotFound, Refused
from workflow.domain.periods import parse
from workflow.domain.permissions import Permission
from workflow.services.figures.month_lists import Asked
from workflow.services.proving import making
from workflow.store import asking
from workflow.store import documents as store
from workflow.web import month_words, report_words
from workflow.web.board_address import LIST as BOARD_LIST
from workflow.web.board_address import query
from workflow.web.context import act, commit, current
from workflow.web.file_answers import disposition
from workflow.web.guards import allows, signed_in
from workflow.web.row_keys import number_of
from workflow.web.security import Policy, page_policy, use_policy
from workflow.web.storage import blobs, scratch
from workflow.web.views.months import address

bp = Blueprint("bundles", __name__)

PIECE = 1 << 16
ALLOWED, WINDOW = 10, dt.timedelta(hours=1)
"""Bundles that one person may have made in this time: each reads all leaves of the journal and fills a file."""
AT_ONCE, ON_THE_WAY = 2, 8
"""Bundles of the whole installation that are made at one moment, and that lie on the disk until they are taken:
so neither memory nor disk is filled by many who ask, or by who reads slowly."""
VERIFIERS = {"verify_bundle.html": "text/html", "verify_bundle.py": "text/x-python"}


@bp.get("/outgoing/<int:document_id>/bundle")
@allows(Permission.READ_DOCUMENT)
def document(document_id: int) -> str:
    """What a document's bundle holds."""
    here = current()
    found = store.find(here.scope, here.uow.session, document_id)
    name = f"{found.symbol or found.code} {found.subject}"
    return _page(name, f"/outgoing/{document_id}", ready=found.issued_at is not None, file=_file(document_id))


@bp.post("/outgoing/<int:document_id>/bundle")
@allows(Permission.READ_DOCUMENT)
def take_document(document_id: int) -> Response:
    """Take it."""
    here = current()
    with _turn("making", AT_ONCE):
        _count()
        made = making.of_document(here.uow, here.actor, here.scope, document_id=document_id, now=here.now)
        return _taken(made, _file(document_id), {"document": document_id})


@bp.get("/reports/months/<period>/bundle")
@allows(Permission.SEE_RATES)
def figure(period: str) -> str:
    """What the bundle of a figure, or of the whole month, holds."""
    asked = _asked(period)
    making.figure_ready(current().uow, current().figures_scope, asked)
    words = report_words.period_words(parse(period))
    title = f"{month_words.name(asked.count)} · {words}" if asked.count else words
    here = current()
    barred = here.scope.no_secrets and making.holds_secrets(here.uow, here.figures_scope, asked)
    return _page(title, _back(asked), ready=not barred, barred=barred, file=_file(period, asked.count), alone=False)


@bp.post("/reports/months/<period>/bundle")
@allows(Permission.SEE_RATES)
def take_figure(period: str) -> Response:
    """Take it."""
    here, asked = current(), _asked(period)
    what = {"month": period, "count": asked.count, "unit": asked.unit_id, "person": asked.person_id}
    what |= {"below": True} if asked.below else {}
    with _turn("making", AT_ONCE):
        _count()
        made = making.of_figure(
            here.uow, here.actor, here.figures_scope, asked=asked, reader=here.scope, now=here.now
        )  # fmt: skip
        return _taken(made, _file(period, asked.count), what)


@bp.get("/bundles/<name>")
@signed_in("the programs are the same for everybody, and hold nothing")
@page_policy(Policy.DOWNLOAD)
def verifier(name: str) -> Response:
    """A program that checks bundles, to be kept outside."""
    if name not in VERIFIERS:
        raise NotFound("bundle_program_not_found")
    data = files("signing.standalone").joinpath(name).read_bytes()
    return Response(data, mimetype=VERIFIERS[name], headers={"Content-Disposition": disposition(name)})


def _turn(name: str, most: int) -> Slot:
    """A slot of the machine's, or `Refused("bundle_busy")`: nobody waits in a line that others can make long."""
    held = slots.take(scratch(), f"bundles-{name}", most=most)
    if held is None:
        raise Refused("bundle_busy")
    return held


def _count() -> None:
    here = current()
    subject, since = f"bundle:{here.person.person_id}", here.now - WINDOW
    if asking.times(here.uow.session, subject, since=since) >= ALLOWED:
        raise Refused("bundle_too_often", most=ALLOWED)
    here.uow.begin_write()
    asking.count(here.uow.session, subject, now=here.now, since=since)
    commit()


def _file(*parts: object) -> str:
    return "-".join(["goi-bang-chung", *(str(one) for one in parts if one)]) + ".zip"


def _page(title: str, back: str, *, ready: bool, file: str, barred: bool = False, alone: bool = True) -> str:
    """`alone`: of one document, which has its own leaf alone."""
    return render_template(
        "bundles/take.html", name=title, back=back, ready=ready, barred=barred, file=file, alone=alone,
        most=MOST_DOCUMENTS, megabytes=MOST_FILES >> 20, query=request.query_string.decode(), programs=VERIFIERS,
    )  # fmt: skip


def _asked(period: str) -> Asked:
    given = request.args
    agency = number_of(given.get("agency", "")) if given.get("agency") else current().figures_agency
    if agency is None:
        raise NotFound("unit_not_found")
    return Asked(
        key=period, agency_id=agency, count=given.get("count", ""), unit_id=_key("unit"), person_id=_key("person"),
        below="below" in given,
    )  # fmt: skip


def _key(name: str) -> int | None:
    text = request.args.get(name, "")
    found = number_of(text) if text else None
    if text and found is None:
        raise NotFound("unit_not_found")
    return found


def _back(asked: Asked) -> str:
    if asked.below and asked.count:
        return query(
            BOARD_LIST, period=asked.key, agency=asked.agency_id, count=asked.count, unit=asked.unit_id,
            person=asked.person_id,
        )  # fmt: skip
    if not asked.count:
        return address(f"/reports/months/{asked.key}", agency=asked.agency_id)
    return address(
        f"/reports/months/{asked.key}/documents", agency=asked.agency_id, count=asked.count, unit=asked.unit_id,
        person=asked.person_id,
    )  # fmt: skip


def _taken(contents: Contents, name: str, what: dict[str, Any]) -> Response:
    """Written to a file that has no name, journalled, then given away piece by piece."""
    here, place = current(), _turn("given", ON_THE_WAY)
    file = tempfile.TemporaryFile(dir=scratch())  # noqa: SIM115  closed with the answer
    try:
        written = making.make(here.uow, contents, blobs(), file)
        act(making.take, contents=contents, written=written, what=what)
    except BaseException:
        file.close()
        place.close()
        raise
    use_policy(Policy.DOWNLOAD)
    answer = Response(_pieces(file, place), mimetype="application/zip", direct_passthrough=True)
    answer.headers["Content-Disposition"] = disposition(name)
    answer.headers["Content-Length"] = str(written[1])
    answer.headers["Cache-Control"] = "no-store"
    answer.call_on_close(file.close)
    answer.call_on_close(place.close)
    return answer


def _pieces(file: IO[bytes], place: Slot) -> Iterator[bytes]:
    with place, file:
        while piece := file.read(PIECE):
            yield piece
