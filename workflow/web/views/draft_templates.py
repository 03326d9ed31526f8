"""An office's templates of drafts: listed with those that come with the program, added, put out of use."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.documents import templates as service
from workflow.web import format, template_list
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.schemas.drafting import NewTemplate
from workflow.web.sheets import csv_answer, xlsx_answer
from workflow.web.template_list import PATH, SORTS, WHICH
from workflow.web.template_words import places
from workflow.web.types import type_names

bp = Blueprint("templates", __name__, url_prefix=PATH)

KEEP = allows(Permission.KEEP_TEMPLATES)

_WIDTHS = (18.0, 30.0, 16.0, 14.0, 18.0, 40.0, 90.0)
DONE = {
    "added": N_("The template is there. Drafters find it in the list of their next draft."),
    "ended": N_("The template is out of use. Drafts that began from it stay as they are."),
}
_FIELD_OF = {
    "template_name_taken": "name", "template_name_needed": "name", "type_not_found": "type_code",
    "template_body_needed": "body",
}  # fmt: skip


@bp.get("")
@KEEP
def index() -> str:
    """The list, by type and words."""
    asked = template_list.read(request.args)
    return render_template(
        "drafting/templates.html", found=template_list.page(current(), asked, request.args.get("after", "")),
        asked=asked, choices=WHICH, sorts=SORTS, path=PATH, types=type_names(),
        done=_(DONE.get(request.args.get("done", ""), "")),
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


def _table() -> tuple[list[str], list[Sequence[Cell]]]:
    names = type_names()
    head = [
        _("Type"), _("Template"), _("State"), _("Comes from"), _("Added"), _("Legal bases"), _("Body"),
    ]  # fmt: skip
    return head, [
        (
            names.get(one.type_code, one.type_code), one.name, _(WHICH["ended"] if one.ended else WHICH[""]),
            _("the office") if one.own else _("the program"), format.moment(one.added_at), one.basis, one.body,
        )
        for one in template_list.whole(current(), template_list.read(request.args))
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
        form.errors[field] = trouble.words(kept=False)
        return page(_form_page(form), trouble.status)
    return see(f"{PATH}?done=added")


@bp.post("/<int:template_id>/end")
@KEEP
def end(template_id: int) -> Response:
    """Put it out of use, and back to the same page of the list."""
    act(service.end, template_id=template_id)
    return see(
        template_list.read(request.args).address(PATH, after=request.args.get("after", "")[:40], done="ended")
    )


def _form_page(form: Form) -> str:
    return render_template(
        "drafting/template.html", form=form, types=list(type_names().items()), places=places()
    )  # fmt: skip
