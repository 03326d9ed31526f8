"""`python -m tests.reading.papers DIR [--count 200] [--seed 1]`: papers with known facts, to measure a reader.

NAME.pdf, and NAME.json by the rules of `model`. Needs Chromium and the fonts of `make setup`; about 80 s for 200.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tests.reading.papers.making import make, save
from tests.reading.papers.plan import places


def main() -> None:
    """Write them and say how long it took."""
    parser = argparse.ArgumentParser(prog="python -m tests.reading.papers", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    started, count = time.monotonic(), 0
    for made in make(given.seed, places(given.seed, given.count)):
        save(made, given.folder)
        count += 1
    print(f"{count} papers in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
