"""The one way a document changes state: rule, clocks, history and journal in the write phase of an act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.cosigning import at_turn
from workflow.domain.errors import BadInput
from workflow.domain.outgoing import (
    ALL_COSIGNED,
    ALL_INITIALLED,
    ATTACHMENTS_SEALED,
    CLOSED,
    CONTENT_HELD_HERE,
    COSIGNERS_TURN,
    DESIGNATED_SIGNER,
    DIGITAL,
    EXEMPTION_ASKED,
    HAS_FILE,
    HAS_SIGNER,
    INK,
    LAST_COSIGNED,
    LATEST_ACT,
    NOT_SPREAD,
    NUMBER_NOT_YET_ON_PAPER,
    NUMBER_ON_PAPER,
    OWN_DRAFT,
    REVIEWER,
    SECRET_ON_PAPER,
    STANDING_IN,
    STEPS,
    Action,
    Medium,
    State,
)
from workflow.domain.people import SYSTEM_ACTOR, Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.steps import Step, possible, require, step_for
from workflow.services import journal, search, urgent
from workflow.services.calendar import step_due_of, working_calendar
from workflow.services.documents import standing_in
from workflow.services.opinions.standing import all_initialled
from workflow.store import attachments, bulk, cosigning, leaving, office
from workflow.store import documents as store
from workflow.store.absences import Holder
from workflow.store.models import History, Outgoing
from workflow.store.session import UnitOfWork

SEARCHED_ALIKE = frozenset(
    {
        Action.SUBMIT,
        Action.APPROVE,
        Action.SKIP_REVIEW,
        Action.CONFIRM_FORMAT,
        Action.RETURN,
        Action.WITHDRAW,
        Action.REJECT,
        Action.CO_SIGN,
        Action.WITHDRAW_CO_SIGN,
        Action.DECLINE,
        Action.SIGN,
        Action.WITHDRAW_SIGNATURE,
        Action.SIGN_NUMBER,
        Action.SEAL,
        Action.FILE,
        Action.CANCEL,
        Action.REQUEST_EXEMPTION,
        Action.APPROVE_EXEMPTION,
        Action.REFUSE_EXEMPTION,
    }
)
"""Acts that leave what a search goes by: facts, parties, number, day, and what the draft or scan says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What an act adds to the plain step: facts that are true besides, words, what the journal should hold."""

    remark: str = ""
    facts: frozenset[str] = frozenset()
    journal: Mapping[str, object] = field(default_factory=dict)
    file_sha256: str | None = None
    more: bool = False
    """The act goes on to record, and the document's row is sent with the last of it."""


def begin(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, version: int | None, permission: Permission
) -> Outgoing:
    """Open the write phase on one document: permission, scope, row lock, version."""
    demand(actor, permission)
    uow.begin_write()
    return store.lock(scope, uow.session, document_id, version=version)


