"""Units inside the agency under *Nơi nhận*: named on a draft, given the document when it is issued.

They reach the issued paper through their copy and nothing else of the document; the sender sees if they looked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from workflow.domain.errors import BadInput, NotFound
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor
from workflow.services.exchange.acknowledging import notify
from workflow.services.exchange.naming import about
from workflow.services.journal import local_day, record_document
from workflow.store import exchange, office
from workflow.store import unit_copies as store
from workflow.store.models import Outgoing, Unit, UnitCopy
from workflow.store.session import UnitOfWork

MOST = 200
"""More parts than any agency has."""


def put(
    uow: UnitOfWork, document: Outgoing, unit_ids: Collection[int], *, on: dt.date
) -> tuple[list[str], list[str]]:
    """Make these the units that a draft names; (names that stand now, names that were taken away).

    Raises `BadInput("recipient_units_many")`, `NotFound("recipient_own_unit")` for anything but a part of the own
    agency that stands; one that was dissolved since it was chosen may stay.
    """
    if len(unit_ids) > MOST:
        raise BadInput("recipient_units_many", limit=MOST, count=len(unit_ids))
    before = {unit.id: unit for unit in store.named(uow.session, document.id)}
    standing = {row.id: row.name for row in store.units(uow.session, document.agency_id, on=on)}
    wanted = sorted(set(unit_ids))
    if any(key not in standing and key not in before for key in wanted):
        raise NotFound("recipient_own_unit")
    store.put(uow.session, document.id, wanted)
    names = [before[key].name if key in before else standing[key] for key in wanted]
    return names, [unit.name for key, unit in before.items() if key not in set(wanted)]


def give(uow: UnitOfWork, actor: Actor, document: Outgoing, *, now: dt.datetime) -> list[str]:
    """The document is being issued: every unit that it names has it, the successor of one that ended; the names, as
    the document has them, of those that need no copy by hand.

    A unit that ended and nobody alone took over gets nothing; its line stays, so that a copy is sent by hand.
    """
    names = {unit.id: unit.name for unit in store.named(uow.session, document.id)}
    if not names:
        return []
    given: dict[int, UnitCopy] = {}
    reached: dict[int, int] = {}
    wishes = store.to_give(uow.session, document.id)
    by_key = [row.unit_id for row in wishes]
    for row in wishes:
        named, unit = row.unit_id, _standing(uow, row.unit_id, document.agency_id, on=local_day(now))
        if unit is None:
            continue
        reached[named] = unit.id
        if unit.id != named and unit.id in {*names, *given}:
            store.drop(uow.session, row)  # the successor has it already
            continue
        row.unit_id, row.given_at = unit.id, now
        given[unit.id] = row
        uow.flush()
    if by_key:
        _note(uow, actor, document, by_key, reached, now=now)
    people = store.receivers(uow.session, given, on=local_day(now))
    for key, row in given.items():
        _tell(uow, document, row, people.get(key, []), now=now)
    return [names[named] for named in reached]


def _note(
    uow: UnitOfWork, actor: Actor, document: Outgoing, named: Sequence[int], reached: Mapping[int, int], *,
    now: dt.datetime,
) -> None:  # fmt: skip
    """What the rows no longer say: which units the draft named, and which of them another one has it for."""
    facts: dict[str, object] = {
        "named": list(named), "given": sorted(set(reached.values())),
        "replaced": [[unit, taker] for unit, taker in reached.items() if unit != taker],
        "by_hand": [unit for unit in named if unit not in reached],
    }  # fmt: skip
    record_document(uow, document, tag="document:outgoing:units_given", facts=facts, actor=actor, now=now)


def tell_again(uow: UnitOfWork, earlier: Outgoing, what: Told, *, cause: str, now: dt.datetime) -> None:
    """Another document corrects, amends or replaces an issued one: who receives for its units hears of it."""
    rows = store.given(uow.session, earlier.id, reason="what they received was changed")
    people = store.receivers(uow.session, [row.unit_id for row in rows], on=local_day(now))
    for row in rows:
        notify(
            uow, people.get(row.unit_id, []), cause=f"{cause}:unit:{row.unit_id}", what=what,
            link=f"/unit-copies/{row.id}", now=now,
        )  # fmt: skip


def _standing(uow: UnitOfWork, unit_id: int, agency_id: int, *, on: dt.date) -> Unit | None:
    """The unit itself, or who alone took over inside the agency."""
    unit, seen = office.unit(uow.session, unit_id), {unit_id}
    while unit.valid_to is not None and unit.valid_to < on:
        followers = exchange.successors(uow.session, unit.id)
        if len(followers) != 1 or followers[0] in seen:
            return None
        unit = office.unit(uow.session, followers[0])
        seen.add(unit.id)
    return unit if unit.agency_id == agency_id and unit.kind == "part" else None


def _tell(uow: UnitOfWork, document: Outgoing, row: UnitCopy, people: Sequence[int], *, now: dt.datetime) -> None:
    what = Told.of(Kind.UNIT_COPY, symbol=document.symbol, urgency=document.urgency, **about(document))
    notify(uow, people, cause=f"unit_copy:{row.id}", what=what, link=f"/unit-copies/{row.id}", now=now)
