"""The host's side: one forking process per host process, started on first use, gone with it.

Safe from any thread: every call has sockets of its own, and only the start is under a lock.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from signing.jail import wire
from signing.jail.child import ALLOWED, JailResult
from signing.jail.errors import Crashed, JailError, ResourceLimit, TaskRefused
from signing.jail.limits import Bounds, Limits

DEFAULT = Limits()
_START = "import sys; sys.path.insert(0, sys.argv.pop(2)); from signing.jail.zygote import main; main()"
_GRACE = 5.0
"""Seconds beyond the wall limit until the host stops waiting for a forking process that should have answered."""
_START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Walls:
    """Which walls the kernel granted here, for the installation check to report."""

    network_cut: bool
    files_cut: bool


class _Gone(Exception):
    """The forking process ended; a new one is worth one try."""


class Jail:
    """Runs tasks; `parallel` bounds how many children there are at once."""

    def __init__(self, *, parallel: int | None = None) -> None:
        self._lock = threading.Lock()
        self._parallel = parallel or 2 * (os.cpu_count() or 1)
        self._turn = threading.BoundedSemaphore(self._parallel)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._works = ""
        self._walls = Walls(False, False)

    def run(
        self,
        task: str,
        payload: bytes,
        *,
        arguments: Mapping[str, Any] | None = None,
        limits: Limits = DEFAULT,
    ) -> JailResult:
        """Do `module:function(payload, arguments)` in a child and give back its `JailResult`.

        Raises `ResourceLimit`, `Crashed` or `TaskRefused`; never waits longer than the wall limit and a grace.
        """
        if not task.startswith(ALLOWED):
            raise ValueError(f"not a task that may run in the jail: {task}")
        bounds = limits.bounds(len(payload))
        with self._turn:
            try:
                return self._once(task, payload, arguments=arguments or {}, bounds=bounds)
            except _Gone:
                pass
            try:
                return self._once(task, payload, arguments=arguments or {}, bounds=bounds)
            except _Gone:
                raise Crashed("jail_gone", task=task) from None

    def warm(self, *tasks: str) -> None:
        """Import these tasks' modules now, so that the first request does not pay for it."""
        bounds = DEFAULT.bounds(0)
        for task in tasks:
            status, zygotes_status = socket.socketpair()
            with status:
                with zygotes_status:
                    self._hand_over(task, bounds, [zygotes_status.fileno()])
                status.settimeout(_START_SECONDS)
                ending = _ending(status)
            if "loaded" not in ending:
                raise Crashed("task_not_found", task=task, text=ending.get("import", ""))

    def walls(self) -> Walls:
        """Starts the forking process if need be and says what holds it."""
        with self._lock:
            self._ensure()
        return self._walls

    def close(self) -> None:
        """End the forking process and all its children."""
        with self._lock:
            self._stop()

    def _once(self, task: str, payload: bytes, *, arguments: Mapping[str, Any], bounds: Bounds) -> JailResult:
        data, childs_data = socket.socketpair()
        status, zygotes_status = socket.socketpair()
        with data, status:
            with childs_data, zygotes_status:
                self._hand_over(task, bounds, [childs_data.fileno(), zygotes_status.fileno()])
            patience = bounds.wall + _GRACE
            data.settimeout(patience)
            status.settimeout(patience)
            answer = _exchange(data, payload, arguments=arguments, limit=bounds.output + 1_000_000)
            if answer == "too much":
                raise ResourceLimit("output", task=task)
            ending = _ending(status)
        return _judge(answer, ending, task=task)

    def _hand_over(self, task: str, bounds: Bounds, descriptors: list[int]) -> None:
        message = json.dumps({"task": task, "bounds": asdict(bounds)}).encode()
        with self._lock:
            control = self._ensure()
            try:
                socket.send_fds(control, [message], descriptors)
            except OSError:
                self._stop()
                raise _Gone from None

    def _ensure(self) -> socket.socket:
        if self._control is not None and self._process is not None and self._process.poll() is None:
            return self._control
        self._stop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        root = str(Path(__file__).resolve().parents[2])
        self._works = tempfile.mkdtemp(prefix="jail-")
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, str(theirs.fileno()), root, self._works],
                pass_fds=[theirs.fileno()],
                env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control = ours
        ours.settimeout(_START_SECONDS)
        greeting = b""
        with suppress(OSError):
            greeting = ours.recv(4096)
        if not greeting:
            self._stop()
            raise Crashed("jail_did_not_start")
        self._walls = Walls(**json.loads(greeting))
        return ours

    def _stop(self) -> None:
        control, process = self._control, self._process
        self._control = self._process = None
        if control is not None:
            control.close()
        if process is None:
            return
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(self._works, ignore_errors=True)  # one that was killed could not

    def abandon(self) -> None:
        """After a fork of the host: the forking process belongs to the parent, so only forget it."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.returncode = 0
        self._control = self._process = None
        self._lock = threading.Lock()
        self._turn = threading.BoundedSemaphore(self._parallel)


def _exchange(
    data: socket.socket, payload: bytes, *, arguments: Mapping[str, Any], limit: int
) -> tuple[dict[str, Any], tuple[bytes, ...]] | str | None:
    """The child's answer; None when it ended without one."""
    with suppress(OSError):  # it died while reading; how is told by its status
        wire.send(data, {"arguments": dict(arguments)}, [payload])
    try:
        return wire.receive(data, limit)
    except (wire.Closed, OSError):
        return None
    except wire.TooMuch:
        return "too much"


def _ending(status: socket.socket) -> dict[str, Any]:
    """How the child ended, in the words of the process that forked it."""
    try:
        said = status.recv(65_536)
    except OSError:
        return {}
    return dict(json.loads(said)) if said else {}


def _judge(answer: Any, ending: Mapping[str, Any], *, task: str) -> JailResult:
    """Result or reason."""
    if "import" in ending:
        raise Crashed("task_not_found", task=task, text=ending["import"])
    if answer is None:
        raise _death(ending, task)
    head, blobs = answer
    if "limit" in head:
        raise ResourceLimit(head["limit"], task=task)
    if "refused" in head:
        raise TaskRefused(head["refused"], **head["details"])
    if "crashed" in head:
        raise Crashed("exception", task=task, kind=head["crashed"], text=head["text"], where=head["where"])
    return JailResult(head["json"], blobs)


def _death(ending: Mapping[str, Any], task: str) -> JailError:
    if not ending:
        return Crashed("jail_gone", task=task)
    if ending["late"]:
        return ResourceLimit("wall", task=task)
    number = -int(ending["exit"])
    if number == signal.SIGXCPU:
        return ResourceLimit("cpu", task=task)
    if number == signal.SIGXFSZ:
        return ResourceLimit("file_size", task=task)
    return Crashed("died", task=task, signal=number)


_default = Jail()


def run(
    task: str, payload: bytes, *, arguments: Mapping[str, Any] | None = None, limits: Limits = DEFAULT
) -> JailResult:
    """`Jail.run` of this process's own jail."""
    return _default.run(task, payload, arguments=arguments, limits=limits)


def warm(*tasks: str) -> None:
    """`Jail.warm` of this process's own jail."""
    _default.warm(*tasks)


def walls() -> Walls:
    """`Jail.walls` of this process's own jail."""
    return _default.walls()


def close() -> None:
    """End this process's own jail; the next call starts a new one."""
    _default.close()


atexit.register(close)
os.register_at_fork(after_in_child=_default.abandon)
