"""Why each document waits unsigned, from what was recorded up to a moment: for the morning report its cut-off, for
messages and for the page of one document the present.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from workflow.domain.backlog import Open
from workflow.domain.keeping import Trace
from workflow.domain.opinions import Kind
from workflow.domain.outgoing import State
from workflow.domain.unsigned_reasons import (
    Facts,
    Met,
    Obstacle,
    Reason,
    Trial,
    Validity,
    attempt,
    obstacle,
    reason,
)
from workflow.services.journal import local_day
from workflow.services.keeping import whole_since
from workflow.store import unsigned_facts as store
from workflow.store.session import UnitOfWork

WHY = "a report covers every unit"


@dataclass(slots=True)
class _Known:
    looks: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    """Document → person → the last day on which they opened it."""
    asked: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    trials: dict[int, list[Trial]] = field(default_factory=lambda: defaultdict(list))
    certificates: dict[int, list[Validity]] = field(default_factory=lambda: defaultdict(list))
    met: dict[tuple[int, int], list[Met]] = field(default_factory=lambda: defaultdict(list))
    """(document, person) → what stood in their way."""
    away: Collection[int] = ()
    whole_since: dt.date | None = None
    """The first day of which every look is kept."""


def reasons(
    uow: UnitOfWork, found: Collection[Open], *, cut_off: dt.datetime, only: bool = False
) -> Mapping[int, Reason]:
    """Document → reason, of those that waited for a signature. Seven queries where there are any. `only`: facts of
    these documents alone are read, where there are few."""
    waiting = [one for one in found if one.state is State.AWAITING_SIGNATURE]
    if not waiting:
        return {}
    documents = {one.document for one in waiting} if only else None
    signers = {one.signer or 0 for one in waiting} if only else None
    known = _known(uow, cut_off, documents, signers)
    return {one.document: reason(_facts(one, known, cut_off), cut_off=cut_off) for one in waiting}


def _known(
    uow: UnitOfWork, cut_off: dt.datetime, documents: Collection[int] | None, signers: Collection[int] | None
) -> _Known:
    session, day = uow.session, local_day(cut_off)
    known = _Known(whole_since=whole_since(uow, Trace.LOOKS))
    for document, person, looked in store.looks(session, cut_off, reason=WHY, among=documents):
        days = known.looks[document]
        days[person] = max(looked, days.get(person, ""))
    for document, kind in store.unanswered(session, cut_off, reason=WHY, among=documents):
        known.asked[document].add(kind)
    trials = store.trials(session, cut_off, reason=WHY, among=documents)
    for document, began, expires, received, ended, status in trials:
        if status == "superseded" and ended is None:
            ended = received  # set aside before that moment was kept
        known.trials[document].append(Trial(began=began, expires=expires, received=received, ended=ended))
    for document, person, kind, first in store.obstacles(session, cut_off, reason=WHY, among=documents):
        known.met[document, person].append(Met(Obstacle(kind), first))
    for person, first, last, retired in store.certificates(session, cut_off, among=signers):
        known.certificates[person].append(Validity(first, last, retired))
    away = store.away(session, cut_off, day=day, among=signers)
    known.away = away - store.stood_in_for(session, cut_off, day=day, among=signers)
    return known


def _facts(one: Open, known: _Known, cut_off: dt.datetime) -> Facts:
    asked, signer = known.asked.get(one.document, set()), one.signer or 0
    trials, met = known.trials.get(one.document, ()), known.met.get((one.document, signer), ())
    return Facts(
        secret=one.secret,
        attempt=attempt(trials, since=one.since, cut_off=cut_off),
        initials=Kind.INITIALS in asked,
        opinions=Kind.OPINION in asked,
        beside=store.BESIDE in asked,
        away=signer in known.away,
        certificates=tuple(known.certificates.get(signer, ())),
        looks_cleared=known.whole_since is not None and local_day(one.since) < known.whole_since,
        opened=known.looks.get(one.document, {}).get(signer, "") >= local_day(one.since).isoformat(),
        obstacle=obstacle(met, trials, since=one.since, cut_off=cut_off),
    )
