"""The machine of somebody who has nothing of ours: a fresh Python with `cryptography` alone, and no network."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from tests.support.bundles import Answer

NEEDED = ("cryptography", "cffi", "pycparser", "_cffi_backend*")
CUT = """import sys


def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        raise OSError("no network here")


sys.addaudithook(refuse)
"""
"""Not even a socket can be made, of whatever family."""
REACHED = """import importlib.util, json, socket, sys
found = [name for name in sys.argv[1:] if importlib.util.find_spec(name)]
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except OSError as error:
    print(json.dumps([found, str(error)]))
"""
COUNTED = """import json, pathlib, runpy, sys
program, bundle, roots, root = map(pathlib.Path, sys.argv[1:])
made = runpy.run_path(str(program))["check"](bundle, [roots], root)
print(json.dumps({"tally": made.tally, "notes": made.notes, "about": made.about}))
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """Its Python, which reads nothing of the environment nor of the folder that it is started in."""

    python: Path

    def run(self, *given: str | Path) -> subprocess.CompletedProcess[str]:
        """A program there."""
        return subprocess.run(
            [self.python, "-I", "-X", "utf8", *given], cwd=self.python.parent, capture_output=True, text=True,
            encoding="utf-8", check=False, timeout=60,
        )  # fmt: skip

    def reaches(self, *names: str) -> tuple[list[str], str]:
        """Which of these modules there are, and what an attempt to open a connection says."""
        found, said = json.loads(self.run("-c", REACHED, *names).stdout)
        return found, said

    def check(self, program: Path, bundle: Path, roots: Path, root: Path) -> Answer:
        """A bundle by the verifier in Python: how it ends when it is called, and what it counts."""
        ran = self.run(program, bundle, "--roots", roots, "--root", root)
        assert ran.stderr == ""
        if ran.returncode == 2:
            return Answer(2)
        told = self.run("-c", COUNTED, program, bundle, roots, root)
        assert told.stderr == ""
        return Answer(ran.returncode, **json.loads(told.stdout))


def machine(folder: Path) -> Machine:
    """Made anew; `cryptography` is copied there, as pip would put it without asking a registry."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=120)
    made = Machine(folder / "bin" / "python")
    home = Path(made.run("-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip())
    ours = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    for one in sorted({one for place in ours for name in NEEDED for one in place.glob(name)}):
        copy = shutil.copytree if one.is_dir() else shutil.copy2
        copy(one, home / one.name)
    (home / "cut.py").write_text(CUT)
    (home / "cut.pth").write_text("import cut\n")
    return made
