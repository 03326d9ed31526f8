"""Signs of irregularity (Dấu hiệu bất thường) as data: what each looks at, from when on, and how it is found.

A sign is a hint to look again, never a verdict: every one of them may be innocent, nothing is blocked by one, and
whoever it names may comment on it. Functions here are pure: rows in, findings out.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import Any


class Sign(StrEnum):
    """Each sign; the order is that of the pages."""

    FOREIGN_DEVICE = "foreign_device"
    """A leader's key was used on a device that is mostly somebody else's."""
    TOO_FAST = "too_fast"
    """More was signed in a minute than could be opened."""
    CLOSED_BEFORE_DUE = "closed_before_due"
    """Closed without a reply shortly before it was due."""
    EXTENDED_AFTER_DUE = "extended_after_due"
    """More time was asked for, or granted, when it was late already."""
    REGISTERED_LATE = "registered_late"
    """An arrival was registered days after it had come (Decree 30/2020 Art. 22)."""
    EXEMPTIONS = "exemptions"
    """More papers are exempt from digital signing than elsewhere."""
    SEAL_WITHOUT_LEADER = "seal_without_leader"
    """Sealed without a leader's signature that can be shown (Decree 30/2020 Art. 32.2d)."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a province may change, within bounds."""

    name: str
    usual: int
    least: int
    most: int


LEAST = "least"
"""Every sign has it: so many findings let an office stand out; fewer are listed all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a sign looks at (tables), from which numbers on it speaks, and whether it is about incoming papers."""

    sign: Sign
    looks_at: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    incoming: bool = False


def _of(
    sign: Sign, looks_at: tuple[str, ...], *thresholds: tuple[str, int, int, int], incoming: bool = False
) -> Definition:
    return Definition(
        sign=sign, looks_at=looks_at, thresholds=tuple(Threshold(*one) for one in thresholds), incoming=incoming
    )


SIGNS: Mapping[Sign, Definition] = {
    one.sign: one
    for one in (
        _of(Sign.FOREIGN_DEVICE, ("signature", "signing_session", "device_day"),
            ("days", 3, 1, 60), ("own_percent", 25, 0, 50), ("least", 1, 1, 1000)),
        _of(Sign.TOO_FAST, ("signature", "look"),
            ("a_minute", 6, 2, 200), ("seconds_a_page", 2, 1, 60), ("unopened", 3, 1, 200), ("least", 1, 1, 1000)),
        _of(Sign.CLOSED_BEFORE_DUE, ("incoming", "reply"),
            ("hours", 8, 1, 80), ("least", 3, 1, 1000), incoming=True),
        _of(Sign.EXTENDED_AFTER_DUE, ("incoming_extension",), ("least", 2, 1, 1000), incoming=True),
        _of(Sign.REGISTERED_LATE, ("incoming",), ("working_days", 1, 0, 30), ("least", 3, 1, 1000), incoming=True),
        _of(Sign.EXEMPTIONS, ("outgoing",),
            ("documents", 5, 1, 1000), ("percent", 20, 1, 100), ("spread", 3, 1, 20), ("least", 3, 1, 1000)),
        _of(Sign.SEAL_WITHOUT_LEADER, ("outgoing", "signature", "file_version", "absence"), ("least", 1, 1, 1000)),
    )
}  # fmt: skip
"""Usual numbers: a device where another person logs in on 3 days and its signer on at most a quarter; 6 signatures
a minute, of which 3 were not opened or for less than 2 seconds a page; 8 office hours before the due moment; the
working day after arrival; a share of exemptions of at least a fifth, and above the median of all agencies by 3
times their spread."""

Numbers = Mapping[Sign, Mapping[str, int]]


def numbers(own: Mapping[str, Mapping[str, int]]) -> dict[Sign, dict[str, int]]:
    """Every threshold: the usual ones, but for those that the province set within their bounds."""
    found: dict[Sign, dict[str, int]] = {}
    for sign, definition in SIGNS.items():
        set_here = own.get(str(sign), {})
        found[sign] = {
            one.name: min(max(int(set_here.get(one.name, one.usual)), one.least), one.most)
            for one in definition.thresholds
        }
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sign of one paper. `key` is what the sign counts, `facts` are what made it; `people` those it names."""

    sign: Sign
    key: int
    agency: int
    document: int
    at: dt.datetime
    people: tuple[int, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A leader's signature: when, with which browser, and when its signer first opened the paper (None: never)."""

    key: int
    agency: int
    document: int
    person: int
    at: dt.datetime
    pages: int
    device: str
    opened: dt.datetime | None
    judged: bool = True
    """Whether every look since the paper was made is still kept: else nobody can say that it was not opened."""


@dataclass(frozen=True, slots=True)
class Login:
    """On how many days of the span before an act somebody logged in on a device is made of these."""

    device: str
    person: int
    day: dt.date


DEVICE_SPAN = dt.timedelta(days=60)
"""How long before a signature it is asked who uses its device."""
MINUTE = dt.timedelta(minutes=1)


