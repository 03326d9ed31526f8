"""Comparing what was read with what stands on the paper, and the table of it.

Every field of every paper counts once: right (the same, or absent and nothing proposed), wrong (another value),
missing (nothing proposed), invented (proposed though absent). Compared are NFC texts with single blanks, one kind
of quotes and dashes; issuer, subject and signer without regard to capitals, the subject without its "V/v" or
"Về việc" and the stop at its end; numbers without leading zeros; urgency by its code or its Vietnamese word.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workflow.domain.numbering import normalise
from workflow.domain.reading import Confidence, Field
from workflow.domain.text import clean, fold
from workflow.services.reading import Reading, read_letter

LEAST_RIGHT = 0.95
MOST_CERTAIN_WRONG = 0.01
FIELDS = {
    "issuer": Field.ISSUER,
    "number": Field.NUMBER,
    "symbol": Field.SYMBOL,
    "date": Field.DATE,
    "type": Field.TYPE_CODE,
    "subject": Field.SUBJECT,
    "signer": Field.SIGNER,
    "urgency": Field.URGENCY,
}
_QUOTES = str.maketrans({**dict.fromkeys("“”„«»″", '"'), **dict.fromkeys("‘’‚′", "'"), **dict.fromkeys("–—−", "-")})
_ABOUT = re.compile(r"^(v\s*/\s*v|về việc)\s*[:.]?\s+", re.IGNORECASE)
_URGENCY = {
    "khan": "urgent",
    "thuong khan": "very_urgent",
    "hoa toc": "flash",
    "hoa toc hen gio": "flash",
    "thuong": "",
    "normal": "",
    "none": "",
}


class Plain:
    """A unit of work for reading alone: nothing is open, so heavy work just runs."""

    def compute(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """As `UnitOfWork.compute`."""
        return work(*args, **kwargs)


@dataclass
class Count:
    """Of one field on one kind of paper."""

    tally: Counter[str] = field(default_factory=Counter)

    @property
    def papers(self) -> int:
        return sum(self.tally[name] for name in ("right", "wrong", "missing", "invented"))

    @property
    def rate(self) -> float:
        return self.tally["right"] / self.papers if self.papers else 1.0


@dataclass
class Papers:
    """All counts, and the seconds and pages that they took."""

    counts: dict[tuple[str, str], Count] = field(default_factory=lambda: defaultdict(Count))
    seconds: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def score(folder: Path, *, show_wrong: bool, only: str = "") -> bool:
    """Read every paper of the folder, print the table, and say whether the promise holds."""
    papers = Papers()
    for path in sorted(folder.glob("*.pdf")):
        truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        kind = "scan" if truth.get("rasterised") else "text"
        if only not in {"", kind}:
            continue
        start = time.perf_counter()
        reading = read_letter(Plain(), path.read_bytes())  # type: ignore[arg-type]
        papers.seconds[kind] += time.perf_counter() - start
        papers.pages[kind] += max(1, len(reading.scanned) if kind == "scan" else reading.pages)
        _add(papers, path.stem, kind, truth, reading)
    for line in table(papers):
        print(line)
    if show_wrong:
        print(*papers.wrong, sep="\n")
    return holds(papers)


def _add(papers: Papers, name: str, kind: str, truth: dict[str, Any], reading: Reading) -> None:
    for key, wanted_field in FIELDS.items():
        found = reading.best(wanted_field)
        wanted, got = plain(key, truth.get(key)), plain(key, found.value if found else None)
        outcome = _outcome(wanted, got)
        count = papers.counts[key, kind]
        count.tally[outcome] += 1
        if found is not None and found.confidence is Confidence.CERTAIN:
            count.tally["certain"] += 1
            count.tally["certain and wrong"] += outcome != "right"
        if outcome != "right":
            sure = found.confidence.value if found else reading.trouble or "-"
            marks = "/".join(str(truth.get(what, "")) for what in ("layout", "producer"))
            papers.wrong.append(f"{name} {kind} {marks} {key} {outcome} ({sure}): {wanted!r} read {got!r}")


def _outcome(wanted: str, got: str) -> str:
    if wanted == got:
        return "right"
    if not got:
        return "missing"
    return "wrong" if wanted else "invented"


def plain(key: str, value: object) -> str:
    """A value as it is compared; "" for none."""
    if value is None:
        return ""
    text = clean(unicodedata.normalize("NFC", str(value)).translate(_QUOTES))
    if key == "number":
        return text.lstrip("0")
    if key == "symbol":
        return re.sub(r"^0+(?=\d)", "", normalise(text))
    if key == "urgency":
        return _URGENCY.get(fold(text), text)
    if key == "subject":
        text = _ABOUT.sub("", text).strip(" .;:/")
    if key in {"issuer", "subject", "signer"}:
        text = re.sub(r"\s*-\s*", "-", text).casefold()
    return text


def table(papers: Papers) -> Iterator[str]:
    """One line per field and kind of paper, then the sums."""
    yield "field     kind  papers  right  wrong missing invented  right %  certain  certain and wrong"
    for key in FIELDS:
        for kind in ("text", "scan"):
            if papers.counts[key, kind].papers:
                yield _line(key, kind, papers.counts[key, kind])
    for kind in ("text", "scan", "all"):
        count = total(papers, kind)
        if count.papers:
            yield _line("all", kind, count)
    for kind, pages in papers.pages.items():
        yield f"{kind}: {papers.seconds[kind] / pages:.2f} s a page over {pages} pages"
    yield "the promise holds" if holds(papers) else "the promise does NOT hold"


def _line(key: str, kind: str, count: Count) -> str:
    tally = count.tally
    share = tally["certain and wrong"] / tally["certain"] if tally["certain"] else 0.0
    numbers = f"{tally['right']:>6} {tally['wrong']:>6} {tally['missing']:>7} {tally['invented']:>8}"
    certain = f"{tally['certain']:>8} {tally['certain and wrong']:>8} = {100 * share:.2f} %"
    return f"{key:9} {kind:5} {count.papers:>6} {numbers} {100 * count.rate:>7.1f}% {certain}"


def total(papers: Papers, kind: str) -> Count:
    """Over all fields; `kind` "all" takes both."""
    wanted = (count for (_, its), count in papers.counts.items() if kind in {its, "all"})
    return Count(sum_of(count.tally for count in wanted))


def sum_of(tallies: Iterable[Counter[str]]) -> Counter[str]:
    """Added up."""
    return sum(tallies, Counter())


def holds(papers: Papers) -> bool:
    """The two figures that were promised, over all fields and papers."""
    count = total(papers, "all")
    certain = count.tally["certain"]
    wrong = count.tally["certain and wrong"]
    return count.rate >= LEAST_RIGHT and (not certain or wrong / certain <= MOST_CERTAIN_WRONG)
