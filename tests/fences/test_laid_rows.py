"""An office whose rows were laid down again is the one that was made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from tests.support import engines, laid
from tests.support.office import build
from tests.support.papers import papers_of
from workflow.adapters.blobs import open_blobs
from workflow.store.base import Base
from workflow.store.models import Person
from workflow.store.session import unit_of_work


@pytest.fixture
def another(
    engine: Engine, request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> Iterator[Engine]:
    """A second database of the same kind."""
    if engine.dialect.name == "sqlite":
        shutil.copyfile(sqlite_template, tmp_path / "another.db")
        with engines.lent(f"sqlite:///{tmp_path / 'another.db'}") as made:
            yield made
    else:
        with request.getfixturevalue("postgresql_lending").lent() as url, engines.lent(url) as made:
            yield made


def held(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table."""
    with engine.connect() as connection:
        return {
            name: sorted(map(str, connection.execute(select(table))))
            for name, table in Base.metadata.tables.items()
        }


def next_person(engine: Engine) -> int:
    """The key that the next person gets."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        person = Person(full_name="Người Mới", email="")
        uow.add(person)
        uow.commit()
        return person.id


def test_rows_laid_down_again_are_those_that_were_made(
    engine: Engine, another: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row for row, what is said of them, and the next key."""
    monkeypatch.setattr(laid, "_kept", {})
    first, second = build(engine), build(another)
    made, again = papers_of(first, open_blobs(str(tmp_path))), papers_of(second, open_blobs(str(tmp_path)))
    assert held(another) == held(engine)
    assert (second.posts, second.names, second.units) == (first.posts, first.names, first.units)
    assert again.keys.held.keys() == made.keys.held.keys()
    assert again.keys.office is second
    assert next_person(another) == next_person(engine)


def test_a_database_that_holds_people_is_filled_anew(engine: Engine) -> None:
    """Nothing is laid down over what is there."""
    laid.laid(engine, "a person", lambda: next_person(engine))
    laid.laid(engine, "a person", lambda: next_person(engine))
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Person)) == 2
