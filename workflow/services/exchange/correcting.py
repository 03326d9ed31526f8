"""An outgoing document says that it corrects, amends or replaces an issued one; issued, it takes effect on both
sides (Decree 30/2020, Art. 18.3). The rules are the table of `domain.corrections`."""

from __future__ import annotations

import datetime as dt
import json

from workflow.domain import corrections as rules
from workflow.domain.corrections import Kind, Standing
from workflow.domain.dispatch import LEFT
from workflow.domain.errors import BadInput, NotPermitted, WrongState
from workflow.domain.exchange import Status
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.domain.text import clean
from workflow.services.documents.moves import Move, apply, begin
from workflow.services.documents.organs import organ_of
from workflow.services.documents.symbols import dated
from workflow.services.exchange import recall_outside, recalling, unit_copies
from workflow.services.exchange.acknowledging import demand_short, notify
from workflow.services.exchange.naming import about
from workflow.services.exchange.recalling import ISSUED
from workflow.services.journal import local_day, record_document
from workflow.store import corrections as store
from workflow.store import deliveries as dispatches
from workflow.store import documents, incoming, office, registers
from workflow.store import exchange as deliveries
from workflow.store import unit_copies as copies
from workflow.store.models import Correction, Delivery, Outgoing
from workflow.store.session import UnitOfWork

WHY = "a correction concerns everybody who has the earlier document"
SAID_IN = frozenset({State.DRAFT, State.RETURNED})
"""Where a document's drafter says what it corrects: from the submission on others decide on what it says."""
REMARK = "corrects"
ENTRY = "document:outgoing"

DONE = {Kind.CORRECT: "Đã được đính chính", Kind.AMEND: "Đã được sửa đổi, bổ sung",
        Kind.REPLACE: "Đã được thay thế"}  # fmt: skip
"""What recipients are told; what offices write to each other is Vietnamese."""


def standing(uow: UnitOfWork, document: Outgoing) -> Standing:
    """How an earlier document stands today."""
    if State(document.state) not in ISSUED:
        return Standing.UNISSUED
    later = store.in_effect(uow.session, document.id, reason=WHY)
    if any(one.kind == Kind.REPLACE for one, _by in later):
        return Standing.REPLACED
    sent = deliveries.deliveries_to_change(uow.session, document.id, reason=WHY)
    inside = copies.given(uow.session, document.id, reason=WHY)
    outside = dispatches.copies_of(uow.session, document.id)
    given_back = all(one.status == Status.RECALL_AGREED for one in sent) and all(one.recalled_at for one in inside)
    given_back = given_back and all(one.recalled_at and (one.state not in LEFT or one.back_on) for one in outside)
    if (sent or inside or outside) and given_back:
        return Standing.RECALLED
    return Standing.IN_FORCE


def name_corrected(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, kind: Kind, earlier_id: int, reason: str,
    now: dt.datetime, version: int | None = None,
) -> Correction:  # fmt: skip
    """Say which issued document of the same agency and organ this one corrects, amends or replaces, and why: the
    drafter's right as any revision, which moves the version.

    Said again, the later words stand. Raises `NotFound` out of scope, `Conflict`, `WrongState` with `links_fixed`
    and what `domain.corrections` refuses, `BadInput` with `reason_needed`, `correction_by_letter`,
    `correction_same_form` or `correction_organ`.
    """
    document = _begin(uow, actor, scope, document_id=document_id, version=version)
    earlier = documents.find(scope, uow.session, earlier_id)
    if earlier.agency_id != document.agency_id or earlier.id == document.id:
        raise WrongState("correction_unissued", action=str(kind))
    demand_possible(
        uow, actor, earlier, kind=kind, type_code=document.type_code, organ_id=document.organ_id, reason=reason
    )  # fmt: skip
    store.drop(uow.session, document.id)
    row = Correction(
        outgoing_id=document.id, earlier_id=earlier.id, kind=kind, reason=clean(reason, multiline=True),
        made_at=now, made_by_id=actor.person_id,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    _say(uow, actor, document, _words(row), now=now)
    return row


def name_none(uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, now: dt.datetime) -> Outgoing:
    """Take back that a draft corrects, amends or replaces another one. Raises as `name_corrected`."""
    document = _begin(uow, actor, scope, document_id=document_id, version=None)
    if store.of(uow.session, document.id) is not None:
        store.drop(uow.session, document.id)
        _say(uow, actor, document, {"kind": "", "earlier": None, "reason": ""}, now=now)
    return document


def _begin(uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, version: int | None) -> Outgoing:
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.DRAFT_DOCUMENT
    )
    if State(document.state) not in SAID_IN:
        raise WrongState("links_fixed", state=document.state)
    if document.drafter_id != actor.person_id:
        raise NotPermitted("own_draft")
    return document


