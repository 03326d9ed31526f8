"""The host never loads a native parser: they live in the jail alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("pikepdf", "pypdfium2", "pyhanko", "typst", "PIL")


@pytest.mark.parametrize("module", ["signing.prepare", "signing.jail", "signing.testing"])
def test_importing_loads_no_parser_of_outside_bytes(module: str) -> None:
    """A web worker that signs and normalises holds neither qpdf nor pdfium in its own process."""
    program = f"import sys, {module}; print([one for one in {HEAVY!r} if one in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
