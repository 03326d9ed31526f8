"""Ways out of the program, each behind the same small protocol: a parcel goes in, what came of it comes out.

A channel is asked outside of any transaction, may be asked twice for the same parcel (`Parcel.name` stays the
same), and never raises for what the other side does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What came of handing over a parcel."""

    SENT = "sent"
    PUT_OFF = "put_off"
    """It may go through later."""
    FAILED = "failed"
    """It will not go through tomorrow either."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`code` names a failure; `words` are the other side's own, for whoever looks after it."""

    outcome: Outcome
    code: str = ""
    words: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.words}".strip()


SENT = Answer(Outcome.SENT)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a parcel, on the ways that can carry one."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message as it leaves: personal numbers are masked, the link is whole.

    `name` is stable for a message, so that a doubled one can be told. `address`: a mail address, a telephone, the
    name of a hook, a device. `kind`: what it tells, where it is of a kind (`domain.notices.Kind`); `unit`: code of
    the unit it is about. `device`: what its way needs to reach a browser.
    """

    name: str
    address: str
    sort: str
    subject: str
    text: str
    link: str
    made_at: dt.datetime
    kind: str = ""
    unit: str = ""
    language: str = "vi"
    device: object = None
    files: tuple[Enclosure, ...] = ()


class Channel(Protocol):
    """One way out, as the settings have it."""

    @property
    def attempts(self) -> int:
        """How often a parcel is tried before it is given up."""

    def send(self, parcel: Parcel, *, now: dt.datetime) -> Answer:
        """Hand one over."""
