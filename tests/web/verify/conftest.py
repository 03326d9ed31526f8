"""The small province with keys, a file that it issued, and strangers who hold files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.support.browser import Clock
from tests.support.office import NOON, Office
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.services.checking import PUBLIC
from workflow.store.models import Setting
from workflow.store.session import unit_of_work

Open = Callable[..., None]


@pytest.fixture
def clock() -> Clock:
    """Noon, when the revocation lists of the morning are fresh enough."""
    return Clock(NOON)


@pytest.fixture
def papers(office: Office, settings: Settings) -> Papers:
    """The office with keys; nothing is drafted yet."""
    return papers_of(office, open_blobs(settings.blob_url))


@pytest.fixture
def opened(engine: Engine, office: Office) -> Open:
    """`opened()`: the office lets strangers check files; `megabytes` as it likes."""

    def choose(*, megabytes: int = 10) -> None:
        with unit_of_work(engine) as uow:
            uow.begin_write()
            uow.session.merge(Setting(name=PUBLIC, value={"allowed": True, "megabytes": megabytes}))
            uow.commit()

    return choose
