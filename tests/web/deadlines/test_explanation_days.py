"""How long explanations may take: changed by the agency's administrator, with a reason, for later demands."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, select

from tests.support.arrivals import Arrivals
from tests.support.browser import Browser, Clock
from tests.support.office import NOON, Office
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.explaining import demand_for_job
from workflow.services.incoming.explanation_days import days_of
from workflow.store.models import Incoming, Journal
from workflow.store.session import unit_of_work

ADDRESS = "/admin/deadline-rules/explanations"
MONDAY = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
WANTED = {"days": "5", "reason": "Quy chế làm việc 12/QĐ-UBND", "seen": "2"}


@pytest.fixture
def arrivals(office: Office, clock: Clock) -> Arrivals:
    """Documents of Monday noon, and pages opened an hour later."""
    clock.now = NOON + dt.timedelta(hours=1)
    return Arrivals(office)


def owed_until(engine: Engine, document: Incoming) -> dt.date:
    """The day until which the job's demand can be answered."""
    with unit_of_work(engine) as uow:
        made = demand_for_job(uow, incoming_id=document.id, now=MONDAY)
        assert made is not None
        uow.commit()
        return made.due_at.date()


def test_an_agencys_number_holds_for_its_own_later_demands(
    client: Browser, arrivals: Arrivals, engine: Engine
) -> None:
    """Two working days as long as nobody says otherwise, then five; journal and page say so; others keep theirs."""
    friday = DueChoice(day=dt.date(2026, 11, 27))
    first, second = arrivals.in_progress(due=friday), arrivals.in_progress(due=friday)
    assert owed_until(engine, first) == dt.date(2026, 12, 2)
    client.login("admin")
    assert 'value="2"' in client.get(ADDRESS).text
    done = client.post(ADDRESS, data=WANTED)
    assert (done.status_code, done.location) == (303, "/admin/deadline-rules?done=explanations")
    assert ADDRESS in client.get(done.location).text
    assert owed_until(engine, second) == dt.date(2026, 12, 7)
    with unit_of_work(engine) as uow:
        entry = uow.session.scalars(select(Journal).where(Journal.tag == "unit:explanation_days:changed")).one()
        assert '"after":5' in entry.body
        assert days_of(uow, arrivals.office.units["far"]) == 2


def test_mistakes_stand_beside_their_field_and_change_nothing(
    client: Browser, arrivals: Arrivals, engine: Engine
) -> None:
    """Out of range, the same number, no reason, a page from before somebody else's change, no administrator."""
    client.login("admin")
    for wrong in ({"days": "0"}, {"days": "31"}, {"days": "x"}, {"days": ""}, {"reason": " "}):
        assert client.post(ADDRESS, data=WANTED | wrong).status_code == 422, wrong
    assert client.post(ADDRESS, data=WANTED | {"days": "2"}).status_code in {409, 422}
    stale = client.post(ADDRESS, data=WANTED | {"seen": "3"})
    assert stale.status_code == 409
    assert 'name="seen" value="2"' in stale.text
    with unit_of_work(engine) as uow:
        assert days_of(uow, arrivals.office.units["commune"]) == 2
    for name in ("clerk", "leader"):
        assert client.login(name).post(ADDRESS, data=WANTED).status_code == 403
