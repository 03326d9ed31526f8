"""Why a document waits unsigned, from what was recorded up to a moment; one reason each, by one order.

A reason is never asked of anybody: it follows from facts with times (who opened it, who was asked, who is away,
whose certificate ended, what a signing came to, what stood in its way as recorded when it happened), so that a
report made again for its cut-off says the same.

Where several are true, what others have to do first comes first (paper, a judgement, initials, opinions, who signs
before), then that nobody is there who could sign, then that there is no certificate to sign with, then what was met
when somebody did try, and last whether it was opened at all.
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
    BESIDE = "beside"
    """Somebody who signs before the signer has not signed."""
    SIGNER_AWAY = "signer_away"
    """The signer is away and nobody may sign in their place."""
    NO_CERTIFICATE = "no_certificate"
    """The signer never had a confirmed certificate, or has none left."""
    CERTIFICATE_EXPIRED = "certificate_expired"
    EXPIRED_CHOSEN = "expired_chosen"
    """Tried with a certificate that had expired, though another one holds."""
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_NOT_ENROLLED = "certificate_not_enrolled"
    """Tried with a key that is not enrolled to the signer, or not confirmed."""
    KEY_LOCKED = "key_locked"
    PIN_FAILED = "pin_failed"
    KEY_FILE_UNREADABLE = "key_file_unreadable"
    DEVICE_CANNOT_SIGN = "device_cannot_sign"
    AGENT_MISSING = "agent_missing"
    AGENT_FAILED = "agent_failed"
    PROVIDER_UNREACHABLE = "provider_unreachable"
    REVOCATION_UNREACHABLE = "revocation_unreachable"
    NETWORK_LOST = "network_lost"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    OTHER = "other"
    """Something else stood in the way of the key, as recorded."""
    ATTEMPT_FAILED = "attempt_failed"
    """A signature came and did not hold."""
    ATTEMPT_DROPPED = "attempt_dropped"
    """A signing was begun and not finished in its time: cancelled, or the key did not answer."""
    LOOKS_CLEARED = "looks_cleared"
    """Nothing else is recorded, and who opened what in that time has been cleared: it cannot be said any more."""
    NOT_OPENED = "not_opened"
    OPENED = "opened"
    """The signer opened it and has not signed: nothing recorded holds it up."""


class Obstacle(StrEnum):
    """What stood in the way when somebody was about to sign, recorded as it happened."""

    PIN_FAILED = "pin_failed"
    """A PIN or password that does not open the key."""
    KEY_LOCKED = "key_locked"
    """The key refuses every PIN now."""
    AGENT_MISSING = "agent_missing"
    """The program beside the browser that reaches the key does not answer."""
    AGENT_FAILED = "agent_failed"
    DEVICE_CANNOT_SIGN = "device_cannot_sign"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_NOT_ENROLLED = "certificate_not_enrolled"
    REVOCATION_UNREACHABLE = "revocation_unreachable"
    """The signature came, and whether its certificate was revoked could not be asked."""
    PROVIDER_UNREACHABLE = "provider_unreachable"
    """Who holds the key elsewhere (SIM, remote signing) does not answer."""
    KEY_FILE_UNREADABLE = "key_file_unreadable"
    NETWORK_LOST = "network_lost"
    OTHER = "other"


REASON_OF: dict[Obstacle, Reason] = {
    one: Reason.EXPIRED_CHOSEN if one is Obstacle.CERTIFICATE_EXPIRED else Reason(str(one)) for one in Obstacle
}
"""How a recorded obstacle is said. That a certificate has expired is said of a signer who has no other one."""

PLAIN = frozenset({Reason.NOT_OPENED, Reason.OPENED, Reason.SIGNER_AWAY})
"""What the signer knows better than any message to them could say."""

GIVING_UP = frozenset({Obstacle.CANCELLED, Obstacle.TIMED_OUT, Obstacle.OTHER})
"""What mostly follows from something else: said only where nothing more telling was recorded."""


@dataclass(frozen=True, slots=True)
class Met:
    """An obstacle that was recorded: what, and when it was first met (what came again later moves no report)."""

    kind: Obstacle
    first: dt.datetime


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


def obstacle(
    met: Sequence[Met], trials: Sequence[Trial], *, since: dt.datetime, cut_off: dt.datetime
) -> Obstacle | None:
    """What stands in the way: the latest one recorded since the document came to the signer and since the last
    step that went well (the file was prepared for the key, a signature came, it was judged)."""
    steps = [one.began for one in trials]
    steps += [
        moment for one in trials if one.received for moment in (one.received, one.ended) if moment is not None
    ]
    after = max((moment for moment in steps if since <= moment <= cut_off), default=since)
    lately = [one for one in met if after <= one.first <= cut_off]
    telling = [one for one in lately if one.kind not in GIVING_UP] or lately
    order = list(Obstacle)
    return max(telling, key=lambda one: (one.first, -order.index(one.kind))).kind if telling else None


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
    beside: bool = False
    away: bool = False
    """The signer is away, and nobody holds a right to sign in their place."""
    certificates: tuple[Validity, ...] = ()
    opened: bool = False
    looks_cleared: bool = False
    """Since it came to its signer, who opened it is not kept whole any more."""
    obstacle: Obstacle | None = None
    """What stood in the way of the key last."""


def reason(facts: Facts, *, cut_off: dt.datetime) -> Reason:
    """The first reason that is true, in the order of `Reason`."""
    holds = any(one.holds(cut_off) for one in facts.certificates)
    expired = not holds and any(one.ended(cut_off) for one in facts.certificates)
    said = {
        Reason.ON_PAPER: facts.secret,
        Reason.PROVISIONAL: facts.attempt is Attempt.PROVISIONAL,
        Reason.INITIALS: facts.initials,
        Reason.OPINIONS: facts.opinions,
        Reason.BESIDE: facts.beside,
        Reason.SIGNER_AWAY: facts.away,
        Reason.NO_CERTIFICATE: not holds and not expired,
        Reason.CERTIFICATE_EXPIRED: expired,
        Reason.ATTEMPT_FAILED: facts.attempt is Attempt.FAILED,
        Reason.ATTEMPT_DROPPED: facts.attempt is Attempt.DROPPED,
        Reason.LOOKS_CLEARED: not facts.opened and facts.looks_cleared,
        Reason.NOT_OPENED: not facts.opened,
    }
    if facts.obstacle is not None:
        said[REASON_OF[facts.obstacle]] = True
    return next((one for one in Reason if said.get(one)), Reason.OPENED)
