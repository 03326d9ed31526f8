"""Rules of certificates: when their end is told of, why one is stopped, whether one names its owner. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from workflow.domain.text import fold

THRESHOLDS = (60, 30, 7)
"""Days before the end; each is told of once."""


def threshold(days_left: int) -> int | None:
    """The nearest threshold that was reached; None where the end is far, or was."""
    reached = [one for one in THRESHOLDS if days_left <= one]
    return min(reached) if reached and days_left >= 0 else None


class Stop(StrEnum):
    """Why a certificate is used no more. Nothing of it touches signatures that were made."""

    RENEWED = "renewed"
    """Another certificate took its place."""
    POST_ENDED = "post_ended"
    """Its owner signs here no more."""
    BROKEN = "broken"
    """The key cannot be used any more: a dead token, a password that nobody knows."""
    LOST = "lost"
    """Nobody knows where the key is, so it may be with anybody."""
    COPIED = "copied"
    """Somebody else used, copied or may know it."""
    MISTAKEN = "mistaken"
    """It was enrolled by mistake."""


BURNT = frozenset({Stop.LOST, Stop.COPIED})
"""After these nobody can say who holds the key: all its certificates stop, and it is enrolled never again."""

_SHORT = (("uy ban nhan dan", "ubnd"), ("hoi dong nhan dan", "hdnd"))
"""What certificates and registers of units shorten, each in its own way."""


def names(said: Iterable[str], wanted: str) -> bool:
    """Whether any part of a certificate's subject names somebody or a unit: letters without marks, any case, UBND
    for Ủy ban nhân dân, and more words around it are no difference."""
    looked_for = _plain(wanted)
    return bool(looked_for) and any(f" {looked_for} " in f" {_plain(part)} " for part in said)


def _plain(text: str) -> str:
    words = "".join(one if one.isalnum() else " " for one in fold(text))
    plain = " ".join(words.split())
    for long, short in _SHORT:
        plain = plain.replace(long, short)
    return plain
