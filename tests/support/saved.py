"""A small office with everything in it that a backup must bring back, and what two databases hold, side by side."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select, text

from tests.support import lived
from tests.support.office import NOON
from tests.support.papers import papers_of
from workflow.adapters.backup_folder import BackupFolder
from workflow.adapters.blobs import Blobs
from workflow.domain.backup import Manifest, written
from workflow.services.backup import making
from workflow.store.base import Base
from workflow.store.models import Outbox, Passkey, Setting
from workflow.store.session import unit_of_work

ODD = "Nguyễn 'Văn' \"A\" \\ \t\n \u2028 \x7f 🖋 e\u0302\u0323 ệ"
"""Quotes, a backslash, marks apart and together, what JSON escapes, what lies beyond 16 bits."""


def live(engine: Engine, blobs: Blobs) -> None:
    """The office of `tests.support.lived`, a paper with its three signatures, and values that are easy to lose."""
    office = lived.Lived(engine, blobs)
    papers = papers_of(office.office, blobs)
    issued = papers.issued(subject="V/v sao lưu dữ liệu")
    assert issued
    office.on_the_road()
    office.with_clocks()
    office.between_offices()
    office.a_reply()
    office.files()
    office.people()
    with unit_of_work(engine) as uow:
        uow.begin_write()
        late = dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC)
        uow.add(
            Setting(name="odd", value={"words": ODD, "z": 1, "a": [1.5, None, 2**60], "half": 0.1}),
            Passkey(account_id=1, credential_id=bytes(range(256)), public_key=b"\0\0", label=ODD, created_at=NOON),
            Outbox(once_key="odd", channel="app", subject=ODD, body="", created_at=late, next_at=NOON),
        )  # fmt: skip
        uow.flush()
        gone = Outbox(once_key="gone", channel="app", subject="", body="", created_at=NOON, next_at=NOON)
        uow.add(gone)
        uow.flush()
        uow.session.delete(gone)
        uow.commit()


def back_up(
    engine: Engine, folder: BackupFolder, blobs: Blobs, *, now: dt.datetime = NOON, **how: Any
) -> making.Made:
    """As the doors do."""
    with unit_of_work(engine) as uow:
        return making.make(uow, folder=folder, blobs=blobs, now=now, **how)


def held(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table as the program reads it, without the rows of search, in the order of its values."""
    with engine.connect() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for name, table in Base.metadata.tables.items()
            if name != "search_text"
        }


def counted(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with engine.connect() as connection:
        asked = {name: select(func.count()).select_from(table) for name, table in Base.metadata.tables.items()}
        return {name: connection.scalar(query) or 0 for name, query in asked.items()}


def texts_of_json(engine: Engine) -> list[str]:
    """JSON columns as the text that stands in them: reports are compared by digests over it."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT CAST(value AS TEXT) FROM setting ORDER BY name"))
        return [str(row[0]) for row in rows]


def contents(manifest: Manifest) -> dict[str, tuple[int, str]]:
    """Rows and their sum, by table: the same for the same rows on whichever database."""
    return {one.name: (one.rows, one.content) for one in manifest.tables}


def table_file(folder: BackupFolder, name: str, table: str) -> Path:
    """Where the rows of a table lie."""
    return folder.root / name / "tables" / f"{table}.jsonl.gz"


def stored_file(folder: BackupFolder, name: str) -> Path:
    """Where a stored file lies."""
    return folder.root / "files" / name[:2] / name[2:4] / name


def rewritten(
    folder: BackupFolder, manifest: Manifest, table: str, change: Callable[[list[bytes]], list[bytes]]
) -> Manifest:
    """The backup with other rows in a table and a list of contents that says so: what no hash can find."""
    place = table_file(folder, manifest.name, table)
    names, *rows = gzip.decompress(place.read_bytes()).splitlines(keepends=True)
    lines = [names, *change(rows)]
    packed, content = gzip.compress(b"".join(lines)), b"".join(lines)
    place.write_bytes(packed)
    sums = tuple(
        replace(one, rows=len(lines) - 1, size=len(packed), sha256=sha256(packed).hexdigest(),
                content=sha256(content).hexdigest()) if one.name == table else one
        for one in manifest.tables
    )  # fmt: skip
    made = replace(manifest, tables=sums)
    (folder.root / manifest.name / "manifest.json").write_bytes(written(made))
    return made
