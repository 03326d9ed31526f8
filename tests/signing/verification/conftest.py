"""One office for all tests of a run: its keys and certificates are made once."""

import pytest

from tests.signing.verification.office import Office


@pytest.fixture(scope="session")
def office() -> Office:
    return Office()
