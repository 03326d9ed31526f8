"""What the pages about deadlines show of a document: facts, its clock, and what there is to choose from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.incoming import Action, Holder, Part
from workflow.domain.terms import DueKind
from workflow.services.incoming import urging
from workflow.services.incoming.clocks import calendar_for
from workflow.services.incoming.moves import units_of
from workflow.store import exchange, explanations, people
from workflow.store import incoming as store
from workflow.store.models import Extension, Incoming
from workflow.web.clocks import Clock, clock
from workflow.web.context import current
from workflow.web.format import day, moment
from workflow.web.i18n import _, ngettext
from workflow.web.labels import label


@dataclass(frozen=True, slots=True)
class Facts:
    """A document in a few words."""

    title: str
    sender: str
    clock: Clock
    due: str
    kind: str
    paused: str
    asked: Extension | None
    sent: bool
    """Another office was asked for it."""


def facts_of(document: Incoming) -> Facts:
    """The lines over every form."""
    here = current()
    asked = store.asked_extension(here.uow.session, document.id)
    paused = _("since %(moment)s", moment=moment(document.paused_since)) if document.paused_since else ""
    return Facts(
        title=title_of(document.number, document.year, document.subject, secret=document.secret),
        sender=" · ".join(part for part in (document.issuer, document.symbol, _on(document.issued_on)) if part),
        clock=clock(
            document.due_at if not paused else None, here.now, calendar_for(here.uow, document)
        ),
        due=moment(document.due_at) if document.due_at else label(DueKind(document.due_kind)),
        kind=label(DueKind(document.due_kind)),
        paused=paused,
        asked=asked,
        sent=asked is not None and exchange.request_for(here.uow.session, asked.id) is not None,
    )  # fmt: skip


def _on(issued: dt.date | None) -> str:
    return day(issued) if issued else ""


def title_of(arrival: int | None, year: int | None, subject: str, *, secret: bool) -> str:
    """`Số đến 12/2026 · …`; of a secret document the subject stays in its register."""
    words = _("(secret)") if secret else subject
    if not arrival:
        return words
    number = _("Arrival number %(number)s", number=f"{arrival}/{year}")
    return f"{number} · {words}"


def choices(document: Incoming, action: Action) -> list[tuple[int, str]]:
    """(key, words) of what an act can be about: parts of one's unit, explanations, people to urge."""
    here = current()
    match action:
        case Action.SET_INTERNAL_DUE:
            units = units_of(here.uow, here.actor)
            return [
                (part.id, f"{unit} ({label(Part(part.part))})")
                for part, unit, _person in store.parts_of(here.uow.session, document.id)
                if part.ended_at is None and part.part != Part.INFORM and part.unit_id in units
            ]
        case Action.EXPLAIN:
            return _explanations(document, states=explanations.OWED, mine=True)
        case Action.ACCEPT_EXPLANATION | Action.RETURN_EXPLANATION:
            return _explanations(document, states=("given",), mine=False)
        case Action.URGE:
            persons = urging.involved(here.uow, document, now=here.now)
            names = people.names(here.uow.session, persons)
            return [(one, names[one]) for one in persons if one != here.person.person_id and one in names]
        case _:
            return []


def words_of(document: Incoming, action: Action) -> list[tuple[str, str, str]]:
    """(who, cause, words) that an act is about: explanations to be decided, or why one's own came back."""
    here = current()
    mine = action is Action.EXPLAIN
    wanted = ("sent_back",) if mine else ("given",)
    if action not in {Action.EXPLAIN, Action.ACCEPT_EXPLANATION, Action.RETURN_EXPLANATION}:
        return []
    found = []
    for row, person, _unit in explanations.of_document(here.uow.session, document.id):
        if row.state in wanted and (row.person_id == here.person.person_id) == mine:
            found.append((_("Sent back") if mine else person, row.cause, row.answer if mine else row.words))
    return found


def _explanations(document: Incoming, *, states: tuple[str, ...], mine: bool) -> list[tuple[int, str]]:
    here = current()
    found = []
    for row, person, unit in explanations.of_document(here.uow.session, document.id):
        own = row.person_id == here.person.person_id
        if row.state in states and own == mine:
            missed = _("overdue since %(moment)s", moment=moment(row.missed_at))
            words = f"{person}, {unit} ({label(Holder(row.held_by))}) · {missed}"
            found.append((row.id, words))
    return found


def duration(time: dt.timedelta) -> str:
    """Office time as people say it: days of eight hours and the hours over, or minutes."""
    minutes = int(time / dt.timedelta(minutes=1))
    days, rest = divmod(minutes, 8 * 60)
    hours = rest // 60
    parts = []
    if days:
        parts.append(ngettext("%(n)s working day", "%(n)s working days", days))
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours))
    if not parts:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", minutes))
    return " ".join(parts)
