"""Start things as a person would."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator

import pytest

from tests.support.family import Family


@pytest.fixture
def family() -> Iterator[Family]:
    """Ends what a failed test leaves."""
    made = Family()
    yield made
    for pid in made.members():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for launcher in made.launchers:
        launcher.communicate()
