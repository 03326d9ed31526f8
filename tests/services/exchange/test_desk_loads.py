"""Who has how much on their desk, for the head of a unit: what lies with each, outgoing and incoming."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update

from tests.support.exchange import Between
from tests.support.issued import add_issued, issued_row
from workflow.domain.permissions import Scope
from workflow.store import desk
from workflow.store.models import Incoming, Outgoing
from workflow.store.session import unit_of_work


def loads(post: Between, unit: str, agency: str, *, now: dt.datetime) -> list[tuple[int, int, int]]:
    """(person, open, overdue) as a head of the unit sees it."""
    office = post.office
    with unit_of_work(office.engine) as uow:
        found = desk.overdue_by_person(
            Scope(unit_ids=(office.units[unit],)), uow.session, agency_id=office.units[agency], now=now,
            on=now.date(),
        )  # fmt: skip
        return [(person, count, late) for person, _name, count, late in found]


def drafted(post: Between, state: str) -> int:
    """A paper of the unit's drafter in a state."""
    (made,) = add_issued(post.office, issued_row(post.office, unit="economy", issued_at=post.now))
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        empty = dict.fromkeys(("issued_at", "closed_at", "sealed_at", "numbered_at", "signed_at"))
        uow.session.execute(
            update(Outgoing)
            .where(Outgoing.id == made)
            .values(state=state, step_due_at=post.now - dt.timedelta(hours=1), register_id=None, number=None,
                    year=None, symbol="", **empty)
        )  # fmt: skip
        uow.commit()
    return made


def test_papers_that_others_have_do_not_count(post: Between) -> None:
    """Two drafts lie with their drafter; one under review lies with the head."""
    drafter = post.office.posts["drafter"].person_id
    for state in ("draft", "returned", "in_review"):
        drafted(post, state)
    assert loads(post, "economy", "commune", now=post.now) == [(drafter, 2, 2)]
    assert loads(post, "culture", "commune", now=post.now) == []


def test_what_arrived_counts_with_its_handler(post: Between) -> None:
    """Handled by the neighbour's specialist, late once its day is over; nothing after it is closed."""
    row = post.assigned(post.sent("far"))
    handler = post.office.posts["far_drafter"].person_id
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(
            update(Incoming)
            .where(Incoming.id == row.id)
            .values(due_at=post.now + dt.timedelta(days=1), due_kind="given")
        )
        uow.commit()
    assert loads(post, "far_office", "far", now=post.now) == [(handler, 1, 0)]
    assert loads(post, "far_office", "far", now=post.now + dt.timedelta(days=2)) == [(handler, 1, 1)]
    assert loads(post, "far_office", "commune", now=post.now) == []
