"""A small province with a clock that is set by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from schedulers.job import Tools
from tests.schedulers.stamped import World, opened
from tests.support.office import NOON, Office, build
from workflow.adapters import timestamps as adapter
from workflow.config import Settings


@dataclass(slots=True)
class Hand:
    """A wall clock moved by the test."""

    now: dt.datetime = NOON

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def office(engine: Engine) -> Office:
    """Everybody in post, on SQLite and on PostgreSQL."""
    return build(engine)


@pytest.fixture
def clock() -> Hand:
    """Monday 23 November 2026, noon."""
    return Hand()


@pytest.fixture
def tools(engine: Engine, database_url: str, clock: Callable[[], dt.datetime], tmp_path: Path) -> Tools:
    """What a scheduler process works with, without a mail server."""
    settings = Settings(database_url=database_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 32)
    return Tools(engine, settings, clock)


@pytest.fixture
def world(tools: Tools, office: Office, clock: Hand) -> Iterator[World]:
    with opened(tools, office, clock) as made:
        yield made


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits two minutes in a test."""
    monkeypatch.setattr(adapter, "SECONDS", 0.5)
    monkeypatch.setattr(adapter.TimestampAuthority, "__init__", _hurried_init)


def _hurried_init(self: adapter.TimestampAuthority, url: str, seconds: float = 0.5) -> None:
    object.__setattr__(self, "url", url)
    object.__setattr__(self, "seconds", seconds)
