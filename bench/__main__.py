"""`python -m bench NAME [--json]`: run one benchmark; exit 1 where it misses a goal.

Every file in this folder that has a function `measure(runs: int) -> Measured` is a benchmark. The last thing on
stdout, alone on its line, is one JSON object; what is told on the way goes to stderr.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import signal
import sys
from typing import Any

import bench
from bench import seed
from bench.harness import missed, result, table

PARTS = {
    "__main__",
    "arrivals",
    "corpus",
    "desks",
    "foreign",
    "harness",
    "hello",
    "loading",
    "machine",
    "office",
    "papers",
    "people",
    "seed",
    "server",
    "verifiers",
    "writers",
}
"""Files of this folder that are no benchmarks."""


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in PARTS)


def main(arguments: list[str]) -> int:
    """0, 1 where a goal was missed, 2 where there is no such benchmark. `seed` is no benchmark, it makes data."""
    if arguments[:1] == ["seed"]:
        return seed.main(arguments[1:])
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("name", nargs="?", help="which one; without it, the list")
    parser.add_argument("--json", action="store_true", help="nothing but the JSON object")
    parser.add_argument("--runs", type=int, default=7, help="interleaved rounds")
    options = parser.parse_args(arguments)
    if options.name not in names():
        print("benchmarks: " + (", ".join(names()) or "none yet"), file=sys.stderr)
        return 2 if options.name else 0
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # servers and folders are let go
    module: Any = importlib.import_module(f"bench.{options.name}")
    measured = result(options.name, module.measure(options.runs), runs=options.runs)
    failures = missed(measured)
    if not options.json:
        print(table(measured, module.__doc__ or ""), file=sys.stderr)
    for failure in failures:
        print(f"missed: {failure}", file=sys.stderr)
    print(json.dumps(measured, ensure_ascii=False), flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
