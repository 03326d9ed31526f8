"""The papers that measure the reader: the same for a seed, of every kind, and readable where their facts say."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import asdict, replace
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
import pytest

from tests.reading.papers.making import Made, make
from tests.reading.papers.model import Paper, clean
from tests.reading.papers.plan import LAYOUTS, PRODUCERS, ROUND, Place, compose, places
from workflow.domain.document_types import TYPES

SEED = 7
URGENCIES = {"normal", "urgent", "very_urgent", "flash"}


def text(pdf: bytes) -> str:
    """All its text, NFC and Đ, without blanks, one hyphen for all dashes."""
    with pdfium.PdfDocument(pdf) as opened:
        read = "".join(opened[at].get_textpage().get_text_range() for at in range(len(opened)))
    return re.sub(r"[–—\ufffe\u0002]", "-", re.sub(r"\s", "", clean(read)))


def few(producer: str, count: int) -> list[Place]:
    """The first papers of a producer, none scanned."""
    return [replace(place, scanned=False) for place in islice(by(producer), count)]


def by(producer: str) -> Any:
    """All papers of a producer."""
    return (place for place in places(SEED, ROUND) if place.producer == producer)


def shown(made: Made) -> None:
    """What the facts say stands on the paper, word by word."""
    facts, read = made.facts, text(made.pdf)
    for whole in (facts["symbol"], facts["signer"].replace(" ", "")):
        assert whole is None or whole in read, (made.name, facts)
    words = f"{facts['issuer']} {facts['subject'] or ''}".split()
    lost = [word for word in words if word not in read and "-" not in word]  # a line may end at a hyphen
    assert lost == [], (made.name, facts)


@pytest.fixture(scope="module")
def round_() -> list[tuple[Place, Paper]]:
    """The 200 papers of a seed, composed but not written."""
    return [(place, compose(SEED, place)) for place in places(SEED, ROUND)]


def test_a_round_has_everything(round_: list[tuple[Place, Paper]]) -> None:
    """200 papers hold every layout, producer and type, 40 scans, every urgency, and papers that lack a field."""
    assert len(round_) == 200
    assert {place.layout for place, _ in round_} == set(LAYOUTS)
    assert {place.producer for place, _ in round_} == set(PRODUCERS)
    assert {place.kind for place, _ in round_} == {kind.code for kind in TYPES}
    scans = Counter(place.producer for place, _ in round_ if place.scanned)
    assert sum(scans.values()) == 40
    assert min(scans[name] for name in PRODUCERS) >= 13
    assert {paper.facts.urgency for _, paper in round_} == URGENCIES
    for field in ("number", "date", "subject"):
        missing = sum(getattr(paper.facts, field) is None for _, paper in round_)
        assert 0 < missing < 30, field


def test_the_facts_hold_together(round_: list[tuple[Place, Paper]]) -> None:
    """Number begins the symbol, dates are dates, texts are one clean line."""
    for place, paper in round_:
        facts = paper.facts
        assert (facts.number is None) == (facts.symbol is None)
        if facts.number and facts.symbol:
            assert facts.symbol.lstrip("0").startswith(facts.number)
            assert not re.search(r"\s|[–—]", facts.symbol)
        assert facts.date is None or dt.date.fromisoformat(facts.date).year in {2025, 2026}
        assert (facts.type, facts.urgency in URGENCIES) == (place.kind, True)
        for words in (facts.issuer, facts.symbol, facts.subject, facts.signer):
            assert words is None or words == clean(words) != ""


def test_a_seed_is_a_set_of_papers(round_: list[tuple[Place, Paper]]) -> None:
    """The same seed composes the same papers, another seed others."""
    again = [compose(SEED, place) for place, _ in round_]
    assert again == [paper for _, paper in round_]
    assert [compose(SEED + 1, place) for place, _ in round_[:5]] != again[:5]


@pytest.mark.parametrize("producer", ["typst", "streams"])
def test_written_papers_show_their_facts(producer: str) -> None:
    """Bytes are the same twice, and every fact can be read in them."""
    wanted = few(producer, 5)
    papers = list(make(SEED, wanted))
    assert [made.pdf for made in make(SEED, wanted[:2])] == [made.pdf for made in papers[:2]]
    for place, made in zip(wanted, papers, strict=True):
        assert made.facts == asdict(compose(SEED, place).facts) | {
            "layout": place.layout, "producer": producer, "rasterised": False, "pages": made.facts["pages"]
        }  # fmt: skip
        shown(made)


@pytest.mark.browser
def test_printed_papers_show_their_facts() -> None:
    """The same of what Chromium prints."""
    wanted = few("chromium", 3)
    *papers, again = make(SEED, [*wanted, wanted[0]])
    assert again.pdf == papers[0].pdf
    for made in papers:
        shown(made)


def test_a_scan_is_an_image_only() -> None:
    """No text is left in it, its pages are as many and as large as the paper's, and it is the same twice."""
    place = next(place for place in by("streams") if place.scanned)
    scan, again = (next(make(SEED, [place])) for _ in range(2))
    plain = next(make(SEED, [replace(place, scanned=False)]))
    assert scan.pdf == again.pdf
    assert (scan.facts["rasterised"], scan.facts["pages"]) == (True, plain.facts["pages"])
    assert text(scan.pdf) == ""
    with pdfium.PdfDocument(scan.pdf) as opened:
        assert opened[0].get_size() == pytest.approx((595.3, 841.9), abs=1.0)
