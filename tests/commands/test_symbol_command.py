"""`trinhky symbol`: one line of UTF-8 JSON without any database, or one sentence and status 1."""

from __future__ import annotations

import json
import os
import subprocess
import sys

KEYS = {"number", "suffix", "year", "type", "agency", "unit", "kind", "normalised"}


def _run(text: str) -> subprocess.CompletedProcess[bytes]:
    """As a shell does, with a terminal that knows no Vietnamese and no database anywhere."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("TRINHKY_")}
    environment = bare | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "workflow.cli", "symbol", text]
    return subprocess.run(command, capture_output=True, env=environment, check=False)


def test_a_symbol_is_printed_in_its_parts() -> None:
    """Whatever the terminal's encoding, exactly one line of JSON with every part."""
    done = _run("128/2025/QĐ-UBND")
    assert (done.returncode, done.stderr, done.stdout.count(b"\n")) == (0, b"", 1)
    parts = json.loads(done.stdout.decode())
    assert set(parts) == KEYS
    assert parts == {
        "number": 128, "suffix": "", "year": 2025, "type": "QĐ", "agency": "UBND", "unit": "", "kind": "normative",
        "normalised": "128/2025/QĐ-UBND",
    }  # fmt: skip
    assert "QĐ".encode() in done.stdout


def test_what_is_no_symbol_is_one_sentence() -> None:
    """Nothing on stdout, no traceback, status 1."""
    done = _run("văn bản")
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)
    assert "is no number and symbol" in done.stderr.decode()


def test_a_guess_is_called_one() -> None:
    """The JSON stays one line on stdout; the doubt is told beside it."""
    done = _run("15/TC-KH")
    assert (done.returncode, done.stdout.count(b"\n")) == (0, 1)
    assert "official letter of an office TC" in done.stderr.decode()
