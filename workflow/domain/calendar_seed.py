"""Days off and make-up Saturdays of public offices, 2024–2027, with the paper that orders each.

Seed data only: the truth is the table an administrator keeps. Plans come late (the swap of 2 January 2026
was decided on 25 December 2025), so a year is `computed` here until its official plan has been seen.
Labour Code 45/2019/QH14: Article 112.1 lists the holidays, Articles 111.3 and 112.3 move those that fall on
a weekly day off to the next working day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.calendar import OfficeHours, WorkingCalendar

FIRST = dt.date(2024, 1, 1)
LAST = dt.date(2027, 12, 31)


class DayKind(StrEnum):
    """What the special day does to the week's plan."""

    OFF = "off"
    WORKED = "worked"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One date that differs from its weekday, with the reason people read and the paper behind it."""

    day: dt.date
    kind: DayKind
    reason_vi: str
    reason_en: str
    basis: str
    computed: bool = False

    @property
    def working(self) -> bool:
        """Is the office open?"""
        return self.kind is DayKind.WORKED


CODE = "Bộ luật Lao động 45/2019/QH14, Điều 112.1"
MOVED = "Bộ luật Lao động 45/2019/QH14, Điều 111.3"
SWAP_2024 = "2450/VPCP-KGVX ngày 12/4/2024"
SWAP_2025 = "6150/TB-BLĐTBXH năm 2024"
SWAP_JANUARY_2026 = "12729/VPCP-KGVX ngày 25/12/2025"
SWAP_AUGUST_2026 = "Kế hoạch nghỉ Quốc khánh năm 2026 của Bộ Nội vụ"
CULTURE = "Nghị quyết 80-NQ/TW"

NEW_YEAR = ("Tết Dương lịch", "New Year's Day", CODE)
LUNAR = ("Tết Nguyên đán", "Lunar New Year", CODE)
LUNAR_MOVED = ("Nghỉ bù Tết Nguyên đán", "Lunar New Year (moved from the weekend)", MOVED)
KINGS = ("Giỗ Tổ Hùng Vương", "Hung Kings' Commemoration Day", CODE)
KINGS_MOVED = ("Nghỉ bù Giỗ Tổ Hùng Vương", "Hung Kings' Commemoration Day (moved from Sunday)", MOVED)
VICTORY = ("Ngày Chiến thắng", "Victory Day", CODE)
LABOUR = ("Quốc tế Lao động", "International Labour Day", CODE)
LABOUR_MOVED = ("Nghỉ bù Quốc tế Lao động", "International Labour Day (moved from Saturday)", MOVED)
NATIONAL = ("Quốc khánh", "National Day", CODE)
CULTURE_DAY = ("Ngày Văn hóa Việt Nam", "Vietnam Culture Day", CULTURE)

_OFF: tuple[tuple[str, tuple[str, str, str]], ...] = (
    ("2024-01-01", NEW_YEAR),
    *((f"2024-02-{day:02}", LUNAR) for day in range(8, 13)),
    *((f"2024-02-{day:02}", LUNAR_MOVED) for day in (13, 14)),
    ("2024-04-18", KINGS),
    ("2024-04-30", VICTORY),
    ("2024-05-01", LABOUR),
    ("2024-09-02", NATIONAL),
    ("2024-09-03", NATIONAL),
    ("2025-01-01", NEW_YEAR),
    *((f"2025-01-{day:02}", LUNAR) for day in range(27, 32)),
    ("2025-04-07", KINGS),
    ("2025-04-30", VICTORY),
    ("2025-05-01", LABOUR),
    ("2025-09-01", NATIONAL),
    ("2025-09-02", NATIONAL),
    ("2026-01-01", NEW_YEAR),
    *((f"2026-02-{day:02}", LUNAR) for day in range(16, 21)),
    ("2026-04-26", KINGS),
    ("2026-04-27", KINGS_MOVED),
    ("2026-04-30", VICTORY),
    ("2026-05-01", LABOUR),
    ("2026-09-01", NATIONAL),
    ("2026-09-02", NATIONAL),
    ("2026-11-24", CULTURE_DAY),
    ("2027-01-01", NEW_YEAR),
    *((f"2027-02-{day:02}", LUNAR) for day in range(4, 9)),
    *((f"2027-02-{day:02}", LUNAR_MOVED) for day in (9, 10)),
    ("2027-04-16", KINGS),
    ("2027-04-30", VICTORY),
    ("2027-05-01", LABOUR),
    ("2027-05-03", LABOUR_MOVED),
    ("2027-09-02", NATIONAL),
    ("2027-09-03", NATIONAL),
    ("2027-11-24", CULTURE_DAY),
)

_SWAPS: tuple[tuple[str, str, str], ...] = (
    ("2024-04-29", "2024-05-04", SWAP_2024),
    ("2025-05-02", "2025-04-26", SWAP_2025),
    ("2026-01-02", "2026-01-10", SWAP_JANUARY_2026),
    ("2026-08-31", "2026-08-22", SWAP_AUGUST_2026),
)
"""Off, worked instead, ordered by. Swaps bind state agencies; private firms are only encouraged."""

COMPUTED_YEARS = frozenset({2027})
"""Years whose official plan has not been seen."""


def _off(text: str, reason: tuple[str, str, str]) -> SpecialDay:
    day = dt.date.fromisoformat(text)
    vietnamese, english, basis = reason
    return SpecialDay(day, DayKind.OFF, vietnamese, english, basis, day.year in COMPUTED_YEARS)


def _swap(off_text: str, worked_text: str, basis: str) -> tuple[SpecialDay, SpecialDay]:
    off, worked = dt.date.fromisoformat(off_text), dt.date.fromisoformat(worked_text)
    return (
        SpecialDay(
            off,
            DayKind.OFF,
            f"Nghỉ hoán đổi, làm bù ngày {worked:%d/%m/%Y}",
            f"Off in exchange for {worked:%d/%m/%Y}",
            basis,
        ),
        SpecialDay(
            worked,
            DayKind.WORKED,
            f"Làm bù cho ngày {off:%d/%m/%Y}",
            f"Worked in exchange for {off:%d/%m/%Y}",
            basis,
        ),
    )


SEED: tuple[SpecialDay, ...] = tuple(
    sorted(
        [
            *(_off(day, reason) for day, reason in _OFF),
            *(special for swap in _SWAPS for special in _swap(*swap)),
        ],
        key=lambda special: special.day,
    )
)


def seeded_calendar(
    extra: Iterable[SpecialDay] = (),
    *,
    hours: OfficeHours | None = None,
    first: dt.date = FIRST,
    last: dt.date = LAST,
) -> WorkingCalendar:
    """The calendar of the seed, where a later `extra` day (of a unit, say) speaks over an earlier one."""
    overrides = {special.day: special.working for special in (*SEED, *extra)}
    return WorkingCalendar(first, last, overrides=overrides, hours=hours)
