"""Numbers: drawn last, in a short transaction, gap-free, never given twice (Decree 30/2020 Art. 15)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.errors import BadInput, Refused
from workflow.domain.outgoing import STEPS, Action, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.domain.registers import NumberStatus, year_for
from workflow.domain.steps import step_for
from workflow.domain.text import clean
from workflow.services.documents.comparing import compared
from workflow.services.documents.moves import Move, apply, begin
from workflow.services.documents.symbols import register_of, signed_day, symbols_of
from workflow.services.journal import local_day
from workflow.services.registers.holding import demand_held
from workflow.store import attachments, documents, office
from workflow.store import registers as store
from workflow.store.models import Outgoing, RegisterNumber, Series
from workflow.store.registers import Open
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Another number than the next one of this year: one that was held, or one of last year, with a reason."""

    held_id: int | None = None
    year: int | None = None
    reason: str = ""


NEXT = Wanted()


def number(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int | None,
    now: dt.datetime,
    accepted: bool = False,
    wanted: Wanted = NEXT,
) -> Outgoing:
    """Draw the next number of the document's register for this year: that enters it in the register.

    The number is committed with the transition; putting it on the paper is a second, repeatable step.

    Raises `Refused`: `typed_differs` where the draft says otherwise and the clerk did not accept that, now or at
    the format check; `series_closed`, `year_not_open`; for a held number `number_cancelled`,
    `number_used`, `held_elsewhere`. Raises `BadInput("late_reason_needed")` for a number of the year before.
    """
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.ACT_ON_DOCUMENT
    )
    step_for(STEPS, State(document.state), Action.NUMBER, role=actor.role)  # before anything else is asked
    answer = compared(uow, document, accepted=accepted, now=now)
    register = register_of(uow, document)
    held = None if wanted.held_id is None else store.number(scope, uow.session, wanted.held_id)
    year, reason = _year(document, wanted, held, today=local_day(now))
    symbol_for = symbols_of(uow, document, register)
    series = office.lock_series(uow.session, register.id, year)  # last: whoever numbers next waits from here on
    if series.closed_at is not None:
        raise Refused("series_closed", register=register.name, year=year)
    entry = _next(series, actor, now=now) if held is None else _held(uow, scope, held, register)
    symbol = symbol_for(entry.number)
    document.number, document.year, document.symbol = entry.number, year, symbol
    document.register_id, document.numbered_at = register.id, now
    facts = {"number": entry.number, "symbol": symbol, "year": year, **answer.journal}
    if held is not None or reason:
        facts |= {"held": entry.reason if held is not None else "", "late": reason}
    entry.document_id, entry.status, entry.symbol = document.id, NumberStatus.USED, symbol
    entry.reason = reason or entry.reason
    uow.add(entry)
    apply(uow, actor, document, Action.NUMBER, now=now, move=Move(remark=answer.remark or reason, journal=facts))
    return document


def _year(document: Outgoing, wanted: Wanted, held: RegisterNumber | None, *, today: dt.date) -> tuple[int, str]:
    """The year to number in, and the reason where it is not this one."""
    asked = held.year if held is not None else wanted.year
    year = year_for(asked, today=today, signed_on=signed_day(document))
    if year == today.year:
        return year, ""
    reason = clean(wanted.reason, multiline=True)[:500]
    if not reason:
        raise BadInput("late_reason_needed", year=year)
    return year, reason


def _next(series: Series, actor: Actor, *, now: dt.datetime) -> RegisterNumber:
    series.last_number += 1
    return RegisterNumber(
        register_id=series.register_id, year=series.year, number=series.last_number, drawn_at=now,
        drawn_by_id=actor.person_id, reason="",
    )  # fmt: skip


def _held(uow: UnitOfWork, scope: Scope, held: RegisterNumber, register: Open) -> RegisterNumber:
    """The number as it stands now that its series is locked."""
    if held.register_id != register.id:
        raise Refused("held_elsewhere", register=register.name)
    fresh = store.number(scope, uow.session, held.id)
    demand_held(uow, fresh)
    return fresh


def give_up(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int | None,
    reason: str,
    now: dt.datetime,
) -> Outgoing:
    """A wrong number, before the document is issued: it is cancelled with its reason and stays in the register.

    The document goes back to what the leader signed and waits for another number. What the agency's key put on the
    paper is withdrawn, and the files that show it are kept.
    """
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.ACT_ON_DOCUMENT
    )
    step_for(STEPS, State(document.state), Action.GIVE_UP_NUMBER, role=actor.role)
    words = clean(reason, multiline=True)[:500]
    if not words:
        raise BadInput("reason_needed", action=str(Action.GIVE_UP_NUMBER))
    entry = store.number_of(uow.session, document.id)
    office.lock_series(uow.session, entry.register_id, entry.year)
    entry.status, entry.reason = NumberStatus.CANCELLED, words
    entry.cancelled_at, entry.cancelled_by_id = now, actor.person_id
    entry.entry = _line(uow, document)
    _take_off(uow, document, now=now)
    facts = {"number": entry.number, "year": entry.year, "symbol": entry.symbol, "register": entry.register_id}
    apply(uow, actor, document, Action.GIVE_UP_NUMBER, now=now, move=Move(remark=words, journal=facts))
    return document


def _line(uow: UnitOfWork, document: Outgoing) -> dict[str, object]:
    """What the register says of a document, as columns of `register_book.lines`; of a secret one no subject."""
    return {
        "type_code": document.type_code, "subject": "" if document.secret else document.subject,
        "recipients": document.recipients, "medium": str(document.medium), "secret": document.secret,
        "unit_name": office.unit(uow.session, document.unit_id).name,
        "drafter": store.name_of(uow.session, document.drafter_id),
        "signer": store.name_of(uow.session, document.signer_id),
    }  # fmt: skip


def _take_off(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> None:
    """Everything that came with the number, columns that CHECKs tie to the state among them."""
    for purpose in ("number", "seal"):
        signature = documents.live_signature(uow.session, document.id, purpose)
        if signature is not None:
            signature.withdrawn_at = now
    for held in attachments.with_seals(uow.session, document.id):
        if held.seal is not None:
            held.seal.withdrawn_at = now  # it shows the number
    before = documents.latest_file(uow.session, document.id, "signed" if document.leader_verdict else "ready")
    document.file_sha256 = before.sha256 if before else None
    document.number = document.year = document.register_id = None
    document.numbered_at = document.sealed_at = None
    document.symbol = document.seal_verdict = document.seal_kind = ""
