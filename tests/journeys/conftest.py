"""A town, a Chromium, and people who sit down at it; whoever hears a console message fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support import live, seats
from tests.support.live import Town
from tests.support.seats import Seats


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One for each file."""
    with seats.chromium() as browser:
        yield browser


@pytest.fixture
def town(sqlite_template: Path, tmp_path: Path) -> Iterator[Town]:
    """A town of one's own."""
    with live.running(sqlite_template, tmp_path) as made:
        yield made


@pytest.fixture
def people(town: Town, chromium: Browser) -> Iterator[Seats]:
    """Places to sit; at the end everything must have been quiet."""
    made = Seats(town, chromium)
    yield made
    made.close()
    made.assert_quiet()
