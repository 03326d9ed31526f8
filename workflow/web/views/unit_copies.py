"""What units of the agency got of its own issued documents: the list, one copy, its pages and file.

Whoever receives for the unit reads the issued paper here; the document's own page, its drafts and remarks stay with
its makers. The first look is noted for the sender.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.adapters.xlsx_export import Sheet
from workflow.domain.corrections import Kind
from workflow.domain.errors import NotFound
from workflow.domain.outgoing import Urgency
from workflow.domain.permissions import Permission
from workflow.services.documents.symbols import dated
from workflow.store import documents
from workflow.store import unit_copies as store
from workflow.store.models import Outgoing, Person, UnitCopy
from workflow.store.unit_copies import SORTS, Filter
from workflow.web import format
from workflow.web.context import Current, commit, current
from workflow.web.correction_view import BEARS, named
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.offers import URGENCY_TONES
from workflow.web.office_list import typed
from workflow.web.page_images import page_image, page_sizes
from workflow.web.security import Policy, page_policy
from workflow.web.sheets import csv_answer, xlsx_answer
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

    @property
    def wanted(self) -> Filter:
        """As the query wants it."""
        return Filter(self.words, {"yes": True, "no": False}.get(self.seen))

    def address(self, path: str = PATH, **more: str) -> str:
        """The same list at a path, perhaps with a place to go on."""
        given = {"q": self.words, "seen": self.seen, "sort": "" if self.sort == "newest" else self.sort, **more}
        pairs = {name: value for name, value in given.items() if value}
        return f"{path}?{urlencode(pairs)}" if pairs else path


def _listing() -> Listing:
    seen, sort = request.args.get("seen", ""), request.args.get("sort", "")
    return Listing(
        typed(request.args.get("q", "")), seen if seen in {"yes", "no"} else "", sort if sort in SORTS else "newest"
    )


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
        receives=bool(here.scope.receives_for), next=more, first=place > 0,
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
            _("seen") if copy.seen_at else _("not seen yet"), document.symbol,
            types.get(document.type_code, document.type_code),
            _("(secret)") if document.secret else document.subject, unit, format.moment(copy.given_at),
            format.moment(copy.seen_at) if copy.seen_at else "",
        )
        for copy, unit, document in found[:EXPORTED]
    ]  # fmt: skip
    widths = (16.0, 18.0, 18.0, 60.0, 30.0, 18.0, 18.0)
    return Sheet(_("Documents for my unit")[:31], [_(word) for word in HEAD], rows, widths)


@bp.get("/<int:copy_id>")
@READ
def show(copy_id: int) -> str:
    """One copy: the paper, what it is, what became of it since."""
    here = current()
    copy, unit, document = store.find(here.scope, here.uow.session, copy_id)
    _note_look(here, copy)
    secret = document.secret or document.file_sha256 is None
    pages = () if secret else page_sizes(here.uow, blobs(), document.file_sha256 or "")
    signer = here.uow.session.get(Person, document.signer_id) if document.signer_id else None
    seen_by = here.uow.session.get(Person, copy.seen_by_id) if copy.seen_by_id else None
    return render_template(
        "exchange/unit_copy.html", copy=copy, unit=unit, d=document, pages=pages, named=named(document),
        type=type_name(document.type_code), dated=dated(document), signer=signer.full_name if signer else "",
        seen_by=seen_by.full_name if seen_by else "", urgency=_urgency(document),
        marks=_marks(here, copy_id, secret=document.secret), reads=_reads(here, document.id), path=PATH,
    )  # fmt: skip


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
    """The issued file, which is a look at the copy too; of a secret paper there is none to give."""
    here = current()
    copy, _unit, document = store.find(here.scope, here.uow.session, copy_id)
    if document.secret or document.file_sha256 is None:
        raise NotFound("file_not_found")
    _note_look(here, copy)
    return document, document.file_sha256


@bp.get("/<int:copy_id>/content")
@READ
@page_policy(Policy.DOWNLOAD)
def content(copy_id: int) -> Response:
    """The file itself, to be kept."""
    here = current()
    document, sha256 = _file(copy_id)
    files = documents.files_of(here.uow.session, document.id)
    name = filename(document, next(one for one in reversed(files) if one.sha256 == sha256))
    answer = Response(here.uow.compute(blobs().get, sha256), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(sha256)
    return answer.make_conditional(request.environ)


@bp.get("/<int:copy_id>/pages/<int:number>.webp")
@READ
@page_policy(Policy.DOWNLOAD)
def image(copy_id: int, number: int) -> Response:
    """One page of it."""
    here = current()
    _document, sha256 = _file(copy_id)
    answer = Response(mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(f"{sha256}-{number}")
    if f"{sha256}-{number}" in request.if_none_match:
        return answer.make_conditional(request.environ)
    answer.set_data(page_image(here.uow, blobs(), sha256, number))
    return answer
