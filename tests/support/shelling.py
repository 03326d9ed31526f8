"""`trinhky …` as a process of its own, the way systemd or a person starts it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path


def _environment(database: str, blobs: Path) -> dict[str, str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("TRINHKY_")}
    return bare | {"TRINHKY_DATABASE_URL": database, "TRINHKY_BLOB_URL": str(blobs), "TRINHKY_SECRET_KEY": "k" * 40}


def run(
    words: Sequence[str], database: str, blobs: Path, *, largest_file: int = 0
) -> subprocess.CompletedProcess[str]:
    """To its end. `largest_file`: bytes after which its disk is full."""

    def limit() -> None:
        if largest_file:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    return subprocess.run(
        [sys.executable, "-m", "workflow.cli", *words], env=_environment(database, blobs), preexec_fn=limit,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def killed_when(words: Sequence[str], database: str, blobs: Path, came: Callable[[], bool]) -> None:
    """Killed (-9) as soon as something has come about."""
    with subprocess.Popen(
        [sys.executable, "-m", "workflow.cli", *words], env=_environment(database, blobs),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        end = time.monotonic() + 60
        while not came() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        assert process.poll() is None, "it ended by itself"
        process.kill()
