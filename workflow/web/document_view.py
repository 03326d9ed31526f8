"""What the page of one document shows, gathered once: paper, road, actions, facts, signatures, history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.cosigning import Part
from workflow.domain.deadlines import Rule, Waiting, step_due
from workflow.domain.outgoing import (
    AFTER_SIGNATURE,
    HEAD_AWAY,
    REVIEWER_AWAY,
    SIGNER_OR_AWAY,
    Action,
    Medium,
    State,
    Urgency,
)
from workflow.domain.people import Role
from workflow.domain.steps import Step
from workflow.services import authority
from workflow.services.documents.moves import possible_actions
from workflow.store import desk, office
from workflow.store import documents as store
from workflow.store.models import FileVersion, Outgoing
from workflow.web import cosign_words
from workflow.web.clocks import Clock, clock
from workflow.web.context import Current
from workflow.web.format import moment
from workflow.web.i18n import N_, _
from workflow.web.mandate_words import Facet, facet_words
from workflow.web.offers import HIDDEN_WITHOUT, INK_WORDS, OFFERS, ROAD, Kind, Offer, waits_for, words_against
from workflow.web.verdict_words import (
    OCCASIONS,
    OWN_KEY,
    PURPOSES,
    Told,
    cause_words,
    conclusion_words,
    key_words,
    speaks_of,
    told,
)

KINDS = {
    "original": N_("Original file"),
    "draft": N_("Draft"),
    "ready": N_("What the signer reads"),
    "cosigned": N_("Signed before the signer"),
    "signed": N_("Signed"),
    "numbered": N_("With its number"),
    "sealed": N_("Sealed"),
    "scan": N_("Scan of the paper"),
    "stamped": N_("With a timestamp"),
    "lasting": N_("With evidence for the long term"),
    "renewed": N_("With another timestamp, before the last one ends"),
}
SAW = N_("What the signer saw")

MACHINE_WORDS = {
    "file": N_("with a new file"),
    "attachments": N_("attachments changed"),
    "cosigners": N_("with who signs before the signer"),
    "corrects": N_("with what it corrects, amends or replaces"),
    "no_unit_head": N_("the unit has no head in post who could review it"),
}
"""Remarks that the machine writes as codes."""

MADE = {
    Action.CREATE: "draft",
    Action.REVISE: "draft",
    Action.CONFIRM_FORMAT: "ready",
    Action.CO_SIGN: "cosigned",
    Action.SIGN: "signed",
    Action.SIGN_NUMBER: "numbered",
    Action.SEAL: "sealed",
    Action.ATTACH_SCAN: "scan",
}
"""Which file an act makes, by the act's own moment."""

