"""Dates, times and counts as offices write them: dd/mm/yyyy, local time."""

from __future__ import annotations

import datetime as dt
import re

from workflow.web.context import HERE
from workflow.web.i18n import N_, _, locale, ngettext, pgettext

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
ZONE = "+07:00"


def local(moment: dt.datetime) -> dt.datetime:
    """A moment in the office's zone."""
    return moment.astimezone(HERE)


def day(value: dt.date | dt.datetime | None) -> str:
    """`23/11/2026`; a moment gives its local day; nothing gives a dash."""
    if value is None:
        return "–"
    if isinstance(value, dt.datetime):
        value = local(value).date()
    return value.strftime("%d/%m/%Y")


def typed_day(text: str) -> str:
    """What stands in a date field: `2026-11-23` becomes `23/11/2026`, anything else stays as it was typed."""
    parts = text.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 and len(parts[0]) == 4 else text


def iso_day(text: str) -> str:
    """The other way: `23/11/2026` as people type it becomes `2026-11-23`, anything else stays as it is."""
    parts = text.strip().split("/")
    return f"{parts[2]:0>4}-{parts[1]:0>2}-{parts[0]:0>2}" if len(parts) == 3 else text.strip()


def moment(value: dt.datetime | None, *, zone: bool = False) -> str:
    """`14:03 23/11/2026`, with the zone where it matters."""
    if value is None:
        return "–"
    text = local(value).strftime("%H:%M %d/%m/%Y")
    return f"{text} ({ZONE})" if zone else text


def weekday(value: dt.date | dt.datetime) -> str:
    """`thứ Năm 26/11` or `Thu 26/11`."""
    if isinstance(value, dt.datetime):
        value = local(value).date()
    return f"{_(WEEKDAYS[value.weekday()])} {value:%d/%m}"


def remaining(working_days: int, due: dt.date | dt.datetime) -> str:
    """`còn 2 ngày làm việc · thứ Năm 26/11`: what a deadline says. Negative numbers of days are overdue."""
    if working_days < 0:
        late = ngettext("%(n)s working day overdue", "%(n)s working days overdue", -working_days)
        return f"{late} · {weekday(due)}"
    if working_days == 0:
        return f"{_('due today')} · {weekday(due)}"
    left = ngettext("%(n)s working day left", "%(n)s working days left", working_days)
    return f"{left} · {weekday(due)}"


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """`25 phút`, `3 giờ`, `2 ngày`: how long something has waited."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60)
    return ngettext("%(n)s day", "%(n)s days", minutes // (24 * 60))


def number(value: int) -> str:
    """`1.000` in Vietnamese, `1,000` in English."""
    text = f"{value:,}"
    return text.replace(",", ".") if locale() == "vi" else text


def percent(part: int, whole: int) -> str:
    """`98,4 %`, half up; a dash where there is nothing to divide by. Only all of them are 100 %, only none 0 %."""
    if whole == 0:
        return "–"
    tenths = (2000 * part + whole) // (2 * whole)
    if 0 < part < whole:
        tenths = min(max(tenths, 1), 999)
    text = f"{tenths // 10}.{tenths % 10}"
    return f"{text.replace('.', ',') if locale() == 'vi' else text} %"


def browser(agent: str) -> str:
    """`Chrome 156 · Windows`: enough of a User-Agent to know one's own browser again."""
    name = next((f"{word} {found[1]}" for word, pattern in _BROWSERS if (found := re.search(pattern, agent))), "")
    system = next((word for word, part in _SYSTEMS if part in agent), "")
    return " · ".join(part for part in (name, system) if part) or agent[:40] or "–"


_BROWSERS = (
    ("Edge", r"Edg\w*/(\d+)"),
    ("Cốc Cốc", r"coc_coc_browser/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Firefox", r"Firefox/(\d+)"),
    ("Chrome", r"Chrome/(\d+)"),
    ("Safari", r"Version/(\d+).* Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X"),
    ("Linux", "Linux"),
)


def capped(count: int, cap: int) -> str:
    """`hơn 1.000`: a count that stopped counting says so."""
    return pgettext("count", "more than %(n)s", n=number(cap)) if count > cap else number(count)
