"""A watched folder: complete files only, each by one process, nothing deleted, nothing outside touched."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from workflow.adapters import watched_folder
from workflow.adapters.watched_folder import FolderError, NotYet, Refusal, WatchedFolder

LATER = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
DAY = (LATER + dt.timedelta(hours=7)).date().isoformat()


def tree(folder: Path) -> dict[str, bytes]:
    """Every file that is there, the claims' random places left out."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            parts = path.relative_to(folder).parts
            name = "/".join((parts[0], parts[-1]) if parts[0] == ".taking" else parts)
            found[name] = path.read_bytes()
    return found


def test_from_claim_to_taken(tmp_path: Path) -> None:
    """Claimed, read, put away by day; one of the same name later gets a number; nothing is overwritten."""
    for data in (b"one", b"two"):
        (tmp_path / "công văn.pdf").write_bytes(data)
        with WatchedFolder(tmp_path, now=LATER) as folder:
            assert folder.waiting(limit=9) == ["công văn.pdf"]
            claim = folder.claim("công văn.pdf")
            assert claim is not None
            assert folder.claim("công văn.pdf") is None
            assert folder.read(claim) == data
            folder.take(claim)
            folder.take(claim)
    assert tree(tmp_path) == {f"taken/{DAY}/công văn.pdf": b"one", f"taken/{DAY}/công văn (2).pdf": b"two"}
    assert list((tmp_path / ".taking").iterdir()) == []


def test_only_complete_files_inside_the_folder(tmp_path: Path) -> None:
    """No hidden, unfinished, linked or doubled file, no folder, no pipe; nothing that changed a moment ago."""
    outside = tmp_path / "secret"
    outside.write_bytes(b"key")
    folder = tmp_path / "scan"
    folder.mkdir()
    for name in (".hidden.pdf", "~$a.docx", "b.pdf.part", "c.TMP", "Thumbs.db", "empty.pdf", "good.pdf"):
        (folder / name).write_bytes(b"" if name == "empty.pdf" else b"x")
    (folder / "link.pdf").symlink_to(outside)
    os.link(outside, folder / "hard.pdf")
    os.mkfifo(folder / "pipe.pdf")
    (folder / "sub").mkdir()
    (folder / "sub" / "d.pdf").write_bytes(b"x")
    soon = dt.datetime.now(dt.UTC)
    with WatchedFolder(folder, now=soon + dt.timedelta(seconds=5)) as early:
        assert early.waiting(limit=9) == []
    with WatchedFolder(folder, now=soon + dt.timedelta(minutes=1)) as later:
        assert later.waiting(limit=9) == ["good.pdf"]
    with WatchedFolder(folder, now=LATER) as much_later:
        assert much_later.waiting(limit=9) == ["empty.pdf", "good.pdf"]
        assert much_later.waiting(limit=1) == ["empty.pdf"]


def test_a_link_put_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    """Between looking and claiming: it is not read, and goes back."""
    outside = tmp_path / "secret"
    outside.write_bytes(b"key")
    folder = tmp_path / "scan"
    folder.mkdir()
    (folder / "a.pdf").symlink_to(outside)
    with WatchedFolder(folder, now=LATER) as opened:
        claim = opened.claim("a.pdf")
        assert claim is not None
        with pytest.raises(NotYet):
            opened.read(claim)
        opened.give_back(claim)
    assert (folder / "a.pdf").is_symlink()


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """Who may write into the folder could lead what is put away somewhere else."""
    folder = tmp_path / "scan"
    folder.mkdir()
    (folder / "taken").symlink_to(tmp_path)
    with pytest.raises(FolderError, match="folder_unusable"), WatchedFolder(folder, now=LATER):
        pass
    with pytest.raises(FolderError, match="folder_unusable"), WatchedFolder(tmp_path / "nowhere", now=LATER):
        pass


