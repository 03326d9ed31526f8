"""Several people sign one document: who, as what, and whose turn it is.

The signer whom the document names signs last: their signature is the one of Article 13, and with it the document
is signed. Before them come initials (ký nháy) and further signers, in turns: whoever has the same turn signs in any
order, a later turn waits for all of the earlier ones. Their boxes are in the file before the first signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.errors import BadInput


class Part(StrEnum):
    """As what somebody signs beside the named signer."""

    COSIGNER = "cosigner"
    """Their name and title stand under the document too."""
    INITIALS = "initials"
    """They answer for the text before it is signed; small, at the end of it."""


AT_MOST = 8
"""People who sign beside the named signer: more find no room on the last page."""

TURNS = range(1, AT_MOST + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Somebody who is to sign beside the named signer."""

    post_id: int
    part: Part
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One of them with their box in the file. `signed`: their signature stands."""

    person_id: int
    post_id: int
    part: Part
    turn: int
    field: str
    signed: bool


def named(wanted: Sequence[Wanted]) -> tuple[tuple[Wanted, str], ...]:
    """Each with the name of their field, in the order of turns.

    Raises `BadInput("cosigners_too_many")`, `BadInput("cosigner_twice")`, `BadInput("cosigner_turn")`.
    """
    if len(wanted) > AT_MOST:
        raise BadInput("cosigners_too_many", limit=AT_MOST)
    if len({one.post_id for one in wanted}) != len(wanted):
        raise BadInput("cosigner_twice")
    if any(one.turn not in TURNS for one in wanted):
        raise BadInput("cosigner_turn", limit=AT_MOST)
    counts = dict.fromkeys(Part, 0)
    found = []
    for one in sorted(wanted, key=lambda each: (each.turn, each.post_id)):
        counts[one.part] += 1
        found.append((one, f"{one.part}-{counts[one.part]}"))
    return tuple(found)


def at_turn(places: Sequence[Place]) -> tuple[Place, ...]:
    """Whose turn it is: those of the earliest turn that have not signed; empty where all have."""
    open_now = [one for one in places if not one.signed]
    first = min((one.turn for one in open_now), default=0)
    return tuple(one for one in open_now if one.turn == first)


def all_signed(places: Sequence[Place]) -> bool:
    """Whether the named signer may sign; true where nobody signs beside them."""
    return all(one.signed for one in places)
