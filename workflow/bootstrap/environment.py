"""`.venv`, made and kept equal to `requirements-dev.lock`.

A stamp inside `.venv` holds a digest of what was installed from (by content, never by date), of the Python and
of the folder itself: scripts in a virtual environment hold absolute paths, so a moved checkout is made anew.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from workflow.bootstrap import installer
from workflow.bootstrap.stop import Stop

INPUTS = ("requirements.lock", "requirements-dev.lock", "pyproject.toml")
STAMP = "trinhky-setup"


def python_of(root: Path) -> Path:
    """The environment's interpreter."""
    return root / ".venv" / "bin" / "python"


def ensure(root: Path) -> bool:
    """Install where something changed; False where nothing had to be done."""
    stamp = root / ".venv" / STAMP
    wanted = digest(root)
    if stamp.exists() and stamp.read_text() == wanted and works(python_of(root)):
        return False
    stamp.unlink(missing_ok=True)
    chosen = installer.choose(root)
    if must_be_made_anew(root):
        shutil.rmtree(root / ".venv", ignore_errors=True)
        chosen.make_environment(root)
    chosen.install(root)
    stamp.write_text(wanted)
    (root / ".venv" / (STAMP + "-place")).write_text(str(root))
    return True


def must_be_made_anew(root: Path) -> bool:
    """Missing, broken, moved, or of another Python than the one that runs this."""
    place = root / ".venv" / (STAMP + "-place")
    moved = place.exists() and place.read_text() != str(root)
    return moved or not works(python_of(root))


def works(python: Path) -> bool:
    """Its Python starts and is the version that runs this (an upgraded system leaves dead links behind)."""
    program = f"import sys; sys.exit(tuple(sys.version_info[:2]) != {tuple(sys.version_info[:2])})"
    try:
        return subprocess.run([python, "-c", program], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def digest(root: Path) -> str:
    """Of everything that decides what is installed."""
    total = hashlib.sha256(f"{root}\0{sys.version_info[:2]}".encode())
    for name in INPUTS:
        path = root / name
        if not path.exists():
            raise Stop(f"{name} is missing: is this a whole checkout?")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
