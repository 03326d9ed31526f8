"""The nightly recount: closed months are counted again and compared with what was frozen and adjusted.

What a later act of the journal explains becomes an adjustment; what nothing explains is drift, kept, shown and told
to whoever administers the agency. The frozen rows themselves are checked first, against their digest and the chain.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from workflow.domain.indicators import Facts, Key, Place, Population, Tally, populations_of, tally
from workflow.domain.notices import Kind, Told
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services import journal
from workflow.services.figures import counting
from workflow.services.figures.closing import subject
from workflow.services.outbox import Note, queue
from workflow.store import documents, month_facts, office
from workflow.store import frozen_months as store
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
    """How a recount came out: adjustments it wrote, drift that stands, and how much of that is new. `moved`: other
    acts wrote meanwhile, and nothing was kept."""

    adjustments: int
    drifts: int
    new: int
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A closed month as plain values, so that it is compared with no transaction open. `changes`: its adjustments
    as (place, difference, cause, entry); `closing` and `adjusting`: what the journal said last of it; `holds`: its
    chain does; `standing`: how many adjustments there were, and the chain's head."""

    id: int
    agency_id: int
    month: str
    cut_off: dt.datetime
    definition: str
    digest: str
    body: bytes
    standing: tuple[int, str]
    rows: Tally
    changes: Sequence[tuple[int, Difference, str, int]]
    closing: Mapping[str, str] | None
    adjusting: Mapping[str, str] | None
    holds: bool


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
    """Compare one closed month with what was counted at `counted_at`, and keep how it came out.

    Everything is read and compared before the write phase. Where the chain of the figures, or the number of
    adjustments, moved meanwhile, nothing is written: the month waits for the next night.
    """
    kept = _read(uow, frozen_id)
    broken, differ = uow.compute(_held_against, kept, found)
    new, unexplained = _judge(uow, kept, differ)
    added = [(place, one, str(cause), act.id) for place, (one, act, cause) in enumerate(new, len(kept.changes) + 1)]
    digest = adjustments_digest([*kept.changes, *added])
    uow.begin_write()
    office.lock_agency(uow.session, kept.agency_id)
    if _standing(uow, kept.id, kept.agency_id) != kept.standing:
        return Outcome(0, 0, 0, moved=True)
    _adjust(uow, kept, new, digest, now=now)
    fresh, standing = _drift(uow, kept, broken, unexplained, now=now)
    store.note_recount(uow.session, kept.id, at=counted_at, adjustments=len(new), drifts=standing)
    if fresh:
        _alarm(uow, kept, fresh, standing, now=now)
    return Outcome(len(new), standing, len(fresh))


def _read(uow: UnitOfWork, frozen_id: int) -> Kept:
    """A closed month with all that it is checked against."""
    row = store.by_id(uow.session, frozen_id)
    standing = _standing(uow, row.id, row.agency_id)  # first: what comes after it is seen as moved
    return Kept(
        id=row.id, agency_id=row.agency_id, month=row.month, cut_off=row.cut_off, definition=row.definition,
        digest=row.digest, body=row.body, standing=standing, rows=frozen_tally(uow, row.id),
        changes=tuple(
            (one.ordinal, difference_of(one), one.cause, one.journal_id)
            for one in store.adjustments_of(uow.session, row.id)
        ),
        closing=_told_of(uow, row, "figures:month:closed"), adjusting=_told_of(uow, row, ADJUSTED),
        holds=journal.verify_subject(uow, subject(row.agency_id)).holds,
    )  # fmt: skip


def _standing(uow: UnitOfWork, frozen_id: int, agency_id: int) -> tuple[int, str]:
    last = documents.last_entry(uow.session, subject(agency_id))
    return store.adjustments_number(uow.session, frozen_id), last.digest if last else ""


def _told_of(uow: UnitOfWork, row: FrozenMonth, tag: str) -> Mapping[str, str] | None:
    """What the journal said last with this tag of the month."""
    entries = [json.loads(body)["facts"] for _id, body in store.told_of(uow.session, subject(row.agency_id), tag)]
    return next((facts for facts in reversed(entries) if facts["month"] == row.month), None)


def _held_against(kept: Kept, found: Facts) -> tuple[set[Broken], Sequence[Difference]]:
    """What of the frozen rows is not as it was written, and what was counted otherwise than they say; the latter
    only where they can be relied on."""
    broken: set[Broken] = set()
    told = kept.closing
    if told is None or told["digest"] != kept.digest or told["cut_off"] != journal.utc(kept.cut_off):
        broken.add(Broken.JOURNAL)
    if not kept.holds:
        broken.add(Broken.CHAIN)
    content = _content(kept)
    if content is None:
        return broken | {Broken.CONTENT}, ()
    facts = facts_from_lists(content["facts"])
    if kept.rows != tally(facts):
        broken.add(Broken.FIGURES)
    expected = _expected(kept, facts)
    if expected is None:
        return broken | {Broken.ADJUSTMENTS}, ()
    return broken, differences(expected, found, among=populations_of(kept.definition))


