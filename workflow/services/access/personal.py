"""Personal data: numbers uncovered with a purpose, everything about a person as one file, erasure by two people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.personal_data import Class, Number, erased
from workflow.domain.text import clean
from workflow.services.journal import local_day, record
from workflow.store import accounts, people
from workflow.store import personal as store
from workflow.store.models import Erasure, NumberLook
from workflow.store.session import UnitOfWork

Held = Mapping[Class, tuple[tuple[str, ...], list[list[Any]], int]]
"""Names of columns, lines and how many there are, by class."""


def uncover(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, person_id: int, kind: Number, purpose: str, now: dt.datetime
) -> list[str]:
    """A person's numbers in clear. That they were uncovered, by whom and what for is written first, in the same
    transaction: the door commits before it shows them. The journal holds no number.

    Raises `BadInput("purpose_needed")`, `NotFound("number_none")`.
    """
    demand(actor, Permission.MANAGE_PEOPLE)
    found = people.person(scope, uow.session, person_id)
    demand_ours_alone(uow, actor, scope, found.id, now)
    numbers = _numbers(uow, found.id, kind)
    if not numbers:
        raise NotFound("number_none")
    _note(uow, actor, found.id, kind, purpose, now=now)
    return numbers


def _numbers(uow: UnitOfWork, person_id: int, kind: Number) -> list[str]:
    if kind is Number.REMOTE_ACCOUNT:
        return store.remote_accounts(uow.session, person_id)
    choice = store.choice(uow.session, person_id) if kind is Number.PHONE else None
    return [choice.phone] if choice is not None and choice.phone else []


def _note(uow: UnitOfWork, actor: Actor, person_id: int, kind: Number, purpose: str, *, now: dt.datetime) -> None:
    words = clean(purpose, multiline=True)[:500]
    if not words:
        raise BadInput("purpose_needed")
    if actor.person_id is None:
        raise NotFound("person_not_found")
    uow.begin_write()
    uow.add(
        NumberLook(
            at=now, person_id=actor.person_id, post_id=actor.post_id, agency_id=actor.agency_id,
            about_id=person_id, kind=str(kind), purpose=words, address=actor.address,
        )
    )  # fmt: skip
    uow.flush()
    facts: dict[str, object] = {"kind": str(kind), "purpose": words}
    record(uow, subject=f"person:{person_id}", tag="person:number:uncovered", facts=facts, actor=actor, now=now)


def export_own(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> Held:
    """Everything held about oneself; that it was taken away stands in the journal."""
    if actor.person_id is None:
        raise NotFound("person_not_found")
    found = store.held(uow.session, actor.person_id, own=True)
    uow.begin_write()
    subject = f"person:{actor.person_id}"
    record(uow, subject=subject, tag="person:data:exported", facts={}, actor=actor, now=now)
    return found


def export_for(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, person_id: int, purpose: str, now: dt.datetime
) -> Held:
    """The same for somebody of one's agencies alone: it holds their numbers, so it counts as uncovering them. Who
    looks after people sees no papers: which ones a message or a signature was about is left out."""
    demand(actor, Permission.MANAGE_PEOPLE)
    found = people.person(scope, uow.session, person_id)
    demand_ours_alone(uow, actor, scope, found.id, now)
    held = store.held(uow.session, found.id, own=False)
    _note(uow, actor, found.id, Number.EXPORT, purpose, now=now)
    return held


def ask_own(uow: UnitOfWork, actor: Actor, *, reason: str, now: dt.datetime) -> int:
    """Ask that one's own data be erased."""
    if actor.person_id is None:
        raise NotFound("person_not_found")
    return _ask(uow, actor, actor.person_id, reason, now=now)


def ask_for(uow: UnitOfWork, actor: Actor, scope: Scope, *, person_id: int, reason: str, now: dt.datetime) -> int:
    """The same for somebody who cannot: they left, or wrote."""
    demand(actor, Permission.MANAGE_PEOPLE)
    found = people.person(scope, uow.session, person_id)
    demand_ours_alone(uow, actor, scope, found.id, now)
    return _ask(uow, actor, found.id, reason, now=now)


