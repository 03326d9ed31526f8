"""`python -m signing.testing attacks DIR` writes the attack suite;
`python -m signing.testing compare DIR --markdown FILE` runs validators over it and writes the table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from signing.testing.attacks import write
from signing.testing.attacks.table import compare


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        sys.stdout.write(_run(options) + "\n")
    except OSError as error:
        options.refuse(str(error))  # exit 2
    return 0


def _run(options: argparse.Namespace) -> str:
    folder: Path = options.folder
    if options.command == "attacks":
        return f"{write(folder)} files and index.json in {folder}"
    target: Path = options.markdown
    target.write_text(compare(folder), encoding="utf-8")
    return f"{target}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m signing.testing")
    commands = parser.add_subparsers(dest="command", required=True)
    attacks = commands.add_parser("attacks", help="write the attack suite with its index")
    attacks.add_argument("folder", type=Path, metavar="DIR")
    attacks.set_defaults(refuse=attacks.error)
    compared = commands.add_parser("compare", help="ask validators about every file of a written suite")
    compared.add_argument("folder", type=Path, metavar="DIR")
    compared.add_argument("--markdown", type=Path, required=True, metavar="FILE", help="where the table goes")
    compared.set_defaults(refuse=compared.error)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
