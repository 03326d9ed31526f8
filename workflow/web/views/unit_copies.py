"""What units of the agency got of its own issued documents: the list, one copy, its pages and file.

Whoever receives for the unit reads the issued paper here, its staff after that; the document's own page, its drafts
and remarks stay with its makers. The first look is noted for the sender.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.adapters.xlsx_export import Sheet
from workflow.domain.corrections import Kind
from workflow.domain.dispatch import Seen
from workflow.domain.errors import NotFound
from workflow.domain.outgoing import Urgency
from workflow.domain.periods import midnight
from workflow.domain.permissions import Permission
from workflow.services.documents.symbols import dated
from workflow.store import attachments, documents
from workflow.store import unit_copies as store
from workflow.store.attachments import Held
from workflow.store.models import Outgoing, Person, UnitCopy
from workflow.store.unit_copies import SORTS, Filter
from workflow.web import attachment_view, file_answers, format
from workflow.web.attachment_files import given_away, page_of
from workflow.web.attachment_view import Line
from workflow.web.context import Current, commit, current
from workflow.web.correction_view import BEARS, named
from workflow.web.delivery_list import day_of
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.offers import URGENCY_TONES
from workflow.web.office_list import typed
from workflow.web.page_images import page_sizes
from workflow.web.security import Policy, page_policy
from workflow.web.sheets import csv_answer, left_out, xlsx_answer
from workflow.web.storage import blobs
from workflow.web.types import type_name, type_names
from workflow.web.views.files import filename

PATH = "/unit-copies"
bp = Blueprint("unit_copies", __name__, url_prefix=PATH)

READ = allows(Permission.READ_DOCUMENT)
EXPORTED = 10_000
SORT_NAMES = {"newest": N_("newest first"), "oldest": N_("oldest first"), "unseen": N_("not seen first")}
HEAD = (N_("State"), N_("Number and symbol"), N_("Type"), N_("Subject"), N_("Unit"), N_("Issued"), N_("Seen"))


@dataclass(frozen=True, slots=True)
class Listing:
    """What the address says."""

    words: str
    seen: str
    sort: str
    unit: str = ""
    days: tuple[dt.date | None, dt.date | None] = (None, None)

    @property
    def wanted(self) -> Filter:
        """As the query wants it."""
        begin, end = self.days
        return Filter(
            self.words, {"yes": True, "no": False}.get(self.seen), int(self.unit) if self.unit else None,
            midnight(begin) if begin else None, midnight(end + dt.timedelta(days=1)) if end else None,
        )  # fmt: skip

    @property
    def given(self) -> dict[str, str]:
        """The filters that are set, as the address has them."""
        begin, end = (day.isoformat() if day else "" for day in self.days)
        pairs = {"q": self.words, "seen": self.seen, "unit": self.unit, "from": begin, "to": end}
        return {name: value for name, value in pairs.items() if value}

    def address(self, path: str = PATH, **more: str) -> str:
        """The same list at a path, perhaps with a place to go on."""
        sort = {} if self.sort == "newest" else {"sort": self.sort}
        pairs = {**self.given, **sort, **more}
        return f"{path}?{urlencode(pairs)}" if pairs else path


def _listing() -> Listing:
    seen, sort = request.args.get("seen", ""), request.args.get("sort", "")
    unit = request.args.get("unit", "")
    return Listing(
        typed(request.args.get("q", "")), seen if seen in {"yes", "no"} else "",
        sort if sort in SORTS else "newest",
        unit if unit.isascii() and unit.isdecimal() and len(unit) < 10 else "",
        (day_of(request.args.get("from", "")), day_of(request.args.get("to", ""))),
    )  # fmt: skip


@bp.get("")
@READ
def index() -> str:
    """The list: filters and order stand in the address."""
    here, listing = current(), _listing()
    begin = request.args.get("after", "")
    place = int(begin) if begin.isascii() and begin.isdecimal() and len(begin) < 7 else 0
    found = store.page(here.scope, here.uow.session, wanted=listing.wanted, sort=listing.sort, begin=place)
    more = listing.address(after=str(place + store.PAGE)) if len(found) > store.PAGE else ""
    return render_template(
        "exchange/unit_copies.html", rows=found[: store.PAGE], listing=listing, sorts=SORT_NAMES, path=PATH,
        count=store.count(here.scope, here.uow.session, wanted=listing.wanted), types=type_names(),
        urgency=_urgency,
        receives=bool(here.scope.receives_for), reads=bool(here.scope.reads_for), next=more, first=place > 0,
        units=store.receiving(here.scope, here.uow.session),
    )  # fmt: skip


@bp.get("/export.csv")
@READ
def export_csv() -> Response:
    """The list as it is filtered now."""
    made = _sheet()
    return csv_answer("unit-copies.csv", made.head, made.rows)


@bp.get("/export.xlsx")
@READ
def export_xlsx() -> Response:
    """The same as a workbook."""
    return xlsx_answer("unit-copies.xlsx", _sheet())


def _sheet() -> Sheet:
    here, listing, types = current(), _listing(), type_names()
    found = store.page(here.scope, here.uow.session, wanted=listing.wanted, sort=listing.sort, limit=EXPORTED)
    rows = [
        (
            label(Seen.RECALLED) if copy.recalled_at
            else _("seen") if copy.seen_at else _("not seen yet"),
            document.symbol,
            types.get(document.type_code, document.type_code),
            _("(secret)") if document.secret else document.subject, unit, format.moment(copy.given_at),
            format.moment(copy.seen_at) if copy.seen_at else "",
        )
        for copy, unit, document in found[:EXPORTED]
    ]  # fmt: skip
    lines = [*rows, *left_out(found, EXPORTED)]
    widths = (16.0, 18.0, 18.0, 60.0, 30.0, 18.0, 18.0)
    return Sheet(_("Documents for my unit")[:31], [_(word) for word in HEAD], lines, widths)


@bp.get("/<int:copy_id>")
@READ
def show(copy_id: int) -> str:
    """One copy: the paper, what it is, what became of it since."""
    here = current()
    copy, unit, document = store.find(here.scope, here.uow.session, copy_id)
    _note_look(here, copy)
    gone = _gone(here, document)
    secret = document.secret or document.file_sha256 is None or gone is not None
    pages = () if secret else page_sizes(here.uow, blobs(), document.file_sha256 or "")
    signer = here.uow.session.get(Person, document.signer_id) if document.signer_id else None
    seen_by = here.uow.session.get(Person, copy.seen_by_id) if copy.seen_by_id else None
    return render_template(
        "exchange/unit_copy.html", copy=copy, unit=unit, d=document, pages=pages, named=named(document),
        type=type_name(document.type_code), dated=dated(document), signer=signer.full_name if signer else "",
        seen_by=seen_by.full_name if seen_by else "", urgency=_urgency(document),
        marks=_marks(here, copy_id, secret=document.secret),
        reads=_reads(here, document.id), path=PATH, gone=gone,
        attached=[] if secret else _attached(here, copy, document),
    )  # fmt: skip


def _gone(here: Current, document: Outgoing) -> tuple[str, str] | None:
    """(moment, reason) where the sender took it back: nobody reads it any more. Of a secret one without the reason;
    by what it was replaced, and why, its mark says."""
    entry = store.recalled(here.uow.session, document.id).get(document.id)
    if entry is None:
        return None
    untold = document.secret or entry.tag != store.RECALLED
    return format.moment(entry.at), "" if untold else json.loads(entry.body)["facts"]["reason"]


def _attached(here: Current, copy: UnitCopy, document: Outgoing) -> list[Line]:
    """What goes with it, under the copy's own address."""
    address = f"{PATH}/{copy.id}/attachments"
    return [replace(one, elsewhere=f"{address}/{one.row.id}") for one in attachment_view.lines(here, document)]