def _ask(uow: UnitOfWork, actor: Actor, person_id: int, reason: str, *, now: dt.datetime) -> int:
    words = clean(reason, multiline=True)[:500]
    if not words:
        raise BadInput("reason_needed", action="erasure")
    uow.begin_write()
    if store.open_erasure(uow.session, person_id) is not None:
        raise Conflict("erasure_asked_already")
    row = Erasure(person_id=person_id, asked_by_id=actor.person_id or 0, asked_at=now, reason=words)
    uow.add(row)
    uow.flush()
    facts: dict[str, object] = {"erasure": row.id, "reason": words}
    record(uow, subject=f"person:{person_id}", tag="person:erasure:asked", facts=facts, actor=actor, now=now)
    return row.id


def decide(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, person_id: int, done: bool, remark: str, now: dt.datetime
) -> dict[str, int]:
    """A second administrator carries it out or refuses it; how many of each class went.

    Raises `NotFound("erasure_not_found")`, `NotPermitted("erasure_second_person")` for who asked or whom it is
    about, `BadInput("reason_needed")` for a refusal without words.
    """
    demand(actor, Permission.MANAGE_PEOPLE)
    found, words = people.person(scope, uow.session, person_id), clean(remark, multiline=True)[:500]
    if not done and not words:
        raise BadInput("reason_needed", action="erasure")
    uow.begin_write()
    row = store.open_erasure(uow.session, found.id)
    if row is None:
        raise NotFound("erasure_not_found")
    if actor.person_id in {row.asked_by_id, found.id}:
        raise NotPermitted("erasure_second_person")
    demand_ours_alone(uow, actor, scope, found.id, now)
    counts = _erase(uow, actor, found.id, now=now) if done else {}
    row.decision, row.decided_at, row.decided_by_id = "done" if done else "refused", now, actor.person_id
    row.remark, row.erased = words, counts
    uow.flush()
    facts: dict[str, object] = {"erasure": row.id, "remark": words, "erased": counts}
    tag = "person:erasure:done" if done else "person:erasure:refused"
    record(uow, subject=f"person:{found.id}", tag=tag, facts=facts, actor=actor, now=now)
    return counts


def _erase(uow: UnitOfWork, actor: Actor, person_id: int, *, now: dt.datetime) -> dict[str, int]:
    in_post = store.holds_post(uow.session, person_id, today=local_day(now))
    account = store.account_of(uow.session, person_id)
    if account and not in_post:
        accounts.end_sessions(uow.session, account, now=now, because="account_changed")
        if store.is_open(uow.session, account):  # else a review of an earlier day would call it closed then, too
            facts: dict[str, object] = {"because": "erasure"}
            record(uow, subject=f"account:{account}", tag="account:record:closed", facts=facts, actor=actor,
                   now=now)  # fmt: skip
    made = {str(kind): store.erase(uow.session, person_id, kind, now=now)
            for kind in Class if kind in erased(in_post=in_post)}  # fmt: skip
    uow.session.expire_all()
    return made


def demand_ours_alone(uow: UnitOfWork, actor: Actor, scope: Scope, person_id: int, now: dt.datetime) -> None:
    """What is held about somebody belongs to all agencies where they hold posts; of somebody who left, to the
    agency of their last post, and to the top agency, which stays when an agency is dissolved. Whoever employed them
    before that has no need of it any more.

    Raises `NotPermitted("account_wider")`, `NotPermitted("personal_last_agency")`.
    """
    today = local_day(now)
    if people.posts_elsewhere(scope, uow.session, person_id, today):
        raise NotPermitted("account_wider")
    if actor.at_top or store.holds_post(uow.session, person_id, today=today):
        return
    last = store.last_agency(uow.session, person_id)
    if last is not None and last.id != actor.agency_id:
        raise NotPermitted("personal_last_agency", agency=last.name)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What an erasure would take today, and what it would leave."""

    taken: tuple[Class, ...]
    left: tuple[Class, ...]


def prospect(uow: UnitOfWork, person_id: int, *, today: dt.date) -> Prospect:
    """Told before it is asked for and before it is carried out."""
    taken = erased(in_post=store.holds_post(uow.session, person_id, today=today))
    return Prospect(tuple(one for one in Class if one in taken), tuple(one for one in Class if one not in taken))
