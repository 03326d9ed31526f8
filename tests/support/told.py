"""A notice for tests of how notices travel, whatever they say."""

from __future__ import annotations

from workflow.domain.notices import Kind, Told


def told(words: str = "Thử") -> Told:
    """One whose body is these words."""
    return Told.of(Kind.HANDOVER_TAKEN, reason=words)
