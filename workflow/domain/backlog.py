"""What lies unsigned, overdue or due soon, as of a moment; counted per signer, age, reason, step and holder.

A report is made for a cut-off and must come out the same whenever it is made again. So it rests on what was true
then: for a document that moved since, its state is read back from its history and its dates from its journal
(`as_of`), never from the row as it is now.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.calendar import HOURS_PER_DAY, WorkingCalendar, office_time
from workflow.domain.deadlines import Waiting, is_overdue, step_due
from workflow.domain.outgoing import AFTER_SIGNATURE, CLOSED, Action, State, Urgency
from workflow.domain.unsigned_reasons import Reason


class Age(StrEnum):
    """How long something has waited for its signature, in office time; a day is eight hours."""

    WITHIN_A_DAY = "within_a_day"
    TO_THREE_DAYS = "to_three_days"
    TO_FIVE_DAYS = "to_five_days"
    OLDER = "older"


_AGES = ((Age.WITHIN_A_DAY, 1), (Age.TO_THREE_DAYS, 3), (Age.TO_FIVE_DAYS, 5))


def age(waited: dt.timedelta) -> Age:
    """The age group; its upper bound belongs to it."""
    for group, days in _AGES:
        if waited <= dt.timedelta(hours=HOURS_PER_DAY * days):
            return group
    return Age.OLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One open document as it stood at the cut-off.

    `holder`: the one person it waited for (its drafter, its signer); None where it waits for a role.
    `minutes`: office minutes spent in this state.
    """

    document: int
    agency: int
    unit: int
    state: State
    signer: int | None
    holder: int | None
    since: dt.datetime
    due: dt.datetime | None
    minutes: int
    overdue: bool
    soon: bool = False
    """Not overdue yet, and due by the end of the next working day."""
    reason: Reason | None = None
    """Why it is not signed; only where it waits for its signature."""

    @property
    def unsigned(self) -> bool:
        """Does it wait for its signature?"""
        return self.state is State.AWAITING_SIGNATURE


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """What is known of a document that stood open at the cut-off."""

    document: int
    agency: int
    unit: int
    state: State
    drafter: int
    signer: int | None
    since: dt.datetime
    due: dt.datetime | None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a document's history up to the cut-off."""

    at: dt.datetime
    action: Action
    source: str
    target: State


@dataclass(frozen=True, slots=True)
class Terms:
    """Signer, given due moment, urgency and secrecy as they were journalled up to the cut-off."""

    signer: int | None
    given_due: dt.datetime | None
    urgency: Urgency
    secret: bool = False


def as_of(
    moves: Sequence[Move], terms: Terms, *, document: int, agency: int, unit: int, drafter: int,
    calendar: WorkingCalendar,
) -> Open | None:  # fmt: skip
    """The document as it stood after these moves, oldest first; None where it was closed or not there yet."""
    if not moves or moves[-1].target in CLOSED:
        return None
    state = moves[-1].target
    since = next(move.at for move in reversed(moves) if move.source != move.target)
    signed = [move.at for move in moves if move.action in {Action.SIGN, Action.RECORD_INK}]
    waiting = Waiting(
        entered_at=since,
        given_due=terms.given_due,
        signed_at=signed[-1] if state in AFTER_SIGNATURE and signed else None,
        urgent=terms.urgency is not Urgency.NORMAL,
    )
    return Open(
        document=document, agency=agency, unit=unit, state=state, drafter=drafter, signer=terms.signer, since=since,
        due=step_due(waiting, calendar).at, secret=terms.secret,
    )  # fmt: skip


SOON_DAYS = 1
"""Working days after the day of the cut-off by the end of which something is due soon."""


def soon_until(cut_off: dt.datetime, calendar: WorkingCalendar) -> dt.datetime:
    """The end of office hours on the next working day: what is due by then is due soon."""
    return calendar.closing(calendar.add_working_days(office_time(cut_off).date(), SOON_DAYS))


def item(
    found: Open, *, cut_off: dt.datetime, calendar: WorkingCalendar, soon: dt.datetime | None = None,
    reason: Reason | None = None,
) -> Item:  # fmt: skip
    """What the report says of an open document. `soon`: until when something is due soon."""
    waited = calendar.working_time_between(found.since, cut_off)
    overdue = found.due is not None and is_overdue(cut_off, found.due)
    return Item(
        document=found.document,
        agency=found.agency,
        unit=found.unit,
        state=found.state,
        signer=found.signer,
        holder=_holder(found),
        since=found.since,
        due=found.due,
        minutes=int(waited / dt.timedelta(minutes=1)),
        overdue=overdue,
        soon=not overdue and found.due is not None and soon is not None and found.due <= soon,
        reason=reason if found.state is State.AWAITING_SIGNATURE else None,
    )


def _holder(found: Open) -> int | None:
    if found.state in {State.DRAFT, State.RETURNED}:
        return found.drafter
    return found.signer if found.state is State.AWAITING_SIGNATURE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of one unit. Keys of `unsigned`: (signer, age); of `reasons`: (signer, reason); of `overdue` and
    `soon`: (state, holder)."""

    unsigned: Mapping[tuple[int | None, Age], int]
    overdue: Mapping[tuple[State, int | None], int]
    soon: Mapping[tuple[State, int | None], int]
    reasons: Mapping[tuple[int | None, Reason], int]

    @property
    def unsigned_total(self) -> int:
        """Documents that wait for a signature."""
        return sum(self.unsigned.values())

    @property
    def overdue_total(self) -> int:
        """Documents past the due moment of their step, unsigned ones included."""
        return sum(self.overdue.values())

    @property
    def soon_total(self) -> int:
        """Documents due by the end of the next working day."""
        return sum(self.soon.values())


def summary(items: Iterable[Item]) -> Summary:
    """Count."""
    unsigned: Counter[tuple[int | None, Age]] = Counter()
    overdue: Counter[tuple[State, int | None]] = Counter()
    soon: Counter[tuple[State, int | None]] = Counter()
    reasons: Counter[tuple[int | None, Reason]] = Counter()
    for one in items:
        if one.unsigned:
            unsigned[one.signer, age(dt.timedelta(minutes=one.minutes))] += 1
            if one.reason is not None:
                reasons[one.signer, one.reason] += 1
        if one.overdue:
            overdue[one.state, one.holder] += 1
        if one.soon:
            soon[one.state, one.holder] += 1
    return Summary(unsigned=unsigned, overdue=overdue, soon=soon, reasons=reasons)
