"""What the text says about other papers and about time: which one it answers, and until when something is due."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from workflow.domain.numbering import normalise
from workflow.domain.reading.paragraphs import Running
from workflow.domain.text import fold

_SYMBOL = r"(?P<symbol>\d{1,6}[a-zđ]?\s*[/-]\s*[^\s,;()]+(?:\s*[-/–]\s*[^\s,;()]+){0,3})"
_PAPER = r"(?:cong van|van ban|to trinh|bao cao|thong bao|quyet dinh|cong dien|don|giay moi|phieu chuyen|ke hoach)"
_ANSWER = re.compile(rf"\b(?P<verb>tra loi|phuc dap|dap lai)\b[^.;]{{0,80}}?\b(?:so|{_PAPER} so)\s*:?\s*{_SYMBOL}")
_PROPOSAL = re.compile(
    rf"\b(?P<verb>theo|xet|xem xet|sau khi xem xet|nhan duoc)\s+"
    rf"(?:de nghi cua|de nghi|noi dung de nghi cua|{_PAPER})?"
    rf"[^.;]{{0,140}}?\b{_PAPER}\s+so\s*:?\s*{_SYMBOL}"
)
_BASIS = re.compile(r"\bcan cu\b[^.;]*$")

_DAY = (
    r"(?:ngay\s+)?(?P<day>\d{1,2})\s*(?:[/.-]\s*(?P<month>\d{1,2})(?:\s*[/.-]\s*(?P<year>\d{4}))?"
    r"|\s+thang\s+(?P<month2>\d{1,2})(?:\s+nam\s+(?P<year2>\d{4}))?)"
)
_HOUR = r"(?:(?P<hour>\d{1,2})\s*(?:gio|g|h|:)\s*(?P<minute>\d{2})?\s*(?:phut)?\s*,?\s*)?"
_UNTIL = (
    r"(?:truoc|cham nhat(?: la| den| vao| trong)?(?: truoc)?|han cuoi(?: la)?|muon nhat(?: la)?|het|den het"
    r"|han chot(?: la)?|khong qua|xong truoc|thoi han(?: [a-z ]{0,25})?(?::| la| truoc| den)+)"
)
_DUE = re.compile(rf"\b(?P<word>{_UNTIL})\s*:?\s*(?:luc\s+)?{_HOUR}(?:,?\s*(?:cua\s+)?)?{_DAY}")
_ASKING = re.compile(
    r"\b(bao cao|gui|hoan thanh|nop|cung cap|tra loi|phan hoi|dang ky|y kien|to chuc|thuc hien|tong hop|tham gia"
    r"|gop y|de nghi|yeu cau|trien khai|xong|gui ve|xac nhan)\b"
)
_PAST = re.compile(
    r"\b(sinh|thanh lap|ban hanh|tuyen dung|co hieu luc|ap dung|phat sinh|ky ket|khoi cong|nghi huu)\s*$"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A value with its stretch of the running text; `plain` says that the words leave no doubt."""

    value: str
    start: int
    end: int
    plain: bool


def answers_in(running: Running, *, kind_is_letter: bool) -> Found | None:
    """The paper that this one answers: "Trả lời …", "Phúc đáp …"; else the proposal that it decides on.

    A legal basis ("Căn cứ …") is no answer. A proposal counts for less in a decision than in a letter.
    """
    text = running.text
    folded = fold(text)
    direct = _ANSWER.search(folded)
    if direct is not None:
        return Found(_symbol(text, direct), direct.start(), direct.end(), plain=True)
    for found in _PROPOSAL.finditer(folded):
        if not _BASIS.search(folded[: found.start()][-200:]):
            return Found(_symbol(text, found), found.start(), found.end(), plain=False)
        if kind_is_letter:
            return None
    return None


def _symbol(text: str, found: re.Match[str]) -> str:
    start, end = found.span("symbol")
    return normalise(re.split(r"\s+(?=ngày|của|về|ngay)", text[start:end])[0]).split(" ")[0].rstrip(".,;:")


def due_in(running: Running, written: dt.date | None) -> Found | None:
    """The first deadline after `written` with a word that asks for something in its sentence.

    A day without a year is taken in the year of the paper, or the next one where it would lie before it.
    """
    folded = fold(running.text)
    for found in _DUE.finditer(folded):
        sentence = folded[max(0, folded.rfind(". ", 0, found.start())) : found.start()]
        day = _due_day(found, written)
        if day is None or not _ASKING.search(sentence) or _PAST.search(folded[: found.start()][-30:]):
            continue
        if written is not None and not written <= day <= written + dt.timedelta(days=800):
            continue
        hour, minute = found["hour"], found["minute"]
        value = day.isoformat()
        if hour is not None and int(hour) < 24 and int(minute or 0) < 60:
            value = f"{value}T{int(hour):02d}:{int(minute or 0):02d}"
        exact = bool(found["year"] or found["year2"])
        return Found(value, found.start(), found.end(), plain=exact and written is not None)
    return None


def _due_day(found: re.Match[str], written: dt.date | None) -> dt.date | None:
    month, year = found["month"] or found["month2"], found["year"] or found["year2"]
    if year is None and written is None:
        return None
    try:
        day = dt.date(int(year) if year else (written or dt.date.min).year, int(month), int(found["day"]))
        if year is None and written is not None and day < written:
            day = day.replace(year=day.year + 1)
    except ValueError:
        return None
    return day


def timed_in(text: str, written: dt.date | None) -> str | None:
    """The moment of a "HỎA TỐC HẸN GIỜ" stamp with its hour: `2026-11-30T17:00`."""
    found = re.search(rf"{_HOUR}{_DAY}", fold(text))
    day = _due_day(found, written) if found is not None else None
    if found is None or day is None or found["hour"] is None:
        return None
    return f"{day.isoformat()}T{int(found['hour']):02d}:{int(found['minute'] or 0):02d}"
