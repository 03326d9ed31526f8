"""Three offices of the demo do what somebody should look at again: the signs find exactly them."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.demo.conftest import DAY
from workflow.demo.province import agencies
from workflow.domain.anomalies import Sign, standing_out, tally
from workflow.domain.periods import span
from workflow.domain.permissions import Scope
from workflow.services import anomalies
from workflow.store.models import Unit
from workflow.store.session import UnitOfWork

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

WANTED = {
    "yenvien": {Sign.FOREIGN_DEVICE, Sign.TOO_FAST},
    "quangtrung": {Sign.CLOSED_BEFORE_DUE, Sign.EXTENDED_AFTER_DUE},
    "vanphu": {Sign.REGISTERED_LATE, Sign.EXEMPTIONS, Sign.SEAL_WITHOUT_LEADER},
}


@pytest.mark.parametrize("days", [180, 90])
def test_exactly_three_offices_stand_out(uow: UnitOfWork, days: int) -> None:
    """Each by its own signs, over the half-year and over what the page shows first; no other office by any."""
    codes = {one.code: one.key for one in agencies()}
    units = {row.id: codes[row.code] for row in uow.session.scalars(select(Unit).where(Unit.code.in_(codes)))}
    period = span(DAY - dt.timedelta(days=days - 1), DAY)
    found, limits = anomalies.find(uow, Scope(agency_ids=tuple(units)), period)
    out = {units[key]: set(standing_out(counts, limits)) for key, counts in tally(found).items()}
    assert {key: signs for key, signs in out.items() if signs} == WANTED


def test_the_forty_are_named_with_their_device(uow: UnitOfWork) -> None:
    """Forty signatures in two minutes in the clerk's browser, none of the papers opened."""
    agency = uow.session.scalars(select(Unit.id).where(Unit.name == "Ủy ban nhân dân xã Yên Viễn")).one()
    found, _limits = anomalies.find(uow, Scope(agency_ids=(agency,)), span(DAY - dt.timedelta(days=30), DAY))
    fast = [one for one in found if one.sign is Sign.TOO_FAST]
    assert len(fast) == len([one for one in found if one.sign is Sign.FOREIGN_DEVICE]) == 40
    assert {one.facts["seen"] for one in fast} == {None}
    assert max(one.facts["a_minute"] for one in fast) == 20
