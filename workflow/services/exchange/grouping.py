"""Named groups of recipients: the clerk keeps them, whoever drafts fills a draft from them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from workflow.domain.dispatch import outside_of
from workflow.domain.errors import BadInput, Conflict
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.domain.text import clean
from workflow.services.exchange import offices
from workflow.services.exchange.recipients import MOST
from workflow.services.journal import local_day, record
from workflow.store import exchange, office
from workflow.store import recipient_groups as store
from workflow.store.models import RecipientGroup
from workflow.store.session import UnitOfWork

NAME_LENGTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a group is to be. `others`: offices outside, one a line."""

    name: str
    agency_ids: tuple[int, ...] = ()
    others: str = ""
    in_use: bool = True


def keep(
    uow: UnitOfWork, actor: Actor, *, group_id: int | None, wish: Wish, now: dt.datetime, seen: str | None = None
) -> RecipientGroup:  # fmt: skip
    """Make a group of the actor's agency, or change one; documents that were filled from it stay as they are.

    `seen`: the mark (`mark_of`) of the group as its form showed it; None where there was no form.

    Raises `BadInput` with `group_name`, `group_known`, `group_empty`, `recipient_own` or `recipients_many`,
    `NotFound` with `group_not_found` or `recipient_agency`, `Conflict("group_stale")`.
    """
    demand(actor, Permission.KEEP_GROUPS)
    agency, name = actor.agency_id or 0, clean(wish.name)[:NAME_LENGTH]
    if not name:
        raise BadInput("group_name")
    if agency in wish.agency_ids:
        raise BadInput("recipient_own")
    uow.begin_write()
    office.lock_agency(uow.session, agency)  # two at once would each find the name free
    row = store.group(uow.session, agency, group_id=group_id, lock=True) if group_id else None
    same = store.called(uow.session, agency, name)
    if same is not None and same is not row:
        raise BadInput("group_known", name=name)
    wanted = _members(uow, agency, wish, row, now=now)
    if row is not None and seen is not None and seen != mark_of(row):
        if _stands(uow, row, wish, name, wanted):
            return row
        raise Conflict("group_stale", name=row.name)
    if row is None:
        row = RecipientGroup(agency_id=agency, name=name, changed_at=now)
        uow.add(row)
    row.name, row.changed_at, row.changed_by_id = name, now, actor.person_id
    row.ended_at = None if wish.in_use else row.ended_at or now
    uow.flush()
    store.put_members(uow.session, row.id, wanted)
    facts = {"name": name, "in_use": wish.in_use, "members": [words for _agency, _office, words in wanted]}
    record(uow, subject=f"recipient_group:{row.id}", tag="office:recipient_group:kept", facts=facts, actor=actor,
           now=now)  # fmt: skip
    return row


def mark_of(row: RecipientGroup) -> str:
    """What a form hands back of the group that it showed."""
    return row.changed_at.isoformat()


def _stands(uow: UnitOfWork, row: RecipientGroup, wish: Wish, name: str, wanted: list[store.Member]) -> bool:
    """Whether the group is by now what the form says: it came twice, or two people wish the same."""
    members = {(one.agency_id, one.office_id, one.name) for one in store.members(uow.session, row.id)}
    return (row.name, row.ended_at is None, members) == (name, wish.in_use, set(wanted))


def _members(
    uow: UnitOfWork, agency: int, wish: Wish, row: RecipientGroup | None, *, now: dt.datetime
) -> list[store.Member]:  # fmt: skip
    """Each once, agencies here before offices outside; what the catalogue knows is held by its entry."""
    here = _here(uow, wish, row, on=local_day(now))
    others = outside_of(clean(wish.others, multiline=True), without=here.values())
    known = offices.found(uow, agency, others)
    wanted: dict[str, store.Member] = {name: (key, None, name) for key, name in here.items()}
    for words in others:
        office = known.get(words)
        name = office.name if office is not None else words
        wanted.setdefault(name, (None, office.id if office is not None else None, name))
    if not wanted:
        raise BadInput("group_empty")
    if len(wanted) > MOST:
        raise BadInput("recipients_many", limit=MOST, count=len(wanted))
    return list(wanted.values())


def _here(uow: UnitOfWork, wish: Wish, row: RecipientGroup | None, *, on: dt.date) -> dict[int, str]:
    """Key → name of the agencies chosen. One that ended since may stay, until a successor of its name is chosen;
    of several that bear one name each is told by its code, since a group has a name once."""
    members = store.members(uow.session, row.id) if row is not None else ()
    before = {one.agency_id: one.name for one in members}
    chosen = sorted(set(wish.agency_ids))
    standing = {key: name for key, name in exchange.agencies(uow.session, on=on) if key in chosen}
    borne = Counter(standing.values())
    found = {}
    for key in chosen:
        if key in before and key not in standing:
            if before[key] not in borne:
                found[key] = before[key]
            continue
        unit = exchange.demand_agency(uow.session, key, on=on)
        found[key] = unit.name if borne[unit.name] == 1 else f"{unit.name} ({unit.code})"
    return found


@dataclass(frozen=True, slots=True)
class Filled:
    """What a group puts under *Nơi nhận*: agencies that stand, names of all others; `ended`: offices that the
    catalogue does not offer any more, which are left out."""

    here: tuple[int, ...] = ()
    others: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()


def filled(uow: UnitOfWork, agency_id: int, *, group_id: int, on: dt.date) -> Filled:
    """The members of a group in use, as they are on a day."""
    row = store.group(uow.session, agency_id, group_id=group_id)
    standing = {key for key, _name in exchange.agencies(uow.session, on=on, without=agency_id)}
    members = store.members(uow.session, row.id) if row.ended_at is None else ()
    known = store.offices_of(uow.session, row.id)
    here = tuple(one.agency_id for one in members if one.agency_id in standing and one.agency_id is not None)
    left = [one for one in members if one.agency_id not in standing]
    ended = {one.id for one in left if one.id in known and known[one.id].ended_at is not None}
    names = {one.id: known[one.id].name if one.id in known else one.name for one in left}
    return Filled(
        here,
        tuple(name for key, name in names.items() if key not in ended),
        tuple(name for key, name in names.items() if key in ended),
    )


def put_in_use(uow: UnitOfWork, actor: Actor, *, group_id: int, in_use: bool, now: dt.datetime) -> RecipientGroup:
    """End a group, so that drafts do not offer it any more, or take it up again."""
    demand(actor, Permission.KEEP_GROUPS)
    uow.begin_write()
    row = store.group(uow.session, actor.agency_id or 0, group_id=group_id, lock=True)
    if (row.ended_at is None) != in_use:
        row.ended_at = None if in_use else now
        row.changed_at, row.changed_by_id = now, actor.person_id
        facts: dict[str, object] = {"name": row.name, "in_use": in_use}
        subject = f"recipient_group:{row.id}"
        record(uow, subject=subject, tag="office:recipient_group:kept", facts=facts, actor=actor, now=now)
        uow.flush()
    return row
