"""How often: the same test runs a little in `make test` and a lot in `make soak`.

Mark such a test `@pytest.mark.soak`; figures in release notes come from the large counts.
"""

from __future__ import annotations

import os

from hypothesis import settings

SOAK = os.environ.get("TRINHKY_SOAK") == "1"

settings.register_profile("usual", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("soak", max_examples=5_000, deadline=None)
settings.load_profile("soak" if SOAK else "usual")


def times(usual: int, *, soak: int) -> int:
    """The count for this run."""
    return soak if SOAK else usual
