"""The morning report: what lies unsigned, overdue and due soon in each unit, stored, told, made again at will.

Made for a cut-off, not for "now": a process that was killed, or a scheduler that stood still over a weekend, makes
the same report later, and anybody can make it again and compare the digests.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.backlog import Age, Move, Open, Terms, as_of, item, soon_until
from workflow.domain.calendar import WorkingCalendar
from workflow.domain.journal import canonical_json, utc_text
from workflow.domain.notices import Kind, Told
from workflow.domain.outgoing import Action, State, Urgency
from workflow.domain.people import Actor, Role, UnitKind
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.unsigned_reasons import Reason
from workflow.services import anchoring
from workflow.services.calendar import calendar_at, step_due_of
from workflow.services.journal import local_day
from workflow.services.outbox import Note, queue
from workflow.services.report_arrivals import ArrivalStock, arrival_stock
from workflow.services.report_bodies import UNSIGNED as UNSIGNED
from workflow.services.report_bodies import Stock, body, per_unit, tells, version_of
from workflow.services.report_reasons import reasons
from workflow.services.report_words import Named, kept_root, words_of
from workflow.store import channels
from workflow.store import reports as store
from workflow.store.models import Report, Unit
from workflow.store.session import UnitOfWork

FRESH = dt.timedelta(hours=24)
"""A report made up for later than this tells nobody: the next one says more."""


def stock(uow: UnitOfWork, cut_off: dt.datetime) -> Stock:
    """Every document open at the cut-off, as it stood then. The same queries, whatever the size."""
    calendar, changed = calendar_at(uow, cut_off)
    moved = {row.id: row for row in store.moved_since(uow.session, cut_off)}
    rows = store.open_now(uow.session, reason="a report covers every unit")
    found = [
        _as_it_stands(row, calendar if changed else None)
        for row in rows
        if row.id not in moved and row.state_since <= cut_off
    ]
    if moved:
        found += _as_they_stood(uow, moved, cut_off, calendar=calendar)
    why, soon = reasons(uow, found, cut_off=cut_off), soon_until(cut_off, calendar)
    items = [
        item(one, cut_off=cut_off, calendar=calendar, soon=soon, reason=why.get(one.document)) for one in found
    ]
    return Stock(
        cut_off=cut_off, soon_until=soon, items=tuple(sorted(items, key=lambda one: one.document)),
        arrivals=arrival_stock(uow, cut_off),
    )  # fmt: skip


def _as_it_stands(row: Any, calendar: WorkingCalendar | None) -> Open:
    """`calendar`: the one of the cut-off, where days were changed since and moved the due moment in the row."""
    return Open(
        document=row.id, agency=row.agency_id, unit=row.unit_id, state=State(row.state), drafter=row.drafter_id,
        signer=row.signer_id, since=row.state_since,
        due=row.step_due_at if calendar is None else step_due_of(row, calendar), secret=row.secret,
    )  # fmt: skip


def _as_they_stood(
    uow: UnitOfWork, moved: Mapping[int, Any], cut_off: dt.datetime, *, calendar: WorkingCalendar
) -> list[Open]:
    moves: defaultdict[int, list[Move]] = defaultdict(list)
    for line in store.moves_until(uow.session, cut_off):
        moves[line.document_id].append(Move(line.at, Action(line.action), line.from_state, State(line.to_state)))
    facts: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for subject, told in store.terms_until(uow.session, cut_off):
        facts[subject].update(json.loads(told)["facts"])
    found = [
        as_of(
            moves[key], _terms(row, facts[f"outgoing:{key}"]), document=key, agency=row.agency_id, unit=row.unit_id,
            drafter=row.drafter_id, calendar=calendar,
        )
        for key, row in moved.items()
    ]  # fmt: skip
    return [one for one in found if one is not None]


def _terms(row: Any, facts: Mapping[str, Any]) -> Terms:
    """From the journal; from the row where the journal of an older version does not say."""
    due = facts.get("due", utc_text(row.due_at) if row.due_at else None)
    return Terms(
        signer=facts.get("signer", row.signer_id),
        given_due=dt.datetime.fromisoformat(due) if due else None,
        urgency=Urgency(facts.get("urgency", row.urgency)),
        secret=bool(facts.get("secret", row.secret)),
    )


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical form: equal reports have equal digests on every database."""
    return hashlib.sha256(canonical_json(content)).hexdigest()


