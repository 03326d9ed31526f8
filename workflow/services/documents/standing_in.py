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
from workflow.store import absences
from workflow.store.absences import Holder
from workflow.store.models import Outgoing
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
    holders = [one for name in sorted(names) for one in _holders(uow, document, name, day=day)]
    return absences.running(uow.session, [one.post_id for one in holders], on=day)


def _holders(uow: UnitOfWork, document: Outgoing, name: str, *, day: dt.date) -> list[Holder]:
    """Who decides where nobody is away: whoever holds such a post on the day."""
    if name == REVIEWER_AWAY:
        heads = absences.holders_in_unit(uow.session, document.unit_id, role=Role.UNIT_HEAD, on=day)
        return [one for one in heads if one.person_id != document.drafter_id]
    if name == HEAD_AWAY:
        return absences.holders_in_agency(uow.session, document.agency_id, role=Role.LEADER, on=day)
    return absences.holders_of_post(uow.session, document.signer_post_id, on=day)


def tell(uow: UnitOfWork, document: Outgoing, *, by: int | None, now: dt.datetime) -> None:
    """The draft came before somebody who is away: the leaders who are there and may decide meanwhile hear of it.

    Nothing where nobody is away, or where there is nobody at all: the machine passes such a review on.
    """
    day = local_day(now)
    title, roles = _waiting(uow, document, day=day)
    if not title:
        return
    kept_out = {by, document.drafter_id if document.state == State.IN_REVIEW else None}
    _queue(uow, document, title, roles, cause="standing_in", kept_out=kept_out, now=now)


def tell_asked(uow: UnitOfWork, document: Outgoing, *, by: int | None, now: dt.datetime) -> None:
    """An exemption was asked for: the head of the agency who is there hears of it, else the deputies who decide."""
    if _nobody_there(uow, document, HEAD_AWAY, day=local_day(now)):
        tell(uow, document, by=by, now=now)
        return
    title = "Đề nghị miễn ký số chờ ông/bà quyết định"
    _queue(uow, document, title, (Role.LEADER,), cause="exemption_asked", kept_out={by}, now=now)


def _queue(
    uow: UnitOfWork, document: Outgoing, title: str, roles: Collection[Role], *, cause: str,
    kept_out: Collection[int | None], now: dt.datetime,
) -> None:  # fmt: skip
    """A notice for everybody in such posts of the agency who is there today."""
    day = local_day(now)
    present = {
        one.person_id for role in roles
        for one in absences.holders_in_agency(uow.session, document.agency_id, role=role, on=day) if not one.away
    }  # fmt: skip
    body = "Văn bản mật." if document.secret else document.subject
    for person_id in sorted(present.difference(kept_out)):
        note = Note(
            cause=f"{cause}:{document.id}:{document.version}:person:{person_id}", subject=title, body=body,
            link=f"/outgoing/{document.id}", person_id=person_id,
        )  # fmt: skip
        queue(uow, note, now=now)


def _waiting(uow: UnitOfWork, document: Outgoing, *, day: dt.date) -> tuple[str, tuple[Role, ...]]:
    """(what to tell, whom) about a draft whose reviewer, signer or head is away; nothing while they are there."""
    leading = (Role.LEADER, Role.DEPUTY)
    if document.state == State.IN_REVIEW:
        reviewing = _holders(uow, document, REVIEWER_AWAY, day=day)
        if reviewing and all(one.away for one in reviewing):
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
    return all(one.away for one in _holders(uow, document, name, day=day))
