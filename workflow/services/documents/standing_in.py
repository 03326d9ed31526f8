"""Who is there today: facts of the outgoing machine that open a step to somebody while another one is away.

Away is who said so or was entered so, with a deputy for the desk (`absences`); whoever acts does so in a post of
their own, under their own name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from workflow.domain.cosigning import at_turn
from workflow.domain.notices import Kind, Told, paper
from workflow.domain.outgoing import HEAD_AWAY, REVIEWER_AWAY, SIGNER_OR_AWAY, STANDING_IN, State
from workflow.domain.people import Actor, Role
from workflow.services.journal import local_day
from workflow.services.outbox import Note, queue
from workflow.store import absences, cosigning
from workflow.store.absences import Holder
from workflow.store.models import Outgoing, Person
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


def reviewers(uow: UnitOfWork, document: Outgoing, *, day: dt.date) -> list[Holder]:
    """Heads of the drafting unit on a day, but never the drafter themselves."""
    heads = absences.holders_in_unit(uow.session, document.unit_id, role=Role.UNIT_HEAD, on=day)
    return [one for one in heads if one.person_id != document.drafter_id]


def _holders(uow: UnitOfWork, document: Outgoing, name: str, *, day: dt.date) -> list[Holder]:
    """Who decides where nobody is away: whoever holds such a post on the day."""
    if name == REVIEWER_AWAY:
        return reviewers(uow, document, day=day)
    if name == HEAD_AWAY:
        return absences.holders_in_agency(uow.session, document.agency_id, role=Role.LEADER, on=day)
    return absences.holders_of_post(uow.session, document.signer_post_id, on=day)


def tell(
    uow: UnitOfWork, document: Outgoing, *, by: int | None, now: dt.datetime,
    reviewing: Sequence[Holder] | None = None,
) -> None:  # fmt: skip
    """The draft came before somebody who is away: the leaders who are there and may decide meanwhile hear of it.

    `reviewing`: its `reviewers`, where they were just asked for. Nothing where nobody is away, or where there is
    nobody at all: the machine passes such a review on.
    """
    tell_beside(uow, document, by=by, now=now)
    day = local_day(now)
    kind, roles = _waiting(uow, document, day=day, reviewing=reviewing)
    if kind is None:
        return
    kept_out = {by, document.drafter_id if document.state == State.IN_REVIEW else None}
    _queue(uow, document, kind, roles, cause="standing_in", kept_out=kept_out, now=now)


def tell_beside(uow: UnitOfWork, document: Outgoing, *, by: int | None, now: dt.datetime) -> None:
    """It waits for somebody who signs before the signer and is away: nobody may do so instead, so the drafter and
    the signer hear of it, who would not see it on their desks.
    """
    if document.state != State.AWAITING_SIGNATURE or document.secret:
        return
    day = local_day(now)
    for one in at_turn(cosigning.places(uow.session, document.id)):
        if not all(holder.away for holder in absences.holders_of_post(uow.session, one.post_id, on=day)):
            continue
        who = uow.session.get_one(Person, one.person_id).full_name
        what = Told.of(Kind.COSIGNER_AWAY, who=who, **paper(document.subject, secret=document.secret))
        for person_id in sorted({document.drafter_id, document.signer_id or document.drafter_id} - {by}):
            cause = f"cosigner_away:{document.id}:{document.version}:{one.post_id}:person:{person_id}"
            queue(uow, Note(cause=cause, what=what, link=f"/outgoing/{document.id}", person_id=person_id), now=now)


def tell_asked(uow: UnitOfWork, document: Outgoing, *, by: int | None, now: dt.datetime) -> None:
    """An exemption was asked for: the head of the agency who is there hears of it, else the deputies who decide."""
    if _nobody_there(uow, document, HEAD_AWAY, day=local_day(now)):
        tell(uow, document, by=by, now=now)
        return
    kind, whom = Kind.EXEMPTION_ASKED, (Role.LEADER,)
    _queue(uow, document, kind, whom, cause="exemption_asked", kept_out={by}, now=now)


def _queue(
    uow: UnitOfWork, document: Outgoing, kind: Kind, roles: Collection[Role], *, cause: str,
    kept_out: Collection[int | None], now: dt.datetime,
) -> None:  # fmt: skip
    """A notice for everybody in such posts of the agency who is there today."""
    day = local_day(now)
    present = {
        one.person_id for role in roles
        for one in absences.holders_in_agency(uow.session, document.agency_id, role=role, on=day) if not one.away
    }  # fmt: skip
    what = Told.of(kind, **paper(document.subject, secret=document.secret))
    for person_id in sorted(present.difference(kept_out)):
        note = Note(
            cause=f"{cause}:{document.id}:{document.version}:person:{person_id}", what=what,
            link=f"/outgoing/{document.id}", person_id=person_id,
        )  # fmt: skip
        queue(uow, note, now=now)


def _waiting(
    uow: UnitOfWork, document: Outgoing, *, day: dt.date, reviewing: Sequence[Holder] | None
) -> tuple[Kind | None, tuple[Role, ...]]:
    """(what to tell, whom) about a draft whose reviewer, signer or head is away; nothing while they are there."""
    leading = (Role.LEADER, Role.DEPUTY)
    if document.state == State.IN_REVIEW:
        if reviewing is None:
            reviewing = reviewers(uow, document, day=day)
        if reviewing and all(one.away for one in reviewing):
            return Kind.REVIEWER_AWAY, leading
        return None, ()
    asks = bool(document.exempt_reason) and document.exempt_by_id is None
    if asks and _nobody_there(uow, document, HEAD_AWAY, day=day):
        return Kind.EXEMPTION_AWAY, (Role.DEPUTY,)
    if document.state == State.AWAITING_SIGNATURE and _nobody_there(uow, document, SIGNER_OR_AWAY, day=day):
        return Kind.SIGNER_AWAY, leading
    return None, ()


def _nobody_there(uow: UnitOfWork, document: Outgoing, name: str, *, day: dt.date) -> bool:
    """Every holder is away or has left the post."""
    if name == SIGNER_OR_AWAY and document.signer_post_id is None:
        return False
    return all(one.away for one in _holders(uow, document, name, day=day))
