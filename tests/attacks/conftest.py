"""The small province with keys behind the whole application; what leaks or falls over is a hole."""

from __future__ import annotations

import pytest

from tests.support.browser import Clock
from tests.support.office import NOON, Office
from tests.support.papers import Papers, papers_of
from tests.web.conftest import app, client, engine, more, office, settings
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings

__all__ = ["app", "client", "engine", "more", "office", "settings"]


@pytest.fixture
def clock() -> Clock:
    """Noon, when the revocation lists of the morning are fresh enough."""
    return Clock(NOON)


@pytest.fixture
def papers(office: Office, settings: Settings) -> Papers:
    """The office with keys; nothing is drafted yet."""
    return papers_of(office, open_blobs(settings.blob_url))
