"""Plain acts: those that need nothing but the document, the actor and perhaps a written reason."""

from __future__ import annotations

import datetime as dt

from workflow.adapters.blobs import Blobs
from workflow.domain.errors import BadInput, NotPermitted, WrongState
from workflow.domain.outgoing import STEPS, Action, Medium, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.domain.steps import Step, require, step_for
from workflow.domain.text import clean
from workflow.services import authority
from workflow.services.documents import exempting
from workflow.services.documents.moves import (
    Move,
    apply,
    begin,
    in_named_post,
    signs_next,
    skip_review_where_nobody_reviews,
    true_facts,
)
from workflow.services.exchange import correcting, dispatching, recipients, unit_copies
from workflow.services.exchange.delivering import Ahead, deliver, look_ahead
from workflow.services.journal import local_day
from workflow.services.opinions.slips import freeze
from workflow.services.proofs.extending import expect
from workflow.services.replies import close_answered
from workflow.store import cosigning, drafting, exchange
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork

PLAIN = frozenset(
    {
        Action.SUBMIT,
        Action.APPROVE,
        Action.RETURN,
        Action.WITHDRAW,
        Action.REJECT,
        Action.WITHDRAW_CO_SIGN,
        Action.DECLINE,
        Action.WITHDRAW_SIGNATURE,
        Action.ISSUE,
        Action.FILE,
        Action.CANCEL,
        Action.REQUEST_EXEMPTION,
        Action.APPROVE_EXEMPTION,
        Action.REFUSE_EXEMPTION,
    }
)
"""Actions that `act` takes; the others bring files, keys or numbers and have services of their own."""

TAKES_BACK = frozenset({Action.WITHDRAW_CO_SIGN, Action.DECLINE})
"""Acts by which signatures go that say whose turn it is: that is asked before."""

EXEMPTION_LENGTH = 500
"""Letters of the reason for which a document is to be exempt; other words of an act may be longer."""

BEFORE_SIGNATURE = frozenset({State.RETURNED, State.FORMAT_CHECK, State.AWAITING_SIGNATURE})


def act(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    action: Action,
    version: int | None,
    now: dt.datetime,
    remark: str = "",
    ahead: Ahead | None = None,
) -> Outgoing:
    """Take a plain action on a document as it stood at `version`. `ahead`: what `issue` found out before."""
    if action not in PLAIN:
        raise WrongState("not_a_plain_action", action=str(action))
    remark = clean(remark, multiline=True)
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.ACT_ON_DOCUMENT
    )
    step = step_for(STEPS, State(document.state), action, role=actor.role)
    held = _turn(uow, actor, document, step) if action in TAKES_BACK else frozenset()
    told = _told(uow, actor, document, action, now=now)
    _before(uow, document, step, remark=remark, now=now)
    laid = action is Action.SUBMIT
    apply(uow, actor, document, action, now=now, move=Move(remark=remark, facts=held, journal=told, more=laid))
    if action in exempting.DECISIONS:
        exempting.decide(uow, actor, document, action, words=remark, now=now)
    if laid:
        freeze(uow, actor, document, now=now)
    if laid and document.holder_id is None:  # else it lies before the one head there is
        skip_review_where_nobody_reviews(uow, document, now=now)
    if action is Action.ISSUE:
        expect(uow, document, now=now)
        _send(uow, actor, document, ahead=ahead, now=now)
    return document


def _turn(uow: UnitOfWork, actor: Actor, document: Outgoing, step: Step[State, Action]) -> frozenset[str]:
    facts = true_facts(uow, actor, document, step=step)
    require(step, facts)
    if not in_named_post(uow, actor, document):
        raise NotPermitted("cosigner_post")
    return facts


def _send(uow: UnitOfWork, actor: Actor, document: Outgoing, *, ahead: Ahead | None, now: dt.datetime) -> None:
    """An issued document reaches whom it names, and what it answers or corrects hears of it."""
    wanted = exchange.wanted(uow.session, document.id)
    reached = recipients.reached(uow, document, on=local_day(now)) if wanted.agencies else ()
    deliver(uow, document, reached, now=now, ahead=ahead)
    inside = unit_copies.give(uow, actor, document, now=now) if wanted.units else ()
    dispatching.lay_out(uow, document, reached, inside=inside, now=now)
    correcting.take_effect(uow, actor, document, now=now)
    if wanted.closes:
        close_answered(uow, document, now=now)


