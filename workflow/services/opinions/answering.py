"""Answering: what a person or the head of a unit says about a draft, on the text that they have read."""

from __future__ import annotations

import datetime as dt

from workflow.domain import notices
from workflow.domain import opinions as rules
from workflow.domain.errors import BadInput, Conflict, NotFound
from workflow.domain.opinions import Action, Kind, Verdict
from workflow.domain.outgoing import State as DocumentState
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.steps import require, step_for
from workflow.domain.text import clean
from workflow.services.exchange.acknowledging import notify
from workflow.services.exchange.naming import about, open_words
from workflow.services.journal import local_day, record_document
from workflow.store import attachments, documents, office
from workflow.store import opinions as store
from workflow.store.models import Opinion, OpinionRequest, Outgoing
from workflow.store.session import UnitOfWork

WHY = "who is asked about a draft of another unit answers under its lock; the request came from their scope"
WORDS_LENGTH = 4000


def answer(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, request_id: int, verdict: Verdict, words: str, seen: str,
    now: dt.datetime,
) -> Opinion:  # fmt: skip
    """Say what one thinks of the text `seen` (`domain.attachments.text_key`); of initials: put them to it, or
    refuse them.

    At another's desk the answer bears the name of who gives it, and says in whose place. Raises
    `Missing("asked_of_me")`, `WrongState` where it was answered or withdrawn before, `Conflict("draft_changed")`
    where another file came meanwhile, `BadInput` (`opinion_words_needed`, `opinion_verdict`).
    """
    demand(actor, Permission.GIVE_OPINION)
    said = clean(words, multiline=True)
    uow.begin_write()
    _asked, found = store.find(scope, uow.session, request_id)
    document = documents.for_jobs(uow.session, found.id, reason=WHY)
    asked, _document = store.find(scope, uow.session, request_id)  # as it is under the lock
    file = store.draft_file(uow.session, document.id)
    if file is None or actor.person_id is None or actor.post_id is None:
        raise NotFound("opinion_request_not_found")
    present, attached = (
        store.present_text(uow.session, document.id),
        attachments.digest_of(uow.session, document.id),
    )
    step = step_for(rules.STEPS, asked.state(present), Action.ANSWER, role=actor.role)
    require(step, facts_of(actor, asked.row, document))
    if seen != present:
        raise Conflict("draft_changed", ordinal=file.ordinal)
    _check(Kind(asked.row.kind), verdict, said)
    row = Opinion(
        request_id=asked.row.id, ordinal=len(asked.said) + 1, at=now, person_id=actor.person_id,
        post_id=actor.post_id, in_place_of_id=actor.in_place_of, verdict=verdict, words=said,
        file_sha256=file.sha256, file_ordinal=file.ordinal, attached_digest=attached,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    told = {
        "request": asked.row.id, "kind": asked.row.kind, "verdict": str(verdict), "words": said,
        "file": file.sha256, "file_ordinal": file.ordinal, "attached": attached, "ordinal": row.ordinal,
    }  # fmt: skip
    record_document(uow, document, tag="document:opinion:answered", facts=told, actor=actor, now=now)
    _tell(uow, actor, document, asked, row, now=now)
    return row


def facts_of(actor: Actor, row: OpinionRequest, document: Outgoing) -> frozenset[str]:
    """Whether the actor is who is asked, and whether anybody still waits for it. Nobody answers about their own
    draft, whichever post or desk is asked."""
    facts = set()
    own = actor.person_id is not None and actor.person_id == document.drafter_id
    if row.person_id is not None and row.person_id == actor.desk_of and row.agency_id == actor.agency_id:
        facts.add(rules.ASKED_OF_ME)
    if row.unit_id is not None and actor.role is Role.UNIT_HEAD and actor.unit_id == row.unit_id:
        facts.add(rules.ASKED_OF_ME)
    if own:
        facts.discard(rules.ASKED_OF_ME)
    if DocumentState(document.state) in rules.ANSWERED_IN:
        facts.add(rules.BEFORE_SIGNATURE)
    return frozenset(facts)


def _check(kind: Kind, verdict: Verdict, words: str) -> None:
    if verdict not in rules.VERDICTS[kind]:
        raise BadInput("opinion_verdict")
    if verdict in rules.WORDED and not words:
        raise BadInput("opinion_words_needed")
    if len(words) > WORDS_LENGTH:
        raise BadInput("opinion_words_too_long", limit=WORDS_LENGTH)


def _tell(
    uow: UnitOfWork, actor: Actor, document: Outgoing, asked: store.Asked, row: Opinion, *, now: dt.datetime
) -> None:
    """A notice for who asked and for the drafter; also for the unit's head where the last initials came."""
    heads = office.holders(uow.session, role=Role.UNIT_HEAD, on=local_day(now), unit_id=document.unit_id)
    people = {asked.row.asked_by_id, document.drafter_id}
    if asked.row.kind == Kind.INITIALS and document.state == DocumentState.IN_REVIEW:
        people |= {post.person_id for post in heads}
    facts = {"who": asked.whom, "words": open_words(row.words, secret=document.secret), **about(document)}
    if asked.row.kind == Kind.INITIALS:
        what = notices.Told.of(notices.Kind.INITIALS_GIVEN, initials=row.verdict, **facts)
    else:
        what = notices.Told.of(notices.Kind.OPINION_GIVEN, verdict=row.verdict, **facts)
    notify(
        uow, people - {actor.person_id or 0}, cause=f"opinion:{row.id}", what=what,
        link=f"/outgoing/{document.id}/opinions", now=now,
    )  # fmt: skip
