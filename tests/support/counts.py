"""How often: the same test runs a little in `make test` and a lot in `make soak`.

Mark such a test `@pytest.mark.soak`; figures in release notes come from the large counts.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings

SOAK = os.environ.get("TRINHKY_SOAK") == "1"

settings.register_profile("usual", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("soak", max_examples=5_000, deadline=None)
settings.load_profile("soak" if SOAK else "usual")


def times(usual: int, *, soak: int) -> int:
    """The count for this run."""
    return soak if SOAK else usual


def on(database: str) -> list[Any]:
    """For `parametrize("database_url", …, indirect=True)`: on this one, in the soak on both. For what has no SQL of
    its own and takes long."""
    both = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
    return both if SOAK else [both[database == "postgresql"]]
