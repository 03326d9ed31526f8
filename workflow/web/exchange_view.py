"""What pages show of the exchange: where a document went, what came back, what it answers and replaces."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from workflow.domain.dispatch import RECORDING, Recall
from workflow.domain.exchange import RECALLING, Status, pending_recall
from workflow.domain.outgoing import State
from workflow.domain.permissions import Permission
from workflow.services import replies
from workflow.services.exchange import recall_outside, recipients
from workflow.services.exchange.correcting import SAID_IN
from workflow.services.exchange.recalling import ISSUED
from workflow.store import deliveries, unit_copies
from workflow.store import exchange as store
from workflow.store.models import DeliveryStatus, Dispatch, Incoming, Outgoing
from workflow.web import correction_view, fate_words
from workflow.web.context import Current
from workflow.web.correction_view import Corrections
from workflow.web.fate_words import Gone
from workflow.web.format import day
from workflow.web.i18n import N_, _
from workflow.web.types import type_name

TONES: dict[Status, str] = {
    Status.ARRIVED: "wait",
    Status.DECLINED: "bad",
    Status.REGISTERED: "good",
    Status.AWAITING_ASSIGNMENT: "good",
    Status.ASSIGNED: "good",
    Status.DONE: "good",
    Status.RECALL_ASKED: "warn",
    Status.RECALL_AGREED: "plain",
    Status.RECALL_REFUSED: "bad",
}

_DONE = {
    "recalled": N_(
        "Taken back where it was not registered yet; the other agencies were asked and will answer. Offices "
        "outside are told by a letter."
    ),
    "linked": N_("Linked: issuing this document ends the work on what it answers."),
    "unlinked": N_("Noted: it does not answer that one."),
    "written": N_("Written down."),
    "kept": N_("Noted: it corrects, amends or replaces nothing."),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One recipient: `status` is None before the document is issued, or where it has to go on paper.

    `pending`: a recall waits for its answer while the work goes on. `trail`: all that was said, oldest first.
    """

    name: str
    status: Status | None
    at: dt.datetime | None = None
    reason: str = ""
    pending: bool = False
    on_paper: bool = False
    trail: tuple[tuple[Status, dt.datetime, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """The part *Nơi nhận* of a document's page."""

    sent: Sequence[Sent]
    gone: Gone | None
    """What its page says where it was recalled or replaced."""
    may_recall: bool
    corrections: Corrections
    copies: Sequence[Dispatch]
    """What left, or has to leave, by post, by hand or by mail."""
    inside: Sequence[Any]
    """(copy, unit's name, who saw it first) of units of the own agency."""
    may_write_down: bool
    may_tell: bool
    """Whether offices outside are to be told of a recall, by a letter that the reader may draft."""
    answers: Sequence[Incoming]
    proposals: Sequence[Incoming]
    may_link: bool
    may_unsay: bool
    """Whether the reader takes back that it corrects, amends or replaces something."""
    requests: Sequence[Any]
    """(request, who asks, document): other offices ask for more time."""


def panel(here: Current, document: Outgoing) -> Panel:
    """Everything about one outgoing document."""
    session, issued = here.uow.session, State(document.state) in ISSUED
    sent = _sent(here, document)
    standing = [one for one in sent if one.status not in {None, Status.RECALL_AGREED} and not one.pending]
    may_link = replies.may_link(here.actor, document)
    drafting = State(document.state) in SAID_IN and document.drafter_id == here.person.person_id
    found = correction_view.of_outgoing(here, document)
    inside = unit_copies.of_document(here.scope, session, document.id)
    has = bool(standing) or any(one.given_at and not one.recalled_at for one, _unit, _who in inside)
    copies = deliveries.dispatches_of(here.scope, session, document.id) if issued else ()
    untold = letter_to(copies)
    has = has or any(one.recalled_at is None for one in copies)
    return Panel(
        sent=sent,
        gone=fate_words.gone(here, document, deliveries=sent, to_tell=len(untold)),
        may_recall=issued and has and found.may_recall,
        corrections=found,
        copies=copies,
        may_tell=bool(untold) and here.may(Permission.DRAFT_DOCUMENT),
        inside=inside,
        may_write_down=issued and here.post.role in RECORDING,
        answers=[row for _link, row in store.answered_documents(here.scope, session, document.id)],
        proposals=replies.proposals(here.uow, here.scope, document) if may_link else (),
        may_link=may_link,
        may_unsay=drafting and here.may(Permission.DRAFT_DOCUMENT),
        requests=store.requests_about(here.scope, session, outgoing_id=document.id, limit=20) if issued else (),
    )


def letter_to(copies: Sequence[Dispatch]) -> list[str]:
    """Names of those outside who have a copy and were not told yet that it is recalled."""
    return [one.name for one in copies if recall_outside.stand(one) is Recall.TO_TELL]


def _sent(here: Current, document: Outgoing) -> list[Sent]:
    session = here.uow.session
    if document.issued_at is None:
        reached = recipients.reached(here.uow, document, on=here.today)
        return [Sent(one.named.name, None, on_paper=one.agency is None) for one in reached]
    rows = store.deliveries_of(here.scope, session, document.id)
    trails: dict[int, list[DeliveryStatus]] = {}
    for line in store.statuses_of(here.scope, session, document.id):
        trails.setdefault(line.delivery_id, []).append(line)
    made = [_delivered(name, trails[one.id]) for one, name in rows]
    there = {one.agency_id for one, _name in rows}
    left = recipients.reached(here.uow, document, on=here.today)
    return made + [Sent(one.named.name, None, on_paper=True) for one in left if _missed(one, there)]


def _missed(one: recipients.Reached, there: set[int]) -> bool:
    return one.named.id not in there and (one.agency is None or one.agency.id not in there)


def _delivered(name: str, trail: list[DeliveryStatus]) -> Sent:
    last = trail[-1]
    codes = tuple(Status(line.code) for line in trail)
    pending = pending_recall(codes) and codes[-1] is not Status.DECLINED
    lines = tuple((Status(line.code), line.at, line.reason) for line in trail)
    return Sent(name, codes[-1], last.at, last.reason, pending, trail=lines)


@dataclass(frozen=True, slots=True)
class Kept:
    """A recall that this office refused: since when its sender wants it used by nobody and why, the answer."""

    recalled_at: dt.datetime
    reason: str
    answered_at: dt.datetime
    answer: str


def kept_of(here: Current, row: Incoming) -> Kept | None:
    """Of an incoming document in scope whose sender's newest question to give it back was refused."""
    said = store.recall_of(here.scope, here.uow.session, row.id)
    if not said or said[-1].code != Status.RECALL_REFUSED:
        return None
    asked = [one for one in said if one.code == Status.RECALL_ASKED]
    return Kept(asked[0].at, asked[-1].reason, said[-1].at, said[-1].reason)


@dataclass(frozen=True, slots=True)
class Notes:
    """What the page of an incoming document says of its sender's doings and of the answers to it."""

    recall_reason: str
    recall_asked_at: dt.datetime | None
    kept: Kept | None
    may_answer_recall: bool
    corrections: Corrections
    answers: Sequence[Outgoing]
    may_reply: bool


def notes_of(here: Current, row: Incoming) -> Notes:
    """For the page of an incoming document in scope."""
    session = here.uow.session
    asked = row.recall_asked_at is not None and row.state != "recalled"
    return Notes(
        recall_reason=row.recall_reason,
        recall_asked_at=row.recall_asked_at,
        kept=None if row.recall_asked_at is not None else kept_of(here, row),
        may_answer_recall=asked and here.post.role in RECALLING,
        corrections=correction_view.of_incoming(here, row),
        answers=[document for _link, document in store.answering(here.scope, session, row.id)],
        may_reply=here.may(Permission.DRAFT_DOCUMENT) and row.state not in replies.GONE,
    )


def named(row: Incoming) -> str:
    """`Công văn số 412/SNV-TCBC ngày 20/11/2026`."""
    parts = [type_name(row.type_code) if row.type_code else _("Document")]
    if row.symbol:
        parts.append(_("no. %(symbol)s", symbol=row.symbol))
    if row.issued_on is not None:
        parts.append(_("of %(day)s", day=day(row.issued_on)))
    return " ".join(parts)


def reply_subject(row: Incoming, kind: str) -> str:
    """The subject of an answer, to be written on: what offices write is Vietnamese on every screen."""
    parts = ["Trả lời", kind or "Văn bản"]
    parts += [f"số {row.symbol}"] if row.symbol else []
    parts += [f"ngày {row.issued_on:%d/%m/%Y}"] if row.issued_on else []
    parts += [f"của {row.issuer}"] if row.issuer else []
    return " ".join(parts)[:500]


def done() -> str:
    """The sentence about the act that led here; only words of ours, whatever the address says."""
    return _(_DONE[word]) if (word := request.args.get("noted", "")) in _DONE else ""
