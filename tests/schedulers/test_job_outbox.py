"""The job `outbox`: what waits is sent, or left to be read in the app where no server is configured."""

from __future__ import annotations

from sqlalchemy import select

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from tests.support.office import NOON, Office
from tests.support.told import told
from workflow.services.outbox import Note, queue
from workflow.store import outbox as store
from workflow.store.models import Outbox
from workflow.store.session import unit_of_work


def test_without_a_server_messages_are_for_reading_here(tools: Tools, office: Office) -> None:
    """They do not pile up to be sent all at once when a server is configured one day."""
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        queue(uow, Note(cause="a", what=told(), address="vp@example.gov.vn"), now=NOON)
        uow.commit()
    assert run_due(tools, job("outbox")) == {"2026-11-23T12:00": Outcome.DONE}
    with unit_of_work(tools.engine) as uow:
        message = uow.session.scalars(select(Outbox)).one()
        assert store.counts(uow.session) == {"here": 1}
    assert (message.state, message.error, message.attempts) == ("failed", store.NO_SERVER, 1)
