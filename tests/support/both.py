"""Pages on both databases, where it matters how they ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support import engines
from workflow.config import Settings


class OnBoth:
    """A class of tests whose browser asks a service on SQLite, then one on PostgreSQL."""

    @pytest.fixture
    def engine(self, database_url: str) -> Iterator[Engine]:
        """A database of either kind."""
        with engines.lent(database_url) as made:
            yield made

    @pytest.fixture
    def settings(self, database_url: str, tmp_path: Path) -> Settings:
        """A service on it."""
        return Settings(database_url=database_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40)