def _say(uow: UnitOfWork, actor: Actor, document: Outgoing, words: dict[str, object], *, now: dt.datetime) -> None:
    apply(uow, actor, document, Action.REVISE, now=now, move=Move(remark=REMARK, more=True))
    record_document(uow, document, tag=store.SAID, facts=words, actor=actor, now=now)
    uow.flush()


def _words(row: Correction) -> dict[str, object]:
    """As the journal has them: beside the draft and beside the leader's signature, to be compared."""
    return {"kind": str(row.kind), "earlier": row.earlier_id, "reason": row.reason}


def signed_with(uow: UnitOfWork, document: Outgoing) -> dict[str, object]:
    """For the journal's entry of the leader's signature, which covers the file alone: what the document corrects,
    amends or replaces by it, None where nothing."""
    row = store.of(uow.session, document.id) if store.corrects(uow.session, document.id) else None
    return {"corrects": _words(row) if row is not None else None}


def _demand_as_signed(uow: UnitOfWork, document: Outgoing, row: Correction | None) -> None:
    """What takes effect is what the leader signed. A signature of before this was kept with it counts where nothing
    was said after it."""
    subject = f"outgoing:{document.id}"
    signature = store.newest_entry(
        uow.session, subject, tags=(f"{ENTRY}:{Action.SIGN}", f"{ENTRY}:{Action.RECORD_INK}")
    )
    told = json.loads(signature.body)["facts"] if signature is not None else {}
    if "corrects" in told:
        same = told["corrects"] == (_words(row) if row is not None else None)
    else:
        said = store.newest_entry(uow.session, subject, tags=(store.SAID,))
        same = signature is not None and (said is None or said.ordinal < signature.ordinal)
    if not same:
        raise WrongState("correction_unsigned")


def demand_possible(
    uow: UnitOfWork, actor: Actor, earlier: Outgoing, *, kind: Kind, type_code: str, organ_id: int | None,
    reason: str,
) -> None:  # fmt: skip
    """Whether a document of a type, in the name of an organ (None: the agency's first), may do this to an issued
    one; what was wrong is said in writing, since everybody reads it who has the earlier document. Raises as
    `name_corrected`.
    """
    rules.demand(kind, standing(uow, earlier), role=actor.role)
    rules.demand_form(kind, type_code=type_code, earlier=earlier.type_code)
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action=str(kind))
    demand_short(words)
    _demand_organ(uow, organ_id, earlier)


def demand_still_fits(uow: UnitOfWork, actor: Actor, document: Outgoing) -> None:
    """Asked when a draft is submitted: the earlier document may have been replaced, the draft's type changed."""
    row = store.of(uow.session, document.id) if store.corrects(uow.session, document.id) else None
    if row is None:
        return
    earlier = documents.one(uow.session, row.earlier_id, reason=WHY)
    rules.demand(Kind(row.kind), standing(uow, earlier), role=actor.role)
    rules.demand_form(Kind(row.kind), type_code=document.type_code, earlier=earlier.type_code)
    _demand_organ(uow, document.organ_id, earlier)


def _demand_organ(uow: UnitOfWork, organ_id: int | None, earlier: Outgoing) -> None:
    theirs = organ_of(uow, earlier)
    ours = organ_id or next((one.id for one in registers.organs(uow.session, earlier.agency_id)), None)
    if ours is not None and theirs is not None and ours != theirs.id:
        raise BadInput("correction_organ", organ=theirs.name)


