"""Proof bundles: what goes into one, asking for it, and the two programs that check it elsewhere."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.adapters import slots
from workflow.adapters.slots import Slot
from workflow.domain.bundles import MOST_DOCUMENTS, MOST_FILES, Contents
from workflow.domain.errors import NotFound, Refused
from workflow.domain.periods import parse
from workflow.domain.permissions import Permission
from workflow.services.figures.month_lists import Asked
from workflow.services.proving import making, orders, reports
from workflow.services.proving.orders import Wanted
from workflow.store import asking, bundle_orders
from workflow.store import documents as store
from workflow.web import month_words, report_words
from workflow.web.board_address import LIST as BOARD_LIST
from workflow.web.board_address import query
from workflow.web.context import Current, act, commit, current
from workflow.web.file_answers import disposition
from workflow.web.forms import see
from workflow.web.guards import allows, signed_in
from workflow.web.row_keys import number_of
from workflow.web.security import Policy, page_policy, use_policy
from workflow.web.storage import blobs, scratch
from workflow.web.views.months import address

bp = Blueprint("bundles", __name__)

ALLOWED, WINDOW = 10, dt.timedelta(hours=1)
"""Bundles that one person may have made in this time: each reads all leaves of the journal and fills a file."""
AT_ONCE = 2
"""Bundles of the whole installation that are made at one moment while a page waits."""
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
    found = store.find(current().scope, current().uow.session, document_id)
    shown = {
        "title": f"{found.symbol or found.code} {found.subject}", "back": f"/outgoing/{document_id}/bundle",
        "file": _file(document_id), "journal": {"document": document_id},
    }  # fmt: skip
    return _ask("document", {"document": document_id}, shown)


@bp.get("/reports/months/<period>/bundle")
@allows(Permission.SEE_RATES)
def figure(period: str) -> str:
    """What the bundle of a figure, or of the whole month, holds."""
    asked = _asked(period)
    making.figure_ready(current().uow, current().figures_scope, asked)
    here = current()
    barred = here.scope.no_secrets and making.holds_secrets(here.uow, here.figures_scope, asked)
    return _page(
        _title(asked), _back(asked), ready=not barred, barred=barred, file=_file(period, asked.count), kind="figure"
    )


@bp.post("/reports/months/<period>/bundle")
@allows(Permission.SEE_RATES)
def take_figure(period: str) -> Response:
    """Take it."""
    asked = _asked(period)
    things = making.figure_ready(current().uow, current().figures_scope, asked)
    what = {"month": period, "count": asked.count, "unit": asked.unit_id, "person": asked.person_id}
    what |= {"below": True} if asked.below else {}
    shown = {
        "title": _title(asked), "back": request.full_path.rstrip("?"), "file": _file(period, asked.count),
        "journal": what,
    }  # fmt: skip
    return _ask("figure", asdict(asked), shown, things=things)


@bp.get("/reports/months/<period>/report/<int:document_id>/bundle")
@allows(Permission.SEE_RATES)
def report(period: str, document_id: int) -> str:
    """What the bundle of a report upward holds."""
    found, told = _report(period, document_id)
    name = f"{found.symbol or found.code} {found.subject}"
    ready = found.issued_at is not None and "counts" in told.facts
    return _page(
        name, f"/reports/months/{period}/report", ready=ready, file=_file(period, document_id), kind="report",
        old="counts" not in told.facts,
    )  # fmt: skip


@bp.post("/reports/months/<period>/report/<int:document_id>/bundle")
@allows(Permission.SEE_RATES)
def take_report(period: str, document_id: int) -> Response:
    """Take it."""
    found, told = _report(period, document_id)
    shown = {
        "title": f"{found.symbol or found.code} {found.subject}", "back": request.path,
        "file": _file(period, document_id), "journal": {"report": document_id, "month": period},
    }  # fmt: skip
    given = {"agency": found.agency_id, "document": document_id}
    things = sum(told.facts.get("counts", {}).values())
    return _ask("report", given, shown, things=things)


def _report(period: str, document_id: int) -> tuple[Any, reports.Reported]:
    here = current()
    found = store.find(here.scope, here.uow.session, document_id)
    if found.agency_id not in here.figures_scope.agency_ids:
        raise NotFound("report_not_found")
    told = reports.entry_of(here.uow, found.agency_id, document_id)
    if told.facts["month"] != period:
        raise NotFound("report_not_found")
    return found, told


@bp.get("/bundles/<name>")
@signed_in("the programs are the same for everybody, and hold nothing")
@page_policy(Policy.DOWNLOAD)
def verifier(name: str) -> Response:
    """A program that checks bundles, to be kept outside."""
    if name not in VERIFIERS:
        raise NotFound("bundle_program_not_found")
    data = files("signing.standalone").joinpath(name).read_bytes()
    return Response(data, mimetype=VERIFIERS[name], headers={"Content-Disposition": disposition(name)})


def held_as(here: Current) -> str:
    """The post, desk or inspection that is acted in."""
    return f"{here.post.id}:{here.person.inspection_id or ''}:{here.person.acts}"


def _ask(kind: str, given: Mapping[str, Any], shown: Mapping[str, Any], *, things: int = 0) -> Response:
    """A small one at once; a large one is ordered, and its page tells how far it is."""
    here = current()
    wanted = Wanted(kind=kind, given=given, reader=here.scope, figures=here.figures_scope)
    if things and orders.is_large(here.uow, things=things):
        _count()
        return _ordered(wanted, shown)
    with _turn():
        _count()
        contents = orders.gathered(here.uow, wanted, now=here.now)
        if contents.weight > making.SMALL:
            return _ordered(wanted, shown)
        return _at_once(contents, shown)


def _ordered(wanted: Wanted, shown: Mapping[str, Any]) -> Response:
    here = current()
    order = act(
        orders.ask, person_id=here.person.person_id, held_as=held_as(here), wanted=wanted, shown=shown
    )  # fmt: skip
    return see(f"/bundles/orders/{order.id}")


def _at_once(contents: Contents, shown: Mapping[str, Any]) -> Response:
    """Made in memory and journalled, then given away whole: no slot and no file waits for a slow reader."""
    here, file = current(), io.BytesIO()
    written = making.make(here.uow, contents, blobs(), file)
    act(making.take, contents=contents, written=written, what=shown["journal"])
    use_policy(Policy.DOWNLOAD)
    answer = Response(file.getvalue(), mimetype="application/zip")
    answer.headers["Content-Disposition"] = disposition(shown["file"])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _turn() -> Slot:
    """A slot of the machine's, or `Refused("bundle_busy")`: nobody waits in a line that others can make long."""
    held = slots.take(scratch(), "bundles-making", most=AT_ONCE)
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


def _page(
    title: str, back: str, *, ready: bool, file: str, barred: bool = False, kind: str = "document",
    old: bool = False,
) -> str:  # fmt: skip
    """`kind`: of a document goes its own leaf alone."""
    here = current()
    mine = bundle_orders.list_own(
        here.uow.session, here.person.person_id, held_as(here), since=orders.kept_since(here.uow, now=here.now)
    )
    return render_template(
        "bundles/take.html", name=title, back=back, ready=ready, barred=barred, file=file, kind=kind, old=old,
        mine=mine, most=MOST_DOCUMENTS, megabytes=MOST_FILES >> 20, query=request.query_string.decode(),
        programs=VERIFIERS,
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


def _title(asked: Asked) -> str:
    words = report_words.period_words(parse(asked.key))
    return f"{month_words.name(asked.count)} · {words}" if asked.count else words


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
