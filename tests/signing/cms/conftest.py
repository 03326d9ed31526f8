"""The same small office as for PDF; its keys and certificates are made once."""

import pytest

from tests.signing.verification.office import Office


@pytest.fixture(scope="session")
def office() -> Office:
    return Office()
