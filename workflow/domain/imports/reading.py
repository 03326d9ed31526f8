"""Cells as words → what they mean. Each reader gives a value and notes what is wrong with the cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workflow.domain.errors import BadInput
from workflow.domain.imports.headings import Field, Kind, field_of
from workflow.domain.imports.problems import Fault, Problem
from workflow.domain.text import clean, fold

EARLIEST, LATEST = 1945, 2199
"""Years that a paper of an office may carry."""

_DAY_ZERO = dt.date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial numbers, from 1900-03-01 on."""
_SERIALS = range(16_438, 109_575)
"""1945 to 2199 as serial numbers."""
_DATE = re.compile(r"^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2}|\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$")
_WORDS = re.compile(r"^(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})$")
_ERRORS = frozenset({"#n/a", "#ref!", "#name?", "#value!", "#div/0!", "#null!", "#num!"})


@dataclass(slots=True)
class Row:
    """One row under examination: its cells by field, cells with a formula, what was found wrong."""

    kind: Kind
    number: int
    cells: Mapping[str, str]
    formulas: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, name: str, fault: Fault, **facts: str | int) -> None:
        """Note it, once for each field."""
        if self.fine(name):
            self.problems.append(Problem(name, fault, facts))

    def fine(self, name: str) -> bool:
        """Whether nothing was found wrong with a cell so far."""
        return not any(found.field == name for found in self.problems)

    def text(self, name: str, *, required: bool = False) -> str:
        """The words of a cell, in one spelling and on one line."""
        about: Field = field_of(self.kind, name)
        if name in self.formulas:
            self.wrong(name, Fault.FORMULA)
            return ""
        try:
            words = clean(self.cells.get(name, "").replace("\n", " ").replace("\t", " "))
        except BadInput:
            self.wrong(name, Fault.CONTROL_CHARACTER)
            return ""
        if words.lower() in _ERRORS:
            self.wrong(name, Fault.CELL_ERROR, text=words)
            return ""
        if len(words) > about.longest:
            self.wrong(name, Fault.TOO_LONG, limit=about.longest, length=len(words))
            return ""
        if required and not words:
            self.wrong(name, Fault.MISSING)
        return words

    def day(self, name: str, *, required: bool = False) -> dt.date | None:
        """A date: 05/02/2025, 5-2-2025, 2025-02-05, ngày 05 tháng 02 năm 2025, or a spreadsheet's serial."""
        words = self.text(name, required=required)
        if not words:
            return None
        try:
            return read_day(words)
        except ShortYear:
            self.wrong(name, Fault.DATE_SHORT_YEAR, text=words)
        except ValueError:
            self.wrong(name, Fault.DATE_UNREADABLE, text=words[:40])
        return None

    def choice(self, name: str, words: Mapping[str, str], fault: Fault, *, required: bool = False) -> str:
        """The key whose words (of `keys_by_words`) the cell says; empty where it says nothing."""
        text = self.text(name, required=required)
        found = words.get(fold(text), "") if text else ""
        if text and not found:
            self.wrong(name, fault, text=text[:60])
        return found


def keys_by_words(words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Folded word → the key it stands for; a key stands for itself."""
    return {fold(one): str(key) for key, said in words.items() for one in (key, *said)}


class ShortYear(ValueError):
    """A year of two digits: 25 may be 2025 or 1925."""


def read_day(words: str) -> dt.date:
    """A date as people and spreadsheets write it; `ValueError` where it is none."""
    if words.isdecimal() and int(words) in _SERIALS:
        return _DAY_ZERO + dt.timedelta(days=int(words))
    if found := _ISO.match(words):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DATE.match(words) or _WORDS.match(fold(words).replace(",", "")):
        if len(found[3]) == 2:
            raise ShortYear(words)
        day, month, year = (int(part) for part in found.groups())
    else:
        raise ValueError(words)
    if not EARLIEST <= year <= LATEST:
        raise ValueError(words)
    return dt.date(year, month, day)