def true_facts(
    uow: UnitOfWork, actor: Actor, document: Outgoing, *, step: Step[State, Action] | None = None,
    now: dt.datetime | None = None,
) -> frozenset[str]:  # fmt: skip
    """The predicates of the state table that hold for this document and actor; of a `step` those that it needs.
    Nobody is away for who does not say when they ask.
    """
    person = actor.person_id
    checks = {
        OWN_DRAFT: person is not None and document.drafter_id == person,
        HAS_FILE: document.file_sha256 is not None or document.secret,
        HAS_SIGNER: document.signer_id is not None,
        CONTENT_HELD_HERE: not document.secret,
        SECRET_ON_PAPER: document.secret and document.medium == Medium.INK,
        DESIGNATED_SIGNER: person is not None and document.signer_id == person,
        INK: document.medium == Medium.INK,
        DIGITAL: document.medium == Medium.DIGITAL,
        EXEMPTION_ASKED: bool(document.exempt_reason) and document.exempt_by_id is None,
    }
    facts = {name for name, true in checks.items() if true}
    asked = step is None or LATEST_ACT in step.needs
    if asked and document.state in _TAKEN_BACK and _brought_here(uow, document, person):
        facts.add(LATEST_ACT)
    asked = step is None or ALL_INITIALLED in step.needs
    if asked and document.state in _GUARDED and all_initialled(uow, document):
        facts.add(ALL_INITIALLED)
    asked = step is None or NOT_SPREAD in step.needs
    if asked and document.state in _WHOLE and not bulk.stands(uow.session, document.id):
        facts.add(NOT_SPREAD)
    if document.state == State.AWAITING_SIGNATURE and (step is None or not _BESIDE.isdisjoint(step.needs)):
        facts |= _beside(uow, document, person)
    asked = document.state == State.IN_REVIEW and (step is None or REVIEWER in step.needs)
    if asked and _reviews(uow, actor, document):
        facts.add(REVIEWER)
    if now is not None and (actor.role in _STANDING_IN if step is None else not STANDING_IN.isdisjoint(step.needs)):
        facts |= standing_in.facts_of(uow, actor, document, now=now)
    if document.state == State.NUMBERED and (step is None or not _ON_PAPER.isdisjoint(step.needs)):
        facts.add(NUMBER_ON_PAPER if _number_is_on_paper(uow, document) else NUMBER_NOT_YET_ON_PAPER)
    if document.state in _WITH_SEALS and (step is None or ATTACHMENTS_SEALED in step.needs):
        facts |= {ATTACHMENTS_SEALED} if _all_sealed(uow, document) else set()
    return frozenset(facts)


def _reviews(uow: UnitOfWork, actor: Actor, document: Outgoing) -> bool:
    """Whether the actor's post heads the drafting unit or one above it, and the draft is somebody else's."""
    if actor.role is not Role.UNIT_HEAD or actor.unit_id is None or document.drafter_id == actor.person_id:
        return False
    return actor.unit_id == document.unit_id or actor.unit_id in office.units_above(uow.session, document.unit_id)


def _all_sealed(uow: UnitOfWork, document: Outgoing) -> bool:
    return not document.attached_now or not attachments.unsealed(uow.session, document.id)


def _beside(uow: UnitOfWork, document: Outgoing, person: int | None) -> set[str]:
    """Whether everybody beside the signer has signed, and whether it is this person's turn."""
    named = cosigning.places(uow.session, document.id)
    turn = {one.person_id for one in at_turn(named)}
    given = cosigning.standing(uow.session, document.id) if any(one.signed for one in named) else ()
    newest = max(given, key=lambda one: one.id).person_id if given else None
    said = {
        ALL_COSIGNED: not turn, COSIGNERS_TURN: person in turn,
        LAST_COSIGNED: person is not None and newest == person,
    }  # fmt: skip
    return {name for name, true in said.items() if true}


_BESIDE = frozenset({ALL_COSIGNED, COSIGNERS_TURN, LAST_COSIGNED})
_ON_PAPER = frozenset({NUMBER_ON_PAPER, NUMBER_NOT_YET_ON_PAPER})
_STANDING_IN = frozenset(step.role for step in STEPS if not STANDING_IN.isdisjoint(step.needs))
_TAKEN_BACK = frozenset(str(step.source) for step in STEPS if LATEST_ACT in step.needs)
_GUARDED = frozenset(str(step.source) for step in STEPS if ALL_INITIALLED in step.needs)
"""Only there is it asked who has initialled: no other step pays for it."""
_WHOLE = frozenset(str(step.source) for step in STEPS if NOT_SPREAD in step.needs)
_BEFORE_ONE = frozenset({State.IN_REVIEW, State.AWAITING_SIGNATURE})
"""Where it waits for a head or a signer, who may be away."""
_WITH_SEALS = frozenset(str(step.source) for step in STEPS if ATTACHMENTS_SEALED in step.needs)


def _brought_here(uow: UnitOfWork, document: Outgoing, person: int | None) -> bool:
    """The person acted last, and it was their step that brought it here; a row's document came with its draft's."""
    if person is None or document.actor_before_id != person:
        return False
    line = store.last_move(uow.session, document.id)
    return line is not None and (line.person_id == person or _just_made(uow, document, line))


