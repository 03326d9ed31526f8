"""`python -m signing COMMAND`: the shell's door to the library. Exit 2 is wrong usage."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from signing.command import verify
from signing.path import command as path


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    options.now = datetime.now(UTC)
    if sys.stdout is None:  # started with it closed
        options.refuse("there is no standard output to write to")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        _write_nowhere()  # nobody reads any more: end quietly
        return 1
    except OSError as error:
        _write_nowhere()
        options.refuse(f"the answers could not be written: {error.strerror}")  # exit 2
    except KeyboardInterrupt:
        return 130
    return code


def _write_nowhere() -> None:
    """So that what is left in the buffer fails no more when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m signing")
    commands = parser.add_subparsers(dest="command", required=True)
    verify.add(commands)
    path.add_parser(commands)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
