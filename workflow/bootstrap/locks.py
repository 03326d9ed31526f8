"""For maintainers: write the lock files anew, without any index or host in them.

The npm lock also loses the optional packages: pdf.js names a native canvas for Node, which a browser never needs.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from workflow.bootstrap import assets, installer, running
from workflow.bootstrap.environment import python_of
from workflow.bootstrap.stop import Stop

COMPILE = ("pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11", "--generate-hashes")
SILENT = ("--no-emit-index-url", "--no-header", "--quiet")
DEVELOPERS = ("--extra", "hsm", "--extra", "local-pg", "--group", "dev", "-c", "requirements.lock")
HOSTFUL = ("funding", "resolved")


def write(root: Path) -> None:
    """All three; a lock that exists keeps its versions unless pyproject.toml or package.json ask for others."""
    uv = installer.choose(root)
    if not isinstance(uv, installer.Uv):
        raise Stop("The locks are written by uv: unset TRINHKY_INSTALLER.")
    targets: dict[str, tuple[str, ...]] = {"requirements.lock": (), "requirements-dev.lock": DEVELOPERS}
    for target, more in targets.items():
        command = [uv.program, *COMPILE, *SILENT, *more, "-o", target]
        running.run(command, root, what=f"writing {target}").stop_if_failed(root)
    npm(root)


def npm(root: Path) -> None:
    """package-lock.json, then cleaned of hosts and optional packages."""
    work = root / ".setup" / "npm-lock"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    shutil.copyfile(root / assets.PACKAGES / "package.json", work / "package.json")
    options = ["--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit"]
    command = [str(python_of(root)), "-c", assets.NPM, "install", *options]
    running.run(command, root, what="writing package-lock.json", folder=work).stop_if_failed(root)
    cleaned = clean(json.loads((work / "package-lock.json").read_text()))
    (root / assets.PACKAGES / "package-lock.json").write_text(
        json.dumps(cleaned, indent=2, ensure_ascii=False) + "\n"
    )


def clean(lock: dict[str, Any]) -> dict[str, Any]:
    """Without hosts, without optional packages; every package must carry its SHA-512."""
    packages = {
        name: {key: value for key, value in entry.items() if key not in (*HOSTFUL, "optionalDependencies")}
        for name, entry in lock["packages"].items()
        if not entry.get("optional")
    }
    bare = [name for name, entry in packages.items() if name and not entry["integrity"].startswith("sha512-")]
    if bare:
        raise Stop(f"No SHA-512 in package-lock.json for {', '.join(bare)}.")
    return {**lock, "packages": packages}
