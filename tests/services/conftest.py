"""A small province on either database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.office import Office, build
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs


@pytest.fixture
def office(engine: Engine) -> Office:
    """Everybody in post, on SQLite and on PostgreSQL."""
    return build(engine)


@pytest.fixture
def papers(office: Office, tmp_path: Path) -> Papers:
    """The same with keys: drafts have real files, papers are signed and sealed."""
    return papers_of(office, open_blobs(str(tmp_path / "blobs")))
