"""The job `certificates`: each threshold is told of once, and who has none is named."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from schedulers.job import Tools
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from signing.testing import Revoked
from tests.schedulers.conftest import Hand
from tests.support.keys import founded
from tests.support.office import NOON, Office
from workflow.domain.certificates import threshold
from workflow.store.models import Certificate, Outbox
from workflow.store.session import unit_of_work

JOB = job("certificates")
FAR = 400


def run(tools: Tools, clock: Hand, day: dt.date) -> list[tuple[int | None, str]]:
    """The morning of a day; (person, kind) of every message there is then."""
    clock.now = dt.datetime.combine(day, dt.time(0, 10), dt.UTC)
    assert run_period(tools, JOB, day.isoformat()) is Outcome.DONE
    with unit_of_work(tools.engine) as uow:
        return [(row.person_id, str(row.code)) for row in uow.session.scalars(select(Outbox).order_by(Outbox.id))]


@pytest.mark.parametrize(("days", "told"), [(61, None), (60, 60), (31, 60), (30, 30), (7, 7), (0, 7), (-1, None)])
def test_the_nearest_threshold_counts(days: int, told: int | None) -> None:
    """So a scheduler that was off for a month tells of one, not of three."""
    assert threshold(days) == told


def test_the_end_is_told_of_three_times_and_each_once(tools: Tools, office: Office, clock: Hand) -> None:
    """To the holder; the head and the administrators of the agency hear on the days with something new. Who
    enrolled a successor hears nothing more."""
    keys = founded(office)
    for name in ("leader", "deputy", "commune"):
        keys.issue(name)
    rows = {name: keys.enrol(name) for name in ("leader", "deputy", "commune")}
    keys.publish(at=NOON)
    ends = dt.date(2026, 12, 31)
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        for name, row in rows.items():
            last = dt.datetime.combine(ends, dt.time(3), dt.UTC)
            far = last + dt.timedelta(days=FAR)
            uow.session.get_one(Certificate, row.id).not_after = far if name == "deputy" else last
        uow.commit()
    leader, clerk, admin = (office.posts[name].person_id for name in ("leader", "clerk", "admin"))
    summary = [(person, "certificates_today") for person in sorted((leader, admin))]
    far_leader = (office.posts["far_leader"].person_id, "certificate_none")
    far_admins = [(office.posts[name].person_id, "certificates_today") for name in ("far_leader", "far_admin")]
    own = [(leader, "certificate_ends"), (clerk, "certificate_ends")]
    first = run(tools, clock, dt.date(2026, 11, 24))
    assert sorted(first) == sorted([*own, far_leader, *summary, *far_admins])
    assert run(tools, clock, dt.date(2026, 11, 25)) == first
    second = run(tools, clock, dt.date(2026, 12, 2))[len(first) :]  # 29 days left, and another month
    assert sorted(second) == sorted([*own, far_leader, *summary, *far_admins])
    keys.issue("leader", days=1200)
    keys.enrol("leader")
    third = run(tools, clock, dt.date(2026, 12, 25))[len(first) + len(second) :]
    assert third[0] == (clerk, "certificate_ends")
    assert (leader, "certificate_ends") not in third


def test_a_revoked_certificate_is_none(tools: Tools, office: Office, clock: Hand) -> None:
    """Its holder hears of both."""
    keys = founded(office)
    keys.issue("leader")
    keys.issue("deputy")
    keys.enrol("leader")
    keys.enrol("deputy")
    serial = keys.held["leader"].certificate.serial_number
    keys.publish(at=NOON, revoked=(Revoked(serial, NOON - dt.timedelta(days=1)),))
    told = run(tools, clock, dt.date(2026, 11, 24))
    leader = office.posts["leader"].person_id
    kinds = [kind for person, kind in told if person == leader]
    assert kinds == ["certificate_revoked", "certificate_none", "certificates_today"]
    assert office.posts["deputy"].person_id not in {person for person, _kind in told}
