"""Hostile files at a real server: each ends within the jail's limits, and everybody else is answered meanwhile."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from signing.testing.attacks import bombs
from signing.testing.attacks.office import Office as Attackers
from tests.setup.test_serve_runs import answered, free_port
from tests.support.family import Family
from workflow import launch
from workflow.config import project_folder
from workflow.services.checking import PUBLIC, WALL
from workflow.store.models import Setting
from workflow.store.session import make_engine, unit_of_work

pytestmark = [pytest.mark.slow, pytest.mark.alone]

SLOW = "bomb/many-fields"
"""Forty thousand fields: seconds of one processor, until a limit ends it."""
QUICK_S = 2.0
"""A page, while hostile files keep the machine's processors."""


class Stranger:
    """A browser of an address of its own, as the proxy tells it."""

    def __init__(self, base: str, address: str) -> None:
        self.base, self.address = base, address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
        """Status and body."""
        asked = urllib.request.Request(self.base + path, data, {"X-Forwarded-For": self.address, **headers})
        try:
            with self.opener.open(asked, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def check(self, data: bytes) -> tuple[int, str]:
        """The page's form; JSON comes back."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.ask("/verify")[1])
        assert found is not None
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        kind = {"Content-Type": "multipart/form-data; boundary=x", "Accept": "application/json"}
        return self.ask("/verify", head + data + b"\r\n--x--\r\n", **{"X-CSRFToken": found[1]}, **kind)


@pytest.fixture
def base(family: Family, sqlite_url: str, tmp_path: Path) -> str:
    """The web process as `trinhky serve` starts it, of an office that lets strangers check files."""
    engine = make_engine(sqlite_url)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(Setting(name=PUBLIC, value={"allowed": True, "megabytes": 10}))
        uow.commit()
    engine.dispose()
    port = free_port()
    environ = {
        "TRINHKY_DATABASE_URL": sqlite_url,
        "TRINHKY_BLOB_URL": str(tmp_path / "files"),
        "TRINHKY_SECRET_KEY": "k" * 48,
        "TRINHKY_PROXY_HOPS": "1",
        "TRINHKY_BASE_URL": f"http://127.0.0.1:{port}",
    }
    web = launch.web(launch.Address("127.0.0.1", port), environ)
    quiet = (
        "/bin/sh",
        "-c",
        'exec "$@" >"$0" 2>&1',
        str(tmp_path / "web.log"),
    )  # a pipe that nobody reads fills up
    family.start([*quiet, *web.command], environ=environ, cwd=project_folder())
    assert answered(f"http://127.0.0.1:{port}/readyz")[0] == 200
    return f"http://127.0.0.1:{port}"


def test_hostile_files_hold_up_nobody(base: str) -> None:
    """Five strangers send bombs at once; health, the log-in page and the look-up are answered all the time."""
    hostile = next(case for case in bombs.CASES if case.name == SLOW).make(Attackers())
    found: list[tuple[int, str, float]] = []

    def attack(number: int) -> None:
        stranger = Stranger(base, f"203.0.113.{number}")
        begun = time.monotonic()
        status, body = stranger.check(hostile)
        found.append((status, body, time.monotonic() - begun))

    attackers = [threading.Thread(target=attack, args=(number,)) for number in range(5)]
    for thread in attackers:
        thread.start()
    reader, slowest = Stranger(base, "198.51.100.7"), 0.0
    while any(thread.is_alive() for thread in attackers):
        for path in ("/healthz", "/login", "/v/unknown"):
            begun = time.monotonic()
            assert reader.ask(path)[0] in {200, 404, 429}
            slowest = max(slowest, time.monotonic() - begun)
        time.sleep(0.05)
    answers = [(status, json.loads(body)) for status, body, _seconds in found]
    assert {status for status, _answer in answers} <= {200, 503}
    assert {answer["reason"] for status, answer in answers if status == 200} == {"resource_limit"}
    assert max(seconds for _status, _body, seconds in found) < WALL + 10
    assert slowest < QUICK_S
    lines = [never_ending(base, number) for number in range(8)]
    time.sleep(0.3)
    begun = time.monotonic()
    assert reader.ask("/healthz")[0] == 200, "files that never end hold up nobody either"
    assert time.monotonic() - begun < QUICK_S
    for line in lines:
        line.close()


def never_ending(base: str, number: int) -> socket.socket:
    """A file that is announced and does not come."""
    port = int(base.rpartition(":")[2])
    line = socket.create_connection(("127.0.0.1", port))
    head = (
        "POST /verify HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"X-Forwarded-For: 203.0.113.{100 + number}",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Length: 5000000",
    )
    line.sendall("\r\n".join((*head, "", "--x")).encode())
    return line
