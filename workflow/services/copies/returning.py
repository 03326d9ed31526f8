"""A copy that is sealed by another program: what is given away and what is taken back, as `signing.returning` does
for documents. The words of the copy name the moment, so the picture of its box is of one moment, and what comes
back has to show that one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workflow.adapters.blobs import Blobs
from workflow.domain import copies as rules
from workflow.domain.errors import BadInput, NotPermitted, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.signing_acts import OF_COPIES
from workflow.services.copies.sealing import check_allowed, close_item, draw, judge, live, place, told_before
from workflow.services.signing.boxes import demand_picture
from workflow.services.signing.certificates import digest
from workflow.services.signing.finishing import Outcome
from workflow.services.signing.preparing import SignaturePurpose, check_now
from workflow.services.signing.returning import (
    Inspected,
    base_of,
    demand_file_way,
    demand_held,
    demand_possible_time,
    demand_sound,
    examine,
)
from workflow.store import certificates, returned
from workflow.store import copies as store
from workflow.store.session import UnitOfWork

BROUGHT_WITHIN = dt.timedelta(minutes=30)
"""How old the moment may be that a file brought by hand shows: signing elsewhere takes time, and a moment of this
morning would be false."""


def offer(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, session: str, login_session_id: int | None, copy_id: int,
    version: int, drawn_at: dt.datetime | None = None, now: dt.datetime,
) -> None:  # fmt: skip
    """Put a copy into an act whose way of signing gives whole files. `drawn_at`: the moment that its picture shows,
    where that was given away before the act.

    Raises what `prepare` raises, and `BadInput("copy_picture_old")` for a moment that is no present one.
    """
    opened = live(uow, actor, session=session, login_session_id=login_session_id, now=now)
    demand_file_way(opened)
    if opened.fixed_at is not None:
        raise Refused("act_fixed")
    copy = store.find(scope, uow.session, copy_id)
    check_allowed(uow, actor, copy, opened.certificate_id, version=version, now=now)
    moment = (now if drawn_at is None else drawn_at).replace(microsecond=0)
    earliest = copy.numbered_at or now
    if not max(now - BROUGHT_WITHIN, earliest.replace(microsecond=0)) <= moment <= now:
        raise BadInput("copy_picture_old")
    uow.begin_write()
    copy = store.lock(scope, uow.session, copy_id, version=version)
    check_allowed(uow, actor, copy, opened.certificate_id, version=version, now=now)
    place(uow, opened, copy, prepared_sha256=copy.sha256, to_be_signed=b"", claimed_at=moment)


def drawn_before(
    uow: UnitOfWork, actor: Actor, *, session: str, login_session_id: int | None, copy_id: int, now: dt.datetime
) -> dt.datetime | None:
    """Where the program brought this copy in an act of the same login which its page did not outlive: the moment
    that file shows, while it may still be taken. So the PIN that was given for it is not lost."""
    opened = live(uow, actor, session=session, login_session_id=login_session_id, now=now)
    found = returned.brought_in(uow.session, opened, copy_id, field=OF_COPIES)
    if found is None:
        return None
    moment = store.item(uow.session, found.session_id, copy_id).claimed_at
    return moment if now - moment <= BROUGHT_WITHIN else None


def inspect(uow: UnitOfWork, scope: Scope, *, data: bytes, among: Sequence[int], blobs: Blobs) -> Inspected:
    """Which of the copies `among` a file belongs to, by its first bytes, and what was done to it.

    Raises `BadInput`: `copy_file_of_several` where several have the very same pages.
    """
    chosen = store.chosen(scope, uow.session, among)
    base = base_of(uow, data, tuple({one.sha256 for one in chosen}))
    fitting = [one.id for one in chosen if one.sha256 == base]
    if len(fitting) > 1:
        raise BadInput("copy_file_of_several")
    return examine(uow, document_id=fitting[0], item=rules.FIELD, data=data, base=base, blobs=blobs)


def known(uow: UnitOfWork, scope: Scope, *, data: bytes, among: Sequence[int]) -> Outcome | None:
    """What was said of exactly this file when it came before; None where it never was accepted."""
    chosen = {one.id: one for one in store.chosen(scope, uow.session, among)}
    item = store.item_answered(uow.session, digest(data), chosen)
    return None if item is None else told_before(chosen[item.copy_id], item, digest(data))


def take_back(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, session: str, login_session_id: int | None,
    inspected: Inspected, blobs: Blobs, now: dt.datetime,
) -> Outcome:  # fmt: skip
    """Accept a copy of an act that came back signed; the same file again gives the same answer.

    Raises `BadInput("returned_…")` for a file to which anything else was done, whose box shows anything else, or
    whose signature does not hold, and what `finish` raises where the world moved on in between.
    """
    opened = live(uow, actor, session=session, login_session_id=login_session_id, now=now)
    demand_file_way(opened)
    item = store.item(uow.session, opened.id, inspected.document_id)
    copy = store.find(scope, uow.session, inspected.document_id)
    if (before := told_before(copy, item, inspected.sha256)) is not None:
        return before
    if item.base_sha256 != inspected.base_sha256:
        raise BadInput("returned_other_bytes")
    certificate = certificates.by_id(uow.session, opened.certificate_id)
    check_allowed(uow, actor, copy, certificate.id, version=item.document_version, now=now)
    check_now(uow, actor, certificate, purpose=SignaturePurpose.SEAL, now=now)
    demand_sound(inspected.found, rules.FIELD)
    if inspected.found.certificate != certificate.sha256:
        raise NotPermitted("returned_other_certificate")
    picture = draw(uow, copy, at=item.claimed_at)
    demand_picture(
        uow, item, certificate, picture=picture, page=1, field=rules.FIELD, data=inspected.data, blobs=blobs
    )
    judged = judge(
        uow, copy, item, inspected.data, certificate_sha256=certificate.sha256, received_at=now, at=now,
        outside=True,
    )  # fmt: skip
    demand_held(judged)
    made = copy.numbered_at or item.claimed_at
    demand_possible_time(judged.verdict.times.claimed, certificate, made=made, now=now)
    return close_item(uow, actor, scope, opened, copy.id, judged, answer=inspected.sha256, blobs=blobs, now=now)
