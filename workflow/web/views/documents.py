"""The list of outgoing documents. `bp` also carries the pages of one document, its files, drafts and actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.bulk import MOST, Act, Direction, acts_for, fitting_states
from workflow.domain.errors import NotFound
from workflow.domain.outgoing import Medium, State, Urgency
from workflow.domain.permissions import Permission
from workflow.services.calendar import working_calendar
from workflow.store import desk
from workflow.store import documents as store
from workflow.store.document_list import SHOWN
from workflow.web import format, proof_words
from workflow.web.bulk_words import ACTS, Words
from workflow.web.context import current
from workflow.web.document_rows import rows_html
from workflow.web.fate_words import badges_of
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.listing import CREATED, SORT_NAMES, Listing, after, choices, cursor, read_listing
from workflow.web.long_lists import counted
from workflow.web.sheets import csv_answer, left_out, xlsx_answer
from workflow.web.types import type_groups, type_names

bp = Blueprint("outgoing", __name__)

PATH = "/outgoing"
_LONG = "trinhky_long_lists"
"""Where the scopes whose whole list is long are remembered."""

EXPORTED = 20_000
"""Rows of one export at most."""

_WIDTHS = (20.0, 18.0, 18.0, 60.0, 30.0, 24.0, 24.0, 16.0, 14.0, 18.0, 18.0, 18.0, 18.0)

Row = Any


@bp.get(PATH)
@allows(Permission.READ_DOCUMENT)
def index() -> str:
    """The list: filters and order stand in the address, so that it can be kept and shared."""
    here = current()
    listing = read_listing(request.args, now=here.now)
    found = store.page(
        here.scope,
        here.uow.session,
        wanted=listing.wanted,
        sort=listing.sort,
        after=after(listing.sort, request.args.get("after", "")),
        columns=SHOWN,
    )
    rows = found[: store.PAGE]
    more = len(found) > store.PAGE
    return render_template(
        "documents/list.html",
        listing=listing,
        rows=rows_html(
            rows,
            types=type_names(),
            now=here.now,
            calendar=working_calendar(here.uow),
            locale=here.locale,
            marks=badges_of(here, rows),
            proofs=proof_words.in_lists(here, rows),
        ),
        next=listing.address(PATH, after=cursor(listing.sort, rows[-1])) if more else "",
        first="after" in request.args,
        count=_count(listing, len(found)),
        panel=_panel() if listing.narrowed or listing.wrong or "filters" in request.args else None,
        sorts=SORT_NAMES,
        chips=_chips(listing),
        bulk=_bulk_acts(rows),
        runs=any(acts_for(here.post.role, one) for one in Direction),
        most=MOST,
        path=PATH,
    )


def _bulk_acts(rows: Any) -> list[tuple[Act, Words]]:
    """What can be done to several of these rows in one run, by this person, as far as rows tell."""
    here, states = current(), {row.state for row in rows}
    if not here.may(Permission.ACT_ON_DOCUMENT):
        return []
    role = here.post.role
    return [(act, ACTS[act]) for act in acts_for(role, Direction.OUT) if states & set(fitting_states(act, role))]


@bp.get(f"{PATH}/export.csv")
@allows(Permission.READ_DOCUMENT)
def export() -> Response:
    """The list as it is filtered and ordered now, for a spreadsheet."""
    head, rows = _table()
    return csv_answer(f"outgoing-{current().today:%Y%m%d}.csv", head, rows)


@bp.get(f"{PATH}/export.xlsx")
@allows(Permission.READ_DOCUMENT)
def export_xlsx() -> Response:
    """The same as a workbook."""
    head, rows = _table()
    return xlsx_answer(f"outgoing-{current().today:%Y%m%d}.xlsx", Sheet(_("Outgoing"), head, rows, _WIDTHS))


def _table() -> tuple[list[str], list[Sequence[Cell]]]:
    here = current()
    listing = read_listing(request.args, now=here.now)
    rows = store.page(here.scope, here.uow.session, wanted=listing.wanted, sort=listing.sort, limit=EXPORTED)
    names, marks = type_names(), badges_of(here, rows[:EXPORTED])
    head = [
        _("State"), _("Number and symbol"), _("Type"), _("Subject"), _("Unit"), _("Drafter"), _("Signer"),
        _("Signed"), _("Urgency"), _("In this state since"), _("Due"), _("Created"), _("Issued"),
    ]  # fmt: skip
    lines: list[Sequence[Cell]] = [
        (
            "; ".join(filter(None, (label(State(row.state)), marks.get(row.id)))), row.symbol,
            names.get(row.type_code, row.type_code), _("(secret)") if row.secret else row.subject,
            row.unit_name, row.drafter, row.signer, label(Medium(row.medium)), label(Urgency(row.urgency)),
            format.moment(row.state_since), format.moment(row.step_due_at), format.moment(row.created_at),
            format.moment(row.issued_at),
        )
        for row in rows[:EXPORTED]
    ]  # fmt: skip
    return head, [*lines, *left_out(rows, EXPORTED)]


def _count(listing: Listing, shown: int) -> str:
    """How many there are; counted only where one page does not tell."""
    here = current()
    return counted(
        _LONG, here.scope, narrowed=listing.narrowed,
        whole=shown if shown <= store.PAGE and "after" not in request.args else None,
        count=lambda cap: store.count(here.scope, here.uow.session, wanted=listing.wanted, cap=cap),
    )  # fmt: skip


def _panel() -> dict[str, Any]:
    here = current()
    common, others = type_groups()
    return {
        "states": [(str(state), label(state)) for state in State],
        "types": common + others,
        "units": choices(desk.units_within(here.scope, here.uow.session)),
        "signers": choices(desk.signers_within(here.scope, here.uow.session)),
        "drafters": choices(desk.drafters_within(here.scope, here.uow.session)),
        "urgencies": [(str(one), label(one)) for one in Urgency],
        "media": [(str(medium), label(medium)) for medium in Medium],
        "days": [("", _("Day of issue")), (CREATED, _("Day of creation"))],
    }


def _chips(listing: Listing) -> list[tuple[str, str]]:
    """Each filter as words, with the address of the list without it."""
    if not listing.narrowed:
        return []
    here = current()
    units = dict(choices(desk.units_within(here.scope, here.uow.session)))
    signers = dict(choices(desk.signers_within(here.scope, here.uow.session)))
    drafters = dict(choices(desk.drafters_within(here.scope, here.uow.session)))
    created = listing.value("dated") == CREATED
    begin, end = (
        (N_("created from %(day)s"), N_("created until %(day)s")) if created
        else (N_("issued from %(day)s"), N_("issued until %(day)s"))
    )  # fmt: skip
    words: dict[str, Callable[[str], str]] = {
        "state": lambda value: label(State(value)),
        "type": lambda value: type_names().get(value, value),
        "unit": lambda value: units.get(value, value),
        "signer": lambda value: _("signed by %(name)s", name=signers.get(value, value)),
        "drafter": lambda value: _("drafted by %(name)s", name=drafters.get(value, value)),
        "urgency": lambda value: label(Urgency(value)),
        "medium": lambda value: label(Medium(value)),
        "from": lambda value: _(begin, day=format.typed_day(value)),
        "to": lambda value: _(end, day=format.typed_day(value)),
        "late": lambda value: _("overdue"),
        "open": lambda value: _("still open"),
        "made_of": lambda value: _("made of the draft %(code)s", code=_code_of(int(value))),
        "q": lambda value: f"“{value}”",
    }
    return [
        (words[name](value), listing.address(PATH, without=(name, value)))
        for name, value in listing.given
        if name in words
    ]


def _code_of(document_id: int) -> str:
    """The code of a document within reach; of another one nothing."""
    here = current()
    try:
        return store.find(here.scope, here.uow.session, document_id).code
    except NotFound:
        return "–"
