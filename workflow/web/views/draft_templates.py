"""An office's templates of drafts: listed with those that come with the program, added, put out of use."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.domain.text import fold
from workflow.services.documents import templates as service
from workflow.store import drafting as store
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.schemas.drafting import NewTemplate
from workflow.web.template_words import places
from workflow.web.types import type_names

PATH = "/admin/templates"
bp = Blueprint("templates", __name__, url_prefix=PATH)

KEEP = allows(Permission.KEEP_TEMPLATES)

WHICH = {"": N_("in use"), "ended": N_("out of use"), "all": N_("all")}
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


@bp.get("")
@KEEP
def index() -> str:
    """The list, by type and words."""
    which, code, words = (request.args.get(name, "")[:100] for name in ("which", "type", "q"))
    rows = [
        one
        for one in _lines(which if which in WHICH else "", code)
        if fold(words) in fold(f"{one.name}\n{one.basis}\n{one.body}")
    ]
    return render_template(
        "drafting/templates.html", rows=rows, which=which, type_code=code, words=words, choices=WHICH,
        types=list(type_names().items()), done=_(DONE.get(request.args.get("done", ""), "")),
    )  # fmt: skip


@bp.get("/new")
@KEEP
def new() -> str:
    """An empty form, or one that starts from another template (`?from=built:reply`)."""
    here, key = current(), request.args.get("from", "")[:40]
    values = dict.fromkeys(NewTemplate().fields, "")
    if key:
        begun = service.template_of(here.uow, here.post.agency_id, key)
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
    in_use = {"": True, "ended": False}.get(which)
    own = store.templates(here.uow.session, here.post.agency_id, in_use=in_use, type_code=code)
    found = [
        Line(f"own:{row.id}", names.get(row.type_code, row.type_code), row.name, row.basis, row.body,
             row.id, row.ended_at is not None)
        for row in own
    ]  # fmt: skip
    shipped = [] if which == "ended" else [one for one in service.built_in() if code in {"", one.type_code}]
    return found + [
        Line(one.key, names.get(one.type_code, one.type_code), one.name, one.basis, one.body) for one in shipped
    ]


def _form_page(form: Form) -> str:
    return render_template(
        "drafting/template.html", form=form, types=list(type_names().items()), places=places()
    )  # fmt: skip
