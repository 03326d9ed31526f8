"""How long traces of use are kept: looks, logins, devices, messages, marks. Never documents, never the journal.

A rule holds for the whole installation. An administrator of the top agency may choose another number of days within
its bounds, with a reason; the night (`services.housekeeping`) carries out what is chosen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Trace(StrEnum):
    """A class of rows with a rule of its own."""

    LOOKS = "looks"
    NUMBER_LOOKS = "number_looks"
    SESSIONS = "sessions"
    DEVICE_DAYS = "device_days"
    OBSTACLES = "obstacles"
    REMOTE_REQUESTS = "remote_requests"
    MESSAGES = "messages"
    ACTS_ON_MANY = "bulk_runs"
    INVITATIONS = "invitations"
    LOGIN_DELAYS = "login_delays"
    ASKINGS = "askings"
    TICKETS = "tickets"
    MARKS = "marks"
    RUNS = "runs"
    MISSED_RUNS = "missed_runs"
    DRY_LISTS = "dry_lists"
    BUNDLES = "bundles"


class Ground(StrEnum):
    """Why something is kept at all, or no longer. Articles are not cited: the texts were not at hand."""

    PERSONAL_DATA = "personal_data"
    """Law 91/2025/QH15 on personal data: no longer than the purpose needs."""
    ELECTRONIC_TRANSACTIONS = "electronic_transactions"
    """Law 20/2023/QH15 and Decree 23/2025/NĐ-CP: what a signature and its checking rest on."""
    RECORDS = "records"
    """Decree 30/2020/NĐ-CP: who handled a document."""
    OWN = "own"
    """The installation's own safety and running; no law asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`days` as shipped; an administrator chooses from `least` to `most`. Equal: it is not chosen."""

    trace: Trace
    days: int
    least: int
    most: int
    ground: Ground

    @property
    def fixed(self) -> bool:
        """Whether nobody may choose."""
        return self.least == self.most


def _rule(trace: Trace, days: int, least: int, most: int, ground: Ground) -> Rule:
    return Rule(trace=trace, days=days, least=least, most=most, ground=ground)


RULES: Mapping[Trace, Rule] = {
    rule.trace: rule
    for rule in (
        _rule(Trace.LOOKS, 1830, 730, 3660, Ground.RECORDS),
        _rule(Trace.NUMBER_LOOKS, 1830, 730, 3660, Ground.PERSONAL_DATA),
        _rule(Trace.SESSIONS, 30, 30, 400, Ground.PERSONAL_DATA),
        _rule(Trace.DEVICE_DAYS, 400, 400, 730, Ground.ELECTRONIC_TRANSACTIONS),
        _rule(Trace.OBSTACLES, 400, 180, 730, Ground.PERSONAL_DATA),
        _rule(Trace.REMOTE_REQUESTS, 30, 30, 180, Ground.PERSONAL_DATA),
        _rule(Trace.MESSAGES, 400, 180, 1830, Ground.RECORDS),
        _rule(Trace.ACTS_ON_MANY, 180, 180, 180, Ground.OWN),
        _rule(Trace.INVITATIONS, 30, 7, 90, Ground.PERSONAL_DATA),
        _rule(Trace.LOGIN_DELAYS, 2, 2, 30, Ground.PERSONAL_DATA),
        _rule(Trace.ASKINGS, 2, 2, 30, Ground.PERSONAL_DATA),
        _rule(Trace.TICKETS, 1, 1, 1, Ground.OWN),
        _rule(Trace.MARKS, 1, 1, 1, Ground.OWN),
        _rule(Trace.RUNS, 2, 2, 2, Ground.OWN),
        _rule(Trace.MISSED_RUNS, 180, 180, 730, Ground.OWN),
        _rule(Trace.DRY_LISTS, 7, 7, 7, Ground.OWN),
        _rule(Trace.BUNDLES, 1, 1, 7, Ground.OWN),
    )
}
"""In the order in which they are shown. Whole periods: five years are 1,830 days, never too short.

Login sessions, devices and obstacles are what a sign of irregularity is judged by, at most a year back; messages
prove that somebody was told; looks say who saw a document before it was signed.
"""


class Lasting(StrEnum):
    """What no rule shortens."""

    JOURNAL = "journal"
    """Each entry rests on the one before: one that is gone is found as an attack would be."""
    INSPECTION_LOOKS = "inspection_looks"
    ACCESS_REVIEWS = "access_reviews"
    SIGNATURES = "signatures"
    DOCUMENTS = "documents"


def chosen(kept: Mapping[str, object], trace: Trace) -> int:
    """The days that hold: what was chosen, where it lies within the bounds, else as shipped."""
    rule = RULES[trace]
    days = kept.get(str(trace))
    return days if isinstance(days, int) and rule.least <= days <= rule.most else rule.days


def over_before(kept: Mapping[str, object], trace: Trace, now: dt.datetime) -> dt.datetime:
    """What is older than this has run out."""
    return now - dt.timedelta(days=chosen(kept, trace))
