"""Incoming documents in the small province."""

from __future__ import annotations

import pytest

from tests.support.arrivals import Arrivals
from tests.support.office import Office


@pytest.fixture
def arrivals(office: Office) -> Arrivals:
    """Acts by short names, on either database."""
    return Arrivals(office)
