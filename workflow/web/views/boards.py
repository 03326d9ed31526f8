"""Boards: every agency, one agency, one unit, one person; the worst first, each figure with its list."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.boards import NATURES, Nature
from workflow.domain.errors import NotFound
from workflow.domain.indicators import COUNTS, INDICATORS
from workflow.domain.periods import Kind, parse
from workflow.domain.permissions import Permission
from workflow.services.figures import board_lists, boards
from workflow.services.figures.board_lists import Found, Wanted
from workflow.services.figures.board_targets import targets_of
from workflow.services.figures.boards import Board
from workflow.services.figures.months import State
from workflow.web import board_page, board_tables, board_words, month_words, report_words
from workflow.web.board_address import (
    LIST,
    PATH,
    Address,
    against,
    chosen_units,
    key_in,
    offered,
    query,
    read_address,
)
from workflow.web.board_page import Page
from workflow.web.charts import bars, lines
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.sheets import left_out, secrets_left_out, secrets_words, table_answer
from workflow.web.types import type_names
from workflow.web.views.months import named

bp = Blueprint("boards", __name__, url_prefix=PATH)

SEE = allows(Permission.SEE_RATES)
A_PAGE = 100
EXPORTED = 20_000


@bp.get("")
@SEE
def index() -> str:
    """Every agency where several are seen and none is chosen, else one agency."""
    return shown(_whole())


@bp.get("/figures.csv")
@bp.get("/figures.xlsx")
@SEE
def figures() -> Response:
    """One of its tables."""
    return _table(_whole())


@bp.get("/units/<int:unit_id>")
@SEE
def unit(unit_id: int) -> str:
    """One unit with its parts."""
    return shown(_unit(unit_id))


@bp.get("/units/<int:unit_id>/figures.csv")
@bp.get("/units/<int:unit_id>/figures.xlsx")
@SEE
def unit_figures(unit_id: int) -> Response:
    """One of its tables."""
    return _table(_unit(unit_id))


@bp.get("/people/<int:person_id>")
@SEE
def person(person_id: int) -> str:
    """One signer in one agency."""
    return shown(_person(person_id))


@bp.get("/people/<int:person_id>/figures.csv")
@bp.get("/people/<int:person_id>/figures.xlsx")
@SEE
def person_figures(person_id: int) -> Response:
    """One of their tables."""
    return _table(_person(person_id))


@bp.get("/compare")
@SEE
def compare() -> str:
    """Two periods side by side, and chosen units."""
    page, chosen = _compared()
    return render_template(
        "reports/boards/compare.html",
        page=page,
        chosen=chosen,
        tables=board_tables.compared(page, chosen),
        **_words(),
    )


@bp.get("/compare/figures.csv")
@bp.get("/compare/figures.xlsx")
@SEE
def compare_figures() -> Response:
    """One of its tables."""
    page, chosen = _compared()
    return _answer(board_tables.compared(page, chosen), page)


def _agency_of(address: Address) -> int:
    return address.agency_id or current().figures_agency


def _several(address: Address) -> bool:
    return address.agency_id is None and len(current().figures_scope.agency_ids) > 1


def _whole(*, every: bool = False) -> Page:
    here, address = current(), read_address(request.args)
    scope, asked, one = here.figures_scope, address.asked, address.indicator
    if _several(address):
        found = boards.of_agencies(here.uow, here.actor, scope, asked=asked, indicator=one, every=every)
        return _page(address, found, board_page.Whole.AGENCIES)
    found = boards.of_agency(here.uow, here.actor, scope, asked=asked, indicator=one, agency_id=_agency_of(address))
    return _page(address, found, board_page.Whole.AGENCY)


def _unit(unit_id: int) -> Page:
    here, address = current(), read_address(request.args)
    agency_id = _agency_of(address)
    found = boards.of_agency(
        here.uow, here.actor, here.figures_scope, asked=address.asked, indicator=address.indicator,
        agency_id=agency_id, unit_id=unit_id,
    )  # fmt: skip
    return _page(address, found, board_page.Whole.UNIT)


def _person(person_id: int) -> Page:
    here, address = current(), read_address(request.args)
    found = boards.of_person(
        here.uow, here.actor, here.figures_scope, asked=address.asked, indicator=board_page.by_person(address),
        agency_id=_agency_of(address), person_id=person_id,
    )  # fmt: skip
    return _page(address, found, board_page.Whole.PERSON)


def _compared() -> tuple[Page, list[board_page.Shown]]:
    """The board with the chosen units; one that is not on it is no page."""
    page = _whole(every=True)
    rows = {shown.row.id: shown for shown in page.choices}
    wanted = chosen_units(request.args)
    if any(key not in rows for key in wanted):
        raise NotFound("unit_not_found")
    return page, [rows[key] for key in wanted]


def _page(address: Address, found: Board, whole: board_page.Whole) -> Page:
    here = current()
    several = len(here.figures_scope.agency_ids) > 1
    return board_page.page(
        address, found, whole, several=several, own=here.person.person_id,
        targets={} if whole is board_page.Whole.PERSON else targets_of(here.uow, found),
    )  # fmt: skip


def _words() -> dict[str, object]:
    return {
        "PATH": PATH, "offered": offered(), "against": against, "COUNTS": COUNTS, "INDICATORS": INDICATORS,
        "names": month_words, "words": report_words, "say": board_words, "bars": bars, "lines": lines,
        "State": State, "Kind": Kind, "query": query,
        "Whole": board_page.Whole,
    }  # fmt: skip


def _of_nature(page: Page, nature: Nature) -> list[str]:
    return [_(month_words.KINDS[one]) for one in NATURES if one in page.populations and NATURES[one] is nature]


def shown(page: Page) -> str:
    """A board as it is drawn."""
    return render_template(
        "reports/boards/board.html", page=page, tables=board_tables.of_page(page),
        flows=_of_nature(page, Nature.FLOW), ends=_of_nature(page, Nature.END), **_words(),
    )  # fmt: skip


def _table(page: Page) -> Response:
    return _answer(board_tables.of_page(page), page)


def _answer(tables: dict[str, board_tables.Table], page: Page) -> Response:
    """The table that the address names, else the first one."""
    wanted = request.args.get("table", "") or next(iter(tables))
    if wanted not in tables:
        raise NotFound("figure_not_found")
    table = tables[wanted]
    name = f"board-{wanted}-{page.period.key}"
    return table_answer(name, table.title, table.head, table.rows, wide=(0,))


@bp.get("/documents")
@SEE
def documents() -> str:
    """What a figure of a board counted, over all its months."""
    wanted, found = _behind(limit=A_PAGE)
    return render_template(
        "reports/boards/documents.html", wanted=wanted, found=found, types=type_names(), address=_list(wanted),
        secrets_left_out=secrets_words, bundle=_bundle(wanted), **_words(),
    )  # fmt: skip


@bp.get("/documents.csv")
@bp.get("/documents.xlsx")
@SEE
def documents_export() -> Response:
    """The same list, whole."""
    wanted, found = _behind(limit=EXPORTED)
    head = [
        _("Month"), _("Number and symbol"), _("Subject"), _("Unit"), _("Person"), _("Counted as"),
    ]  # fmt: skip
    rows = [
        [
            report_words.period_words(month), named(one), one.paper.subject if one.paper else "", one.unit,
            one.person, month_words.value(one.population, one.value),
        ]
        for month, one in found.items
    ]  # fmt: skip
    rest = [*left_out([*rows, rows[:1]] if found.more else rows, len(rows)), *secrets_left_out(found.left_out)]
    return table_answer(f"{wanted.count}-{wanted.period.key}", _("Documents"), head, [*rows, *rest], wide=(2,))


def _behind(*, limit: int) -> tuple[Wanted, Found]:
    here, given = current(), request.args
    wanted = Wanted(
        period=parse(given.get("period", "")), agency_id=key_in(given, "agency") or here.figures_agency,
        count=given.get("count", ""), unit_id=key_in(given, "unit"), person_id=key_in(given, "person"),
        alone="alone" in given,
    )  # fmt: skip
    return wanted, board_lists.behind(
        here.uow, here.actor, here.figures_scope, wanted=wanted, reader=here.scope, now=here.now,
        after=_after(given.get("after", "")), limit=limit,
    )  # fmt: skip


def _after(text: str) -> tuple[str, int]:
    """Where the page before ended; nonsense is the beginning."""
    month, _point, key = text.partition(".")
    return month, int(key) if key.isascii() and key.isdigit() and len(key) < 16 else 0


def _bundle(wanted: Wanted) -> str:
    return query(
        f"/reports/months/{wanted.period.key}/bundle", agency=wanted.agency_id, count=wanted.count,
        unit=wanted.unit_id, person=wanted.person_id, below=wanted.unit_id is not None and not wanted.alone,
    )  # fmt: skip


def _list(wanted: Wanted) -> object:
    def made(more: str = "", **parts: object) -> str:
        return query(
            f"{LIST}{more}", period=wanted.period.key, agency=wanted.agency_id, count=wanted.count,
            unit=wanted.unit_id, person=wanted.person_id, alone=wanted.alone, **parts,
        )  # fmt: skip

    return made
