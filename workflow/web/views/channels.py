"""Administration of the ways out: what is configured, how it is doing, a message to try it; who reads reports."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.channels import Way
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.permissions import Permission
from workflow.services import channels as configured
from workflow.services import notice_choices as service
from workflow.services.channels import Line
from workflow.store import channels as store
from workflow.store import outbox, people
from workflow.store.models import Outbox
from workflow.web import channel_words
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, see
from workflow.web.guards import allows
from workflow.web.i18n import _

bp = Blueprint("channels", __name__, url_prefix="/admin")

READERS = allows(Permission.MANAGE_PEOPLE, step_up=True)


@bp.get("/channels")
@allows(Permission.MANAGE_SETTINGS)
def index() -> str:
    """Every way; no secret is shown. How each is doing, in every agency, is the top one's to read."""
    return _page("")


@bp.post("/channels/test")
@allows(Permission.RUN_JOBS, step_up=True)
def test() -> Response:
    """Send oneself, or a receiver, a message by one way."""
    name = request.form.get("name", "")
    known = {line.name: line for line in configured.described(current().settings) if not line.trouble}
    if name not in known:
        raise NotFound("channel_not_found")
    words = _("A test message from Trình Ký")
    try:
        act(service.try_way, way=known[name].way, hook=hook_of(known[name]), subject=words, body=words)
    except BadInput as refused:
        current().uow.rollback()
        return page(_page(explain(refused).title), 422)
    return see(url_for("channels.index", tried=name))


def _page(trouble: str) -> str:
    here = current()
    lines = configured.described(here.settings)
    may, there = here.may(Permission.RUN_JOBS), {line.way for line in lines}
    missing = [way for way in (Way.MAIL, Way.SMS, Way.PUSH, Way.WEBHOOK) if way not in there]
    health = store.health(here.uow.session) if may else {}
    return render_template(
        "settings/channels.html", lines=lines, health=health, words=channel_words, trouble=trouble, may=may,
        missing=missing, tried=_tried(lines) if may else {},
        held=outbox.held_back(here.uow.session, {line.way for line in lines if line.trouble}),
    )  # fmt: skip


def _tried(lines: list[Line]) -> dict[str, Outbox]:
    """What came of one's own last test, by the name of its way."""
    here = current()
    keys = {line.name: service.try_key(here.person.person_id, line.way, hook_of(line)) for line in lines}
    found = outbox.tried(here.uow.session, set(keys.values()))
    return {name: found[key] for name, key in keys.items() if key in found}


def hook_of(line: Line) -> str:
    """The receiver that a line is about."""
    return line.name.partition(":")[2]


@bp.get("/units/<int:unit_id>/report-readers")
@READERS
def readers(unit_id: int) -> str:
    """Who gets a unit's reports beside its head and its address."""
    return _readers_page(unit_id, store.readers_of(current().uow.session, unit_id), Form())


@bp.post("/units/<int:unit_id>/report-readers")
@READERS
def set_readers(unit_id: int) -> Response:
    """Name them."""
    chosen = set(request.form.getlist("person", type=int))
    try:
        act(service.set_readers, current().figures_scope, unit_id=unit_id, person_ids=chosen)
    except BadInput as refused:
        current().uow.rollback()
        return page(_readers_page(unit_id, chosen, Form(errors={"": explain(refused).title})), 422)
    return see(url_for("units.show", unit_id=unit_id))


def _readers_page(unit_id: int, chosen: set[int], form: Form) -> str:
    here = current()
    unit = people.unit(here.figures_scope, here.uow.session, unit_id)
    found = store.may_read_reports(here.uow.session, unit, today=here.today)
    return render_template("people/report_readers.html", unit=unit, rows=found, chosen=chosen, form=form)
