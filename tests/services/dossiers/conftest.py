"""An office that opens dossiers, on either database."""

from __future__ import annotations

import pytest

from tests.support.dossiers import Dossiers
from tests.support.office import Office


@pytest.fixture
def made(office: Office) -> Dossiers:
    """Acts by short names."""
    return Dossiers(office)
