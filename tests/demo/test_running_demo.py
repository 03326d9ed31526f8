"""`trinhky demo` as a person starts it: answers, one click lets in, lists are renewed, and it is gone fast."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.demo.conftest import Province
from tests.support.family import Family
from workflow.config import project_folder
from workflow.store.models import Crl
from workflow.store.session import make_engine, unit_of_work

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(900)]

LIMIT_S = 4.0
PROCESSES = 6
"""Launcher, granian's main process and its worker, scheduler, publisher, seal process."""


@pytest.fixture
def mine(province: Province, tmp_path: Path) -> Province:
    """A province of one's own in a folder with a blank and Vietnamese letters."""
    return province.copied_to(tmp_path / "Trình Ký")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def start(family: Family, province: Province, *, ignoring: str = "") -> tuple[subprocess.Popen[str], str]:
    """Start it and wait for the sentence that gives the address."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "workflow.cli", "demo", "--var", str(province.var), "--port", str(port)]
    launcher = family.start(command, cwd=project_folder(), ignoring=ignoring)
    assert launcher.stdout is not None
    said = ""
    while "One-click logins" not in said:
        line = launcher.stdout.readline()
        assert line, said + (launcher.stderr.read() if launcher.stderr else "")
        said += line
    assert address in said
    assert "Making the demo province" not in said, "what was seeded is kept"
    return launcher, address


def test_it_lets_a_newcomer_in_and_ends_on_interrupt(family: Family, mine: Province) -> None:
    """To the launcher alone, which inherited INT as ignored: nothing of it is left four seconds later."""
    before = lists(mine)
    launcher, address = start(family, mine, ignoring="INT")
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = visitor.open(f"{address}/login").read().decode()
    doors = re.findall(r'action="(/login/demo/\d+[^"]*)"', page)
    assert len(doors) >= 6
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    form = urllib.parse.urlencode({"csrf_token": token[1]}).encode()
    desk = visitor.open(f"{address}{doors[0]}", data=form)
    assert urllib.parse.urlsplit(desk.url).path == "/desk"
    assert 'class="demo"' in desk.read().decode()
    assert family.grown_to(PROCESSES, seconds=20)
    assert waited_for_more(mine, before), "the authority publishes fresh lists at every start"
    launcher.send_signal(signal.SIGINT)
    assert family.gone_within(LIMIT_S)
    assert launcher.returncode == 0


def test_it_ends_on_terminate_to_its_group(family: Family, mine: Province) -> None:
    """As a terminal or a service manager does it."""
    launcher, address = start(family, mine)
    assert urllib.request.urlopen(f"{address}/readyz").status == 200
    os.killpg(launcher.pid, signal.SIGTERM)
    assert family.gone_within(LIMIT_S)
    assert launcher.returncode == 0


def lists(province: Province) -> int:
    """How many revocation lists the database holds."""
    engine = make_engine(province.settings.database_url)
    with unit_of_work(engine) as uow:
        count = uow.session.scalar(select(func.count()).select_from(Crl)) or 0
    engine.dispose()
    return count


def waited_for_more(province: Province, before: int) -> bool:
    """All three authorities' lists came within a while: the root's, the issuer's, that about timestamps."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if lists(province) == before + 3:
            return True
        time.sleep(0.1)
    return False
