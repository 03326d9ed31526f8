"""Who hears of a copy: its signer when it waits for them, who asked for it once it was decided."""

from __future__ import annotations

import datetime as dt

from workflow.domain.copies import HEADING, Form, State
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor
from workflow.services.outbox import Note, queue
from workflow.store.models import CertifiedCopy
from workflow.store.session import UnitOfWork


def asked(uow: UnitOfWork, actor: Actor, copy: CertifiedCopy, *, now: dt.datetime) -> None:
    """In the open write phase: its signer reads that it waits for them."""
    what = Told.of(Kind.COPY_ASKED, who=actor.name, form=_form(copy), symbol=copy.source_symbol,
                   subject=copy.source_subject)  # fmt: skip
    _tell(uow, actor, copy, copy.signer_id, "asked", what, now=now)


def decided(uow: UnitOfWork, actor: Actor, copy: CertifiedCopy, *, now: dt.datetime) -> None:
    """Approved, it is to be numbered; declined, there is a reason to read."""
    kind = Kind.COPY_APPROVED if copy.state == State.APPROVED else Kind.COPY_DECLINED
    more = {"reason": copy.reason} if kind is Kind.COPY_DECLINED else {}
    what = Told.of(kind, who=actor.name, form=_form(copy), symbol=copy.source_symbol, subject=copy.source_subject,
                   **more)  # fmt: skip
    _tell(uow, actor, copy, copy.asked_by_id, copy.state, what, now=now)


def _form(copy: CertifiedCopy) -> str:
    return HEADING[Form(copy.form)]


def _tell(
    uow: UnitOfWork, actor: Actor, copy: CertifiedCopy, person_id: int, verb: str, what: Told, *, now: dt.datetime
) -> None:
    """Nobody is told of what they did themselves."""
    if person_id == actor.person_id:
        return
    cause = f"copy:{copy.id}:{verb}"
    queue(uow, Note(cause=cause, what=what, link=f"/copies/{copy.id}", person_id=person_id), now=now)
