"""What a paper says otherwise than the register: found, answered, and gone when the register agrees.

Each proposal of a document may bear an `answer`: `seen` (the clerk had it on the form when they registered),
`taken` or `dismissed`. Those without one are open.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from workflow.domain.reading import Field
from workflow.domain.reading.comparing import says_otherwise
from workflow.store import reading as store
from workflow.store.models import Incoming
from workflow.store.session import UnitOfWork

FACT_OF = {
    Field.ISSUER: "issuer", Field.SYMBOL: "symbol", Field.DATE: "issued_on", Field.TYPE_CODE: "type_code",
    Field.SUBJECT: "subject", Field.SIGNER: "signer", Field.URGENCY: "urgency",
}  # fmt: skip
"""What is compared → the fact of the document."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact. Values as forms hold them: dates in ISO 8601, codes."""

    name: str
    typed: str
    read: str
    confidence: str
    page: int
    box: tuple[float, ...]


def open_ones(document: Incoming) -> list[Difference]:
    """Facts of a registered document about which its file says something else and nobody has answered."""
    if document.number is None:
        return []
    found: dict[str, Difference | None] = {}
    for one in document.proposals:
        field = _field(one)
        name = FACT_OF.get(field, "") if field else ""
        if field is None or not name or name in found:
            continue
        typed, read = fact_text(document, name), value_of(one)
        differs = not one.get("answer") and says_otherwise(field, typed, read)
        found[name] = _difference(name, typed, read, one) if differs else None
    return [one for one in found.values() if one is not None]


def fact_text(document: Incoming, name: str) -> str:
    """A fact as a form holds it."""
    value = getattr(document, name)
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


def value_of(proposal: dict[str, Any]) -> str:
    """What was read, on one line."""
    return " ".join(str(proposal.get("value", "")).split())


def answer(document: Incoming, word: str, *, only: str = "") -> None:
    """Note an answer to every open proposal, or to those for one fact."""
    document.proposals = [
        one | {"answer": word} if not one.get("answer") and (not only or _fact(one) == only) else one
        for one in document.proposals
    ]


def carried_over(document: Incoming, proposals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """New proposals with the answers that the same ones had before."""
    before = {(one.get("field"), value_of(one)): one["answer"] for one in document.proposals if one.get("answer")}
    return [
        one | {"answer": before[key]} if (key := (one.get("field"), value_of(one))) in before else one
        for one in proposals
    ]


def settle(uow: UnitOfWork, document: Incoming) -> None:
    """Note whether there are any, in the open write; to be called after facts, proposals or answers changed."""
    row = store.of_document(uow.session, document.id)
    if row is not None:
        row.differs = bool(open_ones(document))


def _fact(proposal: dict[str, Any]) -> str:
    field = _field(proposal)
    return FACT_OF.get(field, "") if field else ""


def _field(proposal: dict[str, Any]) -> Field | None:
    text = str(proposal.get("field", ""))
    return Field(text) if text in set(Field) else None


def _difference(name: str, typed: str, read: str, one: dict[str, Any]) -> Difference:
    box = one.get("box")
    edges = tuple(float(edge) for edge in box) if isinstance(box, list) and len(box) == 4 else ()
    return Difference(name, typed, read, str(one.get("confidence", "")), int(one.get("page", 1)), edges)
