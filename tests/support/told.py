"""A notice for tests of how notices travel, whatever they say."""

from __future__ import annotations

from workflow.domain.notices import Kind, Told


def told(words: str = "Thử") -> Told:
    """One whose body is these words."""
    return Told.of(Kind.HANDOVER_TAKEN, reason=words)


RECALLED = "Nơi gửi đã thu hồi: "
"""How the subject of the next one begins."""


def recalled(symbol: str, words: str = "") -> Told:
    """One whose subject ends with a symbol and whose body holds these words."""
    return Told.of(Kind.UNIT_RECALLED, symbol=symbol, reason=words)
