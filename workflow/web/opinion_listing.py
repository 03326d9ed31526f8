"""What the address of the list of opinions says, and the words of its rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from werkzeug.datastructures import MultiDict

from workflow.domain import opinions as rules
from workflow.domain.opinions import Kind, Verdict
from workflow.domain.people import Role
from workflow.domain.periods import midnight
from workflow.domain.text import fold
from workflow.store.opinion_list import SORTS, Filter, Me, Side, Stand, stand_of
from workflow.web import opinion_view, plain_list
from workflow.web.context import Current
from workflow.web.i18n import N_, _
from workflow.web.plain_list import Asked

PATH = "/opinions"
SORT_NAMES = {"newest": N_("newest first"), "oldest": N_("oldest first"), "due": N_("due soonest first")}
SIDES = {
    Side.ME: N_("asked of me"),
    Side.UNIT: N_("asked of my unit"),
    Side.BY_ME: N_("asked by me"),
}
STANDS = {
    Stand.WAITING: N_("waits for an answer"),
    Stand.ANSWERED: N_("answered"),
    Stand.LAPSED: N_("signed or ended without it"),
    Stand.WITHDRAWN: N_("taken back"),
}
_CHOICES = {
    "side": frozenset(map(str, Side)),
    "state": frozenset(map(str, Stand)),
    "kind": frozenset(map(str, Kind)),
    "late": frozenset({"1"}),
}


def read(here: Current, arguments: MultiDict[str, str]) -> tuple[Asked, Filter]:
    """Filters and order; what is not understood is left out."""
    asked = plain_list.read(arguments, sorts=SORTS, choices=_CHOICES, days=("from", "to"), words=("q",))
    begin, end, stand = asked.day("from"), asked.day("to"), asked.value("state")
    wanted = Filter(
        side=Side(asked.value("side") or Side.ME),
        stand=Stand(stand) if stand else None,
        kind=asked.value("kind"),
        late_on=here.today if asked.value("late") else None,
        asked_from=midnight(begin) if begin else None,
        asked_before=midnight(end + dt.timedelta(days=1)) if end else None,
        words=fold(asked.value("q")),
    )
    return asked, wanted


def me(here: Current) -> Me:
    """Whose desk is looked at, in which post."""
    return Me(person_id=here.desk_of, unit_id=here.post.unit_id, heads=here.post.role is Role.UNIT_HEAD)


def cursor(sort: str, row: Any) -> str:
    """Where the list goes on after a row."""
    return plain_list.cursor(row.due_on, row.id) if sort == "due" else plain_list.cursor(row.id)


def after(sort: str, text: str) -> tuple[Any, ...] | None:
    """Read it; a damaged one begins the list anew."""
    return plain_list.after(text, dt.date, int) if sort == "due" else plain_list.after(text, int)


def words_of(row: Any, today: dt.date) -> tuple[str, str]:
    """(words, tone) of where a request is; of an answered one what was answered."""
    stand, state = stand_of(row)
    if stand is Stand.LAPSED:
        return _(STANDS[stand]), "plain"
    words, tone = opinion_view.state_words(Kind(row.kind), state, Verdict(row.verdict) if row.verdict else None)
    if stand is Stand.WAITING and rules.is_late(state, row.due_on, today):
        return f"{words} · {_('Overdue')}", "bad"
    return words, tone


def whom(row: Any) -> str:
    """Who is asked."""
    return str(row.unit or row.person or "")
