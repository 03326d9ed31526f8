"""Asking for opinions and initials, taking a request back, putting another unit in its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain import notices
from workflow.domain import opinions as rules
from workflow.domain.errors import BadInput, Missing, NotFound
from workflow.domain.opinions import Action, Kind, State
from workflow.domain.outgoing import State as DocumentState
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.steps import require, step_for
from workflow.domain.text import clean
from workflow.services.exchange.acknowledging import notify
from workflow.services.exchange.naming import about, open_words
from workflow.services.journal import local_day, record_document
from workflow.store import documents, office
from workflow.store import opinions as store
from workflow.store.models import OpinionRequest, Outgoing, PostRow
from workflow.store.session import UnitOfWork

AT_ONCE = 30
"""Addressees of one form; more is a circular, which is issued, not asked."""
QUESTION_LENGTH, REASON_LENGTH = 1000, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    """Who is asked for what: a unit through its head, or a person in one of their posts."""

    kind: Kind = Kind.OPINION
    unit_id: int | None = None
    post_id: int | None = None


def ask(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, to: Sequence[To], question: str,
    due_on: dt.date | None, now: dt.datetime,
) -> list[OpinionRequest]:  # fmt: skip
    """Ask several people and units of the agency at once about the present text of a draft.

    Raises `Missing` (`own_paper`, `still_drafted`, `has_text`), `BadInput` (`opinion_nobody_asked`,
    `opinion_too_many`, `opinion_question_needed`, `opinion_day_past`, `opinion_not_of_agency`, `opinion_oneself`,
    `opinion_asked_already`, `opinion_unit_without_head`).
    """
    demand(actor, Permission.DRAFT_DOCUMENT)
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=None)
    file = store.draft_file(uow.session, document.id)
    step = step_for(rules.STEPS, State.NEW, Action.ASK, role=actor.role)
    require(step, facts_of(actor, document) | ({rules.HAS_TEXT} if file is not None else set()))
    words = clean(question, multiline=True)
    _check(to, words, due_on, today=local_day(now))
    if file is None:
        raise Missing(rules.HAS_TEXT)
    made = []
    for one in dict.fromkeys(to):
        row = _row(uow, document, one, now=now)
        row.question, row.due_on, row.asked_by_id = words, due_on, actor.person_id or 0
        row.file_sha256 = file.sha256
        uow.add(row)
        uow.flush()
        made.append(row)
    asked = [{"request": row.id, "kind": row.kind, "unit": row.unit_id, "person": row.person_id} for row in made]
    told = {"asked": asked, "question": words, "due": due_on.isoformat() if due_on else None, "file": file.sha256}
    record_document(uow, document, tag="document:opinion:asked", facts=told, actor=actor, now=now)
    for row in made:
        _tell(uow, document, row, now=now)
    return made


def facts_of(actor: Actor, document: Outgoing) -> frozenset[str]:
    """What holds of an actor who asks or takes back, and of the draft."""
    own = actor.person_id is not None and document.drafter_id == actor.person_id
    heads = actor.role is Role.UNIT_HEAD and document.unit_id == actor.unit_id
    state = DocumentState(document.state)
    checks = {
        rules.OWN_PAPER: actor.in_place_of is None and (own or heads),
        rules.STILL_DRAFTED: state in rules.ASKED_IN,
        rules.BEFORE_SIGNATURE: state in rules.ANSWERED_IN,
    }
    return frozenset(name for name, true in checks.items() if true)


def _check(to: Sequence[To], words: str, due_on: dt.date | None, *, today: dt.date) -> None:
    if not to:
        raise BadInput("opinion_nobody_asked")
    if len(to) > AT_ONCE:
        raise BadInput("opinion_too_many", limit=AT_ONCE)
    if len(words) > QUESTION_LENGTH:
        raise BadInput("opinion_words_too_long", limit=QUESTION_LENGTH)
    if not words and any(one.kind is Kind.OPINION for one in to):
        raise BadInput("opinion_question_needed")
    if due_on is not None and due_on < today:
        raise BadInput("opinion_day_past")


def _row(uow: UnitOfWork, document: Outgoing, one: To, *, now: dt.datetime) -> OpinionRequest:
    """The request, once for each addressee and kind that is not answered or withdrawn."""
    row = OpinionRequest(
        document_id=document.id, agency_id=document.agency_id, kind=one.kind, asked_at=now, withdrawn_reason=""
    )
    if one.unit_id is not None:
        row.unit_id = _unit(uow, document, one, now=now)
    else:
        row.person_id, row.post_id = _person(uow, document, one, now=now)
    present = store.present_text(uow.session, document.id)
    for other in store.of_document(uow.session, document.id):
        same = (other.row.kind, other.row.unit_id, other.row.person_id) == (row.kind, row.unit_id, row.person_id)
        standing = row.kind == Kind.INITIALS and other.row.withdrawn_at is None
        if same and (standing or other.state(present) is State.OPEN):
            raise BadInput("opinion_asked_already", name=other.whom)
    return row


def _unit(uow: UnitOfWork, document: Outgoing, one: To, *, now: dt.datetime) -> int:
    """A unit of the agency with a head today; a coordinating one is another than the drafting unit."""
    day = local_day(now)
    try:
        unit = office.unit(uow.session, one.unit_id or 0)
    except NotFound as unknown:
        raise BadInput("opinion_not_of_agency") from unknown
    if unit.agency_id != document.agency_id or (unit.valid_to is not None and unit.valid_to < day):
        raise BadInput("opinion_not_of_agency")
    if one.kind is Kind.INITIALS and unit.id == document.unit_id:
        raise BadInput("opinion_own_unit")
    if not office.holders(uow.session, role=Role.UNIT_HEAD, on=day, unit_id=unit.id):
        raise BadInput("opinion_unit_without_head", name=unit.name)
    return unit.id


def _person(uow: UnitOfWork, document: Outgoing, one: To, *, now: dt.datetime) -> tuple[int, int]:
    try:
        post = office.held_post(uow.session, one.post_id or 0, on=local_day(now))
    except NotFound as unknown:
        raise BadInput("opinion_not_of_agency") from unknown
    if post.agency_id != document.agency_id or Role(post.role) not in rules.ANSWERING:
        raise BadInput("opinion_not_of_agency")
    if one.kind is Kind.INITIALS:
        raise BadInput("opinion_units_initial")
    if post.person_id == document.drafter_id:
        raise BadInput("opinion_oneself")
    return post.person_id, post.id


def withdraw(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, request_id: int, reason: str, now: dt.datetime,
    instead: int | None = None,
) -> OpinionRequest:  # fmt: skip
    """Take a request back with a reason; `instead`: a unit that is asked the same in its place.

    Open to the drafter and to the head of the drafting unit until the signature, so that a coordinating unit
    which never answers holds nobody up for ever. Whoever decides reads the reason on the slip.
    """
    demand(actor, Permission.DRAFT_DOCUMENT)
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action=str(Action.WITHDRAW))
    if len(words) > REASON_LENGTH:
        raise BadInput("opinion_words_too_long", limit=REASON_LENGTH)
    uow.begin_write()
    asked, document = store.find(scope, uow.session, request_id)
    document = documents.lock(scope, uow.session, document.id, version=None)
    asked, _document = store.find(scope, uow.session, request_id)  # as it is under the lock
    state = asked.state(store.present_text(uow.session, document.id))
    require(step_for(rules.STEPS, state, Action.WITHDRAW, role=actor.role), facts_of(actor, document))
    row = asked.row
    row.withdrawn_at, row.withdrawn_by_id, row.withdrawn_reason = now, actor.person_id, words
    uow.flush()
    told = {"request": row.id, "reason": words, "state": str(state), "instead": instead}
    record_document(uow, document, tag="document:opinion:withdrawn", facts=told, actor=actor, now=now)
    uow.flush()  # the next act in this transaction locks the document anew and reads it as it is
    _tell(uow, document, row, now=now)
    if instead is not None:
        due = row.due_on if row.due_on is None or row.due_on >= local_day(now) else None
        ask(
            uow, actor, scope, document_id=document.id, to=[To(kind=Kind(row.kind), unit_id=instead)],
            question=row.question, due_on=due, now=now,
        )  # fmt: skip
    return row


def hand_over(
    uow: UnitOfWork, actor: Actor, row: OpinionRequest, taker: PostRow, *, words: str, now: dt.datetime
) -> Outgoing | None:
    """A request goes to who takes over the post; in the open write phase of a handover. Returns the document, None
    where the request was answered or taken back meanwhile.

    Nobody is asked about their own draft: then the request is taken back. Locks the document, as an answer does.
    """
    document = documents.for_jobs(uow.session, row.document_id, reason="a handover moves what a post was asked")
    if not store.still_waits(uow.session, row):
        return None
    told: dict[str, object] = {"request": row.id, "reason": words}
    if taker.person_id == document.drafter_id:
        row.withdrawn_at, row.withdrawn_by_id, row.withdrawn_reason = now, actor.person_id, words[:REASON_LENGTH]
        tag = "document:opinion:withdrawn"
    else:
        row.person_id, row.post_id = taker.person_id, taker.id
        told["person"], tag = taker.person_id, "document:opinion:handed_over"
    uow.flush()
    record_document(uow, document, tag=tag, facts=told, actor=actor, now=now)
    uow.flush()  # another request may be about the same document
    return document


def _tell(uow: UnitOfWork, document: Outgoing, row: OpinionRequest, *, now: dt.datetime) -> None:
    """A notice for the person asked, or for whoever heads the unit today."""
    people = [row.person_id] if row.person_id is not None else []
    if row.unit_id is not None:
        heads = office.holders(uow.session, role=Role.UNIT_HEAD, on=local_day(now), unit_id=row.unit_id)
        people = [post.person_id for post in heads]
    initials, words = row.kind == Kind.INITIALS, row.question if row.withdrawn_at is None else row.withdrawn_reason
    facts = {"words": open_words(words, secret=document.secret), **about(document)}
    if row.withdrawn_at is None:
        kind = notices.Kind.INITIALS_ASKED if initials else notices.Kind.OPINION_ASKED
        what = notices.Told.of(kind, day=row.due_on, **facts)
    else:
        kind = notices.Kind.INITIALS_WITHDRAWN if initials else notices.Kind.OPINION_WITHDRAWN
        what = notices.Told.of(kind, **facts)
    cause = f"opinion_request:{row.id}:{'withdrawn' if row.withdrawn_at else 'asked'}"
    notify(
        uow, {one for one in people if one is not None}, cause=cause, what=what,
        link=f"/opinions/{row.id}", now=now,
    )  # fmt: skip