def _just_made(uow: UnitOfWork, document: Outgoing, line: History) -> bool:
    newest = store.last_history(uow.session, document.id)
    return line.action == Action.CREATE and newest is not None and newest.ordinal == line.ordinal


def _number_is_on_paper(uow: UnitOfWork, document: Outgoing) -> bool:
    """Digitally: the number's organisation signature stands. In ink: the scan shows it, made after it."""
    if document.medium == Medium.INK:
        scan = store.latest_file(uow.session, document.id, "scan")
        return scan is not None and document.numbered_at is not None and scan.added_at >= document.numbered_at
    return store.live_signature(uow.session, document.id, "number") is not None


def possible_actions(
    uow: UnitOfWork, actor: Actor, document: Outgoing, *, now: dt.datetime | None = None
) -> tuple[tuple[Step[State, Action], str], ...]:
    """Steps of the actor's role from here, each with the name of what is missing ("" where it may be taken)."""
    facts = true_facts(uow, actor, document, now=now)
    given_by_the_act = {"signature_given", "seal_given"}
    if document.state == State.NUMBERED:  # attachments are sealed in the same act as the document
        given_by_the_act.add(ATTACHMENTS_SEALED)
    found = []
    for step in possible(STEPS, State(document.state), actor.role):
        missing = [name for name in step.needs if name not in facts and name not in given_by_the_act]
        found.append((step, missing[0] if missing else ""))
    open_now = {step.action for step, missing in found if not missing}
    if open_now & _NAMED_IN and not in_named_post(uow, actor, document):  # refused there, so not offered
        found = [(step, missing) for step, missing in found if step.action not in _NAMED_IN]
    return tuple(found)


_NAMED_IN = frozenset({Action.CO_SIGN, Action.DECLINE, Action.WITHDRAW_CO_SIGN})


def in_named_post(uow: UnitOfWork, actor: Actor, document: Outgoing) -> bool:
    """Whether who is named to sign before the signer acts in the post that is named; true for everybody else."""
    own = [one.post_id for one in cosigning.places(uow.session, document.id) if one.person_id == actor.person_id]
    return not own or actor.post_id in own


def apply(
    uow: UnitOfWork, actor: Actor, document: Outgoing, action: Action, *, now: dt.datetime, move: Move | None = None
) -> Step[State, Action]:
    """Take one step of the table in the open write phase.

    Raises `WrongState`, `NotPermitted`, `Missing`, `BadInput("reason_needed")`.
    """
    move = move or Move()
    step = step_for(STEPS, State(document.state), action, role=actor.role)
    require(step, true_facts(uow, actor, document, step=step, now=now) | move.facts)
    if step.reason and not move.remark.strip():
        raise BadInput("reason_needed", action=str(action))
    behind = standing_in.absences_behind(uow, actor, document, step.needs, now=now)
    told = move.journal if behind is None else {**move.journal, "standing_in": behind}
    calendar = working_calendar(uow)
    held = calendar.working_time_between(document.state_since, now)
    source = State(document.state)
    reviewing = None
    if step.target != source:
        if step.target is State.IN_REVIEW:
            reviewing = standing_in.reviewers(uow, document, day=journal.local_day(now))
        _enter(document, step.target, now=now, calendar=calendar, reviewing=reviewing or ())
        if step.target is State.AWAITING_SIGNATURE:
            document.holder_id = signs_next(uow, document)
    document.actor_before_id = actor.person_id
    document.version += 1
    move = replace(move, journal=told)
    _write_history(uow, actor, document, action, source=source, now=now, move=move, held=held)
    if action is Action.REQUEST_EXEMPTION:
        standing_in.tell_asked(uow, document, by=actor.person_id, now=now)
    elif document.state != source and document.state in _BEFORE_ONE:
        standing_in.tell(uow, document, by=actor.person_id, now=now, reviewing=reviewing)
    if document.state != source:
        urgent.tell_outgoing(uow, document, by=actor.person_id, now=now)
    if action not in SEARCHED_ALIKE:
        search.index(uow, "out", document)
    return step


