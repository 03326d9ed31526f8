"""The list of dossiers. `bp` also carries the pages of one dossier, file plans and what goes to the archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.dossiers import State
from workflow.domain.permissions import Permission
from workflow.domain.retention import kept_through
from workflow.store import dossier_list as store
from workflow.store import dossiers
from workflow.store.document_list import PAGE
from workflow.store.models import Dossier
from workflow.web import dossier_words as words
from workflow.web import format
from workflow.web.context import current
from workflow.web.dossier_listing import DUES, SORT_NAMES, Listing, after, cursor, read_listing
from workflow.web.guards import allows
from workflow.web.i18n import _, ngettext
from workflow.web.labels import label
from workflow.web.listing import choices
from workflow.web.sheets import left_out, table_answer

bp = Blueprint("dossiers", __name__)

PATH = "/dossiers"
CAP = 1000
EXPORTED = 20_000


@bp.get(PATH)
@allows(Permission.READ_DOSSIER)
def index() -> str:
    """The list: filters and order stand in the address, so that it can be kept and shared."""
    here = current()
    listing = read_listing(request.args, today=here.today)
    found = store.page(
        here.scope, here.uow.session, wanted=listing.wanted, sort=listing.sort,
        after=after(listing.sort, request.args.get("after", "")),
    )  # fmt: skip
    rows = found[:PAGE]
    count = store.count(here.scope, here.uow.session, wanted=listing.wanted, cap=CAP)
    return render_template(
        "dossiers/list.html",
        listing=listing,
        rows=[_row(row) for row in rows],
        counts=dossiers.counts(here.scope, here.uow.session, [row[0].id for row in rows]),
        next=listing.address(PATH, after=cursor(listing.sort, rows[-1][0])) if len(found) > PAGE else "",
        first="after" in request.args,
        count=format.capped(count, CAP),
        panel=_panel() if listing.narrowed or "filters" in request.args else None,
        sorts=SORT_NAMES,
        chips=_chips(listing),
        usual=_usual(),
        path=PATH,
        tones=words.TONES,
    )


@bp.get(f"{PATH}/export.csv")
@bp.get(f"{PATH}/export.xlsx")
@allows(Permission.READ_DOSSIER)
def export() -> Response:
    """The list as it is filtered and ordered now, for a spreadsheet."""
    here = current()
    listing = read_listing(request.args, today=here.today)
    found = store.page(here.scope, here.uow.session, wanted=listing.wanted, sort=listing.sort, limit=EXPORTED)
    rows = found[:EXPORTED]
    counts = dossiers.counts(here.scope, here.uow.session, [row[0].id for row in rows])
    head = [
        _("Number and symbol of the dossier"), _("Year"), _("Title of the dossier"), _("State"), _("Unit"),
        _("Maker"), _("Retention"), _("Begun on"), _("Ended on"), _("To the archive by"),
        _("Kept until the end of"), _("Documents you can see"), _("Remarks"),
    ]  # fmt: skip
    lines = [
        (
            one.notation, one.year, one.title, label(State(one.state)), unit, maker, words.years_words(one.years),
            one.started_on, one.ended_on, one.due_on, _last_year(one), counts.get(one.id, 0), one.outside_reason,
        )
        for one, unit, _short, maker in rows
    ]  # fmt: skip
    return table_answer(
        f"dossiers-{here.today:%Y%m%d}", _("Dossiers"), head, [*lines, *left_out(found, EXPORTED)], wide=(2, 12)
    )


def _last_year(one: Dossier) -> int | None:
    last = kept_through(one.ended_on, one.years) if one.ended_on else None
    return last.year if last else None


def _row(row: Any) -> dict[str, Any]:
    dossier, unit, short, maker = row
    return {
        "d": dossier, "unit": unit, "short": short, "maker": maker, "state": State(dossier.state),
        "years": words.years_words(dossier.years), "due": words.due_words(dossier.due_on, dossier.state),
    }  # fmt: skip


def _usual() -> list[tuple[str, str]]:
    """The lists that people open by habit, each an address."""
    here = current()
    found = [(_("All"), PATH), (_("Open dossiers"), f"{PATH}?state=open")]
    if here.may(Permission.KEEP_DOSSIER):
        found.append((_("Mine"), f"{PATH}?state=open&maker={here.person.person_id}"))
    found.append((_("To the archive within 30 days"), f"{PATH}?due=30&sort=due"))
    found.append((_("Overdue for the archive"), f"{PATH}?due=late&sort=due"))
    return found


def _panel() -> dict[str, Any]:
    here = current()
    session = here.uow.session
    return {
        "years": [(str(year), str(year)) for year in store.years(here.scope, session)],
        "units": choices(store.units(here.scope, session)),
        "makers": choices(store.makers(here.scope, session)),
        "states": [(str(state), label(state)) for state in State],
        "retentions": words.years_choices(),
        "dues": [(value, _due_words(value)) for value in DUES],
    }


def _due_words(value: str) -> str:
    if value == "late":
        return _("overdue for the archive")
    return ngettext("to the archive within %(n)s day", "to the archive within %(n)s days", DUES[value])


def _chips(listing: Listing) -> list[tuple[str, str]]:
    here = current()
    told: dict[str, Callable[[str], str]] = {
        "state": lambda value: label(State(value)),
        "years": lambda value: _("retention: %(years)s", years=words.years_words(int(value))),
        "due": _due_words,
        "year": lambda value: _("year %(year)s", year=value),
        "q": lambda value: f"“{value}”",
    }
    names = {
        "unit": {str(row[0]): row[1] for row in store.units(here.scope, here.uow.session)},
        "maker": {str(row[0]): row[1] for row in store.makers(here.scope, here.uow.session)},
    }
    made = []
    for name, value in listing.given:
        if name == "sort":
            continue
        said = told[name](value) if name in told else names[name].get(value, _("unknown"))
        made.append((said, listing.address(PATH, without=(name, value))))
    return made
