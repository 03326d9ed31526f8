"""The list of incoming documents. `bp` also carries the pages of one document, its acts, forms and registers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.bulk import KINDS, MOST, Direction, acts_for
from workflow.domain.incoming import Source, State
from workflow.domain.outgoing import Urgency
from workflow.domain.people import Role
from workflow.domain.permissions import Permission
from workflow.services.calendar import working_calendar
from workflow.store import incoming_choices as offered
from workflow.store import incoming_list as store
from workflow.store.document_list import PAGE
from workflow.web import format
from workflow.web.bulk_words import ACTS
from workflow.web.check_words import WORDS
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.i18n import N_, _, ngettext
from workflow.web.incoming_clock import due_clock
from workflow.web.incoming_listing import SORT_NAMES, VERDICTS, Listing, after, cursor, read_listing
from workflow.web.incoming_rows import rows_html
from workflow.web.labels import label
from workflow.web.listing import choices
from workflow.web.long_lists import counted
from workflow.web.navigation import page_exists
from workflow.web.sheets import csv_answer, left_out, xlsx_answer
from workflow.web.types import type_groups, type_names
from workflow.web.verdict_words import CONCLUSIONS

bp = Blueprint("incoming", __name__)

PATH = "/incoming"
ARRIVALS = "/incoming/arrivals"
_LONG = "trinhky_long_incoming"
"""Where the scopes whose whole list is long are remembered."""

EXPORTED = 20_000
"""Rows of one export at most."""

_WIDTHS = (
    20.0, 10.0, 8.0, 18.0, 36.0, 18.0, 14.0, 18.0, 60.0, 14.0, 30.0, 24.0, 18.0, 24.0, 18.0, 18.0,
)  # fmt: skip

DUES = (1, 3, 5, 10)
"""Working days ahead that the filter offers."""


@bp.get(PATH)
@allows(Permission.READ_INCOMING)
def index() -> str:
    """The list: filters and order stand in the address, so that it can be kept and shared."""
    here = current()
    calendar = working_calendar(here.uow)
    listing = read_listing(request.args, now=here.now, calendar=calendar)
    found = store.page(
        here.scope,
        here.uow.session,
        wanted=listing.wanted,
        sort=listing.sort,
        after=after(listing.sort, request.args.get("after", "")),
        columns=store.SHOWN,
    )
    rows = found[:PAGE]
    drawn, at_once = rows_html(rows, here, types=type_names(), calendar=calendar)
    return render_template(
        "incoming/list.html",
        listing=listing,
        rows=drawn,
        bulk=[(one, ACTS[one]) for one in acts_for(here.post.role, Direction.IN) if KINDS[one].action in at_once],
        runs=any(acts_for(here.post.role, one) for one in Direction),
        most=MOST,
        next=listing.address(PATH, after=cursor(listing.sort, rows[-1])) if len(found) > PAGE else "",
        first="after" in request.args,
        count=_count(listing, len(found)),
        panel=_panel() if listing.narrowed or "filters" in request.args else None,
        sorts=SORT_NAMES,
        chips=_chips(listing),
        usual=_usual(),
        path=PATH,
        arrivals=ARRIVALS if here.may(Permission.RECEIVE_DOCUMENT) and page_exists(ARRIVALS) else "",
    )


@bp.get(f"{PATH}/export.csv")
@allows(Permission.READ_INCOMING)
def export() -> Response:
    """The list as it is filtered and ordered now, for a spreadsheet."""
    head, rows = _table()
    return csv_answer(f"incoming-{current().today:%Y%m%d}.csv", head, rows)


@bp.get(f"{PATH}/export.xlsx")
@allows(Permission.READ_INCOMING)
def export_xlsx() -> Response:
    """The same as a workbook."""
    head, rows = _table()
    return xlsx_answer(f"incoming-{current().today:%Y%m%d}.xlsx", Sheet(_("Incoming"), head, rows, _WIDTHS))


def _table() -> tuple[list[str], list[Sequence[Cell]]]:
    here = current()
    calendar = working_calendar(here.uow)
    listing = read_listing(request.args, now=here.now, calendar=calendar)
    rows = store.page(here.scope, here.uow.session, wanted=listing.wanted, sort=listing.sort, limit=EXPORTED)
    names = type_names()
    head = [
        _("State"), _("Arrival number"), _("Year"), _("Arrived"), _("Sent by"), _("Number and symbol"),
        _("Date of the document"), _("Type"), _("Subject"), _("Urgency"), _("Lead unit"), _("Handler"), _("Due"),
        _("Deadline"), _("Done"), _("How it came"),
    ]  # fmt: skip
    lines: list[Sequence[Cell]] = [
        (
            label(State(row.state)), row.number or "", row.year or "", format.moment(row.arrived_at), row.issuer,
            row.symbol, format.day(row.issued_on), names.get(row.type_code or "", row.type_code or ""),
            _("(secret)") if row.secret else row.subject,
            label(Urgency(row.urgency)), row.unit_name or "", row.handler or "", format.moment(row.due_at),
            due_clock(row, here.now, calendar).words, format.moment(row.done_at), label(Source(row.source)),
        )
        for row in rows[:EXPORTED]
    ]  # fmt: skip
    return head, [*lines, *left_out(rows, EXPORTED)]


def _count(listing: Listing, shown: int) -> str:
    """How many there are; counted only where one page does not tell."""
    here = current()
    return counted(
        _LONG, here.scope, narrowed=listing.narrowed,
        whole=shown if shown <= PAGE and "after" not in request.args else None,
        count=lambda cap: store.count(here.scope, here.uow.session, wanted=listing.wanted, cap=cap),
    )  # fmt: skip


def _usual() -> list[tuple[str, str]]:
    """The lists that people open by habit, each an address."""
    here = current()
    found = [
        (_("All"), PATH),
        (_("Still open"), f"{PATH}?open=1&sort=due"),
        (_("Overdue"), f"{PATH}?due=late&sort=due"),
    ]
    if here.post.role is Role.CLERK:
        found.append((_("To submit"), f"{PATH}?state=registered&sort=oldest"))
    if here.post.role in {Role.LEADER, Role.DEPUTY, Role.CLERK}:
        found.append((label(State.SUBMITTED), f"{PATH}?state=submitted&sort=oldest"))
    if here.post.role in {Role.UNIT_HEAD, Role.DRAFTER, Role.CLERK}:
        mine = f"{PATH}?handler={here.person.person_id}&open=1&sort=due"
        found.append((_("Mine"), mine))
    found.append((_("No deadline"), f"{PATH}?due=none&open=1&sort=oldest"))
    return found


def _due_words(value: str) -> str:
    known = {"late": N_("overdue"), "none": N_("no deadline"), "undecided": N_("deadline not decided yet")}
    if value in known:
        return _(known[value])
    return ngettext("due within %(n)s working day", "due within %(n)s working days", int(value))


def _verdict_words(value: str) -> str:
    known = {**CONCLUSIONS, **WORDS, store.UNCHECKED: (N_("Nothing to check"), "plain")}
    return _(known[value][0])


def _panel() -> dict[str, Any]:
    here = current()
    session, agency = here.uow.session, here.post.agency_id
    common, others = type_groups()
    return {
        "states": [(str(state), label(state)) for state in State],
        "types": common + others,
        "units": choices(offered.units_within(here.scope, session, agency_id=agency)),
        "handlers": choices(offered.handlers_within(here.scope, session, agency_id=agency, on=here.today)),
        "dues": [(value, _due_words(value)) for value in ("late", *map(str, DUES), "none", "undecided")],
        "urgencies": [(str(one), label(one)) for one in Urgency],
        "verdicts": [(value, _verdict_words(value)) for value in VERDICTS],
        "sources": [(str(one), label(one)) for one in Source],
        "sorts": [(value, _(text)) for value, text in SORT_NAMES.items() if value != "newest"],
    }


def _chips(listing: Listing) -> list[tuple[str, str]]:
    """Each filter as words, with the address of the list without it."""
    if not listing.narrowed:
        return []
    here = current()
    session, agency = here.uow.session, here.post.agency_id
    units = dict(choices(offered.units_within(here.scope, session, agency_id=agency)))
    handlers = dict(choices(offered.handlers_within(here.scope, session, agency_id=agency, on=here.today)))
    words: dict[str, Callable[[str], str]] = {
        "state": lambda value: label(State(value)),
        "type": lambda value: type_names().get(value, value),
        "issuer": lambda value: _("from “%(name)s”", name=value),
        "unit": lambda value: _("led by %(name)s", name=units.get(value, value)),
        "handler": lambda value: _("handled by %(name)s", name=handlers.get(value, value)),
        "due": _due_words,
        "urgency": lambda value: label(Urgency(value)),
        "verdict": _verdict_words,
        "source": lambda value: label(Source(value)),
        "from": lambda value: _("arrived from %(day)s", day=format.typed_day(value)),
        "to": lambda value: _("arrived until %(day)s", day=format.typed_day(value)),
        "year": lambda value: _("register of %(year)s", year=value),
        "number": lambda value: _("arrival number %(n)s", n=value),
        "open": lambda value: _("still open"),
        "q": lambda value: f"“{value}”",
    }
    return [(words[name](value), listing.address(PATH, without=(name, value))) for name, value in listing.given
            if name in words]  # fmt: skip
