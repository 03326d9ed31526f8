"""A started program with all its descendants: start it as a person would, see what is left of it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TOY = Path(__file__).parent.parent / "setup" / "toy_launcher.py"


EXEC = 'exec "$@"'


@dataclass
class Family:
    """A launcher and all that descends from it, known by a mark in the environment."""

    mark: str = field(default_factory=lambda: f"TRINHKY_TOY={uuid.uuid4()}")
    launchers: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(
        self,
        command: Sequence[str],
        *,
        ignoring: str = "",
        stdin: int = subprocess.DEVNULL,
        environ: dict[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.Popen[str]:
        """Start a launcher in a group of its own; `ignoring` names signals it inherits as ignored."""
        name, value = self.mark.split("=")
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"trap '' {ignoring}; {EXEC}" if ignoring else EXEC, "sh", *command],
            env={**os.environ, **(environ or {}), name: value},
            cwd=cwd,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        self.launchers.append(process)
        return process

    def toy(self, *kinds: str, ignoring: str = "", stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
        """A supervisor with toy children, running."""
        process = self.start([sys.executable, str(TOY), *kinds], ignoring=ignoring, stdin=stdin)
        assert process.stdout is not None
        assert process.stdout.readline() == "running\n"
        return process

    def members(self) -> list[int]:
        """Every living process with our mark."""
        wanted = self.mark.encode()
        found = []
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if folder.name.isdigit() and wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
        return found

    def grown_to(self, count: int, *, seconds: float = 10.0) -> bool:
        """So many are alive; a child that has just been started may not have started its own yet."""
        deadline = time.monotonic() + seconds
        while len(self.members()) != count:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def sleeper_of(self, launcher: subprocess.Popen[str], *, seconds: float = 10.0) -> int:
        """The one child of a toy launcher, once it is the program it was started to be.

        Until then it is a copy of its parent that has not yet put its own files and signals in order.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for pid in self.members():
                with contextlib.suppress(OSError):
                    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                    if pid != launcher.pid and words[0] == b"sleep":
                        return pid
            time.sleep(0.02)
        raise AssertionError("the child never slept")

    def gone_within(self, seconds: float) -> bool:
        """Nobody is left."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for launcher in self.launchers:
                launcher.poll()
            if not self.members():
                for launcher in self.launchers:
                    launcher.wait(timeout=1)
                return True
            time.sleep(0.05)
        return False


@contextlib.contextmanager
def watched() -> Iterator[Family]:
    """A family; ends what a failed test leaves of it."""
    made = Family()
    yield made
    for pid in made.members():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for launcher in made.launchers:
        launcher.communicate()
