"""A standing inspector's look is written on both databases, once for a file asked for in pieces, and for good."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError

from tests.support.inspecting import Teams
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.inspections import Look
from workflow.domain.permissions import scope_of
from workflow.services.inspections import standing
from workflow.services.journal import verify_subject
from workflow.store import standing_looks as store
from workflow.store.models import StandingLook
from workflow.store.session import unit_of_work


def test_written_once_and_for_good(office: Office, engine: Engine) -> None:
    """Table and chain; whose leaders are told; nothing of it is changed afterwards."""
    Teams(office).below()
    (paper,) = add_issued(office, issued_row(office, unit="far_office"))
    far, actor = office.units["far"], office.actor("inspector")
    scope = scope_of(office.posts["inspector"], units_below=(), agencies_below=(far,))
    assert scope.no_secrets
    for seconds, new in ((0, True), (20, False), (61, True)):
        with unit_of_work(engine) as uow:
            noted = standing.note_look(
                uow, actor, scope, kind=Look.FILE, subject=f"outgoing:{paper}", named=[f"outgoing:{paper}"],
                page=f"/outgoing/{paper}/content", now=NOON + dt.timedelta(seconds=seconds),
            )  # fmt: skip
            assert noted is new
            uow.commit()
    with unit_of_work(engine) as uow:
        rows = uow.session.scalars(select(StandingLook).order_by(StandingLook.id)).all()
        assert [(row.agency_id, row.of_id, row.person_id) for row in rows] == [
            (far, office.units["commune"], actor.person_id)
        ] * 2
        assert verify_subject(uow, f"looks:{far}").broken is None
        told = {name: store.told_to(office.actor(name), uow.session) for name in ("far_leader", "leader", "clerk")}
        assert told["clerk"] is None
        for name, count in (("far_leader", 2), ("leader", 0)):
            condition = told[name]
            assert condition is not None
            assert len(store.listed(condition, uow.session)) == count, name
    with unit_of_work(engine) as uow:
        uow.begin_write()
        with pytest.raises(DatabaseError):
            uow.session.execute(text("UPDATE standing_look SET page = 'x'"))
