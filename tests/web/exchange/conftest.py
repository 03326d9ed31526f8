"""The small province, and what goes between its two agencies."""

from __future__ import annotations

import pytest

from tests.support.browser import Browser, Clock
from tests.support.exchange import Between
from tests.support.office import NOON, Office
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings


@pytest.fixture
def clock() -> Clock:
    """Noon, like the acts of `post`."""
    return Clock(NOON)


@pytest.fixture
def post(office: Office) -> Between:
    """Papers that need no file."""
    return Between(office)


@pytest.fixture
def papers(office: Office, settings: Settings) -> Papers:
    """The same province with keys, for papers that are signed and read."""
    return papers_of(office, open_blobs(settings.blob_url))


@pytest.fixture(autouse=True)
def english(client: Browser) -> None:
    """Tests read the texts as the code has them; that each has its Vietnamese is a fence's affair."""
    client.set_cookie("trinhky_language", "en")
