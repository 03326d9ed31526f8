"""A web server as `trinhky serve` starts it, one worker, and what it spends on requests."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.machine import cpu_seconds
from workflow import launch
from workflow.config import project_folder

PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class Server:
    """A running one."""

    pid: int
    port: int

    def spend(self, path: str, headers: Mapping[str, str], *, requests: int) -> float:
        """CPU seconds of the server (user and system, all its processes) per request; each must be answered 200.

        One connection kept alive, one request after the other.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        before = cpu_seconds(self.pid)
        for _number in range(requests):
            fetch(connection, path, headers)
        spent = cpu_seconds(self.pid) - before
        connection.close()
        return spent / requests

    def read(self, path: str, headers: Mapping[str, str]) -> tuple[bytes, list[str]]:
        """One answer: its body and the cookies it sets."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        body, cookies = fetch(connection, path, headers)
        connection.close()
        return body, cookies


def fetch(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """One request on an open connection; anything but 200 ends the benchmark."""
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered {answer.status}: {body[:300]!r}")
    return body, answer.msg.get_all("Set-Cookie") or []


@contextmanager
def serving(application: str, environ: Mapping[str, str], *, log: Path) -> Iterator[Server]:
    """granian with the product's own options and another application at the end."""
    address = launch.Address("127.0.0.1", _free_port())
    command = (*launch.web(address, {}).command[:-1], application)
    with log.open("wb") as words:
        process = subprocess.Popen(
            command, cwd=project_folder(), env={**os.environ, **environ}, stdout=words, stderr=words
        )
    try:
        _wait(address, process, log)
        yield Server(process.pid, address.port)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _wait(address: launch.Address, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while not address.answers():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the server did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