def test_what_cannot_be_taken_is_put_aside_with_the_reason(tmp_path: Path) -> None:
    """Too large, empty, or refused by the store: kept, and a text beside it says why in both languages."""
    (tmp_path / "large.pdf").write_bytes(b"x" * 100)
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "odd.pdf").write_bytes(b"x")
    with WatchedFolder(tmp_path, now=LATER) as folder:
        codes = {}
        for name in folder.waiting(limit=9):
            claim = folder.claim(name)
            assert claim is not None
            try:
                folder.read(claim, limit=50)
                codes[name] = "some_code"
            except Refusal as refusal:
                codes[name] = refusal.code
            folder.refuse(claim, codes[name])
    assert codes == {"large.pdf": "file_too_large", "empty.pdf": "intake_empty", "odd.pdf": "some_code"}
    found = {name.rpartition("/")[2]: data.decode() for name, data in tree(tmp_path / "refused").items()}
    assert sorted(found) == ["empty.pdf", "empty.pdf.txt", "large.pdf", "large.pdf.txt", "odd.pdf", "odd.pdf.txt"]
    assert "Tệp lớn hơn" in found["large.pdf.txt"]
    assert "larger than the system takes" in found["large.pdf.txt"]
    assert found["odd.pdf.txt"].count("some_code") == 2


def test_what_is_written_on_after_it_was_read_is_read_again(tmp_path: Path) -> None:
    """The scanner was not done: the file goes back whole, for the next round."""
    (tmp_path / "a.pdf").write_bytes(b"half")
    with WatchedFolder(tmp_path, now=LATER) as folder:
        claim = folder.claim("a.pdf")
        assert claim is not None
        assert folder.read(claim) == b"half"
        with (tmp_path / ".taking" / claim.place / "a.pdf").open("ab") as stream:
            stream.write(b" and the rest")
        with pytest.raises(NotYet):
            folder.take(claim)
    assert tree(tmp_path) == {"a.pdf": b"half and the rest"}


def test_long_names_stay_within_what_a_disk_takes(tmp_path: Path) -> None:
    """255 bytes, in Vietnamese, three times, and refused with its text."""
    name = "ế" * 83 + ".pdf"
    for _turn in range(3):
        (tmp_path / name).write_bytes(b"x")
        with WatchedFolder(tmp_path, now=LATER) as folder:
            claim = folder.claim(name)
            assert claim is not None
            folder.refuse(claim, "some_code")
    names = [path.name for path in (tmp_path / "refused" / DAY).iterdir()]
    assert (len(names), sum(one.endswith(".txt") for one in names)) == (6, 3)


def test_two_at_once_share_the_files(tmp_path: Path) -> None:
    """Four threads over sixty files: each file is claimed by exactly one of them."""
    for number in range(60):
        (tmp_path / f"{number:02}.pdf").write_bytes(b"x")
    with WatchedFolder(tmp_path, now=LATER):
        pass
    got: list[str] = []
    ready = threading.Barrier(4)

    def work() -> None:
        with WatchedFolder(tmp_path, now=LATER) as folder:
            ready.wait()
            for name in [f"{number:02}.pdf" for number in range(60)]:
                if (claim := folder.claim(name)) is not None:
                    got.append(folder.read(claim).decode() + claim.name)
                    folder.take(claim)

    threads = [threading.Thread(target=work) for _turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [f"x{number:02}.pdf" for number in range(60)]
    assert len(tree(tmp_path / "taken")) == 60


KILLED = """
import datetime as dt, os, signal, sys
from pathlib import Path
from workflow.adapters.watched_folder import WatchedFolder
with WatchedFolder(Path(sys.argv[1]), now=dt.datetime.fromisoformat(sys.argv[2])) as folder:
    first = folder.claim("a.pdf")
    folder.read(first)
    if sys.argv[3] == "taken":
        folder.take(first)
    folder.claim("b.pdf")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("when", ["read", "taken"])
def test_what_a_killed_process_had_claimed_comes_again(tmp_path: Path, when: str) -> None:
    """kill -9 after reading, or after one of two was put away: nobody takes it over early, somebody does later."""
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), LATER.isoformat(), when], check=False)
    assert done.returncode == -signal.SIGKILL
    with WatchedFolder(tmp_path, now=LATER + watched_folder.STALE / 2) as early:
        assert list(early.left_behind()) == []
    with WatchedFolder(tmp_path, now=LATER + watched_folder.STALE) as folder:
        again = []
        for claim in folder.left_behind():
            again.append(folder.read(claim).decode())
            folder.take(claim)
        assert list(folder.left_behind()) == []
    assert sorted(again) == (["a.pdf", "b.pdf"] if when == "read" else ["b.pdf"])
    assert sorted(tree(tmp_path).values()) == [b"a.pdf", b"b.pdf"]
    assert list((tmp_path / ".taking").iterdir()) == []
