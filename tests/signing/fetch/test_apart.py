"""Verification never reaches the network: what verifies does not even load what fetches."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import signing, signing.__main__, signing.command.verify, signing.path.command
loaded = [name for name in ("signing.fetch", "http.client", "urllib.request") if name in sys.modules]
assert not loaded, loaded
import signing.fetch
assert "signing.fetch.http" in sys.modules
"""


def test_verifying_loads_no_network() -> None:
    """In a fresh process; the fetching room itself is found when it is asked for."""
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)
