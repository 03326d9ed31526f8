"""The process that forks: it imports parsers once, then every task starts from its warm copy in milliseconds.

Started by the host with a control socket as its only open file. One message = one task, with two sockets in
it: `data` (request and answer, handed to the child) and `status` (how the child ended; when the host closes
it, the child is killed). A message with `status` alone only imports. When the
control socket closes, everything here ends.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

from signing.jail import child, confine
from signing.jail.limits import Bounds

MAX_MESSAGE = 65_536


@dataclass(slots=True)
class Job:
    """A running child."""

    pid: int
    status: socket.socket
    deadline: float
    work: str
    late: bool = False
    unwanted: bool = False


class Zygote:
    """Waits for tasks, ends of children, hosts that lose interest, and deadlines."""

    def __init__(self, control: socket.socket, works: str) -> None:
        self.control = control
        self.works = works
        self.jobs: dict[int, Job] = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(control, selectors.EVENT_READ)
        self.woken, self.waker = socket.socketpair()
        self.woken.setblocking(False)
        self.waker.setblocking(False)
        self.selector.register(self.woken, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        """Until the host is gone."""
        while True:
            for key, _ in self.selector.select(self._patience()):
                if key.fileobj is self.control:
                    if not self._accept():
                        return self._end()
                elif key.fileobj is self.woken:
                    self.woken.recv(4096)
                else:
                    self._lost_interest(key.data)
            self._punish()
            self._reap()

    def _patience(self) -> float | None:
        if not self.jobs:
            return None
        return max(0.0, min(job.deadline for job in self.jobs.values()) - time.monotonic())

    def _accept(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self.control, MAX_MESSAGE, 2)
        if not message:
            return False
        request = json.loads(message)
        sockets = [socket.socket(fileno=number) for number in descriptors]
        status = sockets.pop()
        if not _loaded(request["task"], status):
            pass
        elif sockets:
            self._start(request, sockets[0], status)
        else:
            _say(status, {"loaded": True})
        for data in sockets:
            data.close()
        return True

    def _start(self, request: dict[str, Any], data: socket.socket, status: socket.socket) -> None:
        bounds = Bounds(**(request["bounds"] | {"readable": tuple(request["bounds"]["readable"])}))
        work = self._work_folder()
        gc.freeze()
        pid = os.fork()
        if pid == 0:
            os.setsid()
            self._forget(keep=data.fileno())
            child.become(data, bounds, task=request["task"], work=work)
        job = Job(pid, status, time.monotonic() + bounds.wall, work)
        self.jobs[pid] = job
        self.selector.register(status, selectors.EVENT_READ, job)

    def _work_folder(self) -> str:
        """In the folder that the host removes after us; in another where /tmp was swept clean of it meanwhile."""
        if not os.path.isdir(self.works):
            self.works = tempfile.mkdtemp(prefix="jail-")
        return tempfile.mkdtemp(dir=self.works)

    def _forget(self, *, keep: int) -> None:
        """In the child: nothing of the forking process stays open."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.selector.close()
        highest = max(keep + 1, 4096)
        os.closerange(3, keep)
        os.closerange(keep + 1, highest)

    def _lost_interest(self, job: Job) -> None:
        self.selector.unregister(job.status)
        job.unwanted = True
        _kill(job.pid)

    def _punish(self) -> None:
        now = time.monotonic()
        for job in self.jobs.values():
            if now >= job.deadline:
                job.late, job.deadline = True, now + 1.0
                _kill(job.pid)

    def _reap(self) -> None:
        """Kill what a finished child left in its group *before* its number can be used again, then collect it."""
        for job in tuple(self.jobs.values()):
            if os.waitid(os.P_PID, job.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
                continue
            _kill(job.pid)
            _, status, usage = os.wait4(job.pid, 0)
            self._report(job, status, usage.ru_utime + usage.ru_stime)

    def _report(self, job: Job, status: int, cpu: float) -> None:
        del self.jobs[job.pid]
        if not job.unwanted:
            self.selector.unregister(job.status)
        code = os.waitstatus_to_exitcode(status)
        _say(job.status, {"exit": code, "late": job.late, "cpu": round(cpu, 4)})
        shutil.rmtree(job.work, ignore_errors=True)

    def _end(self) -> None:
        for job in self.jobs.values():
            _kill(job.pid)
            os.waitpid(job.pid, 0)
        shutil.rmtree(self.works, ignore_errors=True)


def _loaded(task: str, status: socket.socket) -> bool:
    """Import the task's module here, so that every child has it; a failure is answered."""
    try:
        child.load(task)
    except Exception as error:  # noqa: BLE001  a door: a task that cannot be loaded is an answer
        _say(status, {"import": f"{type(error).__name__}: {error}"})
        return False
    return True


def _kill(pid: int) -> None:
    for act in (os.killpg, os.kill):
        try:
            act(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _say(status: socket.socket, answer: dict[str, Any]) -> None:
    """Answer and close; a host that no longer listens is no reason to stop."""
    try:
        status.sendall(json.dumps(answer).encode())
    except OSError:
        pass
    finally:
        status.close()


def main() -> None:
    """`python -I … CONTROL-DESCRIPTOR WORK-FOLDERS`"""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cut = confine.cut_network()
    control.send(json.dumps({"network_cut": cut, "files_cut": confine.landlock_version() > 0}).encode())
    Zygote(control, sys.argv[2]).serve()