def _content(kept: Kept) -> dict[str, list[list[int | str]]] | None:
    try:
        content = content_of(zlib.decompress(kept.body))
    except (zlib.error, ValueError):
        return None
    whose = (content.get("agency"), content.get("month"), content.get("cut_off"))
    same = whose == (kept.agency_id, kept.month, journal.utc(kept.cut_off))
    return content if same and sealed(content)[1] == kept.digest else None


def _expected(kept: Kept, facts: Facts) -> Facts | None:
    """The list with its adjustments; None where these are not those that the journal names, or do not fit."""
    told = kept.adjusting
    if (told["digest"] if told else None) != (adjustments_digest(kept.changes) if kept.changes else None):
        return None
    try:
        return adjusted(facts, (one for _place, one, _cause, _entry in kept.changes))
    except Conflict:
        return None


def _judge(
    uow: UnitOfWork, kept: Kept, differ: Sequence[Difference]
) -> tuple[list[tuple[Difference, Act, Cause]], list[Difference]]:
    """Which differences an act explains, and which nothing does."""
    if not differ:
        return [], []
    subjects = counting.subjects(uow, [(one.population, one.key) for one in differ])
    acts: defaultdict[str, list[Act]] = defaultdict(list)
    chains = {one for several in subjects.values() for one in several}
    for about, entry, tag, at in month_facts.acts_of(uow.session, chains, since=kept.cut_off - SLACK):
        acts[about].append(Act(entry, tag, at))
    holds = journal.unbroken(uow, acts)
    used = {(one.population, one.key): entry for _place, one, _cause, entry in kept.changes}
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
    uow: UnitOfWork, kept: Kept, new: Sequence[tuple[Difference, Act, Cause]], digest: str, *, now: dt.datetime
) -> None:
    if not new:
        return
    uow.add(
        *(
            FigureAdjustment(
                frozen_id=kept.id, ordinal=place, population=str(one.population), item=one.key,
                **_columns("before", one.before), **_columns("after", one.after), cause=str(cause),
                journal_id=act.id, acted_at=act.at, found_at=now,
            )
            for place, (one, act, cause) in enumerate(new, len(kept.changes) + 1)
        )
    )  # fmt: skip
    uow.flush()
    told = {"month": kept.month, "adjustments": len(kept.changes) + len(new), "digest": digest}
    journal.record(uow, subject=subject(kept.agency_id), tag=ADJUSTED, facts=told, actor=SYSTEM_ACTOR, now=now)


def _columns(which: str, place: Place | None) -> dict[str, int | str | None]:
    unit, person, value = (place.unit, place.person, place.value) if place else (None, None, "")
    return {f"unit_{which}": unit, f"person_{which}": person, f"value_{which}": value}


def _drift(
    uow: UnitOfWork, kept: Kept, broken: set[Broken], unexplained: Sequence[Difference], *, now: dt.datetime
) -> tuple[list[FigureDrift], int]:
    """Keep what is new, note what is gone: (new rows, how many stand)."""
    seen = {(one.population, one.item, one.broken, one.expected, one.found): one.id
            for one in store.standing_drifts(uow.session, kept.id)}  # fmt: skip
    now_found = {("", 0, str(one), "", ""): None for one in sorted(broken)} | {
        (str(one.population), one.key, "", _text(one.before), _text(one.after)): None for one in unexplained
    }
    if Broken.CONTENT not in broken and Broken.ADJUSTMENTS not in broken:
        store.mark_gone(uow.session, [key for facts, key in seen.items() if facts not in now_found], now=now)
    fresh = [
        FigureDrift(
            frozen_id=kept.id, population=population, item=item, broken=what, expected=expected, found=found,
            found_at=now,
        )
        for population, item, what, expected, found in now_found
        if (population, item, what, expected, found) not in seen
    ]  # fmt: skip
    uow.add(*fresh)
    uow.flush()
    return fresh, len(store.standing_drifts(uow.session, kept.id))


def _text(place: Place | None) -> str:
    return "" if place is None else f"{place.unit}:{place.person or ''}:{place.value}"


def place_of(text: str) -> Place | None:
    """The inverse: what a row of drift says was expected, or found."""
    if not text:
        return None
    unit, person, value = text.split(":", 2)
    return Place(int(unit), int(person) if person else None, value)


def _alarm(uow: UnitOfWork, kept: Kept, fresh: Sequence[FigureDrift], standing: int, *, now: dt.datetime) -> None:
    """Into the journal, and one notice to everybody who administers the agency."""
    told = {
        "month": kept.month,
        "drifts": [
            {"population": one.population, "item": one.item, "broken": one.broken, "expected": one.expected,
             "found": one.found}
            for one in fresh
        ],
    }  # fmt: skip
    journal.record(
        uow, subject=subject(kept.agency_id), tag="figures:month:drifted", facts=told, actor=SYSTEM_ACTOR, now=now
    )
    year, month = kept.month.split("-")
    what = Told.of(Kind.FIGURES_DRIFT, month=f"{month}/{year}", count=standing)
    for person in store.administrators(uow.session, kept.agency_id, day=journal.local_day(now)):
        note = Note(
            cause=f"drift:{fresh[0].id}:person:{person}", what=what,
            link=f"/reports/months/{kept.month}?agency={kept.agency_id}", person_id=person,
        )  # fmt: skip
        queue(uow, note, now=now)
