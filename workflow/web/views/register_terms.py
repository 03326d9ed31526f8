"""Administration of an agency's organs, registers of outgoing documents and the kinds that stand first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from workflow.domain.errors import NotFound, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.registers import terms
from workflow.services.registers.terms import OrganFacts, RegisterFacts
from workflow.store import office
from workflow.store import registers as store
from workflow.store.models import Organ, Register
from workflow.web import format
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.fields import Id, Text
from workflow.web.types import COMMON, type_names
from workflow.web.views.registers import bp

CHANGE = allows(Permission.MANAGE_SETTINGS, step_up=True)

_FIELD_OF = {
    "reason_needed": "reason", "organ_code_taken": "code", "organ_head_unfit": "head", "organ_seal_unfit": "seal",
    "register_code_taken": "code", "type_claimed": "types", "type_not_found": "types", "types_many": "types",
    "register_in_use": "organ", "symbol_unreadable": "abbreviation", "notation_too_long": "abbreviation",
}  # fmt: skip


class OrganForm(Schema):
    """An organ."""

    code = Text(longest=20, required=True)
    name = Text(longest=200, required=True)
    abbreviation = Text(longest=20, required=True)
    head = Id(load_default=None)
    seal = Id(load_default=None)
    active = fields.Boolean(load_default=False)
    reason = Text(longest=500, multiline=True, required=True)


class RegisterForm(Schema):
    """A register of outgoing documents."""

    code = Text(longest=20, required=True)
    name = Text(longest=100, required=True)
    organ = Id(load_default=None)
    secret = fields.Boolean(load_default=False)
    active = fields.Boolean(load_default=False)
    reason = Text(longest=500, multiline=True, required=True)


class TypesForm(Schema):
    """Why other kinds stand first."""

    reason = Text(longest=500, multiline=True, required=True)


@bp.get("/organs/new")
@CHANGE
def new_organ() -> str:
    """An empty form."""
    return _organ_page(Form(values=dict.fromkeys(OrganForm().fields, "") | {"active": "true"}), None)


@bp.get("/organs/<int:organ_id>")
@CHANGE
def change_organ(organ_id: int) -> str:
    """The form as the organ stands."""
    row = _organ(organ_id)
    values = {"code": row.code, "name": row.name, "abbreviation": row.abbreviation,
              "head": str(row.head_post_id or ""), "seal": str(row.certificate_id or ""),
              "active": "true" if row.active else "", "reason": ""}  # fmt: skip
    return _organ_page(Form(values=values), row)


@bp.post("/organs/new")
@CHANGE
def add_organ() -> Response:
    """Add it."""
    return _save_organ(None)


@bp.post("/organs/<int:organ_id>")
@CHANGE
def save_organ(organ_id: int) -> Response:
    """Save it."""
    return _save_organ(organ_id)


def _save_organ(organ_id: int | None) -> Response:
    form = read_form(OrganForm)

    def save() -> object:
        data = form.data
        facts = OrganFacts(code=data["code"], name=data["name"], abbreviation=data["abbreviation"],
                           head_post_id=data["head"], certificate_id=data["seal"],
                           active=data["active"])  # fmt: skip
        return act(terms.save_organ, current().figures_scope, organ_id=organ_id, facts=facts,
                   reason=data["reason"])  # fmt: skip

    return _saved(form, save, lambda: _organ_page(form, _organ(organ_id) if organ_id else None))


@bp.get("/books/new")
@CHANGE
def new_register() -> str:
    """An empty form."""
    return _register_page(Form(values=dict.fromkeys(RegisterForm().fields, "") | {"active": "true"}), None, ())


@bp.get("/books/<int:register_id>")
@CHANGE
def change_register(register_id: int) -> str:
    """The form as the register stands."""
    row = _register(register_id)
    values = {"code": row.code, "name": row.name, "organ": str(row.organ_id or ""),
              "secret": "true" if row.secret else "", "active": "true" if row.active else "",
              "reason": ""}  # fmt: skip
    return _register_page(Form(values=values), row, tuple(row.type_codes))


@bp.post("/books/new")
@CHANGE
def add_register() -> Response:
    """Open it."""
    return _save_register(None)


@bp.post("/books/<int:register_id>")
@CHANGE
def save_register(register_id: int) -> Response:
    """Save it."""
    return _save_register(register_id)


def _save_register(register_id: int | None) -> Response:
    form, chosen = read_form(RegisterForm), _chosen()

    def save() -> object:
        data = form.data
        facts = RegisterFacts(code=data["code"], name=data["name"], organ_id=data["organ"], type_codes=chosen,
                              secret=data["secret"], active=data["active"])  # fmt: skip
        return act(terms.save_register, current().figures_scope, register_id=register_id, facts=facts,
                   reason=data["reason"])  # fmt: skip

    return _saved(form, save, lambda: _register_page(form, _register(register_id) if register_id else None, chosen))


@bp.get("/types")
@CHANGE
def choose_types() -> str:
    """The kinds that stand first now."""
    return _types_page(Form(values={"reason": ""}), _first())


@bp.post("/types")
@CHANGE
def save_types() -> Response:
    """Keep the choice."""
    form, chosen = read_form(TypesForm), _chosen()
    return _saved(
        form, lambda: act(terms.choose_types, codes=chosen, reason=form.data["reason"]),
        lambda: _types_page(form, chosen),
    )  # fmt: skip


def _saved(form: Form, save: Callable[[], object], again: Callable[[], str]) -> Response:
    if not form.good:
        return page(again(), 422)
    try:
        save()
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        form.errors[_FIELD_OF.get(refused.code, "")] = trouble.words()
        return page(again(), trouble.status)
    return see(url_for("registers.index", done="saved"))


def _chosen() -> tuple[str, ...]:
    """Kinds that were ticked, in the order of the list."""
    return tuple(dict.fromkeys(code[:20] for code in request.form.getlist("types")[:100]))


def _organ(organ_id: int) -> Organ:
    """One of the acting agency's own; another's is as good as missing, also one below."""
    row = store.organ(current().figures_scope, current().uow.session, organ_id)
    if row.agency_id != current().post.agency_id:
        raise NotFound("organ_not_found")
    return row


def _register(register_id: int) -> Register:
    row = store.register(current().figures_scope, current().uow.session, register_id)
    if row.agency_id != current().post.agency_id or row.direction != "out":
        raise NotFound("register_not_found")
    return row


def _first() -> tuple[str, ...]:
    here = current()
    return terms.first_types(here.uow, here.post.agency_id, usual=COMMON, now=here.now)


def _organ_page(form: Form, row: Organ | None) -> str:
    here = current()
    signers = office.signers(here.uow.session, here.post.agency_id, on=here.today)
    return render_template(
        "settings/organ.html",
        form=form,
        row=row,
        heads=[(str(post.id), f"{name}, {post.title}") for post, name, _unit in signers],
        seals=[
            (str(one.id), f"{one.subject_name[:80]} ({format.day(one.not_after)})")
            for one in store.seals(here.uow.session, here.post.agency_id)
        ],
        address=request.path,
    )


def _register_page(form: Form, row: Register | None, chosen: tuple[str, ...]) -> str:
    here = current()
    return render_template(
        "settings/register.html",
        form=form,
        row=row,
        chosen=chosen,
        types=list(type_names().items()),
        organs=[(str(one.id), one.name) for one in store.organs(here.uow.session, here.post.agency_id)],
        address=request.path,
    )


def _types_page(form: Form, chosen: tuple[str, ...]) -> str:
    names: dict[str, Any] = type_names()
    order = [*(code for code in chosen if code in names), *(code for code in names if code not in chosen)]
    return render_template(
        "settings/types.html", form=form, chosen=chosen, types=[(code, names[code]) for code in order],
        limit=terms.FIRST,
    )  # fmt: skip
