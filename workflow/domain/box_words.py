"""What the box of a personal signature says that another program drew: whose it is, and nothing that is the
office's.

Such programs write the signer's name, agency, e-mail and the time, each in its own way ("Ký bởi: …"). Those words
are known and taken. Another person's name, a number and symbol, another day or a sum of money say something
that the key does not; they are refused. Whatever else is read is left to a person, who looks at it.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from workflow.domain.text import fold


class Says(StrEnum):
    """What a box says. The first two are answered by a person, the others by refusing."""

    OWN = "own"
    UNKNOWN = "unknown"
    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    AMOUNT = "amount"


REFUSED: Final = frozenset({Says.NAME, Says.NUMBER, Says.DATE, Says.AMOUNT})


@dataclass(frozen=True, slots=True)
class Known:
    """What may be read in a box. `names`: of the signer, as the office and the certificate have it; `phrases`: of
    the agency, the post and the certificate; `mails`: of the signer, as both have it; `others`: other persons of
    the office; `days`: of the signature."""

    names: Sequence[str]
    phrases: Sequence[str] = ()
    mails: Sequence[str] = ()
    others: Sequence[str] = ()
    days: Sequence[dt.date] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """`words`: what was found, as it stands there. `signed`: the signer's name is among it."""

    says: Says
    words: str = ""
    signed: bool = False


_LABELS: Final = (
    "ký số bởi", "được ký bởi", "đã ký số", "đã ký", "ký bởi", "người ký", "chữ ký số", "chữ ký điện tử",
    "thời gian ký", "thời gian", "ngày giờ ký", "ngày ký", "giờ ký", "ngày", "lúc", "cơ quan", "tổ chức", "đơn vị",
    "chức vụ", "chức danh", "họ và tên", "họ tên", "tên", "địa chỉ", "địa điểm", "nơi ký", "lý do", "thư điện tử",
    "ký", "bởi", "số", "digitally signed by", "signed by", "signing time", "signer", "signature", "date", "time",
    "timestamp", "reason", "location", "contact", "email", "e-mail", "mail", "organization", "organisation", "unit",
    "title", "position", "name", "serial number", "dn", "cn", "ou", "o", "c", "l", "st", "t", "uid", "cccd", "mst",
    "mns", "utc", "gmt", "am", "pm", "sa", "ch",
)  # fmt: skip
"""Words that programs put before what they tell, as phrases: a single "vụ" or "họ" is part of somebody's name. In
whose place somebody signs (`KT.`, `TM.`, `TUQ.`) is no label: it is known where the paper itself says it."""
_NUMBER: Final = re.compile(
    r"(?<![\w/])\d{1,6}/(?:\d{4}/)?[A-ZĐ]{1,8}(?:-[A-ZĐ][A-ZĐa-z]*)+|\b(?i:số|so)\s*:\s*\d{1,6}(?![\w@])"
)
_AMOUNT: Final = re.compile(
    r"\d[\d.,]*\s*(?:%|(?:đồng|dong|đ|vnđ|vnd|usd|nghìn|triệu|trieu|tỷ|tỉ|ty)(?!\w))", re.IGNORECASE
)
_SPOKEN: Final = re.compile(r"(?i)ng[aà]y\s+(\d{1,2})\s+th[aá]ng\s+(\d{1,2})\s+n[aă]m\s+(\d{4})")
_LITTLE_FIRST: Final = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)")
_GREAT_FIRST: Final = re.compile(r"(?<!\d)(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d)")
_DATES: Final = (
    (_SPOKEN, ((2, 1, 0),)), (_GREAT_FIRST, ((0, 1, 2),)), (_LITTLE_FIRST, ((2, 1, 0), (2, 0, 1))),
)  # fmt: skip
_CLOCK: Final = re.compile(
    r"(?<!\d)T?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*(?:Z\b|[+-]\d{1,2}[:'’]?(?:\d{2})?['’]?))?"
)
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_SIGN: Final = re.compile(r"[^\w\s.,:;/+'’\"()@&<>=|–—-]|_|[–—-]{3}")
"""What is neither a letter nor a mark that programs put between words: ticks, crosses and lines say something."""
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+")
_DIGITS: Final = re.compile(r"\d+")
_BETWEEN: Final = re.compile(r"(?<=\d)T(?=\d)")
_ALIKE: Final = 0.6
"""How alike a word as printed and as a machine read it may be at least."""
_SURE: Final = 0.85
"""The same of a word that is seen: more could be another commune's name (`Trung`, `Trang`)."""
_ENOUGH: Final = 0.7
"""The share of the written words that have to be seen."""
_SPEAKS: Final = 5
"""Letters of a word in which a machine may have misread one: a shorter one is another word then (`giả`, `gian`)."""
_RUN: Final = 9
"""Numbers of a day and its time with its zone, one more than there are."""


