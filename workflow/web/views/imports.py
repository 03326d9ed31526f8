"""Bringing in registers (the clerk), units and people (administrators), offices outside (either).

Choose a sheet, see what is wrong with which row, take the good rows in, see what came of each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.imports.headings import FIELDS, Kind
from workflow.domain.imports.rights import DIRECTIONS, kinds_for
from workflow.domain.permissions import Permission, Scope
from workflow.services.imports import looking, taking
from workflow.services.imports.looking import Upload
from workflow.store import imports as store
from workflow.store.models import ImportRun
from workflow.web import import_words as words
from workflow.web import office_sheets
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.register_choice import digits
from workflow.web.schemas.imports import Sheet as SheetForm
from workflow.web.sheets import xlsx_answer
from workflow.web.uploads import uploaded

bp = Blueprint("imports", __name__)

PAGE = 50
PAST = 30
"""Earlier imports that the first page lists."""
BATCHES = {Kind.OUTGOING: 10, Kind.INCOMING: 10, Kind.UNITS: 5, Kind.PEOPLE: 5, Kind.OUTSIDE: 8}
"""Batches of one request: a thousand lines of a register, fifty units or people, two hundred offices; then the page
tells how far."""
TROUBLED = ("bad", "refused")


@dataclass(frozen=True, slots=True)
class Area:
    """One of the places where sheets come in."""

    name: str
    path: str
    permission: Permission
    layout: str
    step_up: bool

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What can be brought in here."""
        return kinds_for(self.permission)

    @property
    def scope(self) -> Scope:
        """A clerk's registers; an administrator's units and people; the own agency's catalogue of offices."""
        here = current()
        if self.permission is Permission.KEEP_OFFICES:
            return Scope(agency_ids=(here.post.agency_id,))
        return here.scope if self.permission is Permission.IMPORT_REGISTER else here.figures_scope


REGISTERS = Area("registers", "/register/import", Permission.IMPORT_REGISTER, "base.html", step_up=False)
OFFICES = Area("offices", "/admin/import", Permission.MANAGE_PEOPLE, "admin_layout.html", step_up=True)

OUTSIDE = Area("outside", "/admin/offices/import", Permission.KEEP_OFFICES, "admin_layout.html", step_up=False)


def index(area: Area) -> str:
    """The form for a sheet, and what was brought in before."""
    return _form_page(area, Form(values={"kind": str(area.kinds[0]), "year": str(current().today.year - 1)}))


def look(area: Area) -> Response:
    """Look through a sheet: the dry run."""
    form = read_form(SheetForm)
    if form.good and form.data["kind"] not in area.kinds:
        raise NotFound("import_not_found")
    if form.good:
        try:
            data, filename = uploaded("file", lacking="sheet_needed")
            made = act(looking.look, area.scope, upload=_upload(form, data, filename))
        except BadInput as refused:
            current().uow.rollback()
            trouble = explain(refused)
            form.errors["file"] = trouble.words(kept=False)
        except NotFound:
            current().uow.rollback()
            form.errors["register_id"] = _("Choose a register of the kind that the sheet holds.")
        else:
            return see(f"{area.path}/{made}")
    return page(_form_page(area, form), 422)


def _upload(form: Form, data: bytes, filename: str) -> Upload:
    kind: Kind = form.data["kind"]
    if kind not in DIRECTIONS:
        return Upload(kind=kind, data=data, filename=filename, basis=form.data["basis"])
    return Upload(
        kind=kind, data=data, filename=filename, register_id=form.data["register_id"], year=form.data["year"]
    )


def show(area: Area, import_id: int) -> str:
    """What was found in a sheet, how far taking it in is, what came of it."""
    session, run = current().uow.session, _run(area, import_id)
    counts = store.counts(session, [run.id])[run.id]
    wanted = request.args.get("show", "")
    state = wanted if wanted in counts else next((one for one in TROUBLED if counts.get(one)), "")
    state = "" if wanted == "all" else state
    rows = store.rows(session, run.id, states=[state] if state else (), after=digits("after"), limit=PAGE + 1)
    return render_template(
        "imports/show.html",
        area=area,
        run=run,
        counts=counts,
        total=sum(counts.values()),
        left=counts.get("ready", 0),
        state=state,
        rows=[(row, words.told(run, row), words.summary(row)) for row in rows[:PAGE]],
        next=rows[PAGE - 1].row_no if len(rows) > PAGE else 0,
        troubled=sum(counts.get(one, 0) for one in TROUBLED),
        words=words,
        kind=Kind(run.kind),
    )


