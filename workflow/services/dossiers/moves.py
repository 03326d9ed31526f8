"""The one way a dossier changes: rule, history and journal in the write phase of an act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from workflow.domain import retention
from workflow.domain.dossiers import (
    EMPTY,
    FOR_ARCHIVE,
    IN_CHARGE,
    STEPS,
    Action,
    Findings,
    Kind,
    State,
    findings,
)
from workflow.domain.errors import BadInput
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.steps import Step, possible, require, step_for
from workflow.services.journal import record
from workflow.store import dossiers as store
from workflow.store.models import Dossier, DossierDocument, DossierHistory
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What an act adds to the plain step: words, facts that hold besides, the document it is about."""

    remark: str = ""
    facts: frozenset[str] = frozenset()
    kind: Kind | None = None
    document_id: int | None = None
    journal: Mapping[str, object] = field(default_factory=dict)


def begin(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, dossier_id: int, version: int | None,
    permission: Permission = Permission.KEEP_DOSSIER,
) -> Dossier:  # fmt: skip
    """Open the write phase on one dossier: permission, scope, row lock, version."""
    demand(actor, permission)
    uow.begin_write()
    return store.lock(scope, uow.session, dossier_id, version=version)


def in_charge(actor: Actor, scope: Scope, dossier: Dossier) -> bool:
    """Its maker, the head of its unit, the clerk of its agency (Decree 30/2020, Art. 29 and 31)."""
    if actor.agency_id != dossier.agency_id:
        return False
    if actor.role is Role.CLERK or dossier.maker_id == actor.person_id:
        return True
    return actor.role is Role.UNIT_HEAD and dossier.unit_id in scope.unit_ids


def checked(uow: UnitOfWork, scope: Scope, dossier: Dossier) -> Findings:
    """What is to be settled among the documents that the scope reaches."""
    return findings(store.inside(scope, uow.session, dossier.id))


def true_facts(uow: UnitOfWork, actor: Actor, scope: Scope, dossier: Dossier) -> frozenset[str]:
    """The predicates of the state table that hold; what stands in the dossier is judged by what the actor sees."""
    checks = {
        IN_CHARGE: in_charge(actor, scope, dossier),
        FOR_ARCHIVE: retention.goes_to_archive(dossier.years),
        EMPTY: actor.role is Role.CLERK and store.is_empty(uow.session, dossier.id),
    }
    held = frozenset(name for name, true in checks.items() if true)
    return held | checked(uow, scope, dossier).facts()


def possible_actions(
    uow: UnitOfWork, actor: Actor, scope: Scope, dossier: Dossier
) -> tuple[tuple[Step[State, Action], str], ...]:
    """Steps of the actor's role from here, each with the name of what is missing ("" where it may be taken)."""
    facts = true_facts(uow, actor, scope, dossier) if actor.agency_id == dossier.agency_id else frozenset()
    steps = possible(STEPS, State(dossier.state), actor.role) if actor.agency_id == dossier.agency_id else ()
    return tuple((step, next((name for name in step.needs if name not in facts), "")) for step in steps)


def demand_step(
    uow: UnitOfWork, actor: Actor, scope: Scope, dossier: Dossier, action: Action, *, move: Move
) -> Step[State, Action]:
    """The step that the actor may take now, before anything is changed.

    Raises `WrongState`, `NotPermitted`, `Missing`, `BadInput` (`reason_needed`, `dossier_other_agency`).
    """
    if actor.agency_id != dossier.agency_id:
        raise BadInput("dossier_other_agency")
    step = step_for(STEPS, State(dossier.state), action, role=actor.role)
    require(step, true_facts(uow, actor, scope, dossier) | move.facts)
    if step.reason and not move.remark.strip():
        raise BadInput("reason_needed", action=str(action))
    return step


def finish(
    uow: UnitOfWork, actor: Actor, dossier: Dossier, step: Step[State, Action], *, now: dt.datetime, move: Move
) -> None:
    """Enter the step's state and write it down: one line of history, one entry of the journal."""
    if step.target is not step.source:
        dossier.state, dossier.state_since = step.target, now
    dossier.version += 1
    uow.flush()
    write_down(uow, actor, dossier, step.action, source=step.source, now=now, move=move)


def hand_over(uow: UnitOfWork, actor: Actor, dossier: Dossier, *, to: int, words: str, now: dt.datetime) -> None:
    """Another person goes on with an open dossier, in the open write phase of whoever hands a post over."""
    step = step_for(STEPS, State(dossier.state), Action.HAND_OVER, role=actor.role)
    dossier.maker_id = to
    finish(uow, actor, dossier, step, now=now, move=Move(remark=words, journal={"maker": to}))


def write_down(
    uow: UnitOfWork, actor: Actor, dossier: Dossier, action: Action, *, source: State, now: dt.datetime, move: Move
) -> None:
    """The line of history and the entry of the journal."""
    out = move.document_id if move.kind is Kind.OUTGOING else None
    came = move.document_id if move.kind is Kind.INCOMING else None
    uow.add(
        DossierHistory(
            dossier_id=dossier.id, ordinal=store.next_ordinal(uow.session, DossierHistory, dossier.id), at=now,
            action=action, from_state=source, to_state=dossier.state, person_id=actor.person_id,
            post_id=actor.post_id, outgoing_id=out, incoming_id=came, remark=move.remark,
        )
    )  # fmt: skip
    uow.flush()
    facts: dict[str, object] = {
        "from": str(source), "to": str(dossier.state), "version": dossier.version, "remark": move.remark,
        "retention": dossier.years, **({str(move.kind): move.document_id} if move.kind else {}), **move.journal,
    }  # fmt: skip
    record(uow, subject=f"dossier:{dossier.id}", tag=f"office:dossier:{action}", facts=facts, actor=actor, now=now)


def set_retention(uow: UnitOfWork, dossier: Dossier, *, own_years: int | None = None) -> None:
    """Fix the retention anew: the longest of the dossier's own and its documents' (Law on Archives, Art. 15.4)."""
    if own_years is not None:
        dossier.own_years = retention.demand_term(own_years)
    dossier.years = retention.longest([dossier.own_years, *store.terms_inside(uow.session, dossier.id)])


def place_of(link: DossierDocument) -> tuple[Kind, int]:
    """Kind and key of a document in its place."""
    if link.outgoing_id is not None:
        return Kind.OUTGOING, link.outgoing_id
    return Kind.INCOMING, link.incoming_id or 0
