"""How far an issued file is proven by itself, and when the clock tries again to prove it further.

A file is *stamped* when a timestamp authority has said when it was there, and *lasting* when it also carries, under
a second timestamp, what proves that its signatures were valid then. Nothing that people do waits for either.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum


class Proof(StrEnum):
    """Of one document."""

    WAITING = "waiting"
    STAMPED = "stamped"
    LASTING = "lasting"


KINDS = {Proof.STAMPED: "stamped", Proof.LASTING: "lasting"}
"""The kind of the file version that each makes."""

TAKEN = dt.timedelta(minutes=10)
"""How long a document belongs to whoever is asking for its timestamp; longer than any authority is waited for."""

_FIRST = {Proof.WAITING: dt.timedelta(minutes=5), Proof.STAMPED: dt.timedelta(hours=1)}
_LONGEST = {Proof.WAITING: dt.timedelta(hours=4), Proof.STAMPED: dt.timedelta(days=1)}
"""A new list comes once or twice a day: more often there is nothing new to look at."""

ALARM_AFTER = dt.timedelta(hours=4)
"""An authority that gave nothing for so long is told to the administrators, once."""

MOST_EVIDENCE = 2_000_000
"""Bytes of lists and certificates that one file is given to carry."""


def again(proof: Proof, tries: int, now: dt.datetime) -> dt.datetime:
    """When to try next after `tries` failures in a row, the present one counted: each wait is twice the last."""
    wait: dt.timedelta = _FIRST[proof] * 2 ** min(max(tries - 1, 0), 20)
    return now + min(wait, _LONGEST[proof])


def first_look(stamped_at: dt.datetime) -> dt.datetime:
    """When evidence may be there at the earliest: it has to be younger than the timestamp."""
    return stamped_at + _FIRST[Proof.STAMPED]