def go_back(
    uow: UnitOfWork, actor: Actor, document: Outgoing, *, remark: str, told: dict[str, object], now: dt.datetime
) -> None:
    """Return a document in the open write phase of an act that says more of it: `told`, for the journal."""
    step = step_for(STEPS, State(document.state), Action.RETURN, role=actor.role)
    _before(uow, document, step, remark=remark, now=now)
    told = {**_told(uow, actor, document, Action.RETURN, now=now), **told}
    apply(uow, actor, document, Action.RETURN, now=now, move=Move(remark=remark, journal=told))


def _told(
    uow: UnitOfWork, actor: Actor, document: Outgoing, action: Action, *, now: dt.datetime
) -> dict[str, object]:
    """What the journal holds of an act besides: open remarks of a submission, those pinned to the pages with what
    goes back for them."""
    if action is Action.SUBMIT:
        return _submitted(uow, actor, document, now=now)
    if action in {Action.RETURN, Action.REJECT} and (pinned := drafting.open_pins(uow.session, document.id)):
        return {"pinned": pinned}
    return {}


def _submitted(uow: UnitOfWork, actor: Actor, document: Outgoing, *, now: dt.datetime) -> dict[str, object]:
    """What a submission asks once more: what the draft corrects, and who is named signer. What it leaves unsettled
    stands in the journal; it holds nobody up."""
    asked = drafting.submitted(uow.session, document.id)
    if asked.corrects:
        correcting.demand_still_fits(uow, actor, document)
    if document.signer_post_id is not None:
        authority.demand_signer(uow, document, now=now)
    return {"open_comments": asked.open_comments} if asked.open_comments else {}


def issue(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, version: int | None, blobs: Blobs,
    now: dt.datetime, remark: str = "",
) -> Outgoing:  # fmt: skip
    """Issue: the document lies before every agency it names, and what it answers is done."""
    ahead = look_ahead(uow, scope, document_id=document_id, blobs=blobs, now=now)
    return act(
        uow, actor, scope, document_id=document_id, action=Action.ISSUE, version=version, now=now, remark=remark,
        ahead=ahead,
    )  # fmt: skip


def _before(
    uow: UnitOfWork, document: Outgoing, step: Step[State, Action], *, remark: str, now: dt.datetime
) -> None:
    """Columns that a CHECK or the state table ties to the new state, set before the state moves."""
    if step.action is Action.ISSUE:
        document.issued_at = now
        document.sealed_at = document.sealed_at or now  # secret papers are stamped outside the system
    if step.action is Action.REQUEST_EXEMPTION:
        if len(remark) > EXEMPTION_LENGTH:
            raise BadInput("exemption_too_long", limit=EXEMPTION_LENGTH, length=len(remark))
        document.exempt_reason, document.exempt_by_id = remark, None
    if step.action is Action.WITHDRAW_CO_SIGN:
        _withdraw_last(uow, document, now=now)
    elif step.target in BEFORE_SIGNATURE:
        _take_back(uow, document, step, now=now)


def _take_back(uow: UnitOfWork, document: Outgoing, step: Step[State, Action], *, now: dt.datetime) -> None:
    """Going back behind a signature or a format check: the file goes back with it, the later one is kept."""
    if step.source is State.SIGNED:
        _withdraw_signature(uow, document, now=now)
    if step.source in {State.SIGNED, State.AWAITING_SIGNATURE}:
        document.file_sha256 = _earlier(uow, document, step.target, now=now)


def _earlier(uow: UnitOfWork, document: Outgoing, target: State, *, now: dt.datetime) -> str | None:
    """The file before the signature: with what others signed before it, or, further back, without."""
    beside = cosigning.standing(uow.session, document.id)
    if target is State.AWAITING_SIGNATURE and beside:
        return max(beside, key=lambda one: one.id).file_sha256
    for signature in beside if target is not State.AWAITING_SIGNATURE else ():
        signature.withdrawn_at = now
    file = store.latest_file(uow.session, document.id, "ready" if target is State.AWAITING_SIGNATURE else "draft")
    return file.sha256 if file else None


def _withdraw_last(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> None:
    """The newest signature beside the signer's is taken back: the file is the one before it."""
    newest, *before = sorted(cosigning.standing(uow.session, document.id), key=lambda one: -one.id)
    newest.withdrawn_at = now
    uow.flush()
    ready = store.latest_file(uow.session, document.id, "ready")
    document.file_sha256 = before[0].file_sha256 if before else ready.sha256 if ready else None
    document.holder_id = signs_next(uow, document)


def _withdraw_signature(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> None:
    signature = store.live_signature(uow.session, document.id, "leader")
    if signature is not None:
        signature.withdrawn_at = now
    document.signed_at = document.signed_on = document.authority = None
    document.leader_verdict = document.leader_kind = document.attached_digest = ""
    document.medium = Medium.DIGITAL