def said(text: str, known: Known) -> Said:
    """The weightiest thing that a text says."""
    text = unicodedata.normalize("NFC", text)
    own, others = _words_of(known.names), _words_of(known.others)
    longer = [one for one in others if one not in own and any(_within(name, one) for name in own)]
    if (found_longer := _found(text, longer)) is not None:
        return Said(Says.NAME, found_longer)
    rest, signed = _without(_without_mails(text, known.mails), own)
    if (found := _number_in(rest)) is not None:
        return Said(Says.NUMBER, found, signed)
    rest, wrong = _without_days(rest, set(known.days))
    if wrong:
        return Said(Says.DATE, wrong, signed)
    rest = _CLOCK.sub(" ", rest)
    if (sum_of := _AMOUNT.search(rest)) is not None:
        return Said(Says.AMOUNT, sum_of[0], signed)
    if (found_name := _found(rest, [one for one in others if len(one) > 1 and one not in own])) is not None:
        return Said(Says.NAME, found_name, signed)
    rest, _seen = _without(rest, _words_of((*known.phrases, *_LABELS)))
    left = [*_WORD.findall(rest), *_SIGN.findall(text)]
    if left or not signed:
        return Said(Says.UNKNOWN, " ".join(left), signed)
    return Said(Says.OWN, "", signed)


def reads_alike(text: str, read: str, names: Sequence[str]) -> bool:
    """Whether a machine, looking at the box, read what its text says it reads: a font can draw other letters
    than it says, and words can be covered or invisible. The signer's name, where it is said, has to be seen
    letter by letter (without marks, which machines overlook: Loan is not Lan), and nothing may be seen that stands
    nowhere in its text: such words are drawn."""
    printed, seen = _plain(text), _plain(read)
    if not printed or not seen:
        return not printed and not seen
    wanted = {word for name in _words_of(names) if _without(text, [name])[1] for word in _plain(" ".join(name))}
    if not wanted <= set(seen):
        return False
    known = written(text)
    if not all(is_written(word, known) for word in seen):
        return False
    return sum(_near(word, seen) for word in printed) >= _ENOUGH * len(printed)


def written(text: str) -> frozenset[str]:
    """The words of a box's text, and what its numbers may run together to, to ask `is_written` about."""
    groups = _DIGITS.findall(text)
    runs = {"".join(groups[first:last]) for first in range(len(groups)) for last in range(first + 1, first + _RUN)}
    return frozenset(_plain(text)) | runs | set(_DIGITS.findall(_BETWEEN.sub("1", text)))


def is_written(seen: str, known: frozenset[str]) -> bool:
    """Whether all that a machine saw as one word stands in the text, as far as machines see well. Numbers run
    together when they are read (`23.11` as 2311, `23T12` as 23112)."""
    words = [word for word in _WORD.findall(fold(seen)) if len(word) > 1 or word.isdigit()]
    return all(
        word in known or (len(word) >= _SPEAKS and word.isalpha() and _near(word, known, _SURE)) for word in words
    )


def _found(text: str, names: Sequence[tuple[str, ...]]) -> str | None:
    return next((" ".join(name).title() for name in names if _without(text, [name])[1]), None)


def _within(name: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """A name that begins or ends another one's."""
    return other[: len(name)] == name or other[-len(name) :] == name


def _plain(text: str) -> list[str]:
    return [word for word in _WORD.findall(fold(text)) if len(word) > 1]


def _near(word: str, others: Iterable[str], cutoff: float = _ALIKE) -> bool:
    return bool(get_close_matches(word, list(others), n=1, cutoff=cutoff))


def _words_of(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The longest first, so that no name is taken for a part of another."""
    found = {tuple(_WORD.findall(unicodedata.normalize("NFC", name).casefold())) for name in names}
    return sorted((one for one in found if one), key=lambda one: (-len(one), one))


def _without(text: str, phrases: Sequence[tuple[str, ...]]) -> tuple[str, bool]:
    """The text without these phrases, and whether any was in it. A program without Vietnamese letters writes
    `Nguyen Van An`; with them each letter counts, so that Ân is not An."""
    spans = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
    gone = [False] * len(spans)
    for phrase in phrases:
        size = len(phrase)
        for at in range(len(spans) - size + 1):
            here = spans[at : at + size]
            if not any(gone[at : at + size]) and all(map(_same, (one[0] for one in here), phrase)):
                gone[at : at + size] = [True] * size
    kept, end = [], 0
    for (_word, start, stop), is_gone in zip(spans, gone, strict=True):
        kept.append(text[end:start] + (" ‖ " if is_gone else text[start:stop]))
        end = stop
    return "".join(kept) + text[end:], any(gone)


def _without_mails(text: str, mails: Sequence[str]) -> str:
    """An address has room for any words before and behind its sign: only the signer's own is one."""
    own = {one.casefold() for one in mails if one}
    return _MAIL.sub(lambda found: " " if found[0].casefold() in own else found[0].replace("@", " @ "), text)


def _same(shown: str, known: str) -> bool:
    return shown == known or (shown.isascii() and shown == fold(known))


def _number_in(text: str) -> str | None:
    found = _NUMBER.search(text)
    return None if found is None else found[0]


def _without_days(text: str, days: set[dt.date]) -> tuple[str, str]:
    """The text without its dates, and the first that is none of `days`. American programs write the month first."""
    wrong = ""
    for pattern, orders in _DATES:
        for match in pattern.finditer(text):
            meant = {_day(*(int(match.group(place + 1)) for place in order)) for order in orders}
            if days and not meant & days:
                wrong = wrong or match[0]
        text = pattern.sub(" ", text)
    return text, wrong


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
