"""Keeping a register: a number is held, one that is held is cancelled, a year is closed or opened again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.domain.errors import Missing, WorkflowError
from workflow.domain.numbering import number_text
from workflow.domain.permissions import Permission
from workflow.domain.registers import NumberStatus
from workflow.services.documents.symbols import register_of, signed_day
from workflow.services.registers import holding, years
from workflow.store import registers as store
from workflow.store.models import Outgoing, Register
from workflow.web import format
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.schemas.fields import Day, Id, Text
from workflow.web.views.register_book import bp

KEEP = allows(Permission.KEEP_REGISTER)
REOPEN = allows(Permission.REOPEN_YEAR, step_up=True)

_FIELD_OF = {
    "held_until_past": "until", "held_past_year": "until", "held_too_long": "until", "held_for_outsider": "person",
    "reason_needed": "reason",
}  # fmt: skip


class HoldForm(Schema):
    """Why, for whom, until when."""

    reason = Text(longest=500, multiline=True, required=True)
    person = Id(required=True)
    until = Day(required=True)


class Why(Schema):
    """A reason."""

    reason = Text(longest=500, multiline=True, required=True)


@bp.get("/register/<int:register_id>/hold")
@KEEP
def hold(register_id: int) -> str:
    """Hold the next number: the form."""
    return _hold_page(Form(values=dict.fromkeys(HoldForm().fields, "")), _register(register_id))


@bp.post("/register/<int:register_id>/hold")
@KEEP
def hold_it(register_id: int) -> Response:
    """Hold it."""
    form = read_form(HoldForm)
    if form.good:
        data = form.data
        wish = holding.Hold(reason=data["reason"], person_id=data["person"], until=data["until"])
        try:
            row = act(holding.hold, current().scope, register_id=register_id, wish=wish)
            return _back(row.register_id, row.year, "held")
        except WorkflowError as refused:
            return page(_hold_page(_wrong(form, refused), _register(register_id)), explain(refused).status)
    return page(_hold_page(form, _register(register_id)), 422)


@bp.get("/register/numbers/<int:number_id>/cancel")
@KEEP
def cancel(number_id: int) -> str:
    """Cancel a held number: the form. One that is no longer held says so at once."""
    return _cancel_page(number_id, Form(values={"reason": ""}))


@bp.post("/register/numbers/<int:number_id>/cancel")
@KEEP
def cancel_it(number_id: int) -> Response:
    """Cancel it."""
    row = store.number(current().scope, current().uow.session, number_id)
    back = (row.register_id, row.year, "cancelled")
    return _taken(
        lambda reason: act(holding.cancel, current().scope, number_id=number_id, reason=reason), back,
        lambda form: _cancel_page(number_id, form),
    )  # fmt: skip


@bp.get("/register/<int:register_id>/years/<int:year>/close")
@KEEP
def close(register_id: int, year: int) -> str:
    """Close a year: the form."""
    return _close_page(register_id, year, Form(values={"reason": ""}))


@bp.post("/register/<int:register_id>/years/<int:year>/close")
@KEEP
def close_it(register_id: int, year: int) -> Response:
    """Close it."""
    return _taken(
        lambda reason: act(years.close_year, current().scope, register_id=register_id, year=year, reason=reason),
        (register_id, year, "closed"), lambda form: _close_page(register_id, year, form),
    )  # fmt: skip


@bp.get("/register/<int:register_id>/years/<int:year>/reopen")
@REOPEN
def reopen(register_id: int, year: int) -> str:
    """Open a closed year again: the form."""
    return _reopen_page(register_id, year, Form(values={"reason": ""}))


@bp.post("/register/<int:register_id>/years/<int:year>/reopen")
@REOPEN
def reopen_it(register_id: int, year: int) -> Response:
    """Open it."""
    return _taken(
        lambda reason: act(years.reopen_year, current().scope, register_id=register_id, year=year, reason=reason),
        (register_id, year, "reopened"), lambda form: _reopen_page(register_id, year, form),
    )  # fmt: skip


def _taken(service: Callable[[str], Any], back: tuple[int, int, str], again: Callable[[Form], str]) -> Response:
    """Take an act that needs nothing but a reason, or show its form with what is wrong."""
    form = read_form(Why)
    if not form.good:
        return page(again(form), 422)
    try:
        service(form.data["reason"])
    except WorkflowError as refused:
        return page(again(_wrong(form, refused)), explain(refused).status)
    return _back(*back)


def _back(register_id: int, year: int, done: str) -> Response:
    return see(url_for("register_book.index", register=register_id, year=year, done=done))


def _register(register_id: int) -> Register:
    return store.register(current().scope, current().uow.session, register_id)


def _wrong(form: Form, refused: WorkflowError) -> Form:
    current().uow.rollback()
    trouble = explain(refused)
    form.errors[_FIELD_OF.get(refused.code, "")] = trouble.words()
    return form


def _hold_page(form: Form, register: Register) -> str:
    here = current()
    row = store.year_row(here.uow.session, register.id, here.today.year)
    following = number_text((row[0].last_number if row else 0) + 1)
    return render_template(
        "registers/hold.html", form=form, register=register, next=f"{following}/{here.today.year}",
        people=[(str(key), f"{name}, {title}") for key, name, title in _people()],
    )  # fmt: skip


def _people() -> list[tuple[int, str, str]]:
    here = current()
    return store.people_in_post(here.uow.session, here.post.agency_id, on=here.today)


def _cancel_page(number_id: int, form: Form) -> str:
    here = current()
    row = store.number(here.scope, here.uow.session, number_id)
    if row.status != NumberStatus.HELD and not form.errors:
        holding.demand_held(here.uow, row)
    number = f"{number_text(row.number)}/{row.year}"
    facts = [(_("Register"), _register(row.register_id).name), (_("Why it was held"), row.reason)]
    if row.held_until:
        facts.append((_("Held until"), format.day(row.held_until)))
    return _act_page(
        form, title=_("Cancel number %(number)s", number=number), button=_("Cancel the number"), facts=facts,
        will=_("The number stays in the register as cancelled, with your reason, and is never given again."),
        address=url_for("register_book.cancel_it", number_id=number_id), back=(row.register_id, row.year),
    )  # fmt: skip


def _close_page(register_id: int, year: int, form: Form) -> str:
    register = _register(register_id)
    return _act_page(
        form, title=_("Close the year %(year)s", year=year), button=_("Close the year"),
        facts=[(_("Register"), register.name), (_("Last number"), _last(register_id, year))],
        will=_("No late paper gets a number of this year any more. Only the head of the agency opens it again."),
        address=url_for("register_book.close_it", register_id=register_id, year=year), back=(register_id, year),
    )  # fmt: skip


def _reopen_page(register_id: int, year: int, form: Form) -> str:
    register = _register(register_id)
    return _act_page(
        form, title=_("Open the year %(year)s again", year=year), button=_("Open the year again"),
        facts=[(_("Register"), register.name), (_("Last number"), _last(register_id, year))],
        will=_("Late papers of December may be numbered in it again, each with a reason."),
        address=url_for("register_book.reopen_it", register_id=register_id, year=year), back=(register_id, year),
    )  # fmt: skip


def _last(register_id: int, year: int) -> str:
    row = store.year_row(current().uow.session, register_id, year)
    return number_text(row[0].last_number) if row else "–"


def _act_page(
    form: Form, *, title: str, button: str, will: str, facts: list[tuple[str, str]], address: str,
    back: tuple[int, int],
) -> str:  # fmt: skip
    return render_template(
        "registers/act.html", form=form, title=title, button=button, will=will, facts=facts, address=address,
        back=url_for("register_book.index", register=back[0], year=back[1]),
    )  # fmt: skip


@bp.app_template_global()
def other_numbers(document: Outgoing) -> list[tuple[str, str]]:
    """Numbers other than the next that a signed document may get: (value, words); none without a register."""
    here = current()
    try:
        register = register_of(here.uow, document)
    except Missing:
        return []
    signed = signed_day(document)
    late = signed is not None and signed.year == here.today.year - 1
    open_years = {here.today.year, here.today.year - 1} if late else {here.today.year}
    found = []
    for row, name in store.held(here.uow.session, register.id):
        if row.year in open_years:
            words = _("held for %(name)s: %(reason)s", name=name or "–", reason=row.reason[:80])
            found.append((f"held:{row.id}", f"{number_text(row.number)}/{row.year}, {words}"))
    year = here.today.year - 1
    series = store.year_row(here.uow.session, register.id, year)
    if late and series is not None and series[0].closed_at is None:
        words = _("the next number of %(year)s, for a paper signed in it", year=year)
        found.append((f"year:{year}", f"{number_text(series[0].last_number + 1)}/{year}, {words}"))
    return found
