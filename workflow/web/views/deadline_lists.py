"""Lists about lateness: overdue now, what breaks by the end of next week, explanations owed and to be decided."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.holding import Split
from workflow.domain.incoming import Holder, State
from workflow.domain.people import Role
from workflow.domain.permissions import Permission
from workflow.domain.text import clean
from workflow.services.calendar import working_calendar
from workflow.services.incoming import overdue, urging
from workflow.store import desk, explanations
from workflow.store import overdue as store
from workflow.store.overdue import Narrow
from workflow.web import escalation_words
from workflow.web.clocks import clock
from workflow.web.context import act, current
from workflow.web.deadline_view import duration, title_of
from workflow.web.errors import explain
from workflow.web.forms import page, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.labels import label
from workflow.web.row_keys import LARGEST
from workflow.web.sheets import cut_at, table_answer
from workflow.web.views.deadline_acts import bp

URGING = frozenset({Role.LEADER, Role.DEPUTY, Role.CLERK, Role.UNIT_HEAD})
MOST = 100
"""Documents that one press urges."""
EXPORTED = 5000
"""Rows of one export at most: of each the whole history is read."""


@bp.get("/incoming/overdue")
@allows(Permission.READ_INCOMING)
def overdue_page() -> str:
    """What is overdue now, the worst first, with who had it for how long."""
    return _overdue()


def _overdue(*, wrong: str = "", typed: str = "", results: list[tuple[str, str]] | None = None) -> str:
    here = current()
    narrow = _narrow()
    found = overdue.overdue_now(here.uow, here.scope, now=here.now, narrow=narrow)
    calendar = working_calendar(here.uow)
    owed = explanations.listed(
        here.scope, here.uow.session, limit=overdue.SHOWN, unit_id=narrow.unit_id, person_id=narrow.person_id
    )
    return render_template(
        "deadlines/overdue.html",
        found=found,
        clocks={one.row.id: clock(one.row.due_at, here.now, calendar) for one in found.documents},
        part_clocks={row.part_id: clock(row.part_due, here.now, calendar) for row in found.parts},
        bars={one.row.id: bar(one.split) for one in found.documents},
        unit_bars=[(unit, bar(unit.split)) for unit in found.units],
        owed=owed,
        counts=explanations.counts(here.scope, here.uow.session, now=here.now),
        ages=store.without_deadline(here.scope, here.uow.session, now=here.now),
        narrow=narrow,
        units=desk.units_within(here.scope, here.uow.session),
        may_urge=here.post.role in URGING,
        query=_query(narrow),
        wrong=wrong,
        typed=typed,
        results=results,
        title_of=title_of,
        level=escalation_words.level,
        cut=found.more
        and store.more_than(here.scope, here.uow.session, now=here.now, narrow=narrow, most=EXPORTED),
        most=EXPORTED,
        urged=request.args.get("urged", ""),
    )


def bar(split: Split) -> list[dict[str, Any]]:
    """The split as stripes, each with its words."""
    stripes, left = [], 0.0
    for holder, time, share in split.shares():
        words = f"{label(holder)}: {duration(time)}"
        stripes.append({"name": str(holder), "left": round(left, 2), "width": round(share, 2), "words": words})
        left += share
    return stripes


@bp.post("/incoming/overdue")
@allows(Permission.ACT_ON_INCOMING)
def urge_many() -> Response:
    """Urge whoever has the ticked documents: one act a document, each with its own result."""
    chosen = [_pair(text) for text in request.form.getlist("document")[:MOST]]
    picked = [pair for pair in chosen if pair is not None]
    try:
        words = clean(request.form.get("remark", ""), multiline=True)[: urging.WORDS]
    except BadInput as refused:
        return page(_overdue(wrong=explain(refused).title), 422)
    if not picked or not words:
        wrong = _("Tick what is to be urged.") if not picked else _("Write what you urge them to do.")
        return page(_overdue(wrong=wrong, typed=words), 422)
    results = []
    for incoming_id, version in picked:
        try:
            act(urging.urge, current().scope, incoming_id=incoming_id, version=version, remark=words)
        except WorkflowError as refused:
            current().uow.rollback()
            results.append((str(incoming_id), explain(refused).title))
    if results:
        return page(_overdue(typed=words, results=results), 409)
    return see(f"/incoming/overdue?{urlencode({**_query(_narrow()), 'urged': len(picked)})}")


def _pair(text: str) -> tuple[int, int] | None:
    """`12:3`: a document and the version it was seen in."""
    key, _colon, version = text.partition(":")
    if not (key.isdecimal() and version.isdecimal() and len(key) < 16 and len(version) < 10):
        return None
    return (int(key), int(version)) if 0 < int(key) <= LARGEST else None


@bp.get("/incoming/overdue.csv")
@bp.get("/incoming/overdue.xlsx")
@allows(Permission.READ_INCOMING)
def overdue_csv() -> Response:
    """The same list for a spreadsheet; minutes of office time by holder. A file that could not hold all says so."""
    here = current()
    found = overdue.overdue_now(here.uow, here.scope, now=here.now, narrow=_narrow(), limit=EXPORTED)
    head = [
        _("Arrival number"), _("Symbol"), _("Sender"), _("Subject"), _("State"), _("Lead unit"), _("Held by"),
        _("Due"), _("Told that it is overdue"), _("Told at"),
        *(f"{label(holder)} ({_('minutes')})" for holder in Holder),
    ]  # fmt: skip
    rows = [*map(_cells, found.documents), *(cut_at(EXPORTED) if found.more else [])]
    return table_answer("qua-han", _("Overdue now"), head, rows, wide=(3,))


def _cells(one: overdue.Late) -> list[Any]:
    row = one.row
    minutes = [int(one.split.by.get(holder, dt.timedelta()) / dt.timedelta(minutes=1)) for holder in Holder]
    return [
        f"{row.number}/{row.year}" if row.number else "", row.symbol, row.issuer,
        _("(secret)") if row.secret else row.subject, label(State(row.state)), row.unit or "",
        row.holder or (label(one.holder) if one.holder else ""), row.due_at, *_told(one.told), *minutes,
    ]  # fmt: skip


def _told(told: tuple[str, dt.datetime] | None) -> tuple[Any, Any]:
    return ("", "") if told is None else (escalation_words.level(told[0]), told[1])


@bp.get("/incoming/next-week")
@allows(Permission.READ_INCOMING)
def next_week_page() -> str:
    """What becomes overdue by the end of next week unless somebody acts: by person, each figure its list."""
    here = current()
    calendar = working_calendar(here.uow)
    start, end = overdue.next_week(here.now, calendar)
    narrow = _narrow()
    rows = store.due_between(here.scope, here.uow.session, start=start, end=end, narrow=narrow, limit=overdue.SHOWN)
    return render_template(
        "deadlines/next_week.html",
        persons=store.due_by_person(here.scope, here.uow.session, start=start, end=end),
        rows=rows[: overdue.SHOWN],
        more=len(rows) > overdue.SHOWN,
        clocks={row.id: clock(row.due_at, here.now, calendar) for row in rows},
        narrow=narrow,
        last=end - dt.timedelta(days=1),
        title_of=title_of,
    )


@bp.get("/incoming/explanations")
@allows(Permission.ACT_ON_INCOMING)
def explanations_page() -> str:
    """What I owe, what waits for my decision, and what I was urged about."""
    here = current()
    session, person = here.uow.session, here.person.person_id
    decides = here.post.role in {Role.LEADER, Role.DEPUTY}
    calendar = working_calendar(here.uow)
    mine = explanations.owed_by(here.scope, session, person_id=person, limit=overdue.SHOWN)
    given = explanations.to_decide(here.scope, session, but=person, limit=overdue.SHOWN) if decides else []
    return render_template(
        "deadlines/explanations.html",
        mine=mine,
        given=given,
        decides=decides,
        urged=explanations.urgings_for(here.scope, session, person_id=person, limit=50),
        clocks={row.id: clock(row.due_at, here.now, calendar) for row in mine},
        title_of=title_of,
        done=request.args.get("done", ""),
    )


def _narrow() -> Narrow:
    """The unit and person that the address names; nonsense names none."""
    found = {}
    for name, given in (("unit_id", "unit"), ("person_id", "person")):
        text = request.values.get(given, "")
        found[name] = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
    return Narrow(**found)


def _query(narrow: Narrow) -> dict[str, int]:
    pairs = (("unit", narrow.unit_id), ("person", narrow.person_id))
    return {name: value for name, value in pairs if value is not None}
