"""A small parent for the processes of one installation: starts them, watches them, ends all of them.

Each child leads a session of its own, so that whatever it starts can be ended by group: killing granian's main
process alone leaves a worker that still serves the port. On Linux a child also gets SIGTERM from the kernel when
this process is killed. Ended are all of them when one ends, when this process gets INT, TERM or HUP (INT also
where it was inherited as ignored, as after `command &` in a script), when the terminal goes away, and when the
process that started this one is gone. After `nohup` the last three do not count.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, NoReturn, Self

GRACE_S = 1.8
"""From SIGTERM to SIGKILL; everything must be gone within four seconds."""
TICK_S = 0.1
LAST_WORDS = 15
"""Lines of a log that are shown when its child ends."""
PR_SET_PDEATHSIG = 1
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Handler = Callable[[int, FrameType | None], Any] | int | signal.Handlers | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Child:
    """One process of the table. `environ` is added to ours; its words go to `log`, or else where ours go."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None


class Supervisor:
    """`with Supervisor(say=…) as parent: code = parent.run(children)`.

    Signals count from the `with` on: before `run` they end the work of preparation by `SystemExit`, inside `run`
    they end the children first.
    """

    def __init__(self, *, say: Callable[[str], None]) -> None:
        self._say = say
        self._received = False
        self._supervising = False
        self._old: dict[signal.Signals, Handler] = {}
        self._running: dict[Child, subprocess.Popen[bytes]] = {}
        self._parent = os.getppid()
        self._unattended = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        self._terminal = None if self._unattended else _watched_terminal()

    def __enter__(self) -> Self:
        for number in ENDING:
            if number == signal.SIGHUP and self._unattended:
                continue
            self._old[number] = signal.signal(number, self._receive)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end_all()
        for number, handler in self._old.items():
            signal.signal(number, handler)

    def run(
        self,
        children: Sequence[Child],
        *,
        ready: Callable[[], bool] = lambda: True,
        announce: Callable[[], None] = lambda: None,
    ) -> int:
        """Until something ends: 0 when we were told to stop, 1 when a child ended by itself.

        `announce` is called once, when `ready` first says yes.
        """
        self._supervising = True
        for child in children:
            self._start(child)
        announced = False
        while not self.told_to_stop():
            if ended := next((child for child, one in self._running.items() if one.poll() is not None), None):
                self._say(obituary(ended, self._running[ended].returncode))
                return 1
            if not announced and ready():
                announced = True
                announce()
            self._wait()
        return 0

    def told_to_stop(self) -> bool:
        """By a signal, by a lost terminal, by a lost parent. For the steps of long work before `run` as well."""
        if not self._unattended and os.getppid() != self._parent:
            self._received = True
        if self._terminal is not None and self._terminal.poll(0):
            self._received = True
        return self._received

    def end_all(self) -> None:
        """TERM to every group, then KILL to what is left of any group, also where its leader has ended."""
        for process in self._running.values():
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        while time.monotonic() < deadline and any(process.poll() is None for process in self._running.values()):
            time.sleep(0.02)
        for process in self._running.values():
            _signal_group(process, signal.SIGKILL)
            process.wait()
        self._running.clear()

    def _start(self, child: Child) -> None:
        with contextlib.ExitStack() as closing:
            output = closing.enter_context(child.log.open("ab")) if child.log else None
            self._running[child] = subprocess.Popen(
                child.command,
                env={**os.environ, **child.environ},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_prepare_child(os.getpid()),
            )

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        self._received = True
        if not self._supervising:
            raise SystemExit(128 + number)

    def _wait(self) -> None:
        if self._terminal is not None:
            self._terminal.poll(TICK_S * 1000)
        else:
            time.sleep(TICK_S)


def leave(code: int) -> NoReturn:
    """End this process without tearing the interpreter down, once every child has ended.

    That takes a quarter of a second of processor time and mends nothing: on a busy machine, a second or two of the
    four that were promised. Locks and files are the kernel's to close.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def obituary(child: Child, status: int) -> str:
    """Why everything is being stopped, with the last words of the child that ended."""
    sentence = f"{child.name} ended by itself (exit status {status}); stopping the rest"
    if child.log is None:
        return sentence
    lines = child.log.read_text(errors="replace").splitlines()[-LAST_WORDS:]
    return "\n".join([*lines, f"{sentence}. All its words: {child.log}"])


def _prepare_child(parent: int) -> Callable[[], None]:
    """Runs between fork and exec: ask the kernel for SIGTERM at the parent's death, undo inherited ignores."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None

    def prepare() -> None:
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
            if os.getppid() != parent:
                os._exit(1)  # the parent died in between

    return prepare


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return  # nobody is left in the group; macOS says "permission" for zombies


def _watched_terminal() -> select.poll | None:
    """Tells when the terminal on stdin hangs up (which is always reported); nothing is read from it."""
    try:
        if not os.isatty(0):
            return None
    except OSError:
        return None
    watcher = select.poll()
    watcher.register(0, 0)
    return watcher
