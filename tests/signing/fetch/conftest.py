"""The same small office; its issuing authority publishes on `ca.example.vn`."""

import pytest

from tests.signing.verification.office import Office


@pytest.fixture(scope="session")
def office() -> Office:
    return Office()
