"""A drill names a flipped bit, a missing file and a missing row, also where no hash can know of it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.backup.conftest import Saved
from tests.support import saved
from workflow.adapters.backup_folder import BackupFolder
from workflow.domain.backup import Finding, Flaw
from workflow.services.backup.drilling import drill
from workflow.services.backup.making import listed_files


def flip(place: Path) -> None:
    """One bit in the middle."""
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(data)


def found(folder: BackupFolder) -> set[tuple[Flaw, str]]:
    """What a drill says, without its details."""
    return {(one.flaw, one.what) for one in drill(folder).findings}


def test_a_whole_backup_is_found_whole(saved_office: Saved) -> None:
    """Every row came back, every chain was followed; nothing is left in the folder."""
    drilled = drill(saved_office.folder)
    assert drilled.findings == ()
    assert drilled.chains > 30
    assert {one.name for one in saved_office.folder.root.iterdir()} == {
        "lock", "files", saved_office.made.manifest.name,
    }  # fmt: skip


def test_a_flipped_bit_and_a_missing_file_are_named(folder: BackupFolder, saved_office: Saved) -> None:
    """In a stored file, in a table's file, in the list of contents; gone from either kind."""
    name = saved_office.made.manifest.name
    first, second, *_rest = (sha256 for sha256, _size in listed_files(folder, name))
    flip(saved.stored_file(folder, first))
    saved.stored_file(folder, second).unlink()
    assert found(folder) == {(Flaw.FILE_CHANGED, first), (Flaw.FILE_MISSING, second)}
    assert all(one.detail for one in drill(folder).findings), "the rows that name them"
    flip(saved.table_file(folder, name, "outgoing"))
    saved.table_file(folder, name, "history").unlink()
    assert found(folder) == {
        (Flaw.FILE_CHANGED, first), (Flaw.FILE_MISSING, second),
        (Flaw.TABLE_CHANGED, "outgoing"), (Flaw.TABLE_MISSING, "history"),
    }  # fmt: skip
    listed = folder.root / name / "manifest.json"
    listed.write_text(listed.read_text().replace('"rows": 1,', '"rows": 2,', 1))
    assert found(folder) == {(Flaw.LIST_CHANGED, "")}


def test_a_missing_row_is_named(folder: BackupFolder, saved_office: Saved) -> None:
    """The table, and how many rows it has of how many."""
    manifest = saved_office.made.manifest
    place = saved.table_file(folder, manifest.name, "journal")
    lines = gzip.decompress(place.read_bytes()).splitlines(keepends=True)
    place.write_bytes(gzip.compress(b"".join(lines[:-1])))
    rows = len(lines) - 1
    assert drill(folder).findings == (
        Finding(Flaw.TABLE_CHANGED, "journal"),
        Finding(Flaw.ROWS_DIFFER, "journal", f"{rows - 1} / {rows}"),
    )


def dropped(word: bytes) -> Callable[[list[bytes]], list[bytes]]:
    """Without the first row that has a word."""

    def change(rows: list[bytes]) -> list[bytes]:
        gone = next(row for row in rows if word in row)
        return [row for row in rows if row is not gone]

    return change


@pytest.mark.parametrize(
    ("table", "change", "flaw"),
    [
        ("journal", dropped(b'"outgoing:1"'), Flaw.JOURNAL_BROKEN),
        ("journal", lambda rows: [row.replace(b'"document:', b'"d:', 1) for row in rows], Flaw.JOURNAL_BROKEN),
        ("person", lambda rows: rows[1:], Flaw.REFERENCE_BROKEN),
        ("journal", lambda rows: [*rows, rows[0]], Flaw.NOT_LOADED),
    ],
    ids=["row gone", "row changed", "row that others need", "row twice"],
)  # fmt: skip
def test_what_no_hash_can_know(
    folder: BackupFolder, saved_office: Saved, table: str, change: Callable[[list[bytes]], list[bytes]], flaw: Flaw
) -> None:
    """Rows were lost or changed before the sums were taken: chains and references tell."""
    saved.rewritten(folder, saved_office.made.manifest, table, change)
    assert flaw in {one for one, _what in found(folder)}


def test_a_folder_without_a_backup_is_told(tmp_path: Path) -> None:
    """Not taken for a good one, nor for an error of the drill."""
    assert found(BackupFolder(tmp_path / "nowhere")) == {(Flaw.NONE_WHOLE, str(tmp_path / "nowhere"))}
