"""When the end of a certificate is told of. Pure rules."""

from __future__ import annotations

THRESHOLDS = (60, 30, 7)
"""Days before the end; each is told of once."""


def threshold(days_left: int) -> int | None:
    """The nearest threshold that was reached; None where the end is far, or was."""
    reached = [one for one in THRESHOLDS if days_left <= one]
    return min(reached) if reached and days_left >= 0 else None
