"""The end of a register's year: from then on not even a late paper of December gets a number in it.

The clerk closes; only the head opens again (Art. 15.1c leaves the registers to the head), so that nobody alone both
ends a year and adds to it.
"""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import BadInput, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.registers import check_closing
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import office
from workflow.store import registers as store
from workflow.store.models import Register, Series
from workflow.store.session import UnitOfWork


def close_year(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, register_id: int, year: int, reason: str, now: dt.datetime
) -> Series:
    """Close a register's year. Raises `Refused`: `year_not_over`, `year_has_held`, `year_has_unissued`,
    `series_closed`; `BadInput("reason_needed")`.
    """
    demand(actor, Permission.KEEP_REGISTER)
    register, series, words = _begin(uow, actor, scope, register_id, year, reason)
    if series.closed_at is not None:
        raise Refused("series_closed", register=register.name, year=year)
    held, unissued = store.open_in_year(uow.session, register.id, year, reason="counts, for the keeper's own year")
    check_closing(year, today=journal.local_day(now), held=held, unissued=unissued)
    series.closed_at, series.closed_by_id, series.closed_reason = now, actor.person_id, words
    _record(uow, actor, register, series, "closed", words, now=now)
    return series


def reopen_year(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, register_id: int, year: int, reason: str, now: dt.datetime
) -> Series:
    """The head opens last year again. Raises `Refused`: `year_not_closed`, and `year_not_open` for older ones."""
    demand(actor, Permission.REOPEN_YEAR)
    register, series, words = _begin(uow, actor, scope, register_id, year, reason)
    if series.closed_at is None:
        raise Refused("year_not_closed", register=register.name, year=year)
    if year < journal.local_day(now).year - 1:
        raise Refused("year_not_open", year=year)
    series.closed_at, series.closed_by_id, series.closed_reason = None, None, ""
    _record(uow, actor, register, series, "reopened", words, now=now)
    return series


def _begin(
    uow: UnitOfWork, actor: Actor, scope: Scope, register_id: int, year: int, reason: str
) -> tuple[Register, Series, str]:
    words = clean(reason, multiline=True)[:500]
    if not words:
        raise BadInput("reason_needed")
    uow.begin_write()
    register = store.register(scope, uow.session, register_id)
    if register.agency_id != actor.agency_id or register.direction != "out":
        raise Refused("register_of_another")
    if store.year_row(uow.session, register.id, year) is None:
        raise Refused("year_not_open", year=year)
    return register, office.lock_series(uow.session, register.id, year), words


def _record(
    uow: UnitOfWork, actor: Actor, register: Register, series: Series, verb: str, words: str, *, now: dt.datetime
) -> None:
    uow.flush()
    facts: dict[str, object] = {"year": series.year, "last": series.last_number, "reason": words}
    journal.record(
        uow, subject=f"register:{register.id}", tag=f"register:year:{verb}", facts=facts, actor=actor, now=now
    )
