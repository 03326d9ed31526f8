"""One demo province a run, made by whichever test process asks first, as `trinhky demo --only-seed` lays it out."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support import counts
from tests.support.family import Family, watched
from workflow.commands import demo as door
from workflow.config import Settings
from workflow.demo import seed
from workflow.store import migrate
from workflow.store.session import UnitOfWork, make_engine

DAY = dt.date(2026, 11, 23)
EVERY = counts.times(4, soak=1)
"""Of the older papers that have no story, each so many."""
WRITTEN = counts.times(260, soak=450)
"""Papers that the offices write themselves, at least. The plans of a whole province are counted without it
(`test_mondays_and_the_days_of_reports_are_busy`)."""
MADE = WRITTEN + 180


@dataclass(frozen=True, slots=True)
class Province:
    """`var` is what `trinhky demo --var` takes; tests only read it, or work on a copy."""

    var: Path

    @property
    def settings(self) -> Settings:
        """As the demo's own processes get them."""
        folder = self.var / "demo"
        return Settings(
            database_url=f"sqlite:///{folder / 'trinhky.db'}",
            blob_url=str(folder / "blobs"),
            secret_key="x" * 40,
            demo=True,
        )

    def copied_to(self, var: Path) -> Province:
        """Another one to change: files of documents are never changed and may be shared."""
        shutil.copytree(self.var / "demo" / "blobs", var / "demo" / "blobs", copy_function=os.link)
        shutil.copytree(
            self.var, var, dirs_exist_ok=True, ignore=lambda _folder, names: set(names) & {"blobs", "running.lock"}
        )
        return Province(var)


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Province:
    """Seeded once for all processes and steps of the run, with progress that only grows."""
    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent
    base = Path(os.environ.get("TRINHKY_TESTS_SHARED", base))
    made = Province(base / "province")
    with (base / "province.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made.var / "demo" / door.SEEDED).exists():
            _make(made)
    return made


def _make(province: Province) -> None:
    shutil.rmtree(province.var, ignore_errors=True)
    (province.var / "demo" / "blobs").mkdir(parents=True)
    migrate.upgrade(province.settings.database_url)
    seen: list[tuple[int, int]] = []
    seed.run(
        province.settings, day=DAY, fresh=True, progress=lambda done, total: seen.append((done, total)), every=EVERY
    )
    assert seen[-1][0] == seen[-1][1] >= MADE
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    note = {"day": DAY.isoformat(), "layout": door.LAYOUT}
    (province.var / "demo" / door.SEEDED).write_text(json.dumps(note))


@pytest.fixture
def engine(province: Province) -> Iterator[Engine]:
    """On the province that all share: for reading."""
    made = make_engine(province.settings.database_url)
    yield made
    made.dispose()


@pytest.fixture
def uow(engine: Engine) -> Iterator[UnitOfWork]:
    """Reads the province."""
    made = UnitOfWork(engine)
    yield made
    made.close()


@pytest.fixture
def family() -> Iterator[Family]:
    """A started demo with all its processes; ends what a failed test leaves."""
    with watched() as made:
        yield made
