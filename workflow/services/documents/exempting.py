"""What is decided on an exemption from the signature rate, and who asked for it hears of it."""

from __future__ import annotations

import datetime as dt

from workflow.domain.notices import Kind, Told, paper
from workflow.domain.outgoing import Action
from workflow.domain.people import Actor
from workflow.services.exchange.naming import open_words
from workflow.services.outbox import Note, queue
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork

TOLD = {Action.APPROVE_EXEMPTION: Kind.EXEMPTION_APPROVED, Action.REFUSE_EXEMPTION: Kind.EXEMPTION_REFUSED}
DECISIONS = frozenset(TOLD)


def decide(
    uow: UnitOfWork, actor: Actor, document: Outgoing, action: Action, *, words: str, now: dt.datetime
) -> None:
    """Keep who approved it; or let the request go, which stays in the history with the reason against it. It may be
    made again. The document goes on as it stood."""
    if action is Action.APPROVE_EXEMPTION:
        document.exempt_by_id = actor.person_id
    else:
        document.exempt_reason = ""
    uow.flush()
    asker = store.last_to(uow.session, document.id, Action.REQUEST_EXEMPTION)
    if asker is None or asker == actor.person_id:
        return
    said = open_words(words, secret=document.secret)
    what = Told.of(
        TOLD[action], **paper(document.subject, secret=document.secret), symbol=document.symbol, reason=said
    )
    note = Note(
        cause=f"exemption:{document.id}:{document.version}:person:{asker}", what=what,
        link=f"/outgoing/{document.id}", person_id=asker,
    )  # fmt: skip
    queue(uow, note, now=now)
