"""How notices name a paper. A leaf: the acts on both sides of the exchange import it."""

from __future__ import annotations

from workflow.store.models import Incoming, Outgoing


def about(paper: Incoming | Outgoing) -> str:
    """Its subject; of a secret paper only that it is one. A notice goes to the app, by mail and into backups, where
    nobody asks again who may read the paper (as in the registers, Decree 30/2020, 15.2 and 22)."""
    return "văn bản mật" if paper.secret else paper.subject


def because(reason: str, *, secret: bool) -> str:
    """The line of a notice that says why; of a secret paper nothing, since the words say what it is about. Who may
    read the paper reads them on its page."""
    return f"\nLý do: {reason}" if reason and not secret else ""
