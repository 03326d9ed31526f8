"""What a document's page shows of tables: which documents were made of it, or which draft it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.outgoing import BEFORE_SIGNING, State
from workflow.store import bulk as store
from workflow.store.models import Outgoing
from workflow.web.context import Current
from workflow.web.offers import TONES

SHOWN = 10
"""Documents on the draft's own page; the list has all of them."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Within the reader's reach. `line`: the row of the table that made it."""

    source: Outgoing | None
    line: int
    made: Sequence[Any]
    count: int
    held: bool
    """Documents made of it stand, so that it goes no further itself."""

    def state(self, one: Outgoing) -> State:
        """Where a document is."""
        return State(one.state)

    def tone(self, one: Outgoing) -> str:
        """Its colour."""
        return TONES[State(one.state)]


def trace(here: Current, document: Outgoing, *, shown: int = SHOWN) -> Trace:
    """For a document that the reader has found, with so many of those that were made of it."""
    session = here.uow.session
    found = store.source_of(here.scope, session, document.id)
    made = store.made_of(here.scope, session, document.id, limit=shown)
    count = len(made) if len(made) < shown else store.count_made_of(here.scope, session, document.id)
    held = bool(made) and State(document.state) in BEFORE_SIGNING and store.standing_of(session, document.id)[0] > 0
    return Trace(found[1] if found else None, found[0].line if found else 0, made, count, held)
