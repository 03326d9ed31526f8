"""The catalogue of offices outside: kept by the clerk or the administrator of its agency, asked wherever a document
names somebody that no delivery of the system reaches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace

from workflow.domain.dispatch import NAME_LENGTH
from workflow.domain.errors import BadInput, Conflict, Refused
from workflow.domain.outside_offices import Office, demand_few, key_of, merged, tidy
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.domain.text import clean
from workflow.services.journal import record
from workflow.store import office as units
from workflow.store import outside_offices as store
from workflow.store.models import OutsideOffice
from workflow.store.session import UnitOfWork


def keep(
    uow: UnitOfWork, actor: Actor, *, office_id: int | None, wish: Office, now: dt.datetime, seen: str | None = None
) -> OutsideOffice:  # fmt: skip
    """Add an entry to the agency's catalogue, or change one; copies that left before stay as they are.

    `seen`: the mark (`mark_of`) of the entry as its form showed it; None where there was no form.

    Raises as `domain.outside_offices.tidy` and `demand_few`, and `BadInput("office_known")`,
    `NotFound("office_not_found")`, `Conflict("office_stale")`, `Refused("office_merged")`.
    """
    demand(actor, Permission.KEEP_OFFICES)
    wanted, agency = tidy(wish), actor.agency_id or 0
    demand_few(wanted)
    uow.begin_write()
    units.lock_agency(uow.session, agency)  # two at once would each find the name free
    row = _open_entry(uow, agency, office_id) if office_id is not None else None
    _demand_free(uow, agency, wanted, row)
    if row is None:
        row = OutsideOffice(agency_id=agency, name=wanted.name, changed_at=now)
        uow.add(row)
    elif store.told(uow.session, row) == wanted:
        return row
    elif seen is not None and seen != mark_of(row):
        raise Conflict("office_stale", name=row.name)
    _write(uow, actor, row, wanted, now=now)
    record(uow, subject=f"outside_office:{row.id}", tag="office:outside:kept", facts=_facts(wanted), actor=actor,
           now=now)  # fmt: skip
    return row


def _open_entry(uow: UnitOfWork, agency: int, office_id: int) -> OutsideOffice:
    row = store.office(uow.session, agency, office_id=office_id, lock=True)
    if row.merged_into_id is not None:
        raise Refused("office_merged", name=row.name)
    return row


def _demand_free(uow: UnitOfWork, agency: int, wanted: Office, row: OutsideOffice | None) -> None:
    names = wanted.names()
    for key, other in store.owners(uow.session, agency, names).items():
        if row is None or other.id != row.id:
            raise BadInput("office_known", name=names[key], office=other.name, office_id=other.id)


def _write(uow: UnitOfWork, actor: Actor, row: OutsideOffice, wanted: Office, *, now: dt.datetime) -> None:
    for name in ("name", "short_name", "code", "address", "email", "channel", "note"):
        setattr(row, name, getattr(wanted, name))
    row.changed_at, row.changed_by_id = now, actor.person_id
    uow.flush()
    own = {key_of(wanted.name), key_of(wanted.short_name)}
    store.put_names(uow.session, row, {key: (words, key not in own) for key, words in wanted.names().items()})


def _facts(wanted: Office) -> dict[str, object]:
    return {**asdict(wanted), "aliases": list(wanted.aliases)}


def mark_of(row: OutsideOffice) -> str:
    """What a form hands back of the entry that it showed."""
    return row.changed_at.isoformat()


def take_names(uow: UnitOfWork, actor: Actor, *, names: Sequence[str], now: dt.datetime) -> list[OutsideOffice]:
    """Names that documents went to become entries; what is known by now, or is no name, is passed over."""
    demand(actor, Permission.KEEP_OFFICES)
    uow.begin_write()
    units.lock_agency(uow.session, actor.agency_id or 0)
    made = []
    for words in names:
        name = clean(words)[:NAME_LENGTH]
        if name and not store.owners(uow.session, actor.agency_id or 0, [key_of(name)]):
            made.append(keep(uow, actor, office_id=None, wish=Office(name=name), now=now))
    return made


def add_name(uow: UnitOfWork, actor: Actor, *, office_id: int, name: str, now: dt.datetime) -> OutsideOffice:
    """An entry is known by one name more. Raises as `keep`."""
    demand(actor, Permission.KEEP_OFFICES)
    agency = actor.agency_id or 0
    uow.begin_write()
    units.lock_agency(uow.session, agency)  # what a colleague keeps at this moment is not written over
    row = store.office(uow.session, agency, office_id=office_id, lock=True)
    told = store.told(uow.session, row)
    if key_of(name) in told.names():
        return row
    return keep(uow, actor, office_id=office_id, wish=replace(told, aliases=(*told.aliases, name)), now=now)


def put_in_use(uow: UnitOfWork, actor: Actor, *, office_id: int, in_use: bool, now: dt.datetime) -> OutsideOffice:
    """End an entry, so that it is offered no more, or take it up again; its names stay its own."""
    demand(actor, Permission.KEEP_OFFICES)
    uow.begin_write()
    row = _open_entry(uow, actor.agency_id or 0, office_id)
    if (row.ended_at is None) != in_use:
        row.ended_at = None if in_use else now
        row.changed_at, row.changed_by_id = now, actor.person_id
        facts: dict[str, object] = {"in_use": in_use}
        record(
            uow, subject=f"outside_office:{row.id}", tag="office:outside:kept", facts=facts, actor=actor, now=now
        )
        uow.flush()
    return row


def merge(uow: UnitOfWork, actor: Actor, *, stays_id: int, goes_id: int, now: dt.datetime) -> OutsideOffice:
    """Two entries are one office: the first stays and has every name, groups hold it instead of the second.

    Copies stay as they were. Asked twice it is done once.

    Raises `BadInput("office_itself")`, `BadInput("office_aliases")`, `Refused("office_merged")`,
    `NotFound("office_not_found")`.
    """
    demand(actor, Permission.KEEP_OFFICES)
    agency = actor.agency_id or 0
    if stays_id == goes_id:
        raise BadInput("office_itself")
    uow.begin_write()
    units.lock_agency(uow.session, agency)
    goes = store.office(uow.session, agency, office_id=goes_id, lock=True)
    stays = _open_entry(uow, agency, stays_id)
    if goes.merged_into_id == stays.id:
        return stays
    goes = _open_entry(uow, agency, goes_id)
    wanted = merged(store.told(uow.session, stays), store.told(uow.session, goes))
    demand_few(wanted)
    store.drop_names(uow.session, goes)
    goes.ended_at, goes.merged_into_id = goes.ended_at or now, stays.id
    goes.changed_at, goes.changed_by_id = now, actor.person_id
    _write(uow, actor, stays, wanted, now=now)
    store.move_members(uow.session, goes=goes.id, stays=stays.id)
    store.move_doubles(uow.session, goes=goes.id, stays=stays.id)
    facts: dict[str, object] = {"goes": goes.id, "name": goes.name, **_facts(wanted)}
    record(
        uow, subject=f"outside_office:{stays.id}", tag="office:outside:merged", facts=facts, actor=actor, now=now
    )
    return stays


def found(uow: UnitOfWork, agency_id: int, names: Iterable[str]) -> Mapping[str, OutsideOffice]:
    """Name as it was written → the entry in use that bears it."""
    wanted = {words: key_of(words) for words in names}
    owners = store.owners(uow.session, agency_id, wanted.values())
    return {words: owners[key] for words, key in wanted.items() if key in owners and owners[key].ended_at is None}


def proper(uow: UnitOfWork, agency_id: int, words: str) -> str:
    """What a document is to call an office that somebody named by any of its names or by its code."""
    if (row := found(uow, agency_id, [words]).get(words)) is not None:
        return row.name
    coded = [one for one in store.offices(uow.session, agency_id, in_use_only=True) if one.code == words.upper()]
    return coded[0].name if len(coded) == 1 else words
