"""The small province with acts on dossiers by short names."""

from __future__ import annotations

import pytest

from tests.support.browser import Clock
from tests.support.dossiers import Dossiers
from tests.support.office import NOON, Office


@pytest.fixture
def clock() -> Clock:
    """Noon of the day on which the office of the tests lives."""
    return Clock(NOON)


@pytest.fixture
def made(office: Office) -> Dossiers:
    """Plans and dossiers."""
    return Dossiers(office)
