"""The head leaves one document to a deputy, who signs for them: KT., Decree 30/2020 Art. 13.1.

Who may is asked of `authority`, as everywhere. The words above the name have to fit: where the draft has typed
somebody else's block it goes back to its drafter with the deputy named; otherwise it lies before the deputy at
once, with a slip that says so.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from workflow.domain.errors import BadInput, NotFound
from workflow.domain.notices import Kind, Told
from workflow.domain.outgoing import DESIGNATED_SIGNER, STEPS, Action, State
from workflow.domain.people import Actor, Capacity, Role
from workflow.domain.permissions import Permission, Scope
from workflow.domain.steps import require, step_for
from workflow.domain.text import clean
from workflow.services import authority, search
from workflow.services.documents import acts
from workflow.services.documents.moves import Move, apply, begin, signs_next, true_facts
from workflow.services.documents.remarks import names_another
from workflow.services.exchange.acknowledging import notify
from workflow.services.exchange.naming import about, open_words
from workflow.services.journal import local_day
from workflow.services.opinions.slips import freeze
from workflow.store import cosigning, office
from workflow.store.models import Outgoing, Person, PostRow
from workflow.store.session import UnitOfWork

LONGEST = 1000


class Deputy(NamedTuple):
    """Who may take it. `again`: the draft's typed block names somebody else and has to be made anew first."""

    post: PostRow
    name: str
    again: bool


def deputies(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> list[Deputy]:
    """Deputies of the agency who may sign this document in the head's stead today; not who signs it before."""
    found = []
    beside = cosigning.persons(uow.session, document.id)
    for post, name, _unit in office.signers(uow.session, document.agency_id, on=local_day(now)):
        fits = post.role == Role.DEPUTY and post.person_id not in {document.signer_id, *beside}
        if fits and _may(uow, document, post, now=now):
            again = names_another(uow, document, post=post, capacity=Capacity.KT)
            found.append(Deputy(post, name, again))
    return found


def hand_to_deputy(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, version: int, post_id: int, words: str,
    now: dt.datetime,
) -> Outgoing:  # fmt: skip
    """Name a deputy as signer in the head's stead.

    Raises as the state table does, `BadInput` with the first reason why that post may not sign it.
    """
    words = clean(words, multiline=True)
    if len(words) > LONGEST:
        raise BadInput("deputy_words_too_long", limit=LONGEST)
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.ACT_ON_DOCUMENT
    )
    step = step_for(STEPS, State(document.state), Action.HAND_TO_DEPUTY, role=actor.role)
    require(step, true_facts(uow, actor, document, step=step, now=now))
    post = _demand_deputy(uow, document, post_id, now=now)
    deputy = uow.session.get_one(Person, post.person_id)
    told: dict[str, object] = {"signer": post.person_id, "signer_post": post.id, "capacity": str(Capacity.KT)}
    if names_another(uow, document, post=post, capacity=Capacity.KT):
        reason = _reason(post, deputy.full_name, words)
        acts.go_back(uow, actor, document, remark=reason, told=told, now=now)
        _name(document, post)
        uow.flush()
        search.index(uow, "out", document)
        return document
    _name(document, post)
    document.holder_id = signs_next(uow, document)
    move = Move(remark=words, journal=told, facts=frozenset({DESIGNATED_SIGNER}))
    apply(uow, actor, document, Action.HAND_TO_DEPUTY, now=now, move=move)
    freeze(uow, actor, document, now=now)
    _tell(uow, actor, document, words, now=now)
    return document


def _may(uow: UnitOfWork, document: Outgoing, post: PostRow, *, now: dt.datetime) -> bool:
    day = local_day(now)
    return authority.entitlement(uow, document, post.id, Capacity.KT, day=day, at=now).allowed


def _demand_deputy(uow: UnitOfWork, document: Outgoing, post_id: int, *, now: dt.datetime) -> PostRow:
    day = local_day(now)
    try:
        post = office.held_post(uow.session, post_id, on=day)
    except NotFound as unknown:
        raise BadInput("not_a_deputy") from unknown
    if post.agency_id != document.agency_id or post.role != Role.DEPUTY or post.person_id == document.signer_id:
        raise BadInput("not_a_deputy")
    if post.person_id in cosigning.persons(uow.session, document.id):
        raise BadInput("cosigner_is_signer")
    authority.demand_choice(uow, document, post, Capacity.KT, day=day, at=now)
    return post


def _name(document: Outgoing, post: PostRow) -> None:
    document.signer_id, document.signer_post_id, document.capacity = post.person_id, post.id, Capacity.KT


def _reason(post: PostRow, name: str, words: str) -> str:
    """In the office's language, as it stands in the history: the drafter reads it first."""
    made = f"Giao {name}, {post.title}, ký thay (KT.). Phần ký trên dự thảo ghi người khác, cần soạn lại."
    return f"{made}\n{words}" if words else made


def _tell(uow: UnitOfWork, actor: Actor, document: Outgoing, words: str, *, now: dt.datetime) -> None:
    facts: dict[str, object] = dict(about(document))
    if shown := open_words(words, secret=document.secret):
        facts["words"] = shown
    what = Told.of(Kind.HANDED_TO_SIGN, who=actor.name, **facts)
    cause = f"deputy:{document.id}:{document.version}"
    people = {document.signer_id} if document.signer_id is not None else set()
    notify(uow, people, cause=cause, what=what, link=f"/outgoing/{document.id}", now=now)
