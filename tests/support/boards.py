"""Boards as services make them, and units that move, merge and divide."""

from __future__ import annotations

import datetime as dt

from tests.support.office import NOON, SINCE, Office
from workflow.domain.indicators import indicator
from workflow.domain.permissions import Scope, figures_scope
from workflow.services.figures import boards
from workflow.services.figures.board_months import asked
from workflow.services.figures.board_rows import Row
from workflow.services.figures.boards import Board
from workflow.store.models import Unit, UnitSuccession
from workflow.store.session import unit_of_work

MOVED = dt.date(2026, 11, 1)


def add_unit(
    office: Office, name: str, parent: str | None, *, kind: str = "part", first: dt.date = SINCE,
    last: dt.date | None = None,
) -> int:  # fmt: skip
    """A unit of the commune, or an agency."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        row = Unit(
            code=f"H98.{name}", name=name, abbreviation=name[:30], kind=kind, valid_from=first, valid_to=last,
            parent_id=office.units[parent] if parent else None,
            agency_id=None if kind == "agency" else office.units["commune"],
        )  # fmt: skip
        uow.add(row)
        uow.flush()
        if kind == "agency":
            row.agency_id = row.id
        office.units[name] = row.id
        uow.commit()
    return office.units[name]


def hand_on(office: Office, old: str, *new: str, on: dt.date = MOVED) -> None:
    """One unit ends, and others take over from it."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, office.units[old]).valid_to = on - dt.timedelta(days=1)
        for one in new:
            uow.add(
                UnitSuccession(predecessor_id=office.units[old], successor_id=office.units[one], happened_on=on)
            )
        uow.commit()


def board(
    office: Office, period: str, *, who: str = "leader", agency: str = "commune", unit: str = "", person: str = "",
    by: str = "sign_rate_docs", against: str = "", below: tuple[int, ...] = (), now: dt.datetime = NOON,
) -> Board:  # fmt: skip
    """The board of an agency, a unit, a person; of every agency where `agency` is empty."""
    what, one = asked(period, against, now=now), indicator(by)
    scope: Scope = figures_scope(office.posts[who], agencies_below=below)
    actor = office.actor(who)
    with unit_of_work(office.engine) as uow:
        if not agency:
            return boards.of_agencies(uow, actor, scope, asked=what, indicator=one)
        agency_id = office.units[agency]
        if person:
            return boards.of_person(
                uow, actor, scope, asked=what, indicator=one, agency_id=agency_id,
                person_id=office.posts[person].person_id,
            )  # fmt: skip
        unit_id = office.units[unit] if unit else None
        return boards.of_agency(uow, actor, scope, asked=what, indicator=one, agency_id=agency_id, unit_id=unit_id)


def signed(row: Row) -> tuple[int, int]:
    """Fully signed and counted."""
    return row.figures["fully_signed"], row.figures["sign_counted"]


def signed_before(row: Row) -> tuple[int, int] | None:
    """The same in the period compared with."""
    return None if row.before is None else (row.before["fully_signed"], row.before["sign_counted"])
