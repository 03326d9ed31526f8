"""Which agencies of this installation and which own units a draft goes to, and the words under *Nơi nhận*."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from workflow.domain.dispatch import bare, file_copy_names, is_reference
from workflow.domain.errors import BadInput
from workflow.domain.text import name_key
from workflow.services.exchange import unit_copies
from workflow.services.journal import local_day
from workflow.store import exchange as store
from workflow.store import unit_copies as copies
from workflow.store.models import Outgoing, Unit
from workflow.store.session import UnitOfWork

MOST = 500
"""More agencies than any province has: what is beyond was not chosen by a person."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A recipient as it stands today. `agency`: where the document will arrive, the successor of a dissolved one;
    None where nobody, or more than one, took over, so that it has to be sent on paper."""

    named: Unit
    agency: Unit | None


def put(
    uow: UnitOfWork, document: Outgoing, agency_ids: Collection[int], *, now: dt.datetime,
    unit_ids: Collection[int] = (),
) -> None:  # fmt: skip
    """Make these the recipients of a draft that has its key, and name them in its text, once. `unit_ids`: parts of
    its own agency; one that the line of the file copy names needs no line of its own.

    Raises `BadInput` with `recipient_own` or `recipients_many`, `NotFound("recipient_agency")`, and as
    `unit_copies.put`.
    """
    if len(agency_ids) > MOST:
        raise BadInput("recipients_many", limit=MOST, count=len(agency_ids))
    if document.agency_id in agency_ids:
        raise BadInput("recipient_own")
    before = {unit.id: unit for unit in store.recipients_of(uow.session, document.id)}
    day = local_day(now)
    named = [
        before.get(key) or store.demand_agency(uow.session, key, on=day)  # one that was dissolved since stays
        for key in sorted(set(agency_ids))
    ]
    gone = [unit.name for key, unit in before.items() if key not in set(agency_ids)]
    store.put_recipients(uow.session, document.id, [unit.id for unit in named])
    inside, left = unit_copies.put(uow, document, unit_ids, on=day)
    text = without_names(document.recipients, [*gone, *left])
    names = [unit.name for unit in named] + [name for name in inside if not file_copy_names(text, name)]
    document.recipients = with_names(text, names)


def with_names(text: str, names: Iterable[str]) -> str:
    """The words with a line for every agency that they do not name yet: after `Như trên`, above all others."""
    lines = text.split("\n") if text else []
    there = {name_key(bare(line)) for line in lines}
    missing = [name for name in names if name_key(name) not in there]
    first = max((at for at, line in enumerate(lines, 1) if is_reference(line)), default=0)
    return "\n".join([*lines[:first], *missing, *lines[first:]])


def without_names(text: str, names: Collection[str]) -> str:
    """The words without the lines that are one of some names, with a dash and a stop or without."""
    gone = {name_key(name) for name in names}
    return "\n".join(line for line in text.split("\n") if name_key(bare(line)) not in gone)


def free_text(uow: UnitOfWork, document: Outgoing) -> str:
    """What a draft names besides the agencies and units that were chosen, for its form."""
    chosen = (*store.recipients_of(uow.session, document.id), *copies.named(uow.session, document.id))
    return without_names(document.recipients, [unit.name for unit in chosen])


def reached(uow: UnitOfWork, document: Outgoing, *, on: dt.date) -> Sequence[Reached]:
    """Every recipient with the agency where the document will arrive on a day."""
    return [
        Reached(unit, _standing(uow, unit, on=on, own=document.agency_id))
        for unit in store.recipients_of(uow.session, document.id)
    ]


def _standing(uow: UnitOfWork, unit: Unit, *, on: dt.date, own: int) -> Unit | None:
    """The unit itself, or who alone took over, and from them; never our own agency."""
    seen: set[int] = set()
    while unit.valid_to is not None and unit.valid_to < on:
        seen.add(unit.id)
        followers = store.successors(uow.session, unit.id)
        if len(followers) != 1 or followers[0] in seen:
            return None
        found = uow.session.get(Unit, followers[0])
        if found is None or found.kind != "agency":
            return None
        unit = found
    return unit if unit.id != own else None
