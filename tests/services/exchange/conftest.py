"""Two agencies, on either database."""

from __future__ import annotations

import pytest

from tests.support.exchange import Post
from tests.support.office import Office


@pytest.fixture
def post(office: Office) -> Post:
    """The commune, its neighbour and what goes between them."""
    return Post(office)
