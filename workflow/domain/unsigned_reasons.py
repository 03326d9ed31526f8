"""Why a document waits unsigned, from what was recorded up to a moment; one reason each, by one order.

A reason is never asked of anybody: it follows from facts with times (who opened it, who was asked, who is away,
whose certificate ended, what a signing came to), so that a report made again for its cut-off says the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why it is not signed. The order is the precedence: the first that is true is said."""

    ON_PAPER = "on_paper"
    """A secret document: it is signed in ink, and the clerk has not recorded that yet."""
    PROVISIONAL = "provisional"
    """A signature came, and whether its certificate was revoked could not be decided yet."""
    INITIALS = "initials"
    """A coordinating unit was asked for initials and has not answered."""
    OPINIONS = "opinions"
    """Somebody was asked for an opinion and has not answered."""
    SIGNER_AWAY = "signer_away"
    """The signer is away and nobody may sign in their place."""
    NO_CERTIFICATE = "no_certificate"
    """The signer never had a confirmed certificate, or has none left."""
    CERTIFICATE_EXPIRED = "certificate_expired"
    ATTEMPT_FAILED = "attempt_failed"
    """A signature came and did not hold."""
    ATTEMPT_DROPPED = "attempt_dropped"
    """A signing was begun and not finished in its time: cancelled, or the key did not answer."""
    NOT_OPENED = "not_opened"
    OPENED = "opened"
    """The signer opened it and has not signed: nothing recorded holds it up."""


class Attempt(StrEnum):
    """What the latest signing of a document came to."""

    UNDER_WAY = "under_way"
    """Prepared, its time not over: the signer may be about to sign."""
    DROPPED = "dropped"
    PROVISIONAL = "provisional"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One signing of a document as it is recorded. `received`: when a signature came; `ended`: when it was judged
    for good, as long as the document still waits that means it did not hold."""

    began: dt.datetime
    expires: dt.datetime
    received: dt.datetime | None = None
    ended: dt.datetime | None = None


def attempt(trials: Sequence[Trial], *, since: dt.datetime, cut_off: dt.datetime) -> Attempt | None:
    """The latest signing between two moments; None where there was none."""
    within = [one for one in trials if since <= one.began <= cut_off]
    if not within:
        return None
    last = max(within, key=lambda one: one.began)
    if last.received is None or last.received > cut_off:
        return Attempt.DROPPED if last.expires <= cut_off else Attempt.UNDER_WAY
    return Attempt.FAILED if last.ended is not None and last.ended <= cut_off else Attempt.PROVISIONAL


@dataclass(frozen=True, slots=True)
class Validity:
    """A confirmed certificate of a person: from when to when it could be signed with."""

    first: dt.datetime
    last: dt.datetime
    retired: dt.datetime | None = None

    def holds(self, moment: dt.datetime) -> bool:
        """Whether it could be signed with at a moment."""
        return self.first <= moment <= self.last and not self._was_retired(moment)

    def ended(self, moment: dt.datetime) -> bool:
        """Whether it was enrolled and its time over at a moment; that it was retired later changes nothing."""
        return self.last < moment and not self._was_retired(moment)

    def _was_retired(self, moment: dt.datetime) -> bool:
        return self.retired is not None and self.retired <= moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was true of an unsigned document and its signer at the cut-off."""

    secret: bool = False
    attempt: Attempt | None = None
    initials: bool = False
    opinions: bool = False
    away: bool = False
    """The signer is away, and nobody holds a right to sign in their place."""
    certificates: tuple[Validity, ...] = ()
    opened: bool = False


def reason(facts: Facts, *, cut_off: dt.datetime) -> Reason:
    """The first reason that is true, in the order of `Reason`."""
    holds = any(one.holds(cut_off) for one in facts.certificates)
    expired = not holds and any(one.ended(cut_off) for one in facts.certificates)
    said = {
        Reason.ON_PAPER: facts.secret,
        Reason.PROVISIONAL: facts.attempt is Attempt.PROVISIONAL,
        Reason.INITIALS: facts.initials,
        Reason.OPINIONS: facts.opinions,
        Reason.SIGNER_AWAY: facts.away,
        Reason.NO_CERTIFICATE: not holds and not expired,
        Reason.CERTIFICATE_EXPIRED: expired,
        Reason.ATTEMPT_FAILED: facts.attempt is Attempt.FAILED,
        Reason.ATTEMPT_DROPPED: facts.attempt is Attempt.DROPPED,
        Reason.NOT_OPENED: not facts.opened,
    }
    return next((one for one in Reason if said.get(one)), Reason.OPENED)
