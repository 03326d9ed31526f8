"""A forgotten file is put again just while the night clears it away: it survives, or nobody names it."""

from __future__ import annotations

import datetime as dt
import os
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from schedulers.job import Tools
from schedulers.jobs.housekeeping import clear_files
from schedulers.runner import run_due
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.office import NOON, Office
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.errors import Conflict
from workflow.services.documents.files import keep
from workflow.store.blobs import MARGIN
from workflow.store.models import Blob
from workflow.store.session import unit_of_work

DATA = b"a draft that was given up"
OLD = NOON - dt.timedelta(days=9)
AGE = NOON - dt.timedelta(days=2)


@pytest.fixture
def blobs(tools: Tools, tmp_path: Path) -> Blobs:
    """One file that no row names, nine days old."""
    found = open_blobs(tools.settings.blob_url)
    (path,) = (tmp_path / "blobs").rglob(found.put(DATA))
    os.utime(path, (OLD.timestamp(), OLD.timestamp()))
    return found


def put_and_name(tools: Tools, blobs: Blobs, *, began: dt.datetime) -> str:
    """What an upload does: bytes first, then the row."""
    sha256 = blobs.put(DATA)
    name(tools, sha256, began=began)
    return sha256


def name(tools: Tools, sha256: str, *, began: dt.datetime) -> None:
    """The write phase of an upload."""
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        keep(uow, sha256=sha256, size=len(DATA), now=began)
        uow.commit()


class Between(Blobs):
    """A store that lets something happen just before, or just after, the collector deletes."""

    def __init__(self, blobs: Blobs, *, before: object = None, after: object = None) -> None:
        super().__init__(blobs._store, blobs._folder)
        self.before, self.after = before, after

    def delete_orphan(self, sha256: str) -> None:
        """Delete, with somebody's hand in it."""
        if callable(self.before):
            self.before()
        super().delete_orphan(sha256)
        if callable(self.after):
            self.after()


def whole(tools: Tools, blobs: Blobs) -> None:
    """What must always hold: no row names a file that is not there."""
    with unit_of_work(tools.engine) as uow:
        for sha256 in uow.session.scalars(select(Blob.sha256).where(Blob.leaving_at.is_(None))):
            assert blobs.get(sha256) == DATA


def test_named_just_before_it_is_marked_it_stays(tools: Tools, office: Office, blobs: Blobs) -> None:
    """The list of orphans was drawn up earlier; the mark finds the row."""
    orphans = list(blobs.orphans(lambda _some: set(), older_than=AGE))
    sha256 = put_and_name(tools, blobs, began=NOON)
    blobs.orphans = lambda *_known, **_age: iter(orphans)  # type: ignore[method-assign]
    assert clear_files(tools, blobs, before=AGE) == 0
    assert orphans == [sha256]
    whole(tools, blobs)
    assert blobs.exists(sha256)


def test_put_before_and_named_after_the_deletion_is_refused(
    tools: Tools, office: Office, blobs: Blobs, clock: Hand
) -> None:
    """The one way to lose a file: its bytes were "there already" when they were put. Naming it is refused, also
    while it is being deleted; put again two minutes later it is there to stay.
    """
    refused: list[str] = []

    def put_only() -> None:
        refused.append(blobs.put(DATA))
        with pytest.raises(Conflict, match="file_leaving"):
            name(tools, refused[0], began=NOON)

    assert clear_files(tools, Between(blobs, before=put_only), before=AGE) == 1
    (sha256,) = refused
    assert not blobs.exists(sha256)
    with pytest.raises(Conflict, match="file_leaving"):
        name(tools, sha256, began=NOON)
    whole(tools, blobs)
    clock.now += MARGIN + dt.timedelta(minutes=1)
    assert put_and_name(tools, blobs, began=clock.now) == sha256
    whole(tools, blobs)
    assert clear_files(tools, blobs, before=AGE) == 0


def test_put_again_after_the_list_was_drawn_up_it_stays(tools: Tools, office: Office, blobs: Blobs) -> None:
    """Putting makes a file young again; its age is asked for once more after the mark."""
    orphans = list(blobs.orphans(lambda _some: set(), older_than=AGE))
    sha256 = blobs.put(DATA)
    blobs.orphans = lambda *_known, **_age: iter(orphans)  # type: ignore[method-assign]
    assert clear_files(tools, blobs, before=AGE) == 0
    name(tools, sha256, began=NOON)
    whole(tools, blobs)
    assert blobs.exists(sha256)


def test_many_at_once(tools: Tools, office: Office, blobs: Blobs, tmp_path: Path) -> None:
    """Collector and uploads as they come, without any order: what is named is there."""
    named: list[str] = []
    refused: list[str] = []

    def upload() -> None:
        for _turn in range(5):
            try:
                named.append(put_and_name(tools, open_blobs(tools.settings.blob_url), began=NOON))
            except Conflict as told:
                refused.append(told.code)

    threads = [threading.Thread(target=upload) for _number in range(3)]
    threads.append(threading.Thread(target=lambda: clear_files(tools, blobs, before=AGE)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(named) + len(refused) == 15
    assert set(refused) <= {"file_leaving"}
    whole(tools, blobs)


def test_a_collector_that_was_killed_is_finished_the_next_night(
    tools: Tools, office: Office, blobs: Blobs, clock: Hand
) -> None:
    """Between the mark and the deletion: nobody can name the file until the next run has taken it away."""
    killed = Between(blobs, before=_die)
    with pytest.raises(KeyboardInterrupt):
        clear_files(tools, killed, before=AGE)
    sha256 = blobs.put(DATA)
    with pytest.raises(Conflict, match="file_leaving"):
        name(tools, sha256, began=NOON)
    run_due(tools, job("housekeeping"))
    clock.now += dt.timedelta(hours=1)
    put_and_name(tools, blobs, began=clock.now)
    whole(tools, blobs)


def _die() -> None:
    raise KeyboardInterrupt
