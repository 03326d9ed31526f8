"""Start things as a person would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.family import Family, watched


@pytest.fixture
def family() -> Iterator[Family]:
    """Ends what a failed test leaves."""
    with watched() as made:
        yield made
