"""The clerk's browser, and arrivals made by the services."""

from __future__ import annotations

import pytest

from tests.support.arrivals import Arrivals
from tests.support.browser import Clock
from tests.support.keys import Keys, founded
from tests.support.office import NOON, Office


@pytest.fixture
def clock() -> Clock:
    """Noon."""
    return Clock(NOON)


@pytest.fixture
def keys(office: Office) -> Keys:
    """A listed root, so that there is something to judge by."""
    return founded(office)


@pytest.fixture
def arrivals(office: Office, keys: Keys) -> Arrivals:
    """Acts by short names."""
    return Arrivals(office)
