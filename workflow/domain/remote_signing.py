"""A request to a remote signing service: where it can stand, and that it only ever moves forward."""

from __future__ import annotations

import base64
import hashlib
from enum import StrEnum


class Standing(StrEnum):
    """Where a request stands."""

    QUEUED = "queued"
    """An earlier part of the same act comes first."""
    READY = "ready"
    """To be sent; the code stands on the screen already."""
    ASKING = "asking"
    """Being sent right now, by whoever holds the claim."""
    WAITING = "waiting"
    """With the service; the person approves it there, or does not."""
    APPROVED = "approved"
    """The signatures came; the files are being finished, one after the other."""
    DONE = "done"
    """Every file has its result, good or not."""
    REFUSED = "refused"
    """The person said no on the telephone."""
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    """Taken back here, or not sent any more since an earlier part ended badly."""
    UNREACHABLE = "unreachable"
    """The service could not be asked, or does not know of the request."""
    FAILED = "failed"
    """The service answered with something that is no signature of ours."""


LIVE = frozenset({Standing.READY, Standing.ASKING, Standing.WAITING, Standing.APPROVED})
"""At most one part of an act stands here."""
OPEN = LIVE | {Standing.QUEUED}

_BADLY = frozenset({Standing.REFUSED, Standing.EXPIRED, Standing.CANCELLED, Standing.UNREACHABLE, Standing.FAILED})
_NEXT: dict[Standing, frozenset[Standing]] = {
    Standing.QUEUED: frozenset({Standing.READY, Standing.CANCELLED, Standing.EXPIRED}),
    Standing.READY: frozenset({Standing.ASKING}) | _BADLY,
    Standing.ASKING: frozenset({Standing.WAITING, Standing.APPROVED}) | _BADLY,
    Standing.WAITING: frozenset({Standing.APPROVED}) | _BADLY,
    Standing.APPROVED: frozenset({Standing.DONE, Standing.FAILED}),
}


def may_move(given: str, to: Standing) -> bool:
    """Whether a request goes from here to there: forward, and from an end nowhere."""
    return to in _NEXT.get(Standing(given), frozenset())


WRONG_PIN = "wrong_pin"
"""Reasons that a service gives for a refusal which are no refusal of the person."""
PIN_LOCKED = "pin_locked"
BY_THEMSELVES = frozenset({"taken_back", "begun_anew"})
"""Reasons of an end that the person brought about on a page of ours."""


def ending(state: str, reason: str) -> str:
    """How a request ended that signed nothing, as it is told: its state, or what the key met."""
    return reason if reason in {WRONG_PIN, PIN_LOCKED} else state


class ItemStanding(StrEnum):
    """What became of one file of a request."""

    WAITING = "waiting"
    DONE = "done"
    UNDECIDED = "undecided"
    """The signature is kept; its verdict waits for newer revocation lists."""
    FAILED = "failed"


def code_of(manifest: str, *, part: int, length: int) -> str:
    """What stands on both screens for one part of an act, where the service shows a shorter code than ours.

    `manifest`: the digest of the act's manifest, or of what else is signed. Base32 (RFC 4648), so no letter can be
    taken for a number.
    """
    made = hashlib.sha256(f"{manifest}:{part}".encode()).digest()
    return base64.b32encode(made)[:length].decode()
