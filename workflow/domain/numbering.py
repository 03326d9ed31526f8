"""Number and symbol of a document (số, ký hiệu): reading what people wrote, writing what the decree says.

Decree 30/2020/NĐ-CP, Article 15 and Annex I: Arabic number, a leading 0 below 10, "/" between number and
symbol, "-" without blanks inside the symbol. A công văn's symbol does not name its kind and may look like
another's (`15/TC-KH`), so the kind is stored apart and never derived from the symbol alone.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.document_types import BY_ABBREVIATION
from workflow.domain.errors import BadInput
from workflow.domain.text import clean

NUMBER_LENGTH = 11
NOTATION_LENGTH = 30
"""Longest number and notation that the exchange format carries (Decree 30, Annex VI: CodeNumber, CodeNotation)."""


class Form(StrEnum):
    """How a number and symbol are built."""

    NORMATIVE = "normative"
    """`12/2024/QĐ-UBND`: a legal normative document, with the year."""
    LAW = "law"
    """`20/2023/QH15`: a law or resolution of a term of the National Assembly."""
    TYPED = "typed"
    """`15/QĐ-UBND`: kind, then agency."""
    LETTER = "letter"
    """`15/UBND-VP`: a công văn: agency, then the unit that drafted it."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A number and symbol in parts; `str()` writes it as the decree says.

    `suffix`: the letter of a number that was squeezed in (`12a`); never given by us, but read.
    `unit`: what follows the agency (`VP` in `15/UBND-VP`), empty if nothing does.
    """

    form: Form
    number: int
    suffix: str
    year: int | None
    abbreviation: str
    agency: str
    unit: str

    @property
    def ambiguous(self) -> bool:
        """Could an office of that name have written it as a công văn? `15/TC-KH`: a thông cáo, or of an office TC
        with its unit KH. Nobody can tell from the symbol; the kind kept beside it can.
        """
        behind = self.agency.partition("-")[0]
        short = len(behind) <= 2 or behind in OFFICE_LIKE
        return self.form is Form.TYPED and self.abbreviation in OFFICE_LIKE and short and behind not in _ORGANS

    @property
    def number_text(self) -> str:
        """`05`, `15`, `12a`."""
        return f"{self.number:02d}{self.suffix}"

    @property
    def notation(self) -> str:
        """Everything after the number and its slash: `QĐ-UBND`, `2024/QĐ-UBND`, `UBND-VP`."""
        parts = [part for part in (self.abbreviation, self.agency, self.unit) if part]
        year = f"{self.year}/" if self.year is not None else ""
        return year + "-".join(parts)

    def __str__(self) -> str:
        return f"{self.number_text}/{self.notation}"


OFFICE_LIKE = frozenset({"TC", "KH", "PC", "DA", "ĐA", "CT", "HĐ", "HD", "QC", "TB", "PA", "CĐ"})
"""Abbreviations of kinds that offices and units bear too: tài chính, kế hoạch, pháp chế, dự án, công thương, ..."""

_ORGANS = frozenset({"CP", "TW", "ĐU", "TU"})
"""Short names that are an issuer's, never a unit's."""

_DASHES = re.compile("[\u2010-\u2015\u2043\u207b\u208b\u2212\u2796\ufe58\ufe63\uff0d\u02d7]")
"""Hyphens, dashes and minus signs of word processors and scanners; soft hyphens are taken out before."""
_SLASHES = re.compile("[\u2044\u2215\uff0f]")
_AROUND = re.compile(r"\s*([/-])\s*")
_ABBREVIATIONS = "|".join(sorted((re.escape(word) for word in BY_ABBREVIATION), key=len, reverse=True))

_LAW = re.compile(r"^(?P<number>\d{1,6})/(?P<year>\d{4})/(?P<agency>(?:QH|UBTVQH)\d{1,2})$")
_NORMATIVE = re.compile(r"^(?P<number>\d{1,6})/(?P<year>\d{4})/(?P<kind>[^\W\d_]+)-(?P<agency>.+)$")
_TYPED = re.compile(rf"^(?P<number>\d{{1,6}})(?P<suffix>[a-zđ]?)/(?P<kind>{_ABBREVIATIONS})-(?P<agency>.+)$")
_LETTER = re.compile(r"^(?P<number>\d{1,6})(?P<suffix>[a-zđ]?)/(?P<agency>[^\W\d_][\w.&]*)(?:-(?P<unit>.+))?$")
_PATTERNS = (
    (Form.LAW, _LAW),
    (Form.NORMATIVE, _NORMATIVE),
    (Form.TYPED, _TYPED),
    (Form.LETTER, _LETTER),
)


def normalise(text: str) -> str:
    """One spelling: NFC, Đ for its lookalike, plain "-" and "/", no blanks around them, no leading "Số:"."""
    text = _SLASHES.sub("/", _DASHES.sub("-", clean(text)))
    text = re.sub(r"^[Ss]ố\s*:?\s*", "", text)
    return _AROUND.sub(r"\1", text)


def parse(text: str, *, abbreviation: str | None = None) -> Symbol:
    """Read a number and symbol; raises `BadInput("symbol_unreadable")`.

    `abbreviation`: of the kind that is kept beside the symbol, empty for a công văn or a thư công: then `15/TC-KH`
    is read as theirs. Without it the form of such a symbol is a guess, and `Symbol.ambiguous` says so.
    """
    line = normalise(text)
    for form, pattern in _PATTERNS:
        if form is Form.TYPED and abbreviation == "":
            continue
        found = pattern.match(line)
        if found:
            return _symbol(form, found.groupdict())
    raise BadInput("symbol_unreadable", text=line)


def _symbol(form: Form, parts: dict[str, str | None]) -> Symbol:
    year = parts.get("year")
    return Symbol(
        form=form,
        number=int(parts["number"] or ""),
        suffix=parts.get("suffix") or "",
        year=int(year) if year else None,
        abbreviation=parts.get("kind") or "",
        agency=parts["agency"] or "",
        unit=parts.get("unit") or "",
    )


def compose(
    number: int,
    form: Form,
    *,
    agency: str,
    abbreviation: str = "",
    unit: str = "",
    year: int | None = None,
) -> str:
    """Write a number and symbol: `compose(5, Form.TYPED, abbreviation="QĐ", agency="UBND") == "05/QĐ-UBND"`.

    Raises `BadInput` when a part that the form needs is missing or the result would not read back as itself.
    """
    _check_parts(form, abbreviation=abbreviation, year=year)
    symbol = Symbol(
        form=form,
        number=number,
        suffix="",
        year=year if form in {Form.NORMATIVE, Form.LAW} else None,
        abbreviation=clean(abbreviation) if form in {Form.NORMATIVE, Form.TYPED} else "",
        agency=clean(agency),
        unit=clean(unit) if form is Form.LETTER else "",
    )
    text = str(symbol)
    if number < 1 or normalise(text) != text or parse(text, abbreviation=symbol.abbreviation) != symbol:
        raise BadInput("symbol_unreadable", text=text)
    if len(symbol.notation) > NOTATION_LENGTH:
        raise BadInput("notation_too_long", notation=symbol.notation, limit=NOTATION_LENGTH)
    return text


def _check_parts(form: Form, *, abbreviation: str, year: int | None) -> None:
    if form in {Form.NORMATIVE, Form.LAW} and year is None:
        raise BadInput("symbol_needs_year", form=form)
    if form in {Form.NORMATIVE, Form.TYPED} and not abbreviation:
        raise BadInput("symbol_needs_abbreviation", form=form)


def number_text(number: int) -> str:
    """A register's number as it is written: a leading 0 below 10."""
    return f"{number:02d}"


def document_date(year: int, *, numbered_on: dt.date, signed_on: dt.date | None) -> dt.date:
    """The date a document bears: the day it was numbered, in the year of its number.

    A paper of December that got a number of the old year in January is dated with the day of its signature
    (Decree 30/2020, Art. 15.1: a year's numbers end on 31 December; Art. 15.2: numbered after the signature).
    """
    if numbered_on.year == year or signed_on is None:
        return numbered_on
    return signed_on if signed_on.year == year else dt.date(year, 12, 31)


def date_text(place: str, day: dt.date) -> str:
    """`Hà Nội, ngày 05 tháng 02 năm 2024`: days below 10 and the months 1 and 2 get a leading 0 (Annex I)."""
    return f"{place}, {date_words(day)}"


def date_words(day: dt.date) -> str:
    """`ngày 05 tháng 02 năm 2024`, `ngày 05 tháng 3 năm 2024`."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