WHY_DUE = {
    Rule.GIVEN: N_("the deadline somebody set"),
    Rule.URGENT: N_("urgent: at once after the signature"),
    Rule.SIGNED: N_("issued on the day of the signature or the next working day (Decree 30/2020, Article 18.1)"),
    Rule.STATE: N_("eight working hours in one step"),
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """A state on the road: `stage` is `done`, `now` or `coming`."""

    state: State
    stage: str
    who: str = ""
    at: dt.datetime | None = None
    words: str = ""
    """How it is called where the paper is signed by hand; else as everywhere."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An action for this person now. `why_not` is empty where it can be taken."""

    action: Action
    offer: Offer
    reason: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history."""

    at: dt.datetime
    who: str
    action: Action
    remark: str
    note: str
    held_minutes: int
    machine: bool
    word: str = ""
    """What was done, where the action's own name says too much or too little."""


@dataclass(frozen=True, slots=True)
class Check:
    """A stored verdict on a card: when, the occasion in words, the conclusion, and why it differs from the one
    before."""

    at: dt.datetime
    occasion: str
    word: str
    tone: str
    causes: str


@dataclass(frozen=True, slots=True)
class Card:
    """A signature and what the verifier says of it. `key`: where the key lay that made it. `right`: whether its
    giver was entitled on that day. `checks`: every stored verdict, oldest first; `looked_at`: when it was last
    asked again, whether or not the answer had changed."""

    title: str
    who: str
    at: dt.datetime
    capacity: str
    key: str
    withdrawn_at: dt.datetime | None
    checked_at: dt.datetime | None
    verdict: Told | None
    right: Facet | None = None
    checks: tuple[Check, ...] = ()
    looked_at: dt.datetime | None = None
    sha256: str = ""
    """Of the file that it made."""
    initialled: str = ""
    """Of initials: the SHA-256 of the file that they made."""


def milestones(document: Outgoing, history: Sequence[Any]) -> list[Milestone]:
    """The straight road with what was done on it. A returned paper stands at its start again."""
    state = State(document.state)
    here = ROAD.index(state) if state in ROAD else 0
    left: dict[str, tuple[str, dt.datetime]] = {}
    for line, name in history:
        if line.from_state != line.to_state:
            left[line.from_state] = (name or "", line.at)
    named = INK_WORDS if document.secret or document.medium == Medium.INK else {}
    road = []
    for place, step in enumerate(ROAD):
        if place < here:
            who, at = left.get(step, ("", None))
            road.append(Milestone(step, "done", who, at, named.get(step, "")))
        elif place == here and state != State.CANCELLED:
            road.append(Milestone(state, "now", words=named.get(state, "")))
        else:
            road.append(Milestone(step, "coming", words=named.get(step, "")))
    return road


def offered(here: Current, document: Outgoing) -> list[Offered]:
    """The actions of the acting post, those that can be taken first."""
    found: list[Offered] = []
    for step, missing in possible_actions(here.uow, here.actor, document, now=here.now):
        shown = _offered(step, missing, ink=document.medium == Medium.INK)
        if shown is not None and shown.action is Action.CO_SIGN:
            word = cosign_words.words_of_each(here, [document.id]).get(document.id, shown.offer.button)
            shown = replace(shown, offer=replace(shown.offer, button=word))
        if shown is not None and shown.action not in {other.action for other in found}:
            found.append(shown)
    return sorted(found, key=_likeliest)


def _likeliest(one: Offered) -> tuple[bool, int]:
    """What can be taken before what cannot; among those the step forward, then the rest in the table's order."""
    tones = ("primary", "outline-primary", "outline-danger")
    return (bool(one.why_not), tones.index(one.offer.tone))


def _offered(step: Step[State, Action], missing: str, *, ink: bool) -> Offered | None:
    offer = OFFERS[step.action]
    if offer.kind is Kind.MACHINE or missing in HIDDEN_WITHOUT:
        return None
    why_not = _(words_against(missing, ink=ink)) if missing else ""
    return Offered(step.action, offer, step.reason, why_not)


def lines(history: Sequence[Any], files: Sequence[FileVersion], cards: Sequence[Card] = ()) -> list[Line]:
    """The history, newest first; what one form did at once is one line, as it was for whoever sent it. An act that
    made a file names its number."""
    made: list[Line] = []
    numbers = {(file.kind, file.added_at): file.ordinal for file in files}
    initialled = {card.initialled for card in cards}
    initials = {file.added_at for file in files if file.kind == "cosigned" and file.sha256 in initialled}
    for line, name in history:
        now = _line(line, name, numbers.get((MADE.get(Action(line.action), ""), line.at), 0))
        if now.action is Action.CO_SIGN and now.at in initials:
            now = replace(now, word=_(cosign_words.INITIAL))
        if made and _of_one_form(made[-1], now):
            made[-1] = replace(made[-1], note=now.note or made[-1].note)
        else:
            made.append(now)
    return made[::-1]


def _line(line: Any, name: str | None, number: int) -> Line:
    notes = [_(MACHINE_WORDS[line.remark])] if line.remark in MACHINE_WORDS else []
    notes += [_("version %(n)s", n=number)] if number else []
    return Line(
        at=line.at,
        who=name or _("the machine"),
        action=Action(line.action),
        remark="" if line.remark in MACHINE_WORDS else line.remark,
        note=": ".join(notes),
        held_minutes=line.held_minutes,
        machine=line.person_id is None,
    )


def machine_words(remark: str) -> str:
    """A remark as it is read: a code of the machine's in words, people's own as they are."""
    return _(MACHINE_WORDS[remark]) if remark in MACHINE_WORDS else remark


def came_back(document: Outgoing, history: Sequence[Any]) -> Line | None:
    """Of a paper that lies with its drafter to be mended: who gave it back, when and why."""
    if document.state != State.RETURNED:
        return None
    back = [
        (line, name)
        for line, name in history
        if line.to_state == State.RETURNED and line.from_state != State.RETURNED
    ]
    return _line(*back[-1], 0) if back else None


def _of_one_form(before: Line, now: Line) -> bool:
    """A draft saved with its file: the service writes a line for what it says and one for the file."""
    same = (before.at, before.who) == (now.at, now.who) and not before.machine
    return same and now.action is Action.REVISE and before.action in {Action.CREATE, Action.REVISE}


def cards(here: Current, document: Outgoing) -> list[Card]:
    """One card a signature, each with its latest verdict; withdrawn ones last. A later check of the whole file that
    comes to the same answer tells what was added meanwhile."""
    verdicts = store.verdicts_of(here.uow.session, document.id)
    latest = {row.signature_id: row for row in verdicts}
    agency = office.unit(here.uow.session, document.agency_id).name
    made = []
    for signature, name in store.signatures_of(here.uow.session, document.id):
        own = latest.get(signature.id)
        verdict, checked_at = _told(signature, own, verdicts[-1]) if own else (None, None)
        made.append(
            Card(
                title=_(PURPOSES[signature.purpose]),
                who=name if signature.purpose in OWN_KEY else f"{agency} ({name})",
                at=signature.received_at,
                capacity=signature.capacity if signature.purpose == "leader" else "",
                key=key_words(signature.key_holder, signature.control),
                withdrawn_at=signature.withdrawn_at,
                checked_at=checked_at,
                verdict=verdict,
                right=_right(here, document, signature),
                checks=tuple(
                    check(row.at, row.occasion, row.conclusion, row.cause)
                    for row in verdicts
                    if row.signature_id == signature.id
                ),
                looked_at=signature.checked_at,
                sha256=signature.file_sha256,
                initialled=signature.file_sha256 if signature.purpose == Part.INITIALS else "",
            )
        )
    return sorted(made, key=lambda card: card.withdrawn_at is not None)


def _right(here: Current, document: Outgoing, signature: Any) -> Facet | None:
    if signature.purpose != "leader" or signature.withdrawn_at is not None:
        return None
    return facet_words(authority.looked_up(here.uow, document, signature))


def check(at: dt.datetime, occasion: str, conclusion: str, cause: str) -> Check:
    """One answer in the row of those about a signature."""
    word, tone = conclusion_words(conclusion)
    return Check(at, _(OCCASIONS.get(occasion, occasion)), word, tone, cause_words(cause))


def _told(signature: Any, own: Any, newest: Any) -> tuple[Told, dt.datetime]:
    if signature.withdrawn_at is None and speaks_of(newest.body, field=signature.field, conclusion=own.conclusion):
        return told(newest.body, field=signature.field, conclusion=own.conclusion, reason=""), newest.at
    return told(own.body, field=signature.field, conclusion=own.conclusion, reason=own.reason), own.at


def present_clock(
    document: Outgoing, calendar: WorkingCalendar, now: dt.datetime
) -> tuple[Clock, dt.datetime | None, str]:
    """(words, due moment, why that moment) of the present step."""
    if document.step_due_at is None:
        return clock(None, now, calendar), None, ""
    waiting = Waiting(
        entered_at=document.state_since,
        given_due=document.due_at,
        signed_at=document.signed_at if State(document.state) in AFTER_SIGNATURE else None,
        urgent=document.urgency != Urgency.NORMAL,
    )
    rule = step_due(waiting, calendar).rule
    return clock(document.step_due_at, now, calendar), document.step_due_at, _(WHY_DUE[rule])


def waits(here: Current, document: Outgoing) -> str:
    """What the document waits for, as the second half of a sentence."""
    state = State(document.state)
    on_paper = bool(
        state is State.NUMBERED and desk.with_number_on_paper(here.scope, here.uow.session, [document.id])
    )
    ink = document.medium == Medium.INK
    return _(waits_for(state, ink=ink, secret=document.secret, on_paper=on_paper))


def version_words(file: FileVersion, document: Outgoing, cards: Sequence[Card] = ()) -> str:
    """The same with its number, as everywhere: `Bản 4: Dự thảo`; of a file whose signature was withdrawn, when."""
    gone = [card.withdrawn_at for card in cards if card.sha256 == file.sha256 and card.withdrawn_at is not None]
    words = file_words(file, document)
    if gone:
        words = _("%(what)s, withdrawn %(moment)s", what=words, moment=moment(gone[0]))
    return f"{_('Version %(n)s', n=file.ordinal)}: {words}"


def file_words(file: FileVersion, document: Outgoing) -> str:
    """A file's name on the strip of versions."""
    if file.kind == "ready" and document.signed_at is not None:
        return _(SAW)
    return _(KINDS.get(file.kind, file.kind))


MEANWHILE = {
    REVIEWER_AWAY: (N_("The head of the unit is away on record"), N_("you may approve it or give it back")),
    SIGNER_OR_AWAY: (
        N_("The signer is away on record"),
        N_("you may give it back, so that another signer is named"),
    ),
    HEAD_AWAY: (N_("The head of the agency is away on record"), N_("you may decide on the exemption")),
}
"""Why what waits for another one may be decided by a leader, and what they may do."""


def meanwhile(document: Outgoing, here: Current, offered: Sequence[Offered]) -> str:
    """The same of this document and the leader who looks, as a sentence; "" where it is not so."""
    role, open_to = here.post.role, {one.action for one in offered if not one.why_not}
    if role not in {Role.LEADER, Role.DEPUTY} or here.person.acts or document.holder_id == here.person.person_id:
        return ""
    if document.state == State.IN_REVIEW and Action.RETURN in open_to:
        fact = REVIEWER_AWAY
    elif role is Role.DEPUTY and Action.APPROVE_EXEMPTION in open_to:
        fact = HEAD_AWAY
    elif Action.RETURN in open_to:
        fact = SIGNER_OR_AWAY
    else:
        return ""
    return ": ".join(_(words) for words in MEANWHILE[fact]) + "."


def waits_for_me(document: Outgoing, here: Current) -> bool:
    """Whether it lies on the desk of the person who looks."""
    person, role = here.person.person_id, here.post.role
    state = State(document.state)
    if document.holder_id is not None:
        return document.holder_id == person
    if state is State.IN_REVIEW:
        mine = document.drafter_id == person or document.unit_id not in here.scope.unit_ids
        return role is Role.UNIT_HEAD and not mine
    return role is Role.CLERK and state in {State.FORMAT_CHECK, State.SIGNED, State.NUMBERED, State.SEALED}