def _enter(
    document: Outgoing, target: State, *, now: dt.datetime, calendar: WorkingCalendar,
    reviewing: Sequence[Holder],
) -> None:  # fmt: skip
    document.state = target
    document.state_since = now
    if target in {State.ISSUED, State.CANCELLED}:
        document.closed_at = document.closed_at or now
    document.holder_id = _holder(document, target, reviewing)
    document.step_due_at = due(document, calendar)


def due(document: Outgoing, calendar: WorkingCalendar) -> dt.datetime | None:
    """When the present step becomes overdue; None once nothing waits."""
    return None if State(document.state) in CLOSED else step_due_of(document, calendar)


def holder_of(uow: UnitOfWork, document: Outgoing, state: State, *, now: dt.datetime) -> int | None:
    """On whose desk alone a document lies in a state; None where several may take it, or a clerk."""
    reviewing: Sequence[Holder] = ()
    if state is State.IN_REVIEW:
        reviewing = standing_in.reviewers(uow, document, day=journal.local_day(now))
    if state is State.AWAITING_SIGNATURE:
        return signs_next(uow, document)
    return _holder(document, state, reviewing)


def signs_next(uow: UnitOfWork, document: Outgoing) -> int | None:
    """Whose signature it waits for: of those beside the signer whose turn it is the first, else the signer."""
    turn = at_turn(cosigning.places(uow.session, document.id))
    return turn[0].person_id if turn else document.signer_id


def passed_on(uow: UnitOfWork, document: Outgoing, *, by: int | None, now: dt.datetime) -> None:
    """Somebody signed beside the signer, and the signature is written: it lies before whoever is next."""
    document.holder_id = signs_next(uow, document)
    uow.flush()
    standing_in.tell_beside(uow, document, by=by, now=now)
    urgent.tell_outgoing(uow, document, by=by, now=now)


def _holder(document: Outgoing, state: State, reviewing: Sequence[Holder]) -> int | None:
    if state in {State.DRAFT, State.RETURNED}:
        return document.drafter_id
    if state is State.AWAITING_SIGNATURE:
        return document.signer_id
    return reviewing[0].person_id if state is State.IN_REVIEW and len(reviewing) == 1 else None


def unit_heads(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> list[int]:
    """Persons who may review: heads of the drafting unit on this day, but never the drafter themselves."""
    return [one.person_id for one in standing_in.reviewers(uow, document, day=journal.local_day(now))]


def _write_history(
    uow: UnitOfWork,
    actor: Actor,
    document: Outgoing,
    action: Action,
    *,
    source: State,
    now: dt.datetime,
    move: Move,
    held: dt.timedelta,
) -> None:
    minutes = int(held / dt.timedelta(minutes=1))
    line = {
        "document_id": document.id,
        "at": now,
        "action": str(action),
        "from_state": str(source),
        "to_state": str(document.state),
        "person_id": actor.person_id,
        "post_id": actor.post_id,
        "remark": move.remark,
        "held_minutes": minutes,
        "file_sha256": move.file_sha256 or document.file_sha256,
    }
    facts = {
        "from": str(source),
        "to": str(document.state),
        "version": document.version,
        "file": move.file_sha256 or document.file_sha256,
        "remark": move.remark,
        "held_minutes": minutes,
        **move.journal,
    }
    tag = f"document:outgoing:{action}"
    journal.record_document(
        uow, document, tag=tag, facts=facts, actor=actor, now=now, more=move.more, beside=leaving.line(line)
    )


def skip_review_where_nobody_reviews(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> bool:
    """Where the drafting unit has no head in post (or the head drafted it), the machine passes it on, visibly."""
    if document.state != State.IN_REVIEW or unit_heads(uow, document, now=now):
        return False
    document.skipped_review = True
    apply(uow, SYSTEM_ACTOR, document, Action.SKIP_REVIEW, now=now, move=Move(remark="no_unit_head"))
    return True
