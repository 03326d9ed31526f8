"""How far an issued file is proven by itself, and when the clock tries again to prove it further.

A file is *stamped* when a timestamp authority has said when it was there, and *lasting* when it also carries, under
a second timestamp, what proves that its signatures were valid then. Before that timestamp ends it is *renewed* by a
later one over evidence about it. Nothing that people do waits for any of them.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum


class Proof(StrEnum):
    """Of one issued file: a document's, or that of an attachment under a seal of its own."""

    WAITING = "waiting"
    STAMPED = "stamped"
    LASTING = "lasting"


NEXT = {Proof.WAITING: "stamped", Proof.STAMPED: "lasting", Proof.LASTING: "renewed"}
"""The kind of the file version that the next step makes."""
KINDS = tuple(NEXT.values())

TAKEN = dt.timedelta(minutes=10)
"""How long a file belongs to whoever is asking for its timestamp; longer than any authority is waited for."""

_FIRST = {
    Proof.WAITING: dt.timedelta(minutes=5),
    Proof.STAMPED: dt.timedelta(hours=1),
    Proof.LASTING: dt.timedelta(days=1),
}
_LONGEST = {
    Proof.WAITING: dt.timedelta(hours=4),
    Proof.STAMPED: dt.timedelta(days=1),
    Proof.LASTING: dt.timedelta(days=7),
}
"""A new list comes once or twice a day: more often there is nothing new to look at."""

ALARM_AFTER = dt.timedelta(hours=4)
"""An authority that gave nothing for so long is told to the administrators, once."""

IMPRINT = "sha256"
"""The digest that our timestamps are over."""

MOST_EVIDENCE = 2_000_000
"""Bytes of lists and certificates that one file is given to carry at a time."""

AHEAD = dt.timedelta(days=90)
"""A timestamp that ends sooner than that is put under another one."""
MOST_RENEWALS = 40
"""Of one file; an authority whose certificates are good for a year would need as many years for it."""


def again(proof: Proof, tries: int, now: dt.datetime) -> dt.datetime:
    """When to try next after `tries` failures in a row, the present one counted: each wait is twice the last."""
    wait: dt.timedelta = _FIRST[proof] * 2 ** min(max(tries - 1, 0), 20)
    return now + min(wait, _LONGEST[proof])


def first_look(stamped_at: dt.datetime) -> dt.datetime:
    """When evidence may be there at the earliest: it has to be younger than the timestamp."""
    return stamped_at + _FIRST[Proof.STAMPED]


def renew_at(stamped_at: dt.datetime, until: dt.datetime, renewals: int) -> dt.datetime | None:
    """When the next timestamp is asked for; of one that is good for little longer than `AHEAD`, half-way."""
    if renewals >= MOST_RENEWALS:
        return None
    return max(until - AHEAD, stamped_at + (until - stamped_at) / 2)
