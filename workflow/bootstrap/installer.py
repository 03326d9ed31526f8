"""uv, or plain pip where asked for: who fills `.venv`.

uv is taken from `$UV`, from `.uv/`, from the path, or fetched by pip into the private environment `.uv/`; the
system is not touched. No index or host is named here: both programs read their own settings (uv its `UV_*`
variables and uv.toml, pip its pip.conf), and `TRINHKY_INSTALLER=pip` chooses pip.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from workflow.bootstrap import running
from workflow.bootstrap.stop import Stop

LOCK = "requirements-dev.lock"
EDITABLE = ("--no-deps", "--no-build-isolation", "-e", ".")
PRIVATE = ".uv"
BASE_PYTHON: str = getattr(sys, "_base_executable", sys.executable)
"""Not the Python of an activated environment, which may be the very one to be made anew."""


@dataclass(frozen=True, slots=True)
class Uv:
    """The usual one: half a minute cold, under a second with a warm cache."""

    program: str

    def make_environment(self, root: Path) -> None:
        """Needs no venv module: uv brings its own."""
        self._run(root, "making .venv", "venv", "--quiet", "--no-project", "--python", BASE_PYTHON, ".venv")

    def install(self, root: Path) -> None:
        """Exactly the lock, then the checkout itself (`sync` removes what is not in the lock, so in this order)."""
        python = ("--python", ".venv/bin/python")
        self._run(root, "installing the packages", "pip", "sync", *python, "--require-hashes", LOCK)
        self._run(root, "installing the checkout", "pip", "install", "--quiet", *python, *EDITABLE)

    def _run(self, root: Path, what: str, *arguments: str) -> None:
        """Once as it is; then with the system's certificates, or from the cache, where that may help."""
        environ = {
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_NO_PROGRESS": "1",
            **home_for_cache(root, "UV_CACHE_DIR", "uv"),
        }
        command = [self.program, *arguments]
        result = running.run(command, root, what=what, environ=environ)
        if result.failed and result.certificate:
            trusting = {**environ, "UV_SYSTEM_CERTS": "1"}
            result = running.run(command, root, what=f"{what} with the system's certificates", environ=trusting)
        if result.failed and result.network:
            again = running.run([*command, "--offline"], root, what=f"{what} from the cache", environ=environ)
            result = result if again.failed else again
        result.stop_if_failed(root)


@dataclass(frozen=True, slots=True)
class Pip:
    """For an office whose package index is set up for pip only; a minute cold."""

    def make_environment(self, root: Path) -> None:
        """By the venv module."""
        require_venv_module()
        running.run([BASE_PYTHON, "-m", "venv", ".venv"], root, what="making .venv").stop_if_failed(root)

    def install(self, root: Path) -> None:
        """The lock, then the checkout; packages that left the lock stay until `.venv` is removed."""
        pip = [
            ".venv/bin/python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--retries",
            "1",
        ]
        for what, rest in (
            ("installing the packages", ["--require-hashes", "-r", LOCK]),
            ("installing the checkout", list(EDITABLE)),
        ):
            running.run([*pip, *rest], root, what=what).stop_if_failed(root)


def choose(root: Path) -> Uv | Pip:
    """pip where asked for, else the first uv that starts, else one fetched for this checkout."""
    if os.environ.get("TRINHKY_INSTALLER") == "pip":
        return Pip()
    private = root / PRIVATE / "bin" / "uv"
    for program in (os.environ.get("UV"), str(private), shutil.which("uv")):
        if program and starts(program):
            return Uv(program)
    fetch_uv(root)
    return Uv(str(private))


def fetch_uv(root: Path) -> None:
    """Into an environment of its own, so that neither the system nor `.venv` changes."""
    require_venv_module()
    shutil.rmtree(root / PRIVATE, ignore_errors=True)
    running.run([BASE_PYTHON, "-m", "venv", PRIVATE], root, what="making .uv").stop_if_failed(root)
    pip = [f"{PRIVATE}/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    running.run([*pip, "--retries", "1", "uv"], root, what="fetching uv into .uv").stop_if_failed(root)


def starts(program: str) -> bool:
    """A name on the path may be a shim of a version that is not installed."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def require_venv_module() -> None:
    """Debian and Ubuntu split it off; `ensurepip` is the half that is missing there."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise Stop(f"This Python has no working venv module; on Debian or Ubuntu: sudo apt-get install {package}")


def home_for_cache(root: Path, variable: str, name: str) -> dict[str, str]:
    """Where the home folder is missing or cannot be written, caches go below the checkout."""
    home = Path(os.environ.get("HOME", "/nonexistent"))
    if variable in os.environ or os.access(home, os.W_OK):
        return {}
    return {variable: str(root / ".setup" / name)}
