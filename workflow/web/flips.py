"""What a change would move, for its page: counts first, then a list that names some of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.services.recalculating import Flip, What
from workflow.web.i18n import N_

NAMED = 50
"""Due moments that a preview names; all are counted."""

WHAT = {
    What.STEP: N_("this step"),
    What.DUE: N_("the document"),
    What.PART: N_("the part of a unit"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Documents by direction, due moments that pass or come back, and the first ones by name."""

    outgoing: int
    incoming: int
    late: int
    saved: int
    total: int
    named: tuple[tuple[Flip, bool], ...]
    """Each with whether it would be overdue at once."""

    @property
    def documents(self) -> int:
        """All of them."""
        return self.outgoing + self.incoming


def shown(flips: Sequence[Flip], *, now: dt.datetime) -> Shown:
    """Those that would be overdue at once come first."""
    late = [flip for flip in flips if _late(flip, now=now)]
    saved = [flip for flip in flips if flip.before and flip.before < now and (not flip.after or flip.after >= now)]
    ordered = [*((flip, True) for flip in late), *((flip, False) for flip in flips if not _late(flip, now=now))]
    return Shown(
        outgoing=len({flip.document for flip in flips if not flip.incoming}),
        incoming=len({flip.document for flip in flips if flip.incoming}),
        late=len({(flip.incoming, flip.document) for flip in late}),
        saved=len({(flip.incoming, flip.document) for flip in saved}),
        total=len(flips),
        named=tuple(ordered[:NAMED]),
    )


def _late(flip: Flip, *, now: dt.datetime) -> bool:
    return flip.after is not None and flip.after < now and (flip.before is None or flip.before >= now)
