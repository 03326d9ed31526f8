"""Who is fit to take over what a post holds: each document by the rule by which it was given in the first place.

A handler belongs to the lead unit or a part of it (as when it is assigned), who coordinates to the unit that does;
a unit's documents wait for a head of that unit or of one above. Drafts, questions about drafts, dossiers,
directions, seals and what one shall only know may go to anybody of the agency whose role fits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.domain.errors import BadInput
from workflow.domain.incoming import Part
from workflow.domain.people import Role, UnitKind
from workflow.services.journal import local_day
from workflow.store import office, people
from workflow.store.models import Incoming, PostRow
from workflow.store.session import UnitOfWork


class Kind(StrEnum):
    """What is handed over; each kind goes to one person, but for documents that this person is not fit for."""

    WORK = "work"
    """Incoming documents under work, and parts in the person's name."""
    ASSIGNMENTS = "assignments"
    """Incoming documents that wait for the one head of a unit, or of the office."""
    DIRECTIONS = "directions"
    """Incoming documents that wait for a direction."""
    DRAFTS = "drafts"
    SIGNATURES = "signatures"
    """Drafts to be signed: they go back to their drafters."""
    DOSSIERS = "dossiers"
    """Open dossiers that the person makes."""
    OPINIONS = "opinions"
    """Drafts of others that the person is asked about by name."""
    SEAL = "seal"
    """The agency's certificate and its key."""


ROLES: dict[Kind, tuple[Role, ...]] = {
    Kind.WORK: (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK),
    Kind.ASSIGNMENTS: (Role.UNIT_HEAD,),
    Kind.DIRECTIONS: (Role.LEADER, Role.DEPUTY),
    Kind.DRAFTS: (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK),
    Kind.DOSSIERS: (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK),
    Kind.OPINIONS: (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER, Role.DEPUTY),
    Kind.SEAL: (Role.CLERK,),
}
"""Who can take over what. Signatures go to nobody: the drafters choose anew."""

BACK = frozenset({Kind.WORK, Kind.ASSIGNMENTS})
"""What may also go back: a handler's document to its unit, a unit's to whoever directed it."""

Choice = int | None
"""A post, or None: back."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that somebody must take over. `within`: units of which the taker must be; None: the agency."""

    key: str
    kind: Kind
    document: Incoming
    within: frozenset[int] | None

    def fits(self, post: PostRow) -> bool:
        """Whether the holder of a post may have it."""
        return Role(post.role) in ROLES[self.kind] and (self.within is None or post.unit_id in self.within)


def key_of(kind: str, number: int) -> str:
    """`incoming-5`, `part-7`: how a form names a thing."""
    return f"{kind}-{number}"


def items_of(
    uow: UnitOfWork,
    post: PostRow,
    *,
    handled: Sequence[Incoming],
    parts: Sequence[Any],
    waiting: Sequence[Incoming],
) -> list[Item]:
    """What of a post's holdings not everybody with the role is fit for."""
    made = [
        Item(key_of("incoming", one.id), Kind.WORK, one, _below(uow, one.lead_unit_id or post.unit_id))
        for one in handled
    ]
    for part, document in parts:
        within = _below(uow, part.unit_id) if part.part == Part.COORDINATE else None
        made.append(Item(key_of("part", part.id), Kind.WORK, document, within))
    for one in waiting:
        unit_id = one.lead_unit_id or post.unit_id
        made.append(Item(key_of("incoming", one.id), Kind.ASSIGNMENTS, one, _above(uow, unit_id)))
    return made


def chosen(
    uow: UnitOfWork, post: PostRow, items: Sequence[Item], *, to: Mapping[Kind, Choice],
    apart: Mapping[str, Choice], without: int | None, now: dt.datetime,
) -> dict[str, PostRow | None]:  # fmt: skip
    """Item → who takes it (None: it goes back), as somebody chose for the kind or for the one document.

    Raises `BadInput`: `successor_needed`, `successor_unfit` where no document of the kind could go there,
    `successor_unfit_for` with the keys of those that this person is not fit for: nothing has moved by then.
    """
    found: dict[str, PostRow | None] = {}
    unfit = []
    for item in items:
        wanted = apart[item.key] if item.key in apart else to.get(item.kind, -1)
        if wanted == -1:
            raise BadInput("successor_needed", kind=str(item.kind))
        if wanted is None:
            found[item.key] = None
            continue
        row = taker(uow, post, item.kind, wanted, without=without, now=now)
        if item.fits(row):
            found[item.key] = row
        else:
            unfit.append(item.key)
    if unfit:
        raise BadInput("successor_unfit_for", count=len(unfit), keys=tuple(unfit))
    return found


def taker(
    uow: UnitOfWork, post: PostRow, kind: Kind, post_id: int | None, *, without: int | None, now: dt.datetime
) -> PostRow:
    """A post of the agency whose role fits a kind, held today by somebody else; `without`: who orders it."""
    if post_id is None:
        raise BadInput("successor_needed", kind=str(kind))
    row = office.held_post(uow.session, post_id, on=local_day(now))
    if (
        row.agency_id != post.agency_id
        or row.person_id in {post.person_id, without}
        or Role(row.role) not in ROLES[kind]
    ):
        raise BadInput("successor_unfit", kind=str(kind))
    return row


def _below(uow: UnitOfWork, unit_id: int) -> frozenset[int]:
    return frozenset({unit_id, *people.units_below(uow.session, unit_id)})


def _above(uow: UnitOfWork, unit_id: int) -> frozenset[int]:
    """A unit and the units of its agency that it is a part of."""
    found, unit = {unit_id}, office.unit(uow.session, unit_id)
    while unit.kind != UnitKind.AGENCY and unit.parent_id is not None:
        unit = office.unit(uow.session, unit.parent_id)
        found.add(unit.id)
    return frozenset(found)
