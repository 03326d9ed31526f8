"""Administration of the working calendar: the days that differ, by year, each with the paper that orders it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, NotPermitted, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services import calendar as service
from workflow.services.calendar import DayRule
from workflow.services.recalculating import Flip
from workflow.store import calendar as store
from workflow.store.models import CalendarDay, Journal, Person
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.flips import WHAT, Shown, shown
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.schemas.settings import DayChange

bp = Blueprint("calendar", __name__, url_prefix="/admin/calendar")

LOOK = allows(Permission.MANAGE_SETTINGS)
CHANGE = allows(Permission.MANAGE_SETTINGS, step_up=True)

CHANGES = 20
"""Latest changes shown under the year."""
_FIELD_OF = {
    "calendar_day_past": "day", "calendar_day_far": "day", "calendar_decree_needed": "decree",
    "calendar_name_needed": "name_vi", "reason_needed": "reason",
}  # fmt: skip


@bp.get("")
@LOOK
def index() -> str:
    """One year's exceptional days, and the latest changes."""
    here = current()
    known = sorted({here.today.year, here.today.year + 1, *store.years(here.uow.session)})
    asked = request.args.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and int(asked[:6]) in known else here.today.year
    return render_template(
        "settings/calendar.html",
        years=known,
        year=year,
        days=store.days_of(here.uow.session, year),
        changes=[_told(row) for row in store.changes(here.uow.session, limit=CHANGES)],
        may_change=service.may_change(here.uow, here.actor),
        done=request.args.get("done", ""),
    )


def _told(row: Journal) -> dict[str, Any]:
    """A change for people: when, who, which day, from what to what, why."""
    facts = json.loads(row.body)["facts"]
    person = current().uow.session.get(Person, row.person_id) if row.person_id else None
    return {
        "at": row.at,
        "who": person.full_name if person else "",
        "day": dt.date.fromisoformat(facts["day"]),
        "before": _what(facts["before"]),
        "after": _what(facts["after"]),
        "decree": (facts["after"] or {}).get("decree", ""),
        "reason": facts["reason"],
        "moved": facts["moved"],
    }


def _what(rule: dict[str, Any] | None) -> str:
    if rule is None:
        return _("the ordinary week")
    return f"{_('working day') if rule['working'] else _('day off')} ({rule['name_vi']})"


@bp.get("/day")
@CHANGE
def day() -> str:
    """The form for one day, with what holds on it now."""
    if not service.may_change(current().uow, current().actor):
        raise NotPermitted("calendar_of_the_top")
    try:
        wanted = dt.date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return _page(Form())
    row = store.day(current().uow.session, wanted)
    values = {"day": wanted.isoformat(), "seen": service.mark_of(row)}
    if row is not None:
        what = "worked" if row.working else "off"
        values |= {"what": what, "name_vi": row.name_vi, "name_en": row.name_en, "decree": row.decree}
    return _page(Form(values=values))


@bp.post("/day")
@CHANGE
def change_day() -> Response:
    """First shows which open documents would be due at another moment, then saves."""
    form = read_form(DayChange)
    if not form.good:
        return page(_page(form), 422)
    wanted: dt.date = form.data["day"]
    try:
        rule = _rule(form.data)
        if not form.data["save"]:
            here = current()
            flips = service.preview(here.uow, here.actor, wanted, rule=rule, now=here.now)
            form.values["seen"] = service.mark_of(store.day(here.uow.session, wanted))
            return page(_page(form, flips=flips))
        act(service.change_day, wanted, rule=rule, reason=form.data["reason"], seen=form.data["seen"])
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        form.errors[_FIELD_OF.get(refused.code, "")] = trouble.words()
        return page(_page(form), trouble.status)
    return see(url_for("calendar.index", year=wanted.year, done="changed"))


def _rule(data: dict[str, Any]) -> DayRule | None:
    if data["what"] == "ordinary":
        return None
    if not data["name_vi"]:
        raise BadInput("calendar_name_needed")
    return DayRule(
        working=data["what"] == "worked", name_vi=data["name_vi"], name_en=data["name_en"], decree=data["decree"]
    )


def _page(form: Form, *, flips: list[Flip] | None = None) -> str:
    here = current()
    found: Shown | None = None if flips is None else shown(flips, now=here.now)
    return render_template(
        "settings/calendar_day.html", form=form, flips=found, flip_words=WHAT, holds=_holds(form)
    )


def _holds(form: Form) -> CalendarDay | None:
    """What is written down for the day of the form now."""
    day_now = form.data.get("day") or form.values.get("day", "")
    try:
        wanted = day_now if isinstance(day_now, dt.date) else dt.date.fromisoformat(day_now)
    except ValueError:
        return None
    return store.day(current().uow.session, wanted)
