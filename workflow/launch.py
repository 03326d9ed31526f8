"""What stands between a command and its processes: folder, lock, port, secrets, the table of children."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workflow.config import WEB_THREADS, project_folder
from workflow.supervisor import Child

SECRET_NAMES = ("TRINHKY_SECRET_KEY",)
"""Made once per folder; each 384 random bits."""

SEAL_KEYS = "TRINHKY_SEAL_KEYS"


class CannotStart(Exception):
    """One sentence for the person who started it."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """As typed into a browser on this machine."""
        return f"http://{self.host}:{self.port}"

    def require_free(self) -> None:
        """Two servers on one port can both believe they listen (SO_REUSEPORT), so a plain socket asks first."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except (OSError, OverflowError) as error:
                raise CannotStart(
                    f"Port {self.port} cannot be used ({error}): end what uses it, or choose another, "
                    f"for example PORT={self.port + 1}"
                ) from error

    def answers(self) -> bool:
        """Somebody accepts connections there."""
        try:
            socket.create_connection((self.host, self.port), timeout=0.5).close()
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def writable_folder(path: Path) -> Path:
    """Make it, for nobody else to read, and prove that files can be made in it."""
    probe = path / f".writable-{os.getpid()}"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"Cannot write in {path} ({error.strerror}): choose another folder or mend its rights."
        ) from error
    return path


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """One installation per folder; the kernel frees it with the process, however that ends."""
    path = folder / "running.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise CannotStart(
                f"Trình Ký already runs on {folder} (process {file.read().strip()}); end that one first."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def secrets_in(folder: Path) -> dict[str, str]:
    """Read or make the secrets of a folder; the file is the owner's alone from its first moment."""
    path = folder / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    made = {name: known.get(name) or secrets.token_urlsafe(48) for name in SECRET_NAMES}
    if made != known:
        partial = path.with_suffix(".part")
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file)
        partial.replace(path)
    return made


def web(address: Address, environ: Mapping[str, str], *, workers: int = 1, logs: Path | None = None) -> Child:
    """granian with our WSGI application."""
    return Child(
        name="web",
        command=(
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"),
            *("--host", address.host, "--port", str(address.port)),
            *("--workers", str(workers), "--blocking-threads", str(WEB_THREADS)),
            *("--workers-kill-timeout", "2", "--working-dir", str(project_folder()), "wsgi:app"),
        ),
        environ=environ,
        log=logs / "web.log" if logs else None,
    )


def publisher(environ: Mapping[str, str], *, logs: Path | None = None) -> Child:
    """The demo's certificate authority, which renews its revocation lists."""
    log = logs / "publisher.log" if logs else None
    return Child(
        name="publisher", command=(sys.executable, "-m", "workflow.demo.publisher"), environ=environ, log=log
    )


def scheduler(environ: Mapping[str, str], *, logs: Path | None = None) -> Child:
    """The timers, a process of their own and never inside a web worker."""
    log = logs / "scheduler.log" if logs else None
    return Child(name="scheduler", command=(sys.executable, "-m", "schedulers"), environ=environ, log=log)


def sealer(environ: Mapping[str, str], *, logs: Path | None = None) -> Child:
    """The process that holds server-held seal keys."""
    log = logs / "sealer.log" if logs else None
    command = (sys.executable, "-m", "workflow.cli", "sealer")
    return Child(name="sealer", command=command, environ=environ, log=log)


def children(
    address: Address, environ: Mapping[str, str], *, workers: int = 1, logs: Path | None = None
) -> list[Child]:
    """The table of an installation's processes; their words go into files of the folder `logs`, or to our own.

    The seal process stands in it only where `environ` itself brings the keys (the demo). An office starts
    `trinhky sealer` under a user of its own.
    """
    common = {name: value for name, value in environ.items() if name != SEAL_KEYS}
    table = [web(address, common, workers=workers, logs=logs), scheduler(common, logs=logs)]
    return [*table, sealer(environ, logs=logs)] if SEAL_KEYS in environ else table
