"""A table brought files, its rows were refused, half a year went by: the files go, unless somebody has them too."""

from __future__ import annotations

import datetime as dt
import os
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from schedulers.job import Tools
from schedulers.jobs.housekeeping import clear_tables
from schedulers.runner import run_due
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.office import NOON, Office
from tests.support.statements import statements
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.bulk import KEPT, Act
from workflow.domain.errors import Conflict
from workflow.services.documents.files import keep
from workflow.store.blobs import MARGIN
from workflow.store.models import Blob, BulkItem, BulkRun, Intake
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)
OLD, YOUNG = NOON - KEPT - DAY, NOON - KEPT + DAY
AGE = NOON - 2 * DAY
REFUSED, BOTH, BESIDE = (f"%PDF {name}".encode() for name in ("refused", "in both", "beside a signature"))


@pytest.fixture
def blobs(tools: Tools) -> Blobs:
    """The store of files."""
    return open_blobs(tools.settings.blob_url)


def table(office: Office, blobs: Blobs, *files: bytes, at: dt.datetime, waiting: bool = False) -> list[str]:
    """A run whose rows brought these files and made nothing of them; the hashes."""
    clerk = office.posts["clerk"]
    hashes = [blobs.put(data) for data in files]
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for data, sha256 in zip(files, hashes, strict=True):
            keep(uow, sha256=sha256, size=len(data), now=at)
        run = BulkRun(
            person_id=clerk.person_id, post_id=clerk.id, act=Act.SPREAD, created_at=at,
            once_key=f"{at:%d%m}{hashes[0][:40]}", state="running" if waiting else "done",
            finished_at=None if waiting else at,
        )  # fmt: skip
        uow.add(run)
        uow.flush()
        for place, sha256 in enumerate(hashes, 1):
            uow.add(
                BulkItem(
                    bulk_id=run.id, place=place, version=0, file_sha256=sha256, content={"row": place},
                    state="waiting" if waiting else "refused", finished_at=None if waiting else at, code="",
                )
            )  # fmt: skip
        uow.commit()
    return hashes


def grown_old(tmp_path: Path, *hashes: str) -> None:
    """Put as long ago as their tables."""
    for sha256 in hashes:
        (path,) = (tmp_path / "blobs").rglob(sha256)
        os.utime(path, (OLD.timestamp(), OLD.timestamp()))


def name(engine: Engine, sha256: str, *, began: dt.datetime) -> None:
    """The write phase of somebody's upload of the same file, as an incoming one."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        keep(uow, sha256=sha256, size=len(REFUSED), now=began)
        uow.commit()


def there(tools: Tools, blobs: Blobs, *hashes: str) -> list[bool]:
    """Whether each is stored; a row that names one that is not there would be a loss."""
    with unit_of_work(tools.engine) as uow:
        named = set(uow.session.scalars(select(Blob.sha256).where(Blob.leaving_at.is_(None))))
    assert all(blobs.exists(sha256) for sha256 in named)
    return [blobs.exists(sha256) for sha256 in hashes]


@pytest.mark.parametrize("waiting", [False, True])
def test_files_that_made_no_document_go_with_their_run(
    tools: Tools, office: Office, blobs: Blobs, tmp_path: Path, clock: Hand, *, waiting: bool
) -> None:
    """Refused, or never gone on with; one that a younger table has too stays until that one is cleared."""
    hashes = table(office, blobs, REFUSED, BOTH, at=OLD, waiting=waiting)
    table(office, blobs, BOTH, at=YOUNG)
    grown_old(tmp_path, *hashes)
    run_due(tools, job("housekeeping"))
    assert there(tools, blobs, *hashes) == [False, True]
    with unit_of_work(office.engine) as uow:
        assert list(uow.session.scalars(select(BulkItem.file_sha256))) == [hashes[1]]
        assert len(uow.session.scalars(select(BulkRun.id)).all()) == 1
    clock.now += 3 * DAY
    run_due(tools, job("housekeeping"))
    assert there(tools, blobs, *hashes) == [False, False]
    with unit_of_work(office.engine) as uow:
        assert uow.session.scalars(select(BulkRun.id)).all() == []


def test_what_no_foreign_key_names_stays(tools: Tools, office: Office, blobs: Blobs, tmp_path: Path) -> None:
    """The file beside a detached signature is somebody's document too."""
    [sha256] = table(office, blobs, BESIDE, at=OLD)
    signature = table(office, blobs, b"a signature", at=YOUNG)[0]
    grown_old(tmp_path, sha256)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.add(received(office, sha256=signature, beside=sha256))
        uow.commit()
    run_due(tools, job("housekeeping"))
    assert there(tools, blobs, sha256) == [True]


