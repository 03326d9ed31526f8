"""Programs from apt that only tests need: installed where we may, named where we may not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

LEFT_OUT = "their tests are left out"


def ensure(listing: Path) -> str:
    """Install what is missing; the sentence about what still is, or an empty one."""
    missing = absent(wanted(listing))
    if not missing:
        return ""
    if shutil.which("apt-get") is None:
        return f"No apt-get here; {LEFT_OUT} unless installed by other means: {', '.join(missing)}."
    prefix = privileges()
    if prefix is None:
        return f"Not root and no password-less sudo; {LEFT_OUT}: sudo apt-get install {' '.join(missing)}"
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}

    def apt(*arguments: str) -> None:
        subprocess.run(
            [*prefix, "apt-get", *arguments],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )

    apt("update", "-q")
    apt("install", "-y", "-q", "--no-install-recommends", *missing)
    for package in absent(missing):  # one that this system does not know keeps all the others out
        apt("install", "-y", "-q", "--no-install-recommends", package)
    still = absent(missing)
    return f"apt-get could not install {', '.join(still)}; {LEFT_OUT}." if still else ""


def wanted(listing: Path) -> list[str]:
    """One package a line; a word after it says what for."""
    lines = (line.partition("#")[0].strip() for line in listing.read_text().splitlines())
    return [line for line in lines if line]


def absent(packages: list[str]) -> list[str]:
    """By dpkg, in 20 ms; elsewhere everything counts as absent."""
    if shutil.which("dpkg-query") is None:
        return packages
    query = ["dpkg-query", "-W", "-f", "${Package} ${Status}\n", *packages]
    output = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    present = {line.split()[0] for line in output.splitlines() if line.endswith("install ok installed")}
    return [package for package in packages if package not in present]


def privileges() -> list[str] | None:
    """What to put before apt-get; None where nothing helps."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", "--preserve-env=DEBIAN_FRONTEND"]
    return None
