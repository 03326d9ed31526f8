"""Who is there today: facts of the outgoing machine that open a step to somebody while another one is away.

Away is who said so or was entered so, with a deputy for the desk (`absences`); whoever acts does so in a post of
their own, under their own name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workflow.domain.outgoing import HEAD_AWAY, REVIEWER_AWAY, SIGNER_OR_AWAY, State
from workflow.domain.people import Actor, Role
from workflow.services.journal import local_day
from workflow.services.outbox import Note, queue
from workflow.store import absences, office
from workflow.store.mandates import as_post
from workflow.store.models import Outgoing, PostRow
from workflow.store.session import UnitOfWork


def facts_of(uow: UnitOfWork, actor: Actor, document: Outgoing, *, now: dt.datetime) -> frozenset[str]:
    """Those of `outgoing.STANDING_IN` that hold. Nobody stands in for the reviewer of their own draft."""
    day, state = local_day(now), State(document.state)
    checks = {
        REVIEWER_AWAY: state is State.IN_REVIEW and _reviewer_away(uow, actor, document, day=day),
        SIGNER_OR_AWAY: state is State.AWAITING_SIGNATURE and _signer_or_away(uow, actor, document, day=day),
        HEAD_AWAY: bool(document.exempt_reason) and _head_away(uow, document, day=day),
    }
    return frozenset(name for name, true in checks.items() if true)


def _reviewer_away(uow: UnitOfWork, actor: Actor, document: Outgoing, *, day: dt.date) -> bool:
    heads = office.holders(uow.session, role=Role.UNIT_HEAD, on=day, unit_id=document.unit_id)
    reviewing = [post for post in heads if post.person_id != document.drafter_id]
    return actor.person_id != document.drafter_id and _nobody_there(uow, reviewing, day=day)


def _signer_or_away(uow: UnitOfWork, actor: Actor, document: Outgoing, *, day: dt.date) -> bool:
    post = uow.session.get(PostRow, document.signer_post_id) if document.signer_post_id else None
    return post is not None and (post.person_id == actor.person_id or _nobody_there(uow, [post], day=day))


def _head_away(uow: UnitOfWork, document: Outgoing, *, day: dt.date) -> bool:
    leaders = office.holders(uow.session, role=Role.LEADER, on=day, agency_id=document.agency_id)
    return _nobody_there(uow, leaders, day=day)


def tell(uow: UnitOfWork, document: Outgoing, *, by: int | None, now: dt.datetime) -> None:
    """The draft came before somebody who is away: the leaders who are there and may decide meanwhile hear of it.

    Nothing where nobody is away, or where there is nobody at all: the machine passes such a review on.
    """
    day = local_day(now)
    title, roles = _waiting(uow, document, day=day)
    if not title:
        return
    posts = [post for role in roles
             for post in office.holders(uow.session, role=role, on=day, agency_id=document.agency_id)]  # fmt: skip
    away = absences.posts_away(uow.session, [post.id for post in posts], on=day)
    kept_out = {by, document.drafter_id if document.state == State.IN_REVIEW else None}
    body = "Văn bản mật." if document.secret else document.subject
    for person_id in sorted({post.person_id for post in posts if post.id not in away} - kept_out):
        note = Note(
            cause=f"standing_in:{document.id}:{document.version}:person:{person_id}", subject=title, body=body,
            link=f"/outgoing/{document.id}", person_id=person_id,
        )  # fmt: skip
        queue(uow, note, now=now)


def _waiting(uow: UnitOfWork, document: Outgoing, *, day: dt.date) -> tuple[str, tuple[Role, ...]]:
    """(what to tell, whom) about a draft whose reviewer, signer or head is away; nothing while they are there."""
    leading = (Role.LEADER, Role.DEPUTY)
    if document.state == State.IN_REVIEW:
        heads = office.holders(uow.session, role=Role.UNIT_HEAD, on=day, unit_id=document.unit_id)
        reviewing = [post for post in heads if post.person_id != document.drafter_id]
        if reviewing and _nobody_there(uow, reviewing, day=day):
            return "Người đứng đầu đơn vị vắng mặt: dự thảo chờ ông/bà duyệt", leading
    elif document.exempt_reason and document.exempt_by_id is None and _head_away(uow, document, day=day):
        return "Người đứng đầu cơ quan vắng mặt: đề nghị miễn ký số chờ ông/bà duyệt", (Role.DEPUTY,)
    elif document.state == State.AWAITING_SIGNATURE and document.signer_post_id is not None:
        post = uow.session.get(PostRow, document.signer_post_id)
        if post is not None and _nobody_there(uow, [post], day=day):
            return "Người ký vắng mặt: văn bản chờ ông/bà trả lại để chọn người ký khác", leading
    return "", ()


def _nobody_there(uow: UnitOfWork, posts: Sequence[PostRow], *, day: dt.date) -> bool:
    """Every holder is away or has left the post."""
    held = [post.id for post in posts if as_post(post).held_on(day)]
    return not set(held) - absences.posts_away(uow.session, held, on=day)
