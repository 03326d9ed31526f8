"""The fast path against the careful one on the same changed files: it never says yes where the other does not."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

import signing
from signing.path.policy import STRICT
from signing.pdf import Ref, read
from signing.pdf.objects import PdfDict, Stream
from signing.prepare.serialise import serialise
from signing.reasons import Conclusion, Reason
from signing.testing.attacks.office import office as suite_office
from signing.testing.attacks.registry import ALL
from signing.testing.attacks.suite import lists_of, make_all, roots_of
from signing.testing.paper import add_and_sign, append
from signing.verification.context import Question
from signing.verification.document import judge_carefully, judge_fast, wants_care, worse_of
from tests.signing.verification.office import ARRIVAL_BOX, AT, NOW, PLAN, Office
from tests.support.counts import times

ROUNDS = times(600, soak=20_000)
LONGEST = 60_000
_NUMBER = re.compile(rb"(?<=[ \[/])\d+(?=[ \]/>])")
_KEYS = (b"/Rotate 90", b"/AA<<>>", b"/Contents 4 0 R", b"/V 9 0 R", b"/OC 1 0 R", b"/CropBox[0 0 9 9]", b"/F 2")


def _byte(data: bytes, chooser: random.Random) -> bytes:
    place = chooser.randrange(len(data))
    return data[:place] + bytes([chooser.randrange(256)]) + data[place + 1 :]


def _number(data: bytes, chooser: random.Random) -> bytes:
    """Another number of the same length: offsets, references, lengths, boxes."""
    found = [match.span() for match in _NUMBER.finditer(data)]
    start, end = chooser.choice(found)
    digits = "".join(chooser.choice("0123456789") for _ in range(end - start))
    return data[:start] + digits.encode() + data[end:]


def _piece(data: bytes, chooser: random.Random) -> bytes:
    start, length = chooser.randrange(len(data)), chooser.randrange(1, 400)
    other = chooser.randrange(len(data))
    return data[:other] + data[start : start + length] + data[other:]


def _cut(data: bytes, chooser: random.Random) -> bytes:
    start, length = chooser.randrange(len(data)), chooser.randrange(1, 400)
    return data[:start] + data[start + length :]


def _tail(data: bytes, chooser: random.Random) -> bytes:
    return data + chooser.choice((b"\n", b" \n\n", b"%", data[-200:], b"4 0 obj\n<<>>\nendobj\n", b"\0"))


def _object(data: bytes, chooser: random.Random) -> bytes:
    """A later revision with one object changed, taken away or added to."""
    file = read(data)
    num = chooser.choice(sorted(file.last.entries))
    value = file.get(Ref(num)) if num else None
    if isinstance(value, Stream):
        shown = value.raw + chooser.choice((b"", b" ", b"\n0 0 9 9 re f"))
        head = PdfDict({key: item for key, item in value.dict.items() if key != "Length"})
        body = serialise({**head, "Length": len(shown)}) + b"\nstream\n" + shown + b"\nendstream"
    elif isinstance(value, PdfDict):
        kept = {key: item for key, item in value.items() if chooser.random() > 0.1}
        body = serialise(kept)[:-2] + chooser.choice((b"", b"", *_KEYS)) + b">>"
    else:
        body = chooser.choice((b"null", b"[]", b"7"))
    return append(data, {num or 99: body})


def _nothing(data: bytes, chooser: random.Random) -> bytes:
    """An older state, or the file as it is."""
    ends = [item.end_of_line for item in read(data).revisions]
    return data[: chooser.choice(ends)]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _byte, _number, _number, _piece, _cut, _tail, _object, _object, _object, _nothing,
)  # fmt: skip


@dataclass(frozen=True)
class Seed:
    """A file to begin with, and how it is asked about."""

    data: bytes
    question: Question


def _changed(seeds: list[Seed], chooser: random.Random) -> Iterator[tuple[bytes, Question]]:
    while True:
        seed = chooser.choice(seeds)
        try:
            yield chooser.choice(MUTATIONS)(seed.data, chooser), seed.question
        except Exception:  # what cannot be opened cannot be changed object by object
            continue


def _of_the_suite() -> Iterator[Seed]:
    """Every case but the bombs, asked as the suite asks."""
    suite, people = make_all(), suite_office()
    for case in ALL:
        data, asked = suite[case.name], case.ask(people)
        if case.suffix == ".pdf" and case.attack != "bomb" and len(data) < LONGEST:
            trust = signing.TrustStore.of(*roots_of(asked, people))
            evidence = signing.Evidence(crls=tuple(lists_of(asked, people)))
            yield Seed(data, Question(trust, asked.at, evidence, STRICT, None, {}))


@pytest.fixture(scope="module")
def seeds(office: Office) -> list[Seed]:
    """What we issue, in a third of all draws, and the attack suite."""
    own = Question(office.trust, AT, office.evidence, STRICT, PLAN, {})
    stamped = add_and_sign(office.issued, ARRIVAL_BOX, office.agency, at=NOW)
    suite = list(_of_the_suite())
    return [Seed(data, own) for data in (office.issued, office.signed, stamped)] * (len(suite) // 6) + suite


def _agree(data: bytes, question: Question) -> tuple[str, str]:
    """Both answers; every yes of the fast path is one of the careful path, every final no is none of its yeses."""
    fast, careful = judge_fast(data, question), judge_carefully(data, question)
    if fast.verdict is Conclusion.PASSED:
        assert careful.verdict is Conclusion.PASSED, (careful.reasons, careful.detail)
        assert [item.coverage for item in fast.signatures] == [item.coverage for item in careful.signatures]
    if fast.verdict is Conclusion.FAILED and not wants_care(fast):
        assert careful.verdict is not Conclusion.PASSED, fast.reasons
    return str(fast.verdict), str(careful.verdict)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_fast_never_says_more_than_careful(seeds: list[Seed]) -> None:
    """Changed bytes, numbers, pieces, tails and objects; the counts of decisions are printed."""
    chooser, counts = random.Random(20261123), Counter[tuple[str, str]]()
    for _, (data, question) in zip(range(ROUNDS), _changed(seeds, chooser), strict=False):
        counts[_agree(data, question)] += 1
    lines = (f"{one} → {other}: {count}" for (one, other), count in sorted(counts.items()))
    print(f"\nfast → careful, {ROUNDS} files", *lines, sep="\n  ")
    assert counts["passed", "passed"] > ROUNDS // 50
    assert counts["indeterminate", "passed"] > 0
    assert sum(count for (_, careful), count in counts.items() if careful == "failed") > ROUNDS // 5


def test_suite_itself_agrees(seeds: list[Seed]) -> None:
    """The unchanged files: the fast path accepts some of them, or it would be no path."""
    answers = Counter(_agree(seed.data, seed.question) for seed in {seed.data: seed for seed in seeds}.values())
    assert answers["passed", "passed"] > 30


def test_both_paths_are_asked_where_one_would_do(office: Office) -> None:
    """What the strict reading explains is read carefully too, in the jail as well; a refused file stays refused."""
    asked = {"trust": office.trust, "at": AT, "evidence": office.evidence, "plan": PLAN}
    assert signing.verify(office.issued, **asked).basis == "fast"
    found = signing.verify(office.issued, both=True, **asked)
    assert (found.verdict, found.basis) == (Conclusion.PASSED, "both")
    assert signing.verify_in_jail(office.issued, both=True, **asked) == found
    place = office.issued.index(b"endstream") - 30
    broken = office.issued[:place] + b"~" + office.issued[place + 1 :]
    assert signing.verify(broken, both=True, **asked).verdict is Conclusion.FAILED


def test_the_careful_answer_counts_where_it_says_less(office: Office) -> None:
    """About the document, one signature, or one that it does not find; its own limits say nothing."""
    question = Question(office.trust, AT, office.evidence, STRICT, PLAN, {})
    fast, careful = judge_fast(office.issued, question), judge_carefully(office.issued, question)
    assert worse_of(fast, careful) == replace(fast, basis="both")
    first, *others = careful.signatures
    worse = replace(careful, signatures=(replace(first, verdict=Conclusion.INDETERMINATE), *others))
    missing, refused = replace(careful, signatures=tuple(others)), replace(careful, verdict=Conclusion.FAILED)
    for said in (worse, missing, refused):
        assert worse_of(fast, said) is said
        assert worse_of(replace(fast, verdict=Conclusion.FAILED, signatures=()), said).basis == "both"
    limits = replace(careful, verdict=Conclusion.INDETERMINATE, reason=Reason.RESOURCE_LIMIT, signatures=())
    assert worse_of(fast, limits) is fast
