"""A small province on either database."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.support.office import Office, build


@pytest.fixture
def office(engine: Engine) -> Office:
    """Everybody in post, on SQLite and on PostgreSQL."""
    return build(engine)
