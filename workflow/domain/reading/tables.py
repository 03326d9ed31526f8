"""Tables of words kept as text, so that they can be read and grown like a list on paper."""

from __future__ import annotations


def listed(text: str) -> tuple[str, ...]:
    """Entries parted by "|" or by a line's end, blanks around them dropped."""
    return tuple(entry for line in text.split("\n") for part in line.split("|") if (entry := part.strip()))
