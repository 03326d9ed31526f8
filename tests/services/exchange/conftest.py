"""Two agencies, on either database."""

from __future__ import annotations

import pytest

from tests.support.exchange import Between
from tests.support.office import Office


@pytest.fixture
def post(office: Office) -> Between:
    """The commune, its neighbour and what goes between them."""
    return Between(office)
