"""What the address of the list of deliveries says, its rows and its words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from workflow.domain.dispatch import Channel, DispatchState, Recall, Seen, Unsent, unregistered_since
from workflow.domain.exchange import Status
from workflow.domain.periods import midnight
from workflow.services.calendar import working_calendar
from workflow.store.deliveries import SORTS, Filter, Place
from workflow.web import exchange_view
from workflow.web.context import Current
from workflow.web.format import iso_day
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.row_keys import number_of

PATH = "/outgoing/deliveries"
SORT_NAMES = {
    "newest": N_("newest first"),
    "oldest": N_("oldest first"),
    "waiting": N_("longest without a change"),
}
TONES = {
    DispatchState.TO_SEND: "warn",
    DispatchState.SENT: "wait",
    DispatchState.RECEIVED: "good",
    DispatchState.RETURNED: "bad",
}
SEEN_TONES = {Seen.UNSEEN: "wait", Seen.SEEN: "good", Seen.RECALLED: "warn"}
RECALL_TONES = {Recall.TO_TELL: "bad", Recall.TOLD: "wait", Recall.BACK: "plain"}
State = Status | DispatchState | Unsent | Recall | Seen
STATES: dict[str, State] = {str(one): one for one in (*DispatchState, *Unsent, *Recall, *Seen, *Status)}


@dataclass(frozen=True, slots=True)
class Listing:
    """Filters and order as the address has them. `wrong`: a day that is none, which narrows nothing."""

    wanted: Filter
    sort: str
    given: tuple[tuple[str, str], ...]
    wrong: bool = False

    def value(self, name: str) -> str:
        """The value of one filter; empty where it is not set."""
        return dict(self.given).get(name, "")

    def address(self, path: str = PATH, **more: str) -> str:
        """The same list at a path, perhaps with a place to go on."""
        pairs = [*self.given, *([("sort", self.sort)] if self.sort != "newest" else []), *more.items()]
        return f"{path}?{urlencode(pairs)}" if pairs else path


def read(here: Current, asked: MultiDict[str, str]) -> Listing:
    """Read an address; what is not understood is left out."""
    given: list[tuple[str, str]] = []
    state, recipient = asked.get("state", ""), asked.get("recipient", "").strip()[:300]
    if state in STATES:
        given.append(("state", state))
    if recipient:
        given.append(("recipient", recipient))
    days = {name: day_of(asked.get(name, "")) for name in ("from", "to")}
    given += [(name, day.isoformat()) for name, day in days.items() if day]
    late = asked.get("late") == "1"
    given += [("late", "1")] if late else []
    wanted = Filter(
        states=(state,) if state in STATES else (),
        recipient=recipient,
        issued_from=midnight(days["from"]) if days["from"] else None,
        issued_before=midnight(days["to"] + dt.timedelta(days=1)) if days["to"] else None,
        unregistered_since=late_before(here) if late else None,
    )
    sort = asked.get("sort", "")
    wrong = any(asked.get(name, "").strip() and not day for name, day in days.items())
    return Listing(wanted, sort if sort in SORTS else "newest", tuple(given), wrong)


def late_before(here: Current) -> dt.datetime:
    """What arrived before then and is not registered is overdue at its receiver."""
    return unregistered_since(working_calendar(here.uow), here.now)


def day_of(text: str) -> dt.date | None:
    """A day of an address; None where it is none."""
    try:
        day = dt.date.fromisoformat(iso_day(text.strip()))
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2199 else None


def cursor(row: Any, sort: str) -> str:
    """Where a list goes on after a row."""
    return f"{getattr(row, SORTS[sort][0]).isoformat()}~{row.kind}~{row.id}"


def after(text: str) -> Place | None:
    """Read it; a damaged one begins the list anew."""
    moment, _tilde, rest = text.partition("~")
    kind, _tilde, key = rest.partition("~")
    try:
        at = dt.datetime.fromisoformat(moment)
        good = at.tzinfo is not None and kind in {"delivery", "dispatch", "unit"}
        place = number_of(key) if good else None
        return (at.astimezone(dt.UTC), kind, place) if place is not None else None
    except (ValueError, OverflowError):  # 0001-01-01+14:00 is a moment, but not in UTC
        return None


def words_of(row: Any) -> tuple[str, str]:
    """(word, tone) of a row's state."""
    match STATES[row.state]:
        case Status() as state:
            return label(state), exchange_view.TONES[state]
        case Seen() as state:
            return label(state), SEEN_TONES[state]
        case Recall() as state:
            return label(state), RECALL_TONES[state]
        case Unsent() as state:
            return label(state), "plain"
        case state:
            return label(state), TONES[state]


def how(row: Any) -> str:
    """By which way it went, with the post's number."""
    if row.kind == "delivery":
        return _("through the system")
    if row.kind == "unit":
        return _("inside the agency")
    words = label(Channel(row.channel)) if row.channel else ""
    return f"{words}, {row.tracking}" if row.tracking else words


def choices() -> Mapping[str, str]:
    """State → word, for the filter."""
    return {key: label(one) for key, one in STATES.items()}
