"""Where an extension stands that another office is asked for, and what ends a request that nobody answered.

`services.incoming.moves` asks here at every step, so nothing here may import it; sending and answering are in
`extensions`. Whoever writes holds the lock of the asking agency's document, on whichever side they are.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from workflow.domain.incoming import Source, State
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor, Role
from workflow.services.exchange.acknowledging import notify
from workflow.services.exchange.naming import about, open_words
from workflow.services.journal import local_day, record
from workflow.store import documents, incoming, office
from workflow.store import exchange as store
from workflow.store.models import Delivery, Extension, ExtensionRequest, Incoming, Outgoing
from workflow.store.session import UnitOfWork

WHY = "the agency that has to answer asks its sender for more time"


class Standing(StrEnum):
    """Whom an extension waits for."""

    NONE = "none"
    OURS = "ours"
    TO_SEND = "to_send"
    OUT = "out"


def standing(uow: UnitOfWork, document: Incoming) -> Standing:
    """Whom the extension of a document waits for: nobody, our leader to grant it or to send it, the sender."""
    asked = incoming.asked_extension(uow.session, document.id)
    if asked is None:
        return Standing.NONE
    if store.request_for(uow.session, asked.id) is not None:
        return Standing.OUT
    return Standing.TO_SEND if asked.kind == "between" and _of_sender(uow, document, asked) else Standing.OURS


def _of_sender(uow: UnitOfWork, document: Incoming, asked: Extension) -> bool:
    return asked.office == document.issuer and way_back(uow, document) is not None


def way_back(uow: UnitOfWork, document: Incoming) -> Delivery | None:
    """The delivery along which the sender can be asked; None where it came otherwise. A sender that is dissolved,
    or will be on a known day, answers on paper.
    """
    if document.source != Source.EXCHANGE or document.issuer_agency_id is None:
        return None
    if office.unit(uow.session, document.issuer_agency_id).valid_to is not None:
        return None
    return store.delivery_to(uow.session, document.id)


def lapse(uow: UnitOfWork, actor: Actor, document: Incoming, *, now: dt.datetime) -> None:
    """Nothing is left to extend: the document is done, given back or taken back. An answer would come too late."""
    asked = incoming.asked_extension(uow.session, document.id)
    if asked is None:
        return
    asked.state, asked.decided_at = "withdrawn", now
    if (request := store.request_for(uow.session, asked.id)) is not None:
        end(uow, actor, document, request, state="lapsed", now=now)
    uow.flush()


def end(
    uow: UnitOfWork, actor: Actor, document: Incoming, request: ExtensionRequest, *, state: str, now: dt.datetime,
    reason: str = "",
) -> None:  # fmt: skip
    """The asking agency needs no answer any more (`withdrawn`, `lapsed`); the sender is told."""
    request.state, request.ended_at, request.answer = state, now, reason
    uow.flush()
    journal(uow, actor, request, f"extension_{state}", {"reason": reason}, now=now)
    if document.state == State.RECALLED:
        return  # the sender's own doing
    kind = Kind.EXTENSION_LAPSED if state == "lapsed" else Kind.EXTENSION_WITHDRAWN
    tell_sender(uow, document, request, kind, reason, now=now)


def tell_sender(
    uow: UnitOfWork, document: Incoming, request: ExtensionRequest, kind: Kind, reason: str, *, now: dt.datetime
) -> None:
    """A notice for who answers at the sender: its clerks, the drafter, the signer or the leaders."""
    delivery = uow.session.get_one(Delivery, request.delivery_id)
    paper = documents.one(uow.session, delivery.outgoing_id, reason=WHY)
    asker = office.unit(uow.session, document.agency_id).name
    told = Told.of(
        kind, symbol=paper.symbol, office=asker, day=request.wanted_on,
        reason=open_words(reason, secret=paper.secret), **about(paper),
    )  # fmt: skip
    notify(
        uow, concerned(uow, paper, now=now), cause=f"extension_request:{request.id}:{request.state}",
        what=told, link=f"/outgoing/{paper.id}/extension-requests/{request.id}", now=now,
    )  # fmt: skip


def concerned(uow: UnitOfWork, paper: Outgoing, *, now: dt.datetime) -> set[int]:
    """Persons of the sending agency, in post today: clerks, the drafter, the signer; without a signer leaders."""
    today, agency = local_day(now), paper.agency_id
    found = {*store.clerks_of(uow.session, [agency], on=today).get(agency, []), paper.drafter_id}
    signers = [paper.signer_id] if paper.signer_id is not None else []
    deciding = [one for one in signers if office.in_agency(uow.session, one, agency_id=agency, on=today)]
    if not deciding:
        posts = office.holders(uow.session, role=Role.LEADER, on=today, agency_id=agency)
        deciding = [post.person_id for post in posts]
    found |= set(deciding)
    return {one for one in found if office.in_agency(uow.session, one, agency_id=agency, on=today)}


def journal(
    uow: UnitOfWork, actor: Actor, request: ExtensionRequest, action: str, facts: dict[str, object], *,
    now: dt.datetime,
) -> None:  # fmt: skip
    """What was said between the two agencies, in a chain of its own: neither needs the other's document for it."""
    told = {"request": request.id, "due": request.due_on.isoformat(), "wanted": request.wanted_on.isoformat()}
    record(
        uow, subject=f"delivery:{request.delivery_id}", tag=f"document:delivery:{action}", facts={**told, **facts},
        actor=actor, now=now,
    )  # fmt: skip
