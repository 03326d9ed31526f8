"""A drill: the newest backup is put into a database that is thrown away, and everything that can be compared is.

What it finds is told one by one. It writes nothing into the backup and does not need the program's own database.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from workflow.adapters.backup_folder import BackupFolder
from workflow.domain.backup import BackupError, Finding, Flaw, Manifest
from workflow.domain.journal import Entry, verify_chain
from workflow.services.backup.checking import damages, manifest_of, newest
from workflow.services.backup.making import Stopping, go_on
from workflow.services.backup.restoring import differing, fill
from workflow.store import backup as store
from workflow.store.session import Engine, make_engine

MOST = 100
"""Findings that are kept: who has so many does not need the next one."""

MOST_ROWS = 6
"""Rows that are told for one file."""

OF_FILES = frozenset({Flaw.FILE_MISSING, Flaw.FILE_CHANGED, Flaw.SOURCE_MISSING, Flaw.SOURCE_CHANGED})

REFUSALS = {
    "backup_list_changed": Flaw.LIST_CHANGED,
    "backup_of_another_format": Flaw.OTHER_VERSION,
    "backup_of_another_version": Flaw.OTHER_VERSION,
    "backup_not_found": Flaw.NONE_WHOLE,
    "backup_columns_differ": Flaw.NOT_LOADED,
    "backup_rows_refused": Flaw.NOT_LOADED,
    "backup_table_unreadable": Flaw.NOT_LOADED,
    "backup_rows_differ": Flaw.ROWS_DIFFER,
    "backup_rows_changed": Flaw.TABLE_CHANGED,
}


@dataclass(frozen=True, slots=True)
class Drilled:
    """What came of it. `manifest`: of the backup that was tried; None where there was none to read."""

    name: str
    manifest: Manifest | None
    findings: tuple[Finding, ...]
    chains: int = 0


def drill(folder: BackupFolder, *, name: str | None = None, stopping: Stopping = lambda: False) -> Drilled:
    """Try the newest backup, or the named one. Raises `BackupError` where the drill itself cannot be done."""
    try:
        chosen = newest(folder, name)
    except BackupError as refusal:
        return Drilled("", None, (_finding(refusal),))
    try:
        manifest = manifest_of(folder, chosen)
    except BackupError as refusal:
        return Drilled(chosen, None, (_finding(refusal),))
    try:
        with folder.alone(), folder.scratch() as place:
            return _Drilling(folder, manifest, f"sqlite:///{place / 'drill.db'}", stopping).everything()
    except OSError as error:
        raise BackupError("drill_not_done", reason=error.strerror or str(error)) from error


@dataclass(slots=True)
class _Drilling:
    folder: BackupFolder
    manifest: Manifest
    url: str
    stopping: Stopping
    chains: int = 0

    def everything(self) -> Drilled:
        """Files first; rows only of tables that are the ones written."""
        with closing(self._findings()) as found:
            findings = tuple(islice(found, MOST))
        return Drilled(self.manifest.name, self.manifest, findings, self.chains)

    def _findings(self) -> Generator[Finding, None, None]:
        damaged = [*self.manifest.lacking]
        damaged += islice(damages(self.folder, self.manifest, stopping=self.stopping), MOST)
        if any(one.flaw not in OF_FILES for one in damaged):
            yield from damaged  # half of the tables would only tell of references that are broken for that reason
            return
        engine = make_engine(self.url, durable=False)
        try:
            store.lay_out(engine)
            found = list(self._loaded(engine))
            yield from _with_rows(engine, damaged)
            yield from found
            yield from differing(engine, self.manifest)
            yield from self._consistent(engine)
        finally:
            engine.dispose()

    def _loaded(self, engine: Engine) -> Iterator[Finding]:
        sums = {one.name: one for one in self.manifest.tables}
        found: list[Finding] = []
        with store.loading(engine) as into:
            for table in store.tables():
                go_on(self.stopping)
                try:
                    fill(into, self.folder, self.manifest.name, table, sums[table.name])
                except BackupError as refusal:
                    found.append(_finding(refusal))
            found += [Finding(Flaw.REFERENCE_BROKEN, one) for one in into.broken_references()[:MOST]]
        yield from found

    def _consistent(self, engine: Engine) -> Iterator[Finding]:
        """Chains of the journal, and names of files."""
        with store.snapshot(engine) as snapshot:
            for subject, rows in snapshot.chains():
                go_on(self.stopping)
                self.chains += 1
                report = verify_chain((_entry(row), row.digest) for row in rows)
                if report.broken is not None:
                    yield Finding(Flaw.JOURNAL_BROKEN, subject, f"{report.broken.sequence} {report.broken.flaw}")
            for subject in snapshot.heads_that_differ():
                yield Finding(Flaw.JOURNAL_BROKEN, subject, "head")
            for sha256 in snapshot.names_of_no_file():
                yield Finding(Flaw.FILE_MISSING, sha256)


def _with_rows(engine: Engine, damaged: Sequence[Finding]) -> Iterator[Finding]:
    """Stored files with the rows that name them: by those people know what is lost."""
    with store.snapshot(engine) as snapshot:
        for one in damaged:
            yield replace(one, detail=", ".join(snapshot.named_by(one.what)[:MOST_ROWS]))


def _entry(row: Any) -> Entry:
    """The entry as its text has it, under the subject, place, tag and time of its columns."""
    told = json.loads(row.body)
    return Entry(
        subject=row.subject, sequence=row.ordinal, tag=row.tag, actor=told["actor"], at=row.at, facts=told["facts"]
    )  # fmt: skip


def _finding(refusal: BackupError) -> Finding:
    """A refusal as something found; what is none of the backup's fault goes on as it came."""
    if refusal.code not in REFUSALS:
        raise refusal
    about = refusal.details.get("table") or refusal.details.get("name") or refusal.details.get("revision") or ""
    more = {key: value for key, value in refusal.details.items() if value != about}
    return Finding(REFUSALS[refusal.code], str(about), " ".join(str(value) for value in more.values()))
