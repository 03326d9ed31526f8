"""Fuzzing by coverage: `python -m tests.signing.fuzz NAME [options of libFuzzer] [folders]`; `make soak` does it.

A bad input is written into the seeds of its target, where every later run of the tests tries it again.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(
    include=["signing.cms", "signing.path", "signing.pdf", "signing.verification"], enable_loader_override=False
):
    from tests.signing.fuzz.targets import TARGETS, office


def main(arguments: list[str]) -> None:
    target = TARGETS[arguments.pop(1)]
    office()
    atheris.Setup(arguments, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
