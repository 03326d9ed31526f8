"""The nightly recount: closed months are counted again and compared with what was frozen and adjusted.

What a later act of the journal explains becomes an adjustment; what nothing explains is drift, kept, shown and told
to whoever administers the agency. The frozen rows themselves are checked first, against their digest and the chain.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workflow.domain.errors import Conflict
from workflow.domain.freezing import (
    NEWEST,
    Act,
    Broken,
    Cause,
    Difference,
    adjusted,
    adjustments_digest,
    content_of,
    differences,
    explained,
    facts_from_lists,
    sealed,
    share_of_a_night,
)
from workflow.domain.indicators import Facts, Key, Place, Population, Tally, tally
from workflow.domain.notices import Kind, Told
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services import journal
from workflow.services.figures import counting
from workflow.services.figures.closing import subject
from workflow.services.outbox import Note, queue
from workflow.store import frozen_months as store
from workflow.store import month_facts
from workflow.store.models import FigureAdjustment, FigureDrift, FrozenMonth
from workflow.store.session import UnitOfWork

SLACK = dt.timedelta(minutes=15)
"""An act that began before the month was counted may have been kept only after it."""
ADJUSTED = "figures:month:adjusted"


@dataclass(frozen=True, slots=True)
class Due:
    """A closed month whose turn it is."""

    id: int
    agency_id: int
    month: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a recount came out: adjustments it wrote, drift that stands, and how much of that is new."""

    adjustments: int
    drifts: int
    new: int


def due(uow: UnitOfWork) -> tuple[Due, ...]:
    """The last three closed months of each agency, and a share of the older ones; those of one month together."""
    newest, older = store.for_recount(uow.session, newest=NEWEST)
    chosen = [*newest, *older[: share_of_a_night(len(older))]]
    return tuple(sorted((Due(row.id, row.agency_id, row.month) for row in chosen), key=lambda one: one.month))


def difference_of(row: FigureAdjustment) -> Difference:
    """A stored adjustment as a difference."""
    before = _place(row.unit_before, row.person_before, row.value_before)
    after = _place(row.unit_after, row.person_after, row.value_after)
    return Difference(Population(row.population), row.item, before, after)


def _place(unit: int | None, person: int | None, value: str) -> Place | None:
    return None if unit is None else Place(unit, person, value)


def frozen_facts(row: FrozenMonth) -> dict[Key, Place]:
    """The list of a closed month; `Conflict` where somebody made it unreadable."""
    try:
        return facts_from_lists(content_of(zlib.decompress(row.body))["facts"])
    except (zlib.error, ValueError, KeyError) as error:
        raise Conflict("frozen_list_unreadable") from error


def frozen_tally(uow: UnitOfWork, frozen_id: int) -> Tally:
    """The figures of a closed month, from its rows."""
    return Tally(
        {
            (row.unit_id, row.person_id, Population(row.population), row.value): row.number
            for row in store.rows_of(uow.session, frozen_id)
        }
    )


def recount(uow: UnitOfWork, *, frozen_id: int, found: Facts, counted_at: dt.datetime, now: dt.datetime) -> Outcome:
    """Compare one closed month with what was counted at `counted_at`, and keep how it came out."""
    uow.begin_write()
    row = store.by_id(uow.session, frozen_id)
    changes = store.adjustments_of(uow.session, row.id)
    broken = _broken(uow, row, changes)
    new: list[tuple[Difference, Act, Cause]] = []
    unexplained: list[Difference] = []
    if not broken & {Broken.CONTENT, Broken.ADJUSTMENTS}:
        expected = adjusted(frozen_facts(row), map(difference_of, changes))
        differ = differences(expected, found)
        new, unexplained = _judge(uow, row, differ, changes)
    _adjust(uow, row, changes, new, now=now)
    fresh, standing = _drift(uow, row, broken, unexplained, now=now)
    store.note_recount(uow.session, row.id, at=counted_at, adjustments=len(new), drifts=standing)
    if fresh:
        _alarm(uow, row, fresh, standing, now=now)
    return Outcome(len(new), standing, len(fresh))


def _broken(uow: UnitOfWork, row: FrozenMonth, changes: Sequence[FigureAdjustment]) -> set[Broken]:
    """What of the frozen rows is not as it was written."""
    found: set[Broken] = set()
    told = _told_of(uow, row, "figures:month:closed")
    if told is None or told["digest"] != row.digest or told["cut_off"] != journal.utc(row.cut_off):
        found.add(Broken.JOURNAL)
    if not journal.verify_subject(uow, subject(row.agency_id)).holds:
        found.add(Broken.CHAIN)
    content = _content(row)
    if content is None:
        return found | {Broken.CONTENT}
    if frozen_tally(uow, row.id) != tally(facts_from_lists(content["facts"])):
        found.add(Broken.FIGURES)
    if not _adjustments_hold(uow, row, changes, content["facts"]):
        found.add(Broken.ADJUSTMENTS)
    return found


def _content(row: FrozenMonth) -> dict[str, list[list[int | str]]] | None:
    try:
        content = content_of(zlib.decompress(row.body))
    except (zlib.error, ValueError):
        return None
    whose = (content.get("agency"), content.get("month"), content.get("cut_off"))
    same = whose == (row.agency_id, row.month, journal.utc(row.cut_off))
    return content if same and sealed(content)[1] == row.digest else None


def _adjustments_hold(
    uow: UnitOfWork, row: FrozenMonth, changes: Sequence[FigureAdjustment], facts: Sequence[Sequence[int | str]]
) -> bool:
    told = _told_of(uow, row, ADJUSTED)
    if (told["digest"] if told else None) != (_digest(changes) if changes else None):
        return False
    try:
        adjusted(facts_from_lists(facts), map(difference_of, changes))
    except Conflict:
        return False
    return True


