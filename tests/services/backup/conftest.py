"""One office, saved once; tests copy its folder before they damage it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support import saved
from workflow.adapters.backup_folder import BackupFolder
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.services.backup.making import Made
from workflow.store.session import make_engine


@dataclass(frozen=True, slots=True)
class Saved:
    """An office on SQLite, its files, and a backup of both."""

    engine: Engine
    blobs: Blobs
    folder: BackupFolder
    made: Made


@pytest.fixture(scope="package")
def saved_office(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Saved]:
    """Not to be changed."""
    place = tmp_path_factory.mktemp("saved")
    shutil.copyfile(sqlite_template, place / "office.db")
    engine = make_engine(f"sqlite:///{place / 'office.db'}", durable=False)
    blobs = open_blobs(str(place / "blobs"), durable=False)
    saved.live(engine, blobs)
    folder = BackupFolder(place / "backup")
    yield Saved(engine, blobs, folder, saved.back_up(engine, folder, blobs))
    engine.dispose()


@pytest.fixture
def folder(saved_office: Saved, tmp_path: Path) -> BackupFolder:
    """A copy of the backup, to be damaged."""
    shutil.copytree(saved_office.folder.root, tmp_path / "backup")
    return BackupFolder(tmp_path / "backup")
