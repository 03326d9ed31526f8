"""Fuzzing by coverage, by hand: `pip install atheris`, then

    python -m tests.signing.cms.coverage_guided -runs=200000 -max_len=8192 /tmp/found tests/assets/fuzz/cms

What it finds bad goes to tests/assets/fuzz/cms under a name that says what it is; the suite replays that folder.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["signing.cms", "signing.verification.detached", "signing.path"]):
    from tests.signing.cms import harness


def main() -> None:
    harness.office()
    atheris.Setup(sys.argv, harness.one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
