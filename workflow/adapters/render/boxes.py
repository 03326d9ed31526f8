"""Where things stand on an A4 page of an administrative document (Decree 30/2020/NĐ-CP, Annex I), in points.

PDF coordinates: the origin is the lower left corner, y grows upward, 72 points are an inch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

MM: Final = 72 / 25.4
A4_WIDTH: Final = 210 * MM
A4_HEIGHT: Final = 297 * MM
SEAL_DIAMETER: Final = 36 * MM
"""Real size of an agency's round seal."""

IMAGE_SHARE: Final = 0.55
"""Part of the leader's box width that the handwriting takes, centred."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in points."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page; pages count from 1."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def size(self) -> Size:
        """Its width and height."""
        return Size(self.x1 - self.x0, self.y1 - self.y0)


def seal_box(leader: Box, diameter: float = SEAL_DIAMETER) -> Box:
    """The seal covers about a third of the leader's handwriting, at its left (Annex I)."""
    handwriting = leader.size.width * IMAGE_SHARE
    left = (leader.x0 + leader.x1 - handwriting) / 2
    right = left + handwriting / 3
    middle = (leader.y0 + leader.y1) / 2
    x0 = max(right - diameter, 0)
    return Box(leader.page, x0, middle - diameter / 2, x0 + diameter, middle + diameter / 2)


def lookup_box(page_width: float = A4_WIDTH) -> Box:
    """The footer of page 1, below the text: QR code and look-up code."""
    return Box(1, 30 * MM, 5 * MM, page_width - 20 * MM, 17 * MM)


def proposed_boxes(pages: int, *, width: float = A4_WIDTH, height: float = A4_HEIGHT) -> dict[str, Box]:
    """First proposal for an uploaded draft, at the cells of Annex I; people move them before signing.

    Number and date stand at the head of page 1 (cells 3 and 4), the signer at the foot of the last page (7).
    """
    leader = Box(pages, width - (20 + 80) * MM, 30 * MM, width - 20 * MM, 78 * MM)
    return {
        "number": Box(1, 30 * MM, height - 43 * MM, 92 * MM, height - 36 * MM),
        "date": Box(1, 96 * MM, height - 43 * MM, width - 20 * MM, height - 36 * MM),
        "leader": leader,
        "seal": seal_box(leader),
        "lookup": replace(lookup_box(width), page=1),
    }
