"""Why each document of the morning report waits unsigned, from what was recorded up to its cut-off."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from workflow.domain.backlog import Open
from workflow.domain.opinions import Kind
from workflow.domain.outgoing import State
from workflow.domain.unsigned_reasons import Facts, Reason, Trial, Validity, attempt, reason
from workflow.services.journal import local_day
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
    away: Collection[int] = ()


def reasons(uow: UnitOfWork, found: Collection[Open], *, cut_off: dt.datetime) -> Mapping[int, Reason]:
    """Document → reason, of those that waited for a signature. Six queries where there are any."""
    waiting = [one for one in found if one.state is State.AWAITING_SIGNATURE]
    if not waiting:
        return {}
    known = _known(uow, cut_off)
    return {one.document: reason(_facts(one, known, cut_off), cut_off=cut_off) for one in waiting}


def _known(uow: UnitOfWork, cut_off: dt.datetime) -> _Known:
    session, day, known = uow.session, local_day(cut_off), _Known()
    for document, person, looked in store.looks(session, cut_off, reason=WHY):
        days = known.looks[document]
        days[person] = max(looked, days.get(person, ""))
    for document, kind in store.unanswered(session, cut_off, reason=WHY):
        known.asked[document].add(kind)
    for document, began, expires, received, ended, status in store.trials(session, cut_off, reason=WHY):
        if status == "superseded" and ended is None:
            ended = received  # set aside before that moment was kept
        known.trials[document].append(Trial(began=began, expires=expires, received=received, ended=ended))
    for person, first, last, retired in store.certificates(session, cut_off):
        known.certificates[person].append(Validity(first, last, retired))
    known.away = store.away(session, cut_off, day=day) - store.stood_in_for(session, cut_off, day=day)
    return known


def _facts(one: Open, known: _Known, cut_off: dt.datetime) -> Facts:
    asked, signer = known.asked.get(one.document, set()), one.signer or 0
    return Facts(
        secret=one.secret,
        attempt=attempt(known.trials.get(one.document, ()), since=one.since, cut_off=cut_off),
        initials=Kind.INITIALS in asked,
        opinions=Kind.OPINION in asked,
        away=signer in known.away,
        certificates=tuple(known.certificates.get(signer, ())),
        opened=known.looks.get(one.document, {}).get(signer, "") >= local_day(one.since).isoformat(),
    )
