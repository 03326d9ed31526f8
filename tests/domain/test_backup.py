"""Lists of contents, ages, and which backups are superseded."""

from __future__ import annotations

import datetime as dt

import pytest

from workflow.domain.backup import (
    BackupError,
    Finding,
    Flaw,
    Kind,
    Manifest,
    TableSum,
    is_late,
    name_at,
    read,
    superseded,
    written,
)

NOON = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
ONE = Manifest(
    name=name_at(NOON), made_at=NOON, program="0.1.0", revision="0025", database="sqlite",
    tables=(TableSum("outgoing", 3, 100, "a" * 64, "b" * 64, 17),),
    files=TableSum("files", 2, 50, "c" * 64, "d" * 64), file_bytes=1_000,
    lacking=(Finding(Flaw.SOURCE_MISSING, "e" * 64),),
)  # fmt: skip


def test_a_list_comes_back_and_says_what_it_holds() -> None:
    """Whole, with its rows and bytes added up."""
    assert read(written(ONE)) == ONE
    assert (ONE.rows, ONE.size) == (3, 1_150)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"rows": 3', b'"rows": 4'),
        (b'"format": 1', b'"format": 2'),
        (b"sha256", b"sha25"),
        (b"{", b""),
        (b"0025", b"0024"),
    ],
)
def test_a_changed_list_is_refused(old: bytes, new: bytes) -> None:
    """By its own sum, before anything is believed."""
    with pytest.raises(BackupError, match="backup_list_changed"):
        read(written(ONE).replace(old, new, 1))


def test_names_sort_by_age() -> None:
    """Whatever clock the moment was told by."""
    hanoi = dt.timezone(dt.timedelta(hours=7))
    later = (NOON + dt.timedelta(seconds=1)).astimezone(hanoi)
    assert name_at(NOON) == name_at(NOON.astimezone(hanoi)) < name_at(later)


@pytest.mark.parametrize(
    ("kind", "hours", "late"),
    [(Kind.BACKUP, 30, False), (Kind.BACKUP, 31, True), (Kind.DRILL, 192, False), (Kind.DRILL, 193, True)],
)
def test_what_is_too_old(kind: Kind, hours: int, late: bool) -> None:
    """A night and a morning; a week and a day; none at all."""
    assert is_late(kind, NOON - dt.timedelta(hours=hours), now=NOON) is late
    assert is_late(kind, None, now=NOON)


def test_which_are_superseded() -> None:
    """The newest fourteen stay, and the last of each month for ever."""
    every = [name_at(NOON - dt.timedelta(days=day)) for day in range(100)]
    gone = set(superseded(every))
    kept = sorted(name[:10] for name in every if name not in gone)
    assert kept[:3] == ["2026-08-31", "2026-09-30", "2026-10-31"]
    assert kept[3:] == [f"2026-11-{day:02d}" for day in range(10, 24)]
    assert superseded(every[:14]) == []