def take(area: Area, import_id: int) -> Response:
    """Take in the next rows; what is left is taken in when the page asks again."""
    run = _run(area, import_id)
    for _batch in range(BATCHES[Kind(run.kind)]):
        if not act(taking.take_next, area.scope, import_id=import_id, kinds=area.kinds):
            break
    return see(f"{area.path}/{import_id}")


def discard(area: Area, import_id: int) -> Response:
    """Forget a sheet of which nothing was taken in."""
    act(taking.discard, area.scope, import_id=import_id, kinds=area.kinds)
    return see(area.path)


def troubles(area: Area, import_id: int) -> Response:
    """The rows that were not taken in, as they came, each with its reasons: to be mended and brought in again."""
    run = _run(area, import_id)
    rows = store.rows(current().uow.session, run.id, states=TROUBLED)
    head = [*map(str, run.headings), _("Row"), _("What is wrong")]
    width = len(run.headings)
    lines: list[list[Cell]] = []
    for row in rows:
        cells = [str(cell) for cell in row.cells[:width]]
        told = "; ".join(
            f"{one.column}: {one.sentence}" if one.column else one.sentence for one in words.told(run, row)
        )
        lines.append([*cells, *[""] * (width - len(cells)), row.row_no, told])
    return xlsx_answer(f"faults-{run.id}.xlsx", Sheet(_("Rows with faults"), head, lines, [14.0] * width + [8, 60]))


def empty_sheet(area: Area, kind: str) -> Response:
    """A sheet with nothing but our headings."""
    if kind not in area.kinds:
        raise NotFound("import_not_found")
    head = [field.heading for field in FIELDS[Kind(kind)] if field.name != "type_subject"]
    return xlsx_answer(f"{kind}.xlsx", Sheet(_(words.KINDS[Kind(kind)])[:31], head, (), [18.0] * len(head)))


def units(_area: Area) -> Response:
    """Every unit, as an import reads it."""
    return xlsx_answer("units.xlsx", office_sheets.units_sheet())


def people(_area: Area) -> Response:
    """Every post, as an import reads it."""
    return xlsx_answer("people.xlsx", office_sheets.people_sheet())


def _run(area: Area, import_id: int) -> ImportRun:
    return store.run(area.scope, current().uow.session, import_id, kinds=area.kinds)


def _form_page(area: Area, form: Form) -> str:
    session = current().uow.session
    past = store.runs(area.scope, session, kinds=area.kinds, limit=PAST)
    registers = [
        (row[0], f"{row[1]} · {row[2]}")
        for kind in area.kinds
        if kind in DIRECTIONS
        for row in store.registers(area.scope, session, DIRECTIONS[kind])
    ]
    return render_template(
        "imports/index.html",
        area=area,
        form=form,
        kinds=[(str(kind), _(words.KINDS[kind])) for kind in area.kinds],
        registers=registers,
        past=past,
        counts=store.counts(session, [run.id for run, _name in past]),
        words=words,
        Kind=Kind,
    )


def _open(area: Area, rule: str, view: Callable[..., Any], *methods: str) -> None:
    """Hang a page into an area, under its guard."""

    def opened(**values: Any) -> Any:
        return view(area, **values)

    opened.__name__, opened.__doc__ = f"{area.name}_{view.__name__}", view.__doc__
    guarded = allows(area.permission, step_up=area.step_up)(opened)
    bp.add_url_rule(f"{area.path}{rule}", opened.__name__, guarded, methods=list(methods))


for _area in (REGISTERS, OFFICES, OUTSIDE):
    _open(_area, "", index, "GET")
    _open(_area, "", look, "POST")
    _open(_area, "/<int:import_id>", show, "GET")
    _open(_area, "/<int:import_id>/take", take, "POST")
    _open(_area, "/<int:import_id>/discard", discard, "POST")
    _open(_area, "/<int:import_id>/faults.xlsx", troubles, "GET")
    _open(_area, "/empty/<kind>.xlsx", empty_sheet, "GET")
_open(OFFICES, "/units.xlsx", units, "GET")
_open(OFFICES, "/people.xlsx", people, "GET")
