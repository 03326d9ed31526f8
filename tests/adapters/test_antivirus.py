"""Asking a clamd on loopback: only "OK" is clean, and everything else has a name."""

from __future__ import annotations

import socket
import tempfile
import time
from pathlib import Path

import pytest

from tests.support import clamd
from workflow.adapters.antivirus import CHUNK, Clamd, Said, Scan, ping, scan
from workflow.domain.errors import BadInput
from workflow.domain.file_warnings import FileWarning

LARGE = b"a" * (2 * CHUNK + 17)


@pytest.mark.parametrize("behaviour", ["", "split"])
def test_clean_and_infected(behaviour: str) -> None:
    """A file of several pieces arrives as it is; the answer may come in pieces too; an empty file is clean."""
    with clamd.running(behaviour) as server:
        where = Clamd.from_url(server.url)
        assert scan(where, LARGE) == Scan(Said.CLEAN)
        assert scan(where, b"") == Scan(Said.CLEAN)
        found = scan(where, LARGE + clamd.WANTED)
        assert server.seen == [LARGE, b"", LARGE + clamd.WANTED]
    assert (found.said, found.name, found.warning) == (Said.INFECTED, "Test.Virus-1", FileWarning.INFECTED)
    assert Scan(Said.CLEAN).warning is None


def test_over_a_socket_in_the_file_system() -> None:
    """As clamd is usually set up on the same machine."""
    with tempfile.TemporaryDirectory() as folder, clamd.running(path=Path(folder) / "clamd ctl") as server:
        where = Clamd.from_url(server.url.replace(" ", "%20"))
        assert scan(where, clamd.WANTED).said is Said.INFECTED
        assert ping(where).startswith("ClamAV 1.4.3")


@pytest.mark.parametrize("behaviour", ["hangs", "resets", "half", "error", "chatters"])
def test_no_answer_is_never_clean(behaviour: str) -> None:
    """Silence, a broken line, half an answer, an error, noise: not scanned, and said so in time."""
    started = time.monotonic()
    with clamd.running(behaviour) as server:
        found = scan(Clamd.from_url(server.url), LARGE, patience=0.4)
    assert (found.said, found.warning) == (Said.UNREACHABLE, FileWarning.NOT_SCANNED)
    assert found.detail
    assert time.monotonic() - started < 8, "one that hangs does so for ten"


def test_nobody_listens() -> None:
    """A port that is closed, a socket that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert scan(Clamd(host="127.0.0.1", port=port), b"x").said is Said.UNREACHABLE
    assert scan(Clamd(path="/nowhere/clamd.ctl"), b"x").said is Said.UNREACHABLE


def test_larger_than_it_looks_at() -> None:
    """Not even sent; or refused by clamd in the middle; or "found" where it gave up. None of them is clean."""
    with clamd.running(limit=CHUNK) as server:
        where = Clamd.from_url(server.url + "?limit_mb=1")
        assert scan(where, bytes(1024 * 1024 + 1)).said is Said.TOO_BIG
        assert server.seen == []
        refused = scan(where, bytes(1024 * 1024))
    assert refused.said in {Said.TOO_BIG, Said.UNREACHABLE}
    with clamd.running("gave up") as server:
        found = scan(Clamd.from_url(server.url), LARGE)
    assert (found.said, found.warning) == (Said.TOO_BIG, FileWarning.SCAN_TOO_BIG)


@pytest.mark.parametrize(
    "url",
    ["", "clamd", "http://127.0.0.1", "tcp://", "unix://host/x", "unix:", "tcp://a:99999", "tcp://a?limit_mb=x"],
)
def test_settings_that_cannot_be_read(url: str) -> None:
    """Each is refused by name."""
    with pytest.raises(BadInput, match="clamd_url_unreadable"):
        Clamd.from_url(url)
