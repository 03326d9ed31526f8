"""Looks in a standing post of an inspector: on record before they are shown, as those of an inspection are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workflow.domain.errors import NotFound
from workflow.domain.inspections import Look
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services.inspections.reading import PIECES
from workflow.services.journal import record
from workflow.store import standing_looks as store
from workflow.store.models import StandingLook
from workflow.store.session import UnitOfWork


def note_look(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, kind: Look, subject: str, named: Sequence[str], page: str,
    now: dt.datetime,
) -> bool:  # fmt: skip
    """Put a look on record, in the table and in the agency's chain of looks; False where the last one goes on.

    `named`: the document, dossier or unit of the address, by which the agency is known. Where that is none alone,
    the look is at all that the post reaches, and stands in the chain of the post's own agency.
    """
    if actor.agency_id is None or actor.post_id is None or actor.person_id is None:
        raise NotFound("post_not_found")
    uow.begin_write()
    found = (store.agency_of(scope, uow.session, one) for one in named)
    alone = scope.agency_ids[0] if len(scope.agency_ids) == 1 else None
    agency = next((one for one in found if one is not None), alone)
    chain = agency or actor.agency_id
    store.lock(uow.session, chain)
    if kind is Look.FILE and store.looked_lately(uow.session, actor, page=page, since=now - PIECES):
        return False
    uow.add(
        StandingLook(
            person_id=actor.person_id, post_id=actor.post_id, of_id=actor.agency_id, agency_id=agency, at=now,
            kind=str(kind), subject=subject, page=page,
        )
    )  # fmt: skip
    uow.flush()
    facts = {"kind": str(kind), "subject": subject, "page": page, "agency": agency}
    record(uow, subject=f"looks:{chain}", tag="unit:look:noted", facts=facts, actor=actor, now=now)
    return True