def _told_of(uow: UnitOfWork, row: FrozenMonth, tag: str) -> Mapping[str, str] | None:
    """What the journal said last with this tag of the month."""
    entries = [json.loads(body)["facts"] for _id, body in store.told_of(uow.session, subject(row.agency_id), tag)]
    return next((facts for facts in reversed(entries) if facts["month"] == row.month), None)


def _digest(changes: Iterable[FigureAdjustment]) -> str:
    return adjustments_digest((one.ordinal, difference_of(one), one.cause, one.journal_id) for one in changes)


def _judge(
    uow: UnitOfWork, row: FrozenMonth, differ: Sequence[Difference], changes: Sequence[FigureAdjustment]
) -> tuple[list[tuple[Difference, Act, Cause]], list[Difference]]:
    """Which differences an act explains, and which nothing does."""
    if not differ:
        return [], []
    subjects = counting.subjects(uow, [(one.population, one.key) for one in differ])
    acts: defaultdict[str, list[Act]] = defaultdict(list)
    chains = {one for several in subjects.values() for one in several}
    for about, entry, tag, at in month_facts.acts_of(uow.session, chains, since=row.cut_off - SLACK):
        acts[about].append(Act(entry, tag, at))
    holds = journal.unbroken(uow, acts)
    used = {(Population(one.population), one.item): one.journal_id for one in changes}
    new, unexplained = [], []
    for one in differ:
        key = (one.population, one.key)
        mine = [act for about in subjects[key] if about in holds for act in acts[about]]
        why = explained(one, mine, after=used.get(key, 0))
        if why is None:
            unexplained.append(one)
        else:
            new.append((one, *why))
    return new, unexplained


def _adjust(
    uow: UnitOfWork, row: FrozenMonth, changes: Sequence[FigureAdjustment],
    new: Sequence[tuple[Difference, Act, Cause]], *, now: dt.datetime,
) -> None:  # fmt: skip
    if not new:
        return
    added = [
        FigureAdjustment(
            frozen_id=row.id, ordinal=len(changes) + place, population=str(one.population), item=one.key,
            **_columns("before", one.before), **_columns("after", one.after), cause=str(cause), journal_id=act.id,
            acted_at=act.at, found_at=now,
        )
        for place, (one, act, cause) in enumerate(new, 1)
    ]  # fmt: skip
    uow.add(*added)
    uow.flush()
    told = {"month": row.month, "adjustments": len(changes) + len(new), "digest": _digest([*changes, *added])}
    journal.record(uow, subject=subject(row.agency_id), tag=ADJUSTED, facts=told, actor=SYSTEM_ACTOR, now=now)


def _columns(which: str, place: Place | None) -> dict[str, int | str | None]:
    unit, person, value = (place.unit, place.person, place.value) if place else (None, None, "")
    return {f"unit_{which}": unit, f"person_{which}": person, f"value_{which}": value}


def _drift(
    uow: UnitOfWork, row: FrozenMonth, broken: set[Broken], unexplained: Sequence[Difference], *, now: dt.datetime
) -> tuple[list[FigureDrift], int]:
    """Keep what is new, note what is gone: (new rows, how many stand)."""
    seen = {(one.population, one.item, one.broken, one.expected, one.found): one.id
            for one in store.standing_drifts(uow.session, row.id)}  # fmt: skip
    now_found = {("", 0, str(one), "", ""): None for one in sorted(broken)} | {
        (str(one.population), one.key, "", _text(one.before), _text(one.after)): None for one in unexplained
    }
    if Broken.CONTENT not in broken and Broken.ADJUSTMENTS not in broken:
        store.mark_gone(uow.session, [key for facts, key in seen.items() if facts not in now_found], now=now)
    fresh = [
        FigureDrift(
            frozen_id=row.id, population=population, item=item, broken=what, expected=expected, found=found,
            found_at=now,
        )
        for population, item, what, expected, found in now_found
        if (population, item, what, expected, found) not in seen
    ]  # fmt: skip
    uow.add(*fresh)
    uow.flush()
    return fresh, len(store.standing_drifts(uow.session, row.id))


def _text(place: Place | None) -> str:
    return "" if place is None else f"{place.unit}:{place.person or ''}:{place.value}"


def place_of(text: str) -> Place | None:
    """The inverse: what a row of drift says was expected, or found."""
    if not text:
        return None
    unit, person, value = text.split(":", 2)
    return Place(int(unit), int(person) if person else None, value)


def _alarm(
    uow: UnitOfWork, row: FrozenMonth, fresh: Sequence[FigureDrift], standing: int, *, now: dt.datetime
) -> None:
    """Into the journal, and one notice to everybody who administers the agency."""
    told = {
        "month": row.month,
        "drifts": [
            {"population": one.population, "item": one.item, "broken": one.broken, "expected": one.expected,
             "found": one.found}
            for one in fresh
        ],
    }  # fmt: skip
    journal.record(
        uow, subject=subject(row.agency_id), tag="figures:month:drifted", facts=told, actor=SYSTEM_ACTOR, now=now
    )
    year, month = row.month.split("-")
    what = Told.of(Kind.FIGURES_DRIFT, month=f"{month}/{year}", count=standing)
    for person in store.administrators(uow.session, row.agency_id, day=journal.local_day(now)):
        note = Note(
            cause=f"drift:{fresh[0].id}:person:{person}", what=what,
            link=f"/reports/months/{row.month}?agency={row.agency_id}", person_id=person,
        )  # fmt: skip
        queue(uow, note, now=now)
