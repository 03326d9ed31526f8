"""Copies that leave by post, by hand or by mail: what the clerk writes down of each (Decree 30/2020, 14 and 18.1).

What goes through the system has its acknowledgements (`domain.exchange`); of every other recipient somebody has to
say when it left, how, and whether it was received.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from enum import StrEnum

from workflow.domain.calendar import WorkingCalendar, office_time
from workflow.domain.errors import BadInput, WrongState
from workflow.domain.people import Role
from workflow.domain.periods import midnight
from workflow.domain.text import fold, name_key

NAME_LENGTH = 300

MOST_ALIASES = 100
"""Other names of one office outside, by whichever door: its form, a sheet, merging. So every export comes back."""

ALIASES_LENGTH = MOST_ALIASES * (NAME_LENGTH + 2)
"""Characters of all of them in one field, which a cell of a sheet takes too."""


class DispatchState(StrEnum):
    """Chưa gửi, đã gửi, đã nhận, bị trả lại."""

    TO_SEND = "to_send"
    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"


class Channel(StrEnum):
    """How it left."""

    POST = "post"
    HAND = "hand"
    MAIL = "mail"


class Seen(StrEnum):
    """What became of a document at a unit of the own agency."""

    UNSEEN = "unseen"
    SEEN = "seen"
    RECALLED = "recalled"
    """Taken back by the sender, seen or not: nobody reads it any more."""


class Unsent(StrEnum):
    """Why a copy that was never sent is not sent any more: what a list says in place of `TO_SEND`."""

    RECALLED = "unsent_recalled"
    REPLACED = "unsent_replaced"


class Recall(StrEnum):
    """Of a copy that left before its document was recalled or replaced: nobody outside hears of that through the
    system, so that the clerk tells them, by a letter, and writes it down (Decree 30/2020, Art. 18.4a)."""

    TO_TELL = "recall_to_tell"
    TOLD = "recall_told"
    BACK = "recall_back"
    """The office sent the paper back, or said that it deleted the file."""


LEFT = frozenset({DispatchState.SENT, DispatchState.RECEIVED})
"""With somebody outside; what the post returned is not."""

TRANSITIONS: dict[DispatchState, frozenset[DispatchState]] = {
    DispatchState.TO_SEND: frozenset({DispatchState.SENT, DispatchState.RECEIVED}),
    DispatchState.SENT: frozenset({DispatchState.SENT, DispatchState.RECEIVED, DispatchState.RETURNED}),
    DispatchState.RETURNED: frozenset({DispatchState.SENT, DispatchState.RETURNED}),
    DispatchState.RECEIVED: frozenset({DispatchState.RECEIVED}),
}
"""Which may follow which; a state that follows itself has its particulars mended. What was received is done."""

RECORDING = frozenset({Role.CLERK})
"""Who writes it down."""

_REFERENCE = ("nhu tren", "nhu dieu", "nhu kinh gui")
_NOBODY = ("luu", *_REFERENCE, "kinh gui")
"""Beginnings of lines under *Nơi nhận* that name no recipient: the file copy and references to lines above."""


def outside_of(text: str, *, without: Collection[str] = ()) -> list[str]:
    """The recipients that the lines under *Nơi nhận* name, each once, except those that the system delivers to."""
    seen = {name_key(name) for name in without}
    found = []
    for line in text.split("\n"):
        name = bare(line)[:NAME_LENGTH]
        key = name_key(name)
        if name and key not in seen and not fold(name).startswith(_NOBODY):
            seen.add(key)
            found.append(name)
    return found


def bare(line: str) -> str:
    """A line under *Nơi nhận* without its dash and its stop."""
    return line.strip().strip("-–•*").strip().rstrip(";.,").strip()


def is_reference(line: str) -> bool:
    """Whether a line only points to others: `Như trên`, `Như Điều 3`. It stands first (Annex I, cell 9b)."""
    return fold(bare(line)).startswith(_REFERENCE)


def is_file_copy(line: str) -> bool:
    """Whether a line says where the file copies stay: `Lưu: VT, KT`. It stands last (Annex I, cell 9b)."""
    return re.match(r"luu\b", fold(bare(line))) is not None


def file_copy_names(text: str, name: str) -> bool:
    """Whether the line of the file copy (`Lưu: VT, Phòng Kinh tế`) names a unit, in full and by itself."""
    parts = (
        re.sub(r"\s*\([^)]*\)", "", part)
        for line in text.split("\n")
        if is_file_copy(line)
        for part in re.split(r"[,;]", re.sub(r"^\w+\s*:?", "", bare(line)))
    )
    return name_key(name) in {name_key(part.strip(" .")) for part in parts}


def demand_change(
    before: DispatchState, after: DispatchState, *, channel: str, sent_on: dt.date | None,
    received_on: dt.date | None, note: str, today: dt.date,
) -> None:  # fmt: skip
    """Raise `WrongState("dispatch_order")`, or `BadInput` with `dispatch_how`, `dispatch_received`, `dispatch_day`,
    `dispatch_why` where a particular is missing or cannot be."""
    if after not in TRANSITIONS[before]:
        raise WrongState("dispatch_order")
    if sent_on is None or not channel:
        raise BadInput("dispatch_how")
    if after is DispatchState.RECEIVED and received_on is None:
        raise BadInput("dispatch_received")
    if sent_on > today or (received_on is not None and not sent_on <= received_on <= today):
        raise BadInput("dispatch_day")
    if after is DispatchState.RETURNED and not note:
        raise BadInput("dispatch_why")


def recall_of(
    state: DispatchState, *, recalled: bool, told_on: dt.date | None, back_on: dt.date | None
) -> Recall | None:
    """Where a recall stands with one copy; None where there is nothing to tell."""
    if not recalled or state not in LEFT:
        return None
    return Recall.BACK if back_on is not None else Recall.TOLD if told_on is not None else Recall.TO_TELL


def demand_told(
    *, told_on: dt.date | None, how: str, back_on: dt.date | None, recalled_on: dt.date, today: dt.date
) -> None:
    """Raise `BadInput` with `recall_told_when`, `recall_told_how` or `recall_told_day`."""
    if told_on is None and back_on is None:
        raise BadInput("recall_told_when")
    if told_on is not None and not how:
        raise BadInput("recall_told_how")
    if any(day is not None and not recalled_on <= day <= today for day in (told_on, back_on)):
        raise BadInput("recall_told_day")


def unregistered_since(calendar: WorkingCalendar, now: dt.datetime) -> dt.datetime:
    """What arrived before this moment should stand in its receiver's register by now.

    The receiver has the day of arrival and the next working day (Art. 4.2c); so what came before the last full
    working day is late.
    """
    return midnight(calendar.add_working_days(office_time(now).date(), -1))
