"""One paper while it is being written: its random source, agency, number, date and the habits of its typist."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from tests.reading.papers.agencies import Agency
from tests.reading.papers.model import Element, Facts, Page, Paper, Pin, clean
from tests.reading.papers.people import day, name, sloppy, spoken
from tests.reading.papers.subjects import subject
from workflow.domain.document_types import BY_CODE

FULL_TITLES = {"public_letter": ("THƯ KHEN", "THƯ CHÚC MỪNG", "THƯ CẢM ƠN")}
DASHES = ("–", " - ", "- ", " – ", "—")


@dataclass(slots=True, kw_only=True)
class Case:
    """`style` of the number: decree, normative (with the year), party, company. None of `subject`: not printed."""

    rng: Random
    layout: str
    kind: str
    agency: Agency
    style: str = "decree"
    date: dt.date = field(init=False)
    subject: str | None = field(init=False)
    signer: str = field(init=False)
    number: str | None = field(init=False)
    symbol: str | None = field(init=False)
    printed_number: str = field(init=False)
    printed_date: str = field(init=False)
    dated: bool = True
    urgency: str = "normal"
    page: Page = field(init=False)
    elements: list[Element] = field(default_factory=list)
    pins: list[Pin] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = self.rng
        self.date, self.signer = day(rng), name(rng)
        has_subject = self.kind in {"letter", "public_letter"} or BY_CODE[self.kind].named
        self.subject = subject(rng, self.kind, self.date) if has_subject and self.kind not in BARE else None
        self._set_number()
        self._set_date()
        self.page = typed_page(rng)

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self.rng.random() < share

    def add(self, *elements: Element) -> None:
        """Print them next."""
        self.elements.extend(elements)

    @property
    def title(self) -> str:
        """The type's name over the subject."""
        return self.rng.choice(FULL_TITLES.get(self.kind, (BY_CODE[self.kind].name_vi.upper(),)))

    @property
    def quoted(self) -> str:
        """Its own number and day as its appendix repeats them; blanks stay blank."""
        day = spoken(self.date) if self.dated else f"…… tháng {self.date.month} năm {self.date.year}"
        return f"số {self.symbol or '……'} ngày {day} của {self.agency.called}"

    def paper(self) -> Paper:
        """The finished paper, with spelling habits that its symbol and text have in common."""
        facts = Facts(
            issuer=clean(self.agency.joined), number=self.number, symbol=self.symbol, type=self.kind,
            date=self.date.isoformat() if self.dated else None, urgency=self.urgency,
            subject=clean(self.subject) if self.subject else None, signer=self.signer,
        )  # fmt: skip
        return Paper(
            facts=facts, layout=self.layout, page=self.page, elements=tuple(self.elements), pins=tuple(self.pins),
            decomposed=self.chance(0.035), eth=self.chance(0.04),
        )  # fmt: skip

    def without_number(self) -> None:
        """Nothing stands after "Số", or there is no such line."""
        self.number, self.symbol, self.printed_number = None, None, ""

    def _set_number(self) -> None:
        rng = self.rng
        count = rng.choice(
            (rng.randint(1, 9), rng.randint(10, 99), rng.randint(100, 999), rng.randint(1000, 13000))
        )
        digits = f"{count:02d}" if rng.random() < 0.9 else str(count)
        if rng.random() < 0.015:
            digits += "a"
        tail, glue = self._tail()
        self.number, self.symbol = digits.lstrip("0"), clean(f"{digits}{glue}{tail}")
        if rng.random() < 0.1:
            tail = tail.replace("-", rng.choice(DASHES))
        lead = rng.choice(("Số: ",) * 8 + ("Số:", "Số :  ", "Số:      ", "Số: ", "SỐ: ", "Số.  "))
        lead = "Số " if self.style == "party" else lead
        gap = rng.choice(("",) * 12 + (" ", "  "))
        if rng.random() < 0.025:
            self.without_number()
            self.printed_number = f"Số:          {glue}{tail}"
            return
        self.printed_number = f"{lead}{digits}{gap}{glue}{tail}"

    def _tail(self) -> tuple[str, str]:
        """What follows the digits, and the sign between."""
        short, rng = self.agency.short, self.rng
        mark = BY_CODE[self.kind].abbreviation
        part = rng.choice(self.agency.parts)
        if self.style == "party":
            return f"{mark or 'CV'}/{short}", "-"
        if self.style == "normative":
            return f"{self.date.year}/{mark}-{short}", "/"
        if self.style == "company":
            year = f"{self.date.year}/" if rng.random() < 0.4 else ""
            return f"{year}{mark or 'CV'}-{short}", "/"
        if not mark:
            return (f"{short}-{part}" if part and rng.random() < 0.95 else short), "/"
        if mark == "TTr" and rng.random() < 0.15:
            mark = "TTR"
        return f"{mark}-{short}", "/"

    def _set_date(self) -> None:
        rng = self.rng
        words = spoken(self.date) if rng.random() < 0.8 else sloppy(rng, self.date)
        if rng.random() < 0.025 and self.layout not in {"minutes", "bilateral"}:  # their first sentence dates them
            self.dated = False
            words = f"      tháng {self.date.month} năm {self.date.year}"
        comma = "," if rng.random() < 0.96 else ""
        self.printed_date = f"{self.agency.place}{comma} ngày {words}"


BARE = frozenset({"introduction", "leave_permit", "sending_slip", "transfer_slip", "advice_slip"})
"""Forms without a subject of their own."""


def typed_page(rng: Random) -> Page:
    """Margins and letters within the decree's limits, and somewhat beyond in a few."""
    return Page(
        top=rng.choice((20, 20, 20, 25, 18)), bottom=rng.choice((20, 20, 25)), left=rng.choice((30, 30, 35, 25)),
        right=rng.choice((15, 20, 15)), serif=rng.random() < 0.85, size=rng.choice((14, 14, 13, 13, 13.5)),
        leading=rng.choice((1.15, 1.18, 1.25)), numbered=rng.random() < 0.9,
    )  # fmt: skip
