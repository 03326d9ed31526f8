"""The job `settle`: a signature that waited for a revocation list is decided by the next one."""

from __future__ import annotations

import datetime as dt

import pytest

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from tests.services.test_signing_road import MORNING, Road
from tests.support.keys import founded
from tests.support.office import NOON, Office
from workflow.adapters.blobs import open_blobs
from workflow.domain.outgoing import State


@pytest.fixture
def road(tools: Tools, office: Office) -> Road:
    """The office of the scheduler's database, with a leader's key."""
    keys = founded(office)
    keys.issue("leader")
    keys.enrol("leader")
    keys.publish(at=MORNING - dt.timedelta(days=2))
    return Road(office, keys, open_blobs(tools.settings.blob_url))


def test_a_waiting_signature_is_decided_by_a_fresh_list(tools: Tools, road: Road) -> None:
    """Nothing happens without one; with one the document moves, once."""
    document_id = road.awaiting()
    assert road.sign("leader", "leader", road.keys.held["leader"], document_id).conclusion == "indeterminate"
    road.keys.publish(at=NOON - dt.timedelta(minutes=5))
    assert set(run_due(tools, job("settle")).values()) == {Outcome.DONE}
    assert road.document(document_id).state == State.SIGNED
