"""`trinhky serve` as systemd starts it: with safe settings it serves, logs lines of JSON, and ends at once."""

from __future__ import annotations

import json
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path

import pytest

from tests.support.family import Family
from workflow.config import project_folder

pytestmark = [pytest.mark.slow, pytest.mark.alone]

LIMIT_S = 4.0


@pytest.fixture
def environ(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    """An office behind one proxy; its files are nobody else's."""
    Path(sqlite_url.removeprefix("sqlite:///")).chmod(0o600)
    (tmp_path / "files").mkdir(mode=0o700)
    return {
        "TRINHKY_DATABASE_URL": sqlite_url,
        "TRINHKY_BLOB_URL": str(tmp_path / "files"),
        "TRINHKY_SECRET_KEY": secrets.token_urlsafe(48),
        "TRINHKY_BASE_URL": "https://vanban.example.gov.vn",
        "TRINHKY_PROXY_HOPS": "1",
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def answered(address: str, *, seconds: float = 30) -> tuple[int, Message]:
    """Status and headers, as soon as somebody listens; `X-Forwarded-For` as the proxy sets it."""
    deadline = time.monotonic() + seconds
    asked = urllib.request.Request(address, headers={"X-Forwarded-For": "203.0.113.9", "Accept": "text/html"})
    while True:
        try:
            with urllib.request.urlopen(asked) as answer:
                return answer.status, answer.headers
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers
        except OSError:
            assert time.monotonic() < deadline, "nobody listens"
            time.sleep(0.1)


def told(launcher: subprocess.Popen[str]) -> list[str]:
    """All that it said; it has ended."""
    out, errors = launcher.communicate()
    return [*out.splitlines(), *errors.splitlines()]


def test_an_office_is_served(family: Family, environ: dict[str, str]) -> None:
    """Web and timers; SIGTERM ends them within four seconds; each request left its line."""
    port = free_port()
    command = [sys.executable, "-m", "workflow.cli", "serve", "--port", str(port), "--workers", "1"]
    launcher = family.start(command, environ=environ, cwd=project_folder())
    base = f"http://127.0.0.1:{port}"
    assert answered(f"{base}/readyz")[0] == 200
    status, headers = answered(f"{base}/login")
    assert status == 200
    assert "max-age=" in headers["Strict-Transport-Security"]
    assert answered(f"{base}/metrics")[0] == 404, "who comes through the proxy gets no figures"
    assert answered(f"{base}/login/demo/1")[0] in {404, 405}
    launcher.send_signal(signal.SIGTERM)
    assert family.gone_within(LIMIT_S)
    assert launcher.returncode == 0
    lines = [json.loads(line) for line in told(launcher) if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request" and line["route"] == "/login"]
    assert [line["request_id"] for line in requests] == [headers["X-Request-Id"]]
    assert "203.0.113.9" not in json.dumps(lines)
    assert any(line["event"] == "scheduler_stopped" for line in lines)


def test_a_busy_port_is_one_sentence(family: Family, environ: dict[str, str]) -> None:
    """Before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "workflow.cli", "serve", "--port", str(port)]
        launcher = family.start(command, environ=environ, cwd=project_folder())
        said = told(launcher)
    assert launcher.returncode == 1
    assert f"Port {port} cannot be used" in said[-1]
    assert not any("Traceback" in line for line in said)
