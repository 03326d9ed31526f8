"""Engines that are used again, each time for another database.

What SQLAlchemy has once compiled stays with its engine; with a new engine for each test the same few hundred
statements are compiled again for each. Connections are not kept: the pool is emptied when an engine comes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Engine, event, make_url

from workflow.store.session import make_engine


@dataclass(slots=True)
class _Kept:
    """An engine and the database that its connections go to."""

    engine: Engine
    url: URL


_free: dict[tuple[str, bool], list[_Kept]] = {}


@contextmanager
def lent(url: str, *, durable: bool = True) -> Iterator[Engine]:
    """An engine for this database as `make_engine` makes it; nobody else has it meanwhile."""
    to = make_url(url)
    waiting = _free.setdefault((to.drivername, durable), [])
    kept = waiting.pop() if waiting else _made(to, durable=durable)
    kept.url = kept.engine.url = to
    yield kept.engine
    kept.engine.dispose()
    waiting.append(kept)


def _made(url: URL, *, durable: bool) -> _Kept:
    kept = _Kept(make_engine(url.render_as_string(hide_password=False), durable=durable), url)

    @event.listens_for(kept.engine, "do_connect")
    def _lead(dialect: Any, _record: object, arguments: Any, named: dict[str, Any]) -> None:
        arguments[:], names = dialect.create_connect_args(kept.url)
        named.update(names)

    return kept