def foreign_devices(
    signed: Iterable[Signed], logins: Iterable[Login], limit: Mapping[str, int],
    day_of: Callable[[dt.datetime], dt.date],
) -> list[Finding]:  # fmt: skip
    """Signatures made in a browser that somebody else uses: on `days` days at least, and the signer hardly."""
    used: dict[str, list[Login]] = defaultdict(list)
    for login in logins:
        used[login.device].append(login)
    found = []
    for one in signed:
        if not one.device:
            continue
        day = day_of(one.at)
        days: dict[int, int] = defaultdict(int)
        for login in used[one.device]:
            if day - DEVICE_SPAN <= login.day <= day:
                days[login.person] += 1
        own = days.pop(one.person, 0)
        if not days:
            continue
        other = min(days, key=lambda person: (-days[person], person))
        whole = own + days[other]
        if days[other] >= limit["days"] and own * 100 <= limit["own_percent"] * whole:
            facts = {"device": mark_of(one.device), "other": other, "other_days": days[other], "own_days": own}
            found.append(_finding(Sign.FOREIGN_DEVICE, one, facts, other))
    return found


def mark_of(device: str) -> str:
    """A device as people may tell two apart: the first letters of its hash."""
    return device[:6].upper()


def too_fast(signed: Iterable[Signed], limit: Mapping[str, int]) -> list[Finding]:
    """Signatures within a minute that held `a_minute` of one signer, where at least `unopened` papers had not been
    opened, or for less time than turning their pages takes; those papers are what is found. Of a paper whose looks
    are cleared neither is said."""
    by_signer: dict[int, list[Signed]] = defaultdict(list)
    for one in signed:
        by_signer[one.person].append(one)
    found: dict[int, Finding] = {}
    for own in by_signer.values():
        own.sort(key=lambda one: (one.at, one.key))
        first = 0
        for last, one in enumerate(own):
            while one.at - own[first].at >= MINUTE:
                first += 1
            within = own[first : last + 1]
            read = [each for each in within if _could_be_read(each, limit["seconds_a_page"])]
            unread = [each for each in within if each.judged and each not in read]
            if len(within) < limit["a_minute"] or len(unread) < limit["unopened"]:
                continue
            facts = {
                "a_minute": len(within), "pages": sum(each.pages for each in within),
                "opened": len(read), "unknown": len(within) - len(read) - len(unread),
            }  # fmt: skip
            for each in unread:
                known = found.get(each.key)
                if known is None or known.facts["a_minute"] < len(within):
                    found[each.key] = _finding(Sign.TOO_FAST, each, {**facts, "seen": each.opened})
    return list(found.values())


def _could_be_read(one: Signed, seconds_a_page: int) -> bool:
    if one.opened is None:
        return False
    return one.at - one.opened >= dt.timedelta(seconds=seconds_a_page * one.pages)


