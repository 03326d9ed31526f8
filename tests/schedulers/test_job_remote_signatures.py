"""The job `remote_signatures`: nobody's page is open, and what was approved is signed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from functools import partial
from pathlib import Path

from sqlalchemy import select

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.far import Far
from tests.support.office import Office
from tests.support.papers import Papers, papers_of
from tests.support.remote_services import SmartCa, running
from workflow.adapters.blobs import open_blobs
from workflow.domain.notices import REMOTE
from workflow.domain.outgoing import State
from workflow.services.signing import remote
from workflow.store.models import Outbox, SigningObstacle
from workflow.store.session import unit_of_work


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


def _notices(papers: Papers) -> list[tuple[str | None, dict[str, object], str]]:
    with unit_of_work(papers.office.engine) as uow:
        person = papers.office.posts["leader"].person_id
        query = select(Outbox).where(Outbox.person_id == person, Outbox.code.in_(REMOTE)).order_by(Outbox.id)
        return [(row.code, dict(row.params or {}), row.link) for row in uow.session.scalars(query)]


ENDS: dict[str, dict[str, object]] = {
    "refused": {"how": "refused"},
    "wrong": {"how": "wrong_pin"},
    "expired": {"how": "expired"},
    "forgotten": {"how": "unreachable"},
    "shown": {},
    "taken_back": {},
    "spoilt": {"done": 0, "left": 1},
    "approved": {"done": 1},
}
"""What becomes of a request, and what a notice says of it beside service and count; of some nothing."""


def test_whoever_closed_the_page_is_told_how_it_ended(tools: Tools, office: Office, clock: Hand) -> None:
    """Signed, refused, a wrong code, too late, not reached: each once, a minute after the end; not where the page
    showed it, nor what was taken back; why is among the reasons that a document is unsigned."""
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    with running(SmartCa(papers.keys.held["leader"], "0901234567")) as service:
        far, document, leader = Far(papers, service), papers.awaiting(), office.actor("leader")
        settings = dataclasses.replace(tools.settings, remote_signing=json.dumps([service.setting]))
        working = dataclasses.replace(tools, settings=settings)
        told: list[tuple[str | None, dict[str, object], str]] = []
        for ends, said in ENDS.items():
            far.now = clock.now
            request = far.begin(document)
            _minute(working, clock)
            if ends == "taken_back":
                far.do(partial(remote.cancel, actor=leader, request_id=request, now=clock.now))
            elif ends == "forgotten":
                service.forget()
            elif ends in {"spoilt", "approved"}:
                service.spoil = (lambda made: dict.fromkeys(made, bytes(64))) if ends == "spoilt" else None
                service.approve()
            else:
                service.latest.state = "refused" if ends == "shown" else ends
            _minute(working, clock)
            assert _notices(papers) == told
            if ends == "shown":
                far.do(partial(remote.seen, actor=leader, request_id=request, now=clock.now))
            if said:
                facts: dict[str, object] = {"service": service.title, "count": 1, **said}
                told.append(
                    ("remote_ended" if "how" in said else "remote_signed", facts, f"/sign/remote/{request}")
                )
            for _again in range(2):
                _minute(working, clock)
                assert _notices(papers) == told
    with unit_of_work(office.engine) as uow:
        met = set(uow.session.scalars(select(SigningObstacle.kind)))
    assert met == {"cancelled", "pin_failed", "timed_out", "provider_unreachable", "other"}


def _minute(tools: Tools, clock: Hand) -> set[Outcome]:
    clock.now += dt.timedelta(minutes=1)
    return set(run_due(tools, job("remote_signatures")).values())