def take_effect(uow: UnitOfWork, actor: Actor, document: Outgoing, *, now: dt.datetime) -> None:
    """A document is being issued: what it corrects, amends or replaces bears the mark, its recipients are told.

    A replaced paper travels back like a recalled one, from units inside too (`store.unit_copies.recalled`).
    Locks: the issued document, then the earlier one, then the receivers' rows by agency.

    Raises `WrongState("correction_unsigned")` where that is not what the leader signed.
    """
    if not store.ever_said(uow.session, document.id):
        return
    row = store.of(uow.session, document.id)
    _demand_as_signed(uow, document, row)
    if row is None:
        return
    earlier = documents.for_jobs(uow.session, row.earlier_id, reason=WHY)
    facts = {"kind": row.kind, "by": document.id, "symbol": document.symbol, "reason": row.reason}
    record_document(uow, earlier, tag=copies.CORRECTED, facts=facts, actor=actor, now=now)
    if row.kind == Kind.REPLACE:
        _replace(uow, actor, document, earlier, now=now)
    else:
        _tell(uow, document, earlier, row, now=now)
    _tell_units(uow, document, earlier, row, now=now)
    uow.flush()


def _replace(uow: UnitOfWork, actor: Actor, document: Outgoing, earlier: Outgoing, *, now: dt.datetime) -> None:
    reason = f"Được thay thế bằng văn bản số {document.symbol}"
    for delivery in _sent(uow, earlier):
        recalling.take_back(uow, actor, earlier, delivery, reason=reason, now=now)
    for copy in copies.given(uow.session, earlier.id, reason=WHY):
        copy.recalled_at = copy.recalled_at or now
    recall_outside.mark(uow, earlier, now=now)


def _tell(uow: UnitOfWork, document: Outgoing, earlier: Outgoing, row: Correction, *, now: dt.datetime) -> None:
    """Clerks and handlers of everybody who has the earlier document, whether or not the later one goes there."""
    sent = [one for one in _sent(uow, earlier) if one.status != Status.RECALL_AGREED and one.incoming_id]
    clerks = deliveries.clerks_of(uow.session, [one.agency_id for one in sent], on=local_day(now))
    sender = office.unit(uow.session, earlier.agency_id).name
    title, by = DONE[Kind(row.kind)], office.document_type(uow.session, document.type_code).name_vi
    day = f" ngày {found:%d/%m/%Y}" if (found := dated(document)) else ""
    for one in sent:
        theirs = incoming.for_jobs(uow.session, one.incoming_id or 0, reason=WHY)
        people = {*clerks.get(one.agency_id, []), *([theirs.handler_id] if theirs.handler_id is not None else [])}
        body = f"{title} bởi {by} số {document.symbol}{day}: văn bản {earlier.symbol}, {about(theirs)}."
        body += f"\nNội dung: {row.reason}" if row.reason and not (document.secret or earlier.secret) else ""
        notify(
            uow, people, cause=f"correction:{document.id}:{theirs.id}",
            subject=f"{title}: {earlier.symbol}, {sender}", body=body, link=f"/incoming/{theirs.id}", now=now,
        )  # fmt: skip


def _tell_units(
    uow: UnitOfWork, document: Outgoing, earlier: Outgoing, row: Correction, *, now: dt.datetime
) -> None:
    """Units inside the agency that have the earlier one; of secret ones no words."""
    title = DONE[Kind(row.kind)]
    gone = f"; {unit_copies.NOT_USED}" if row.kind == Kind.REPLACE else ""
    body = f"{title} bởi văn bản số {document.symbol}{gone}."
    body += f"\nNội dung: {row.reason}" if row.reason and not (document.secret or earlier.secret) else ""
    unit_copies.tell_again(uow, earlier, title=title, body=body, cause=f"correction:{document.id}", now=now)


def _sent(uow: UnitOfWork, document: Outgoing) -> list[Delivery]:
    return list(deliveries.deliveries_to_change(uow.session, document.id, reason=WHY))
