"""The administrator's list of absences by keyset, on both databases."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine

from tests.support.office import NOON, Office
from workflow.domain.permissions import Scope
from workflow.store import absences
from workflow.store.models import AbsenceRow
from workflow.store.session import unit_of_work


def test_pages_follow_each_other(engine: Engine, office: Office) -> None:
    """The latest first, several of one day, by twos: nothing twice, nothing lost; nobody else's."""
    leader, deputy = office.posts["leader"], office.posts["deputy"]
    days = [NOON.date() + dt.timedelta(days=number // 2) for number in range(5)]
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(
            *(
                AbsenceRow(
                    agency_id=leader.agency_id, post_id=leader.id, deputy_post_id=deputy.id, first_day=day,
                    last_day=day, acts="reading", made_at=NOON, made_by_id=leader.person_id,
                )
                for day in days
            )
        )  # fmt: skip
        uow.commit()
    with unit_of_work(engine) as uow:
        scope = Scope(agency_ids=(leader.agency_id,))
        whole = [one.row.id for one in absences.of_agencies(scope, uow.session)]
        assert len(whole) == absences.count_of_agencies(scope, uow.session) == 5
        seen: list[int] = []
        place = None
        while rows := absences.of_agencies(scope, uow.session, after=place, limit=2):
            seen += [one.row.id for one in rows]
            place = (rows[-1].row.first_day, rows[-1].row.id)
        assert seen == whole
        assert absences.of_agencies(Scope(), uow.session) == []
        assert absences.count_of_agencies(Scope(), uow.session) == 0
