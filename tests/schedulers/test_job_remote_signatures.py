"""The job `remote_signatures`: nobody's page is open, and what was approved is signed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.far import Far
from tests.support.office import Office
from tests.support.papers import papers_of
from tests.support.remote_services import SmartCa, running
from workflow.adapters.blobs import open_blobs
from workflow.domain.outgoing import State


def test_what_was_approved_is_signed_without_a_page(
    tools: Tools, office: Office, clock: Hand, tmp_path: Path
) -> None:
    """Sent by the clock, asked for by the clock; with a broken setting the line fails, and the next goes on."""
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    with running(SmartCa(papers.keys.held["leader"], "0901234567")) as service:
        far = Far(papers, service)
        document = papers.awaiting()
        first = far.begin(document)
        settings = dataclasses.replace(tools.settings, remote_signing=json.dumps([service.setting]))
        working = dataclasses.replace(tools, settings=settings)
        broken = dataclasses.replace(tools, settings=dataclasses.replace(settings, remote_signing="{"))
        _minute(working, clock)
        assert far.states(first) == ["waiting"]
        service.approve()
        assert _minute(broken, clock) == {Outcome.FAILED}
        service.silent = True
        _minute(working, clock)
        assert far.states(first) == ["waiting"]
        assert far.row(first).trouble
        service.silent = False
        assert _minute(working, clock) == {Outcome.DONE}
        assert far.states(first) == ["done"]
        assert papers.row(document).state == State.SIGNED
        assert service.times("/sign") == 1


def _minute(tools: Tools, clock: Hand) -> set[Outcome]:
    clock.now += dt.timedelta(minutes=1)
    return set(run_due(tools, job("remote_signatures")).values())
