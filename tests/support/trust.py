"""A second administrator, and the way of a change of trust in a few words."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from tests.support.office import NOON, SINCE, Office
from workflow.adapters.blobs import Blobs
from workflow.domain.people import Actor, Post, Role
from workflow.services import trust_report
from workflow.services.signing.roots import Wanted
from workflow.store.models import Account, Person, PostRow, TrustChange, TrustFlip, Unit
from workflow.store.session import unit_of_work

REASON = "Quyết định số 12/QĐ-UBND ngày 20/11/2026"
FIRST, SECOND = "admin", "second_admin"


def second_admin(office: Office) -> None:
    """`second_admin` of the top agency, who may decide what the first one proposes."""
    unit = office.units["commune"]
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        person = Person(full_name="Ngô Thị Hai", email="second_admin@example.gov.vn")
        uow.add(person)
        uow.flush()
        uow.add(Account(person_id=person.id, username=SECOND, created_at=NOON))
        row = PostRow(
            person_id=person.id, unit_id=unit, agency_id=unit, role=Role.ADMIN, title="Quản trị", valid_from=SINCE
        )
        uow.add(row)
        uow.flush()
        office.posts[SECOND] = Post(row.id, person.id, unit, unit, Role.ADMIN, row.title, SINCE)
        office.names[SECOND] = person.full_name
        uow.commit()


def admin(office: Office, name: str = FIRST) -> Actor:
    """An administrator of the agency that runs the installation."""
    return dataclasses.replace(office.actor(name), at_top=True)


def wanted(label: str = "Gốc mới", **changes: Any) -> Wanted:
    """What is wished of a root."""
    return Wanted(**{"label": label, "purposes": frozenset({"person", "seal"}), "kind": "public_service"} | changes)


def do(
    office: Office, service: Callable[..., Any], who: str = FIRST, *, now: dt.datetime = NOON, **named: Any
) -> Any:
    """Call a service as an administrator and commit."""
    with unit_of_work(office.engine) as uow:
        result = service(uow, admin(office, who), now=now, **named)
        uow.commit()
        return result


def count(office: Office, blobs: Blobs, change_id: int, *, now: dt.datetime = NOON, limit: int = 50) -> int:
    """All steps of a count, as the job takes them; how many signatures were judged."""
    judged = 0
    while (step := step_of(office, blobs, change_id, now=now, limit=limit)) is not None:
        judged += step
    return judged


def step_of(
    office: Office, blobs: Blobs, change_id: int, *, now: dt.datetime = NOON, limit: int = 50
) -> int | None:
    """One of them."""
    with unit_of_work(office.engine) as uow:
        step = trust_report.count_next(uow, change_id=change_id, blobs=blobs, now=now, limit=limit)
        uow.commit()
        return step


def row_of(office: Office, change_id: int) -> TrustChange:
    """The change as it stands."""
    with unit_of_work(office.engine) as uow:
        return uow.session.get_one(TrustChange, change_id)


def flips_of(office: Office, change_id: int) -> list[tuple[str, str, str]]:
    """(before, after, reason after) of each flip, in order."""
    with unit_of_work(office.engine) as uow:
        rows = uow.session.scalars(select(TrustFlip).where(TrustFlip.change_id == change_id).order_by(TrustFlip.id))
        return [(row.before_conclusion, row.after_conclusion, row.after_reason) for row in rows]


def put_below(office: Office, name: str, parent: str) -> None:
    """Hang one agency under another."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, office.units[name]).parent_id = office.units[parent]
        uow.commit()
