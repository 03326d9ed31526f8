"""The rules of how long traces are kept: read, and changed with a reason within their bounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from workflow.domain.errors import BadInput, Conflict, Refused
from workflow.domain.keeping import RULES, Trace, chosen
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.domain.text import clean
from workflow.services.journal import record
from workflow.store.models import Setting
from workflow.store.session import UnitOfWork

SETTING = "keeping"
CHAIN = "retention:traces"
CLEARED = "traces_cleared"
"""By the word of the trace: nothing older than this day is left."""


def kept_days(uow: UnitOfWork) -> Mapping[str, object]:
    """What was chosen so far, by the word of the trace."""
    row = uow.session.get(Setting, SETTING)
    return dict(row.value) if row is not None else {}


def note_cleared(uow: UnitOfWork, trace: Trace, *, before: dt.date) -> None:
    """In the transaction that clears them: traces of days before this one are not whole any more. A rule that is
    made longer later brings none of them back."""
    row = uow.session.get(Setting, CLEARED)
    values = dict(row.value) if row is not None else {}
    if str(values.get(str(trace), "")) >= before.isoformat():
        return
    values[str(trace)] = before.isoformat()
    if row is None:
        uow.add(Setting(name=CLEARED, value=values))
    else:
        row.value = values
    uow.flush()


def whole_since(uow: UnitOfWork, trace: Trace) -> dt.date | None:
    """The first day of which all traces of a class are still there; None where none were ever cleared."""
    row = uow.session.get(Setting, CLEARED)
    day = row.value.get(str(trace)) if row is not None else None
    return dt.date.fromisoformat(day) if isinstance(day, str) else None


def change(
    uow: UnitOfWork, actor: Actor, *, trace: Trace, days: int, seen: int, reason: str, now: dt.datetime
) -> None:
    """Another number of days for a class of traces, told in the journal with what held before.

    Raises `BadInput("keeping_bounds")`, `Conflict("keeping_changed")` where somebody else was faster,
    `Refused("keeping_same")`.
    """
    demand(actor, Permission.MANAGE_RETENTION)
    words, rule = clean(reason, multiline=True)[:500], RULES[trace]
    if not words:
        raise BadInput("reason_needed", action="keeping")
    if not rule.least <= days <= rule.most:
        raise BadInput("keeping_bounds", least=rule.least, most=rule.most)
    uow.begin_write()
    row = uow.session.get(Setting, SETTING, with_for_update=True)
    values = dict(row.value) if row is not None else {}
    before = chosen(values, trace)
    if before != seen:
        raise Conflict("keeping_changed")
    if before == days:
        raise Refused("keeping_same")
    values[str(trace)] = days
    if row is None:
        uow.add(Setting(name=SETTING, value=values))
    else:
        row.value = values
    facts: dict[str, object] = {"trace": str(trace), "before": before, "after": days, "reason": words}
    record(uow, subject=CHAIN, tag="retention:traces:changed", facts=facts, actor=actor, now=now)
