"""When revocation evidence is asked for again, and how an authority stands whose evidence runs out. Pure rules."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

LEFT = 0.25
"""Asked for again when this part of its time is left."""
UNCHANGED = dt.timedelta(hours=1)
"""The successor was due for asking, and is not out yet."""
FIRST_WAIT = dt.timedelta(minutes=15)
LONGEST_WAIT = dt.timedelta(hours=4)
SOON = dt.timedelta(hours=6)
"""So long before evidence stops deciding somebody is told, where asking for the next one does not succeed."""
SKEW = dt.timedelta(minutes=5)
"""How far another machine's clock may be ahead."""


class Came(StrEnum):
    """What came of asking an address; beside these the reasons of `signing.fetch`, which are failures too."""

    NEW = "new"
    UNCHANGED = "unchanged"
    OLDER = "older"
    """What is here already is newer."""
    OVERDUE = "overdue"
    """Its own successor was due before now."""
    FUTURE = "future"
    WRONG_ISSUER = "wrong_issuer"
    """Not signed by the authority that it is asked for."""
    WRONG_SUBJECT = "wrong_subject"
    """An answer about other certificates."""
    UNKNOWN = "unknown"
    """The responder does not know the certificate."""
    UNREADABLE = "unreadable"


GOOD = frozenset({Came.NEW, Came.UNCHANGED})


class Standing(StrEnum):
    """How the evidence of an authority stands."""

    FINE = "fine"
    SOON = "soon"
    """It stops deciding within `SOON`, and the last asking failed or there is nowhere to ask."""
    STOPPED = "stopped"


def refresh_at(published: dt.datetime, due: dt.datetime | None, age: dt.timedelta | None) -> dt.datetime:
    """When to ask for the successor of what was published then: with a quarter left of the time until it is due, or
    of the age that the policy lets it reach, whichever ends first."""
    ends = [one for one in (due, published + age if age is not None else None) if one is not None]
    end = min(ends, default=published + dt.timedelta(days=1))
    return published + max(end - published, dt.timedelta()) * (1 - LEFT)


def again_at(now: dt.datetime, failures: int) -> dt.datetime:
    """After so many failures in a row: 15 minutes, then twice as long each time, 4 hours at most."""
    return now + min(FIRST_WAIT * (1 << min(max(failures - 1, 0), 10)), LONGEST_WAIT)


def standing(*, waits: bool, ends: dt.datetime | None, failing: bool, now: dt.datetime) -> Standing:
    """`ends`: when what is here stops deciding; None where no end is said."""
    if waits:
        return Standing.STOPPED
    return Standing.SOON if failing and ends is not None and ends - now < SOON else Standing.FINE
