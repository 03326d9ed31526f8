"""An office's templates of drafts: listed with those that come with the program, added, put out of use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.domain.text import fold
from workflow.services.documents import templates as service
from workflow.store import drafting as store
from workflow.web import format, plain_list
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.plain_list import Asked
from workflow.web.schemas.drafting import NewTemplate
from workflow.web.sheets import csv_answer, xlsx_answer
from workflow.web.template_words import places
from workflow.web.types import type_names

PATH = "/admin/templates"
bp = Blueprint("templates", __name__, url_prefix=PATH)

KEEP = allows(Permission.KEEP_TEMPLATES)

WHICH = {"": N_("in use"), "ended": N_("out of use"), "all": N_("all")}
SORTS = {"type": N_("by type"), "name": N_("by name"), "newest": N_("newest first")}
_WIDTHS = (18.0, 30.0, 16.0, 14.0, 18.0, 40.0, 90.0)
DONE = {
    "added": N_("The template is there. Drafters find it in the list of their next draft."),
    "ended": N_("The template is out of use. Drafts that began from it stay as they are."),
}
_FIELD_OF = {
    "template_name_taken": "name", "template_name_needed": "name", "type_not_found": "type_code",
    "template_body_needed": "body",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A template in the list; `own` is its key where the office may put it out of use."""

    key: str
    type: str
    name: str
    basis: str
    body: str
    own: int | None = None
    ended: bool = False
    added_at: dt.datetime | None = None
    place: int = 0
    """Of its type in the decree."""


@bp.get("")
@KEEP
def index() -> str:
    """The list, by type and words."""
    asked = _asked()
    return render_template(
        "drafting/templates.html", rows=_found(asked), asked=asked, choices=WHICH, sorts=SORTS, path=PATH,
        types=list(type_names().items()), done=_(DONE.get(request.args.get("done", ""), "")),
    )  # fmt: skip


@bp.get("/export.csv")
@KEEP
def export_csv() -> Response:
    """The list as it is filtered now."""
    head, rows = _table()
    return csv_answer(f"templates-{current().today:%Y%m%d}.csv", head, rows)


@bp.get("/export.xlsx")
@KEEP
def export_xlsx() -> Response:
    """The same as a workbook."""
    head, rows = _table()
    sheet = Sheet(_("Draft templates"), head, rows, _WIDTHS)
    return xlsx_answer(f"templates-{current().today:%Y%m%d}.xlsx", sheet)


def _asked() -> Asked:
    choices = {"which": frozenset(WHICH) - {""}, "type": frozenset(type_names())}
    return plain_list.read(request.args, sorts=SORTS, usual="type", choices=choices, words=("q",))


def _found(asked: Asked) -> list[Line]:
    words = fold(asked.value("q"))
    rows = [
        one
        for one in _lines(asked.value("which"), asked.value("type"))
        if words in fold(f"{one.name}\n{one.basis}\n{one.body}")
    ]
    return sorted(rows, key=_ORDER[asked.sort], reverse=asked.sort == "newest")


_ORDER: dict[str, Callable[[Line], Any]] = {
    "type": lambda one: (one.place, one.own is None, fold(one.name)),
    "name": lambda one: (fold(one.name), one.place),
    "newest": lambda one: (one.added_at is not None, one.added_at, one.own or 0),
}
"""Those that come with the program have no day: they stand behind the office's own."""


def _table() -> tuple[list[str], list[Sequence[Cell]]]:
    head = [
        _("Type"), _("Template"), _("State"), _("Comes from"), _("Added"), _("Legal bases"), _("Body"),
    ]  # fmt: skip
    return head, [
        (
            one.type, one.name, _(WHICH["ended"] if one.ended else WHICH[""]),
            _("the office") if one.own else _("the program"), format.moment(one.added_at), one.basis, one.body,
        )
        for one in _found(_asked())
    ]  # fmt: skip


@bp.get("/new")
@KEEP
def new() -> str:
    """An empty form, or one that starts from another template (`?from=built:reply`)."""
    here, key = current(), request.args.get("from", "")[:40]
    values = dict.fromkeys(NewTemplate().fields, "")
    if key:
        begun = service.template_of(here.uow, here.post.agency_id, key, ended_too=True)
        values |= {"type_code": begun.type_code, "name": begun.name, "basis": begun.basis, "body": begun.body}
    return _form_page(Form(values=values))


@bp.post("/new")
@KEEP
def add() -> Response:
    """Add it."""
    form = read_form(NewTemplate)
    if not form.good:
        return page(_form_page(form), 422)
    try:
        act(service.add, **form.data)
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        field = _FIELD_OF.get(refused.code, "body")
        form.errors[field] = " ".join(part for part in (trouble.title, trouble.next) if part)
        return page(_form_page(form), trouble.status)
    return see(f"{PATH}?done=added")


@bp.post("/<int:template_id>/end")
@KEEP
def end(template_id: int) -> Response:
    """Put it out of use."""
    act(service.end, template_id=template_id)
    return see(f"{PATH}?done=ended")


def _lines(which: str, code: str) -> list[Line]:
    here, names = current(), type_names()
    places = {one: place for place, one in enumerate(names)}
    in_use = {"": True, "ended": False}.get(which)
    own = store.templates(here.uow.session, here.post.agency_id, in_use=in_use, type_code=code)
    found = [
        Line(f"own:{row.id}", names.get(row.type_code, row.type_code), row.name, row.basis, row.body,
             row.id, row.ended_at is not None, row.added_at, places.get(row.type_code, len(places)))
        for row in own
    ]  # fmt: skip
    shipped = [] if which == "ended" else [one for one in service.built_in() if code in {"", one.type_code}]
    return found + [
        Line(one.key, names.get(one.type_code, one.type_code), one.name, one.basis, one.body,
             place=places.get(one.type_code, len(places)))
        for one in shipped
    ]  # fmt: skip


def _form_page(form: Form) -> str:
    return render_template(
        "drafting/template.html", form=form, types=list(type_names().items()), places=places()
    )  # fmt: skip
