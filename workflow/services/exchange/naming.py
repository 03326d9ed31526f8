"""How notices name a paper. A leaf: the acts on both sides of the exchange import it."""

from __future__ import annotations

from typing import Any

from workflow.domain.notices import paper
from workflow.store.models import Incoming, Outgoing


def about(document: Incoming | Outgoing) -> dict[str, Any]:
    """Its subject; of a secret paper only that it is one. A notice goes to the app, by mail and into backups, where
    nobody asks again who may read the paper (as in the registers, Decree 30/2020, 15.2 and 22)."""
    return paper(document.subject, secret=document.secret)


def named(document: Incoming) -> dict[str, Any]:
    """A document that arrived, as a sentence names it: number and date where it has them, the sender, `about`."""
    facts = {"symbol": document.symbol, "issued": document.issued_on, "issuer": document.issuer}
    return {**facts, **about(document)}


def open_words(words: str, *, secret: bool) -> str:
    """What somebody wrote about a paper, for a notice; of a secret one nothing, since the words say what it is
    about. Who may read the paper reads them on its page."""
    return "" if secret else words