def make_unsigned(uow: UnitOfWork, *, period: str, cut_off: dt.datetime, now: dt.datetime) -> dict[str, int]:
    """Make and store the report of every unit and queue what is to be told, in the open unit of work.

    A second time for the same period breaks UNIQUE(kind, period, unit): the first stands.
    """
    day = local_day(cut_off)
    everything = stock(uow, cut_off)
    units = store.units_on(uow.session, day)
    heads = _heads(store.heads_on(uow.session, day), units)
    readers = channels.readers_on(uow.session, day)
    root = anchoring.told(uow, at=cut_off)
    shares = per_unit((unit.id for unit in units), everything)
    made = {unit.id: body(unit.id, shares[unit.id]) for unit in units}
    named = Named.read(uow, everything, units)
    uow.begin_write()
    told = 0
    for unit in units:
        content = made[unit.id]
        uow.add(
            Report(
                kind=UNSIGNED, period=period, unit_id=unit.id, agency_id=unit.agency_id or unit.id, cut_off=cut_off,
                made_at=now, body=content, digest=digest(content), words=words_of(content, named) | kept_root(root),
            )
        )  # fmt: skip
        if now - cut_off < FRESH and tells(content):
            told += _tell(
                uow,
                unit,
                content,
                heads=(*heads.get(unit.id, ()), *readers.get(unit.id, ())),
                period=period,
                root=root,
                now=now,
            )
    uow.flush()
    unknown = sum(one.reason is Reason.LOOKS_CLEARED for one in everything.items)
    made_of = {"reports": len(units), "open": len(everything.items), "messages": told}
    return made_of | ({"looks_cleared": unknown} if unknown else {})


def _heads(rows: Iterable[Any], units: Iterable[Unit]) -> dict[int, tuple[int, ...]]:
    """Whom to tell: a part's head; of an agency its leader, wherever in it the post stands."""
    kinds = {unit.id: unit.kind for unit in units}
    found: defaultdict[int, dict[int, None]] = defaultdict(dict)
    for row in rows:
        leads_agency = row.role == Role.LEADER
        unit = row.agency_id if leads_agency else row.unit_id
        if leads_agency or kinds.get(unit) == UnitKind.PART:
            found[unit][row.person_id] = None
    return {unit: tuple(people) for unit, people in found.items()}


def _tell(
    uow: UnitOfWork,
    unit: Unit,
    content: Mapping[str, Any],
    *,
    heads: Sequence[int],
    period: str,
    root: Mapping[str, Any],
    now: dt.datetime,
) -> int:
    """One message to the unit's official address and one to whoever heads it or was named; each of them once a day,
    however often a report is made in it: who has it made again wants figures, not mail to everybody."""
    day = local_day(dt.datetime.fromisoformat(content["cut_off"]))
    what = _told(unit.name, content, root)
    link = f"/reports/unsigned/{unit.id}/{period}"
    notes = [
        Note(
            cause=f"unsigned:{day}:unit:{unit.id}", what=what, link=link, unit_id=unit.id, address=unit.email,
        ),
        *(
            Note(
                cause=f"unsigned:{day}:unit:{unit.id}:person:{person}", what=what, link=link, unit_id=unit.id,
                person_id=person,
            )
            for person in dict.fromkeys(heads)
        ),
    ]  # fmt: skip
    return sum(queue(uow, note, now=now) for note in notes)


def _told(unit: str, content: Mapping[str, Any], root: Mapping[str, Any]) -> Told:
    cut_off = dt.datetime.fromisoformat(content["cut_off"])
    old = sum(line["ages"][Age.OLDER] for line in content["unsigned"]["by_signer"])
    incoming, parts, owed = content["incoming"], content["parts"], content["explanations"]
    return Told.of(
        Kind.UNSIGNED_REPORT, unit=unit, cut_off=cut_off, day=local_day(cut_off), old=old,
        unsigned=content["unsigned"]["total"], overdue=content["overdue"]["total"],
        soon=content["soon"]["total"] + incoming["soon"]["total"] + parts["soon"]["total"],
        arrivals=incoming["overdue"]["total"], parts=parts["overdue"]["total"], owed=owed["total"], **root,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recount:
    """A report made again: `same` tells whether it came out as it is stored."""

    content: Mapping[str, Any]
    digest: str
    same: bool


def make_again(uow: UnitOfWork, actor: Actor, scope: Scope, *, report_id: int) -> Recount:
    """Make a stored report again for its own cut-off, in its own form, and compare. Changes nothing."""
    demand(actor, Permission.SEE_REPORTS)
    stored = store.find(scope, uow.session, report_id)
    units = [unit for unit in store.units_on(uow.session, local_day(stored.cut_off)) if unit.id == stored.unit_id]
    everything = stock(uow, stored.cut_off)
    empty = Stock(cut_off=stored.cut_off, soon_until=everything.soon_until, items=(), arrivals=ArrivalStock())
    share = per_unit((unit.id for unit in units), everything).get(stored.unit_id, empty)
    content = body(stored.unit_id, share, version=version_of(stored.body))
    made = digest(content)
    return Recount(content, made, made == stored.digest == digest(stored.body))
