"""Incoming and outgoing documents of the small province."""

from __future__ import annotations

import pytest

from tests.support.arrivals import Arrivals
from tests.support.office import Office
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings


@pytest.fixture
def arrivals(office: Office) -> Arrivals:
    """Papers that come."""
    return Arrivals(office)


@pytest.fixture
def papers(office: Office, settings: Settings) -> Papers:
    """Papers that go."""
    return papers_of(office, open_blobs(settings.blob_url))
