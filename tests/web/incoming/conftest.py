"""The small province at noon, and incoming documents in any state: `arrivals.directed()`."""

from __future__ import annotations

import pytest

from tests.support.arrivals import Arrivals
from tests.support.browser import Clock
from tests.support.office import NOON, Office


@pytest.fixture
def clock() -> Clock:
    """Noon, when the arrivals come in."""
    return Clock(NOON)


@pytest.fixture
def arrivals(office: Office, clock: Clock) -> Arrivals:
    """Acts by short names; the application's clock goes with them."""
    return Arrivals(office)
