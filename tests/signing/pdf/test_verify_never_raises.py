"""Any bytes get an answer: fuzzing of both paths with PDF-like rubbish, and the seeds that once broke something."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import signing
from signing.path.policy import STRICT
from signing.reasons import Conclusion
from signing.testing.attacks.suite import make_all
from signing.testing.paper import Box, append, blank, stream
from signing.verification.context import Question
from signing.verification.document import judge_carefully

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SEEDS = sorted((Path(__file__).parents[2] / "assets" / "fuzz" / "pdf").glob("*.pdf"))
QUESTION = Question(signing.TrustStore(), AT, signing.Evidence(), STRICT, None, {})
pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]
WORDS = (
    b"%PDF-1.7\n",
    b"1 0 obj\n",
    b"2 0 obj",
    b" endobj\n",
    b"stream\n",
    b"\nendstream",
    b"xref\n",
    b"0 2\n",
    b"trailer\n",
    b"0000000000 65535 f \n",
    b"0000000009 00000 n \n",
    b"startxref\n",
    b"9\n",
    b"%%EOF\n",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"/Root 1 0 R",
    b"/Type/Catalog",
    b"/Pages 2 0 R",
    b"/Kids[2 0 R]",
    b"/Kids[1 0 R]",
    b"/Type/Pages",
    b"/Count -1",
    b"/AcroForm 1 0 R",
    b"/Fields[1 0 R]",
    b"/FT/Sig",
    b"/V 1 0 R",
    b"/V<</ByteRange[0 1 2 3]/Contents<00>>>",
    b"/Prev 9",
    b"/Size 3",
    b"/XRefStm 9",
    b"/Length 1 0 R",
    b"/Length 99999999999",
    b"/Type/ObjStm/N 1/First 4",
    b"/Type/XRef/W[1 1 1]",
    b"/Index[0 99]",
    b"/Filter/FlateDecode",
    b"/Encrypt<</Filter/Standard/V 4/R 4/O()/U()/P 1>>",
    b"(",
    b")",
    b"<",
    b"/#",
    b"/#0",
    b"--1",
    b"1.2.3",
    b"/DSS<</Certs[1 0 R]>>",
    b"/Perms<</DocMDP 1 0 R>>",
    b"/Annots[1 0 R<<>>]",
    b"/Rect[0 0 1 1]",
    b"/AP<</N 1 0 R>>",
    b"\0",
    b"\r",
)
BASE = append(blank(Box("leader", (10, 20, 110, 60))), {4: stream(b"0 0 1 1 re f")})


def answered(data: bytes) -> None:
    """Both paths, whatever the first says."""
    verdict = signing.verify(data, trust=signing.TrustStore(), at=AT)
    careful = judge_carefully(data, QUESTION)
    assert verdict.verdict is not Conclusion.PASSED
    assert careful.verdict is not Conclusion.PASSED
    assert not verdict.detail.startswith("internal"), verdict.detail


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_rubbish_of_pdf_words(words: list[bytes]) -> None:
    """Tokens of the format in any order."""
    answered(b"%PDF-1.7\n" + b"".join(words) + b"\nstartxref\n9\n%%EOF")


@given(st.integers(0, len(BASE)), st.integers(0, 200), st.lists(st.sampled_from(WORDS), max_size=4))
def test_words_in_a_good_file(place: int, length: int, words: list[bytes]) -> None:
    """A piece of a readable file replaced by tokens."""
    answered(BASE[:place] + b"".join(words) + BASE[place + length :])


@given(st.binary(max_size=300), st.integers(0, len(BASE)))
def test_bytes_in_a_good_file(rubbish: bytes, place: int) -> None:
    """A piece of a readable file replaced by anything."""
    answered(BASE[:place] + rubbish + BASE[place + len(rubbish) :])


@given(st.data())
def test_words_in_the_attack_suite(data: st.DataObject) -> None:
    """The same with files that already have something wrong."""
    suite = make_all()
    name = data.draw(st.sampled_from(sorted(name for name, file in suite.items() if len(file) < 60_000)))
    file = suite[name]
    place = data.draw(st.integers(0, len(file)))
    word = data.draw(st.sampled_from(WORDS))
    answered(file[:place] + word + file[place + len(word) :])


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_seed_is_answered(seed: Path) -> None:
    """What once raised, or took too long."""
    answered(seed.read_bytes())
