"""What a text says it answers: `Trả lời Công văn số 412/SNV-TCBC ngày 20/11/2026`, `Phúc đáp Tờ trình số 15/…`.

Only references behind a word of answering count; what a paper merely builds on (*Căn cứ …*) it does not answer.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from workflow.domain.errors import BadInput
from workflow.domain.numbering import normalise, parse
from workflow.domain.text import clean, fold

MOST = 10
"""References taken from one text; more is a list, not an answer."""

REACH = 260
"""Characters behind the word of answering within which a number still belongs to it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper as a text names it. `symbol` as the decree writes it; `day` where the text says it."""

    symbol: str
    day: dt.date | None = None

    def to_json(self) -> dict[str, str]:
        """As a row keeps it."""
        return {"symbol": self.symbol, "day": self.day.isoformat() if self.day else ""}

    @classmethod
    def from_json(cls, kept: dict[str, str]) -> Reference:
        """Back from a row."""
        return cls(kept["symbol"], dt.date.fromisoformat(kept["day"]) if kept["day"] else None)


_ANSWERING = re.compile(r"\b(?:tra loi|phuc dap|dap lai|hoi dap)\b")
_NUMBER = re.compile(r"\b(?:số|so)\s*[:.]?\s*(?=\d)", re.IGNORECASE)
_SYMBOL = re.compile(
    r"(?P<symbol>\d{1,6}[a-zđ]?\s*[/\u2044\u2215\uff0f]\s*(?:\d{4}\s*[/\u2044\u2215\uff0f]\s*)?[^\W\d_][\w.&]*"
    r"(?:\s*[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]\s*[^\W\d_][\w.&]*)*)"
)
_DAY = re.compile(
    r"^[\s,(]*ngày\s+(?P<day>\d{1,2})\s*(?:[/.-]\s*|\s+tháng\s+)(?P<month>\d{1,2})\s*(?:[/.-]\s*|\s+năm\s+)"
    r"(?P<year>\d{4})",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.;](?=\s|$)|\n\s*\n|\b(?:căn cứ|theo|thực hiện)\b", re.IGNORECASE)
"""Where the sentence of answering ends: what follows belongs to something else."""


def answered_in(text: str) -> tuple[Reference, ...]:
    """The papers that a text says it answers, in its order, each once. Characters it cannot hold are no reason to
    raise: the text is a file's or somebody's subject.
    """
    try:
        line = clean(text, multiline=True)
    except BadInput:
        return ()
    folded = fold(line)
    if len(folded) != len(line):  # letters that fold into more than one: positions would not agree
        line = folded = " ".join(line.split())
        folded = "".join(fold(letter)[:1] or " " for letter in line)
    found: dict[str, Reference] = {}
    for start in _ANSWERING.finditer(folded):
        for one in _in_sentence(line[start.end() : start.end() + REACH]):
            found.setdefault(one.symbol, one)
    return tuple(found.values())[:MOST]


_CUT = re.compile(r"(/[^\W\d_][\w.&]*)\n(?=[A-ZĐÐ]{2})")
"""A symbol at the end of a line: readers of PDF take its hyphen for one that a typesetter put there."""


def answered_in_file(text: str) -> tuple[Reference, ...]:
    """The same of a file's lines, where a symbol may go on in the next line without its hyphen. Both readings are
    given; which of them exists the register knows.
    """
    found = {one.symbol: one for one in (*answered_in(_CUT.sub(r"\1-", text)), *answered_in(text))}
    return tuple(found.values())[:MOST]


def _in_sentence(words: str) -> list[Reference]:
    stop = _STOP.search(words)
    sentence = words[: stop.start()] if stop else words
    found: list[Reference] = []
    for number in _NUMBER.finditer(sentence):
        rest = sentence[number.end() :]
        symbol = _SYMBOL.match(rest)
        if symbol is None or (one := _reference(symbol["symbol"], rest[symbol.end() :])) is None:
            continue
        found.append(one)
    return found


def _reference(symbol: str, behind: str) -> Reference | None:
    try:
        written = str(parse(symbol))
    except BadInput:
        return None
    return Reference(symbol=normalise(written), day=_day(behind))


def _day(behind: str) -> dt.date | None:
    """`ngày 20/11/2026`, `ngày 20 tháng 11 năm 2026`; None for a date that no calendar has."""
    found = _DAY.match(behind)
    if found is None:
        return None
    try:
        return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