def _finding(sign: Sign, one: Signed, facts: Mapping[str, Any], *others: int) -> Finding:
    return Finding(
        sign=sign, key=one.key, agency=one.agency, document=one.document, at=one.at, people=(one.person, *others),
        facts={"signer": one.person, **facts},
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """An incoming paper that ended without a reply, though it had a term."""

    document: int
    agency: int
    done: dt.datetime
    due: dt.datetime
    result: str
    person: int | None


def closed_before_due(
    rows: Iterable[Closed], limit: Mapping[str, int], office_hours: Callable[[dt.datetime, dt.datetime], float]
) -> list[Finding]:
    """Those closed within `hours` office hours before they were due."""
    found = []
    for one in rows:
        if one.done > one.due:
            continue
        hours = office_hours(one.done, one.due)
        if hours <= limit["hours"]:
            facts = {"due": one.due, "closer": one.person, "minutes": round(hours * 60), "result": one.result}
            found.append(_incoming(Sign.CLOSED_BEFORE_DUE, one.document, one, at=one.done, facts=facts))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """A request for more time."""

    key: int
    document: int
    agency: int
    due: dt.datetime
    asked: dt.datetime
    granted: dt.datetime | None
    asker: int | None
    granter: int | None


def extended_after_due(rows: Iterable[Extended]) -> list[Finding]:
    """Those asked for, or granted, after the due moment that they move."""
    found = []
    for one in rows:
        late = one.asked > one.due
        if late or (one.granted is not None and one.granted > one.due):
            facts = {
                "due": one.due, "asked": one.asked, "granted": one.granted, "asker": one.asker,
                "granter": one.granter, "asked_late": late,
            }  # fmt: skip
            found.append(_incoming(Sign.EXTENDED_AFTER_DUE, one.key, one, at=one.asked, facts=facts))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """When an incoming paper came and when it got its number."""

    document: int
    agency: int
    arrived: dt.datetime
    registered: dt.datetime
    person: int | None


def registered_late(
    rows: Iterable[Registered], limit: Mapping[str, int], working_days: Callable[[dt.datetime, dt.datetime], int]
) -> list[Finding]:
    """Those registered more than `working_days` working days after the day on which they came."""
    found = []
    for one in rows:
        days = working_days(one.arrived, one.registered)
        if days > limit["working_days"]:
            facts = {"arrived": one.arrived, "days": days, "registrar": one.person}
            found.append(_incoming(Sign.REGISTERED_LATE, one.document, one, at=one.registered, facts=facts))
    return found


def _incoming(
    sign: Sign, key: int, one: Closed | Extended | Registered, *, at: dt.datetime, facts: Mapping[str, Any]
) -> Finding:
    named = {facts.get(part) for part in ("closer", "asker", "granter", "registrar")}
    people = tuple(sorted(person for person in named if isinstance(person, int)))
    return Finding(sign=sign, key=key, agency=one.agency, document=one.document, at=at, people=people, facts=facts)


@dataclass(frozen=True, slots=True)
class Norm:
    """What is usual in the province: the median share of exemptions, and from which share on it is above it."""

    usual: Fraction
    above: Fraction
    agencies: int


FEWEST = 5
"""Of fewer agencies no norm is made: it would tell what one of them does."""


def norm_of(counts: Mapping[int, tuple[int, int]], limit: Mapping[str, int]) -> Norm:
    """From (exempt, issued) of every agency with enough papers: the median, and `spread` times the median distance
    from it (MAD), so that no single office moves it. Never below `percent`."""
    shares = [Fraction(exempt, whole) for exempt, whole in counts.values() if whole >= limit["documents"]]
    floor = Fraction(limit["percent"], 100)
    if len(shares) < FEWEST:
        return Norm(floor, floor, len(shares))
    usual = Fraction(median(shares))
    distance = Fraction(median([abs(share - usual) for share in shares]))
    return Norm(usual, max(floor, usual + limit["spread"] * distance), len(shares))


def exempting(counts: Mapping[int, tuple[int, int]], norm: Norm, limit: Mapping[str, int]) -> frozenset[int]:
    """Agencies whose share reaches beyond the norm."""
    return frozenset(
        agency
        for agency, (exempt, whole) in counts.items()
        if whole >= limit["documents"] and exempt >= limit["least"] and Fraction(exempt, whole) > norm.above
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """An issued paper that is exempt, or whose leader's signature cannot be shown."""

    document: int
    agency: int
    issued: dt.datetime
    exempt: bool
    approver: int | None
    medium: str
    signer: int | None
    sealer: int | None
    leader: str
    """The conclusion about the leader's signature, empty where there is none that stands."""
    ink_day: dt.date | None
    scanned: bool
    away: bool
    """The signer had left their desk to another on that day."""


def exemptions(
    rows: Iterable[Issued], agencies: frozenset[int], norm: Norm, counts: Mapping[int, tuple[int, int]]
) -> list[Finding]:
    """The exempt papers of agencies beyond the norm."""
    found = []
    for one in rows:
        if not one.exempt or one.agency not in agencies:
            continue
        exempt, whole = counts[one.agency]
        facts = {
            "approver": one.approver, "exempt": exempt, "issued": whole, "usual": float(norm.usual * 100),
            "above": float(norm.above * 100), "agencies": norm.agencies,
        }  # fmt: skip
        people = () if one.approver is None else (one.approver,)
        found.append(
            Finding(sign=Sign.EXEMPTIONS, key=one.document, agency=one.agency, document=one.document,
                    at=one.issued, people=people, facts=facts)
        )  # fmt: skip
    return found


def seals_without_leader(rows: Iterable[Issued]) -> list[Finding]:
    """Sealed papers without a leader's signature that passed; signed in ink, without a day or a scan of it, or on a
    day on which the signer had left their desk to another."""
    found = []
    for one in rows:
        why = _lacking(one)
        if why:
            named = [person for person in (one.sealer, one.signer) if person is not None]
            facts = {"why": why, "sealer": one.sealer, "signer": one.signer, "ink_day": one.ink_day}
            found.append(
                Finding(sign=Sign.SEAL_WITHOUT_LEADER, key=one.document, agency=one.agency, document=one.document,
                        at=one.issued, people=tuple(dict.fromkeys(named)), facts=facts)
            )  # fmt: skip
    return found


def _lacking(one: Issued) -> str:
    if one.sealer is None:
        return ""
    if one.medium != "ink":
        return "" if one.leader == "passed" else (one.leader or "missing")
    if one.ink_day is None:
        return "ink_no_day"
    if not one.scanned:
        return "ink_no_scan"
    return "ink_away" if one.away else ""


def tally(found: Sequence[Finding]) -> dict[int, dict[Sign, int]]:
    """Findings per agency and sign."""
    counts: dict[int, dict[Sign, int]] = {}
    for one in found:
        mine = counts.setdefault(one.agency, dict.fromkeys(Sign, 0))
        mine[one.sign] += 1
    return counts


def standing_out(counts: Mapping[Sign, int], limits: Numbers) -> tuple[Sign, ...]:
    """The signs of which an office has as many as let it stand out."""
    return tuple(sign for sign in Sign if counts.get(sign, 0) >= limits[sign][LEAST])
