"""A run: compose, write, perhaps scan, and put PDF and JSON side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pypdfium2 as pdfium
from playwright.sync_api import Page as Tab

from tests.reading.papers import by_chromium, by_streams, by_typst
from tests.reading.papers.plan import Place, compose
from tests.reading.papers.scan import scanned


@dataclass(frozen=True, slots=True)
class Made:
    """A paper's file and what a reader should find in it."""

    name: str
    pdf: bytes
    facts: dict[str, Any]


def make(seed: int, wanted: Iterable[Place]) -> Iterator[Made]:
    """Write papers one after the other; Chromium starts with the first paper that needs it."""
    tab: Tab | None = None
    with ExitStack() as open_until_the_end:
        for place in wanted:
            paper = compose(seed, place)
            if place.producer == "chromium":
                tab = tab or open_until_the_end.enter_context(by_chromium.printing())
                pdf = by_chromium.write(paper, tab)
            else:
                pdf = (by_typst if place.producer == "typst" else by_streams).write(paper)
            if place.scanned:
                pdf = scanned(pdf, Random(f"{seed}:{place.name}:scan"))
            with pdfium.PdfDocument(pdf) as opened:
                pages = len(opened)
            facts = asdict(paper.facts) | {
                "layout": place.layout,
                "producer": place.producer,
                "rasterised": place.scanned,
                "pages": pages,
            }
            yield Made(place.name, pdf, facts)


def save(made: Made, folder: Path) -> None:
    """NAME.pdf and NAME.json."""
    (folder / f"{made.name}.pdf").write_bytes(made.pdf)
    (folder / f"{made.name}.json").write_bytes(orjson.dumps(made.facts, option=orjson.OPT_INDENT_2))