def test_who_uploads_the_same_file_keeps_it_or_is_told_to_put_it_again(
    tools: Tools, office: Office, blobs: Blobs, tmp_path: Path, clock: Hand
) -> None:
    """Put before and named after the mark: refused. Put again later, it is there to stay."""
    [sha256] = table(office, blobs, REFUSED, at=OLD)
    grown_old(tmp_path, sha256)
    assert clear_tables(tools, blobs, now=NOON, before=AGE) == 1
    with pytest.raises(Conflict, match="file_leaving"):
        name(tools.engine, sha256, began=NOON)
    clock.now += MARGIN + dt.timedelta(minutes=1)
    blobs.put(REFUSED)
    name(tools.engine, sha256, began=clock.now)
    assert clear_tables(tools, blobs, now=clock.now, before=AGE) == 0
    assert there(tools, blobs, sha256) == [True]


def test_the_night_leaves_what_somebody_is_just_naming(
    tools: Tools, office: Office, blobs: Blobs, tmp_path: Path
) -> None:
    """An upload has named the file and not committed. SQLite's night waits and sees that it is wanted, PostgreSQL's
    passes by; the night after lets the table's line go, and the file stays with whoever has it now."""
    [sha256] = table(office, blobs, REFUSED, at=OLD)
    grown_old(tmp_path, sha256)
    cleared: list[int] = []
    night = threading.Thread(target=lambda: cleared.append(clear_tables(tools, blobs, now=NOON, before=AGE)))
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        keep(uow, sha256=sha256, size=len(REFUSED), now=NOON)
        night.start()
        night.join(0.5 if tools.engine.dialect.name == "sqlite" else 30)
        assert night.is_alive() is (tools.engine.dialect.name == "sqlite")
        uow.add(received(office, sha256=sha256))
        uow.commit()
    night.join(30)
    assert cleared == [0]
    assert clear_tables(tools, blobs, now=NOON, before=AGE) == 0
    assert there(tools, blobs, sha256) == [True]
    with unit_of_work(tools.engine) as uow:
        assert uow.session.scalars(select(BulkItem.file_sha256)).all() == [None]


def test_a_batch_reads_each_column_that_names_files_once(
    tools: Tools, office: Office, blobs: Blobs, tmp_path: Path
) -> None:
    """They have no index to be found by (`store.blobs`): one file or forty, the tables are read through once."""
    sent_for = []
    for many in (1, 40):
        files = [f"%PDF {many} {place}".encode() for place in range(many)]
        grown_old(tmp_path, *table(office, blobs, *files, at=OLD))
        with statements(tools.engine) as sent:
            assert clear_tables(tools, blobs, now=NOON, before=AGE) == many
        sent_for.append([statement for statement in sent if "SELECT" in statement])
    assert [kind.split(" IN ")[0] for kind in sent_for[0]] == [kind.split(" IN ")[0] for kind in sent_for[1]]
    assert sum("FROM outgoing" in statement for statement in sent_for[1]) == 1


def received(office: Office, *, sha256: str, beside: str = "") -> Intake:
    """A file that came in."""
    return Intake(
        agency_id=office.units["commune"], sha256=sha256, content_sha256=beside, filename="a.pdf", source="upload",
        received_at=NOON, conclusion="unsigned", checked_at=NOON,
    )  # fmt: skip
