"""Founding, changing and dissolving units. Each needs a legal basis, kept with the unit and in the journal."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from workflow.domain.errors import BadInput, Refused
from workflow.domain.people import Actor, UnitKind
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services.installation import open_registers
from workflow.services.journal import record
from workflow.store import accounts as account_store
from workflow.store import people as store
from workflow.store.models import Unit, UnitSuccession
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What stands on a unit's papers, and where mail for it goes. May change while the unit lives."""

    name: str
    abbreviation: str
    place: str = ""
    superior: str = ""
    head_title: str = ""
    email: str = ""
    is_office: bool = False
    """The part that prepares the leader's directions on what arrives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """A new unit. An agency under an agency, or a part of one."""

    code: str
    kind: UnitKind
    parent_id: int
    valid_from: dt.date
    decree: str
    letterhead: Letterhead


def found_unit(uow: UnitOfWork, actor: Actor, scope: Scope, *, new: Founding, now: dt.datetime) -> int:
    """Enter a new unit below one that the administrator looks after; returns its id."""
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    parent = store.unit(scope, uow.session, new.parent_id)
    if store.code_taken(uow.session, new.code):
        raise BadInput("unit_code_taken", unit_code=new.code)
    if parent.valid_to is not None and parent.valid_to < new.valid_from:
        raise Refused("unit_dissolved", name=parent.name)
    row = Unit(
        code=new.code,
        kind=str(new.kind),
        parent_id=parent.id,
        agency_id=parent.agency_id if new.kind is UnitKind.PART else None,
        valid_from=new.valid_from,
        decree=new.decree,
        **asdict(new.letterhead),
    )
    uow.add(row)
    uow.flush()
    if new.kind is UnitKind.AGENCY:
        row.agency_id = row.id
        open_registers(uow, row)
    _journal(uow, actor, row, "unit:record:founded", {"decree": new.decree, "parent": parent.id}, now)
    return row.id


def change_unit(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    unit_id: int,
    letterhead: Letterhead,
    reason: str,
    now: dt.datetime,
) -> None:
    """Change what stands on a unit's papers; the journal keeps what stood there before."""
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    row = store.unit(scope, uow.session, unit_id)
    before: dict[str, object] = {}
    for name, value in asdict(letterhead).items():
        if getattr(row, name) != value:
            before[name] = getattr(row, name)
            setattr(row, name, value)
    if before:
        after = {name: getattr(row, name) for name in before}
        _journal(uow, actor, row, "unit:record:changed", {"before": before, "after": after, "reason": reason}, now)


def dissolve_unit(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    unit_id: int,
    last_day: dt.date,
    decree: str,
    successor_ids: tuple[int, ...],
    now: dt.datetime,
) -> None:
    """End a unit with its parts and their posts. Its figures stay its own; successors are named.

    Refused while documents of it are open or agencies below it live on: somebody has to settle those first.
    """
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    row = store.unit(scope, uow.session, unit_id)
    if row.valid_to is not None:
        raise Refused("unit_dissolved", name=row.name)
    if last_day < row.valid_from:
        raise BadInput("ends_before_it_begins")
    if row.id == actor.agency_id:
        raise Refused("own_agency")
    _demand_settled(store.ending_of(uow.session, row, last_day), row)
    heirs = [store.unit(scope, uow.session, one) for one in successor_ids]
    gone = (row.id, *store.ending_of(uow.session, row, last_day).part_ids)
    if any(heir.id in gone or heir.valid_to is not None for heir in heirs):
        raise BadInput("successor_not_alive")
    if store.posts_begin_after(uow.session, gone, last_day):
        raise Refused("posts_begin_later")
    for heir in heirs:
        uow.add(
            UnitSuccession(
                predecessor_id=row.id,
                successor_id=heir.id,
                happened_on=last_day + dt.timedelta(days=1),
                decree=decree,
            )
        )
    for unit_gone in gone:
        part = uow.session.get_one(Unit, unit_gone)
        part.valid_to = part.valid_to or last_day
    ended = store.end_posts(uow.session, gone, last_day)
    for post_id, person_id in ended:
        told: dict[str, object] = {"post": post_id, "last_day": last_day.isoformat(), "decree": decree}
        record(uow, subject=f"person:{person_id}", tag="person:post:ended", facts=told, actor=actor, now=now)
    for person_id in sorted({person_id for _post, person_id in ended}):
        _end_sessions(uow, person_id, now)
    facts: dict[str, object] = {
        "last_day": last_day.isoformat(), "decree": decree, "parts": list(gone[1:]),
        "successors": [heir.id for heir in heirs],
    }  # fmt: skip
    _journal(uow, actor, row, "unit:record:dissolved", facts, now)


def _demand_settled(ending: store.Ending, row: Unit) -> None:
    if ending.agencies_left:
        raise Refused("agencies_below", count=ending.agencies_left, name=row.name)
    if ending.open_documents:
        raise Refused("documents_open", count=ending.open_documents, name=row.name)


def _end_sessions(uow: UnitOfWork, person_id: int, now: dt.datetime) -> None:
    account = account_store.account_of(uow.session, person_id)
    if account is not None:
        account_store.end_sessions(uow.session, account.id, now=now, because="post_changed")


def _journal(
    uow: UnitOfWork, actor: Actor, row: Unit, tag: str, facts: dict[str, object], now: dt.datetime
) -> None:
    record(uow, subject=f"unit:{row.id}", tag=tag, facts=facts, actor=actor, now=now)
