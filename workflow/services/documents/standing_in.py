"""Who is there today: facts of the outgoing machine that open a step to somebody while another one is away.

Away is who said so or was entered so, with a deputy for the desk (`absences`); whoever acts does so in a post of
their own, under their own name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from workflow.domain.outgoing import HEAD_AWAY, REVIEWER_AWAY, SIGNER_OR_AWAY, STANDING_IN, State
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
    own_draft, named = (
        key is not None and key == actor.person_id for key in (document.drafter_id, document.signer_id)
    )

    def holds(name: str) -> bool:
        return (named and name == SIGNER_OR_AWAY) or _nobody_there(uow, document, name, day=day)

    asked = {
        REVIEWER_AWAY: state is State.IN_REVIEW and not own_draft,
        SIGNER_OR_AWAY: state is State.AWAITING_SIGNATURE,
        HEAD_AWAY: bool(document.exempt_reason),
    }
    return frozenset(name for name, open_to in asked.items() if open_to and holds(name))


def absences_behind(
    uow: UnitOfWork, actor: Actor, document: Outgoing, needs: Collection[str], *, now: dt.datetime
) -> list[int] | None:
    """The keys of the absences in which a step with these needs is taken, before it is; none where everybody left
    their post. None where who acts stands in for nobody.
    """
    names = STANDING_IN.intersection(needs)
    if not names or (SIGNER_OR_AWAY in names and document.signer_id == actor.person_id):
        return None
    day = local_day(now)
    posts = [post for name in sorted(names) for post in _posts(uow, document, name, day=day)]
    return absences.running(uow.session, [post.id for post in posts], on=day)


def _posts(uow: UnitOfWork, document: Outgoing, name: str, *, day: dt.date) -> list[PostRow]:
    """Who decides where nobody is away: the posts that are held on the day."""
    if name == REVIEWER_AWAY:
        heads = office.holders(uow.session, role=Role.UNIT_HEAD, on=day, unit_id=document.unit_id)
        return [post for post in heads if post.person_id != document.drafter_id]
    if name == HEAD_AWAY:
        return list(office.holders(uow.session, role=Role.LEADER, on=day, agency_id=document.agency_id))
    post = uow.session.get(PostRow, document.signer_post_id) if document.signer_post_id else None
    return [post] if post is not None and as_post(post).held_on(day) else []


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
        reviewing = _posts(uow, document, REVIEWER_AWAY, day=day)
        if reviewing and _nobody_there(uow, document, REVIEWER_AWAY, day=day):
            return "Người đứng đầu đơn vị vắng mặt: dự thảo chờ ông/bà duyệt", leading
        return "", ()
    asks = bool(document.exempt_reason) and document.exempt_by_id is None
    if asks and _nobody_there(uow, document, HEAD_AWAY, day=day):
        return "Người đứng đầu cơ quan vắng mặt: đề nghị miễn ký số chờ ông/bà duyệt", (Role.DEPUTY,)
    if document.state == State.AWAITING_SIGNATURE and _nobody_there(uow, document, SIGNER_OR_AWAY, day=day):
        return "Người ký vắng mặt: văn bản chờ ông/bà trả lại để chọn người ký khác", leading
    return "", ()


def _nobody_there(uow: UnitOfWork, document: Outgoing, name: str, *, day: dt.date) -> bool:
    """Every holder is away or has left the post."""
    if name == SIGNER_OR_AWAY and document.signer_post_id is None:
        return False
    held = [post.id for post in _posts(uow, document, name, day=day)]
    return not set(held) - absences.posts_away(uow.session, held, on=day)