def _note_look(here: Current, copy: UnitCopy) -> None:
    """The unit has seen it, whoever of those that receive for it; one who heads a unit above has not."""
    if copy.seen_at is None and here.post.unit_id == copy.unit_id:
        here.uow.begin_write()
        store.record_first_look(here.uow.session, copy.id, person_id=here.person.person_id, now=here.now)
        commit(reading="look")


def _urgency(document: Outgoing) -> tuple[str, str]:
    urgency = Urgency(document.urgency)
    return label(urgency), URGENCY_TONES[urgency]


def _marks(here: Current, copy_id: int, *, secret: bool) -> list[tuple[str, str, str]]:
    """(words, what the later document is called, its reason) of what corrects, amends or replaces it."""
    return [
        (_(BEARS[Kind(row.kind)]), named(later), "" if secret or later.secret else row.reason)
        for row, later in store.marks(here.scope, here.uow.session, copy_id)
    ]


def _reads(here: Current, document_id: int) -> bool:
    """Whether the reader reaches the document itself too."""
    try:
        return documents.find(here.scope, here.uow.session, document_id) is not None
    except NotFound:
        return False


def _file(copy_id: int) -> tuple[Outgoing, str]:
    """The issued file, which is a look at the copy too; of a secret paper and of one that was taken back there is
    none to give."""
    here = current()
    copy, _unit, document = store.find(here.scope, here.uow.session, copy_id)
    if document.secret or document.file_sha256 is None or _gone(here, document) is not None:
        raise NotFound("file_not_found")
    _note_look(here, copy)
    return document, document.file_sha256


def _held(copy_id: int, attachment_id: int) -> tuple[Outgoing, Held]:
    """An attachment of the issued paper, as it went out."""
    document, _sha256 = _file(copy_id)
    for one in attachments.with_seals(current().uow.session, document.id):
        if one.row.id == attachment_id:
            return document, one
    raise NotFound("attachment_not_found")


@bp.get("/<int:copy_id>/attachments/<int:attachment_id>/content")
@READ
@page_policy(Policy.DOWNLOAD)
def attachment_content(copy_id: int, attachment_id: int) -> Response:
    """An attachment to keep, sealed where it is."""
    document, held = _held(copy_id, attachment_id)
    return given_away(current(), document, held.row, held.sha256)


@bp.get("/<int:copy_id>/attachments/<int:attachment_id>/pages/<int:number>.webp")
@READ
@page_policy(Policy.DOWNLOAD)
def attachment_image(copy_id: int, attachment_id: int, number: int) -> Response:
    """One page of an attachment."""
    _document, held = _held(copy_id, attachment_id)
    return page_of(current(), held.row, held.sha256, number)


@bp.get("/<int:copy_id>/content")
@READ
@page_policy(Policy.DOWNLOAD)
def content(copy_id: int) -> Response:
    """The file itself, to be kept."""
    here = current()
    document, sha256 = _file(copy_id)
    files = documents.files_of(here.uow.session, document.id)
    name = filename(document, next(one for one in reversed(files) if one.sha256 == sha256))
    return file_answers.download(here, sha256, name=name, media_type="application/pdf")


@bp.get("/<int:copy_id>/pages/<int:number>.webp")
@READ
@page_policy(Policy.DOWNLOAD)
def image(copy_id: int, number: int) -> Response:
    """One page of it."""
    here = current()
    _document, sha256 = _file(copy_id)
    return file_answers.page_of(here, sha256, number)
