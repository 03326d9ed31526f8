"""Document types and registers as they stand, for administrators: nothing is in the database alone."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from workflow.domain.permissions import Permission
from workflow.store import key_minimums, office, registers
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.types import type_names
from workflow.web.verdict_words import control_word

bp = Blueprint("registers", __name__, url_prefix="/admin/registers")


@bp.get("")
@allows(Permission.MANAGE_SETTINGS)
def index() -> str:
    """Each register with its years and the number that comes next, then the types."""
    here = current()
    return render_template(
        "settings/registers.html",
        registers=office.registers_with_series(here.figures_scope, here.uow.session, year=here.today.year),
        types=office.every_type(here.uow.session),
        names=type_names(),
        year=here.today.year,
        organs=registers.every_organ(here.figures_scope, here.uow.session),
        own=here.post.agency_id,
        minimums=key_minimums.of_agency(here.uow.session, here.post.agency_id),
        control_word=control_word,
        done="done" in request.args,
    )
