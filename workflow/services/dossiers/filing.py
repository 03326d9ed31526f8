"""Documents in a dossier: put in, taken out, moved; and *Lưu hồ sơ* with the dossier chosen in the same act."""

from __future__ import annotations

import datetime as dt

from workflow.domain import incoming as arrivals
from workflow.domain import outgoing, retention
from workflow.domain.dossiers import Action, Kind
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.text import clean
from workflow.services.documents import acts
from workflow.services.dossiers.moves import Move, begin, demand_step, finish, place_of, set_retention
from workflow.services.incoming import working
from workflow.store import documents, incoming
from workflow.store import dossiers as store
from workflow.store.models import Dossier, DossierDocument, Incoming, Outgoing
from workflow.store.session import UnitOfWork


def add(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, dossier_id: int, kind: Kind, document_id: int, now: dt.datetime,
    version: int | None = None, years: int | None = None, note: str = "",
) -> Dossier:  # fmt: skip
    """Put a document that the actor may see at the dossier's end; one that stands there already stays where it is.

    `years`: the document's own retention; a longer one lengthens the dossier's.
    Raises `NotFound`, `BadInput` (`dossier_other_agency`, `retention_years`).
    """
    dossier = begin(uow, actor, scope, dossier_id=dossier_id, version=version)
    document = find(scope, uow, kind, document_id)
    if document.agency_id != dossier.agency_id:
        raise BadInput("dossier_other_agency")
    move = Move(kind=kind, document_id=document_id)
    step = demand_step(uow, actor, scope, dossier, Action.ADD, move=move)
    if store.link_of(uow.session, dossier.id, kind=kind, document_id=document_id) is not None:
        return dossier
    uow.add(
        DossierDocument(
            dossier_id=dossier.id, ordinal=store.next_ordinal(uow.session, DossierDocument, dossier.id),
            outgoing_id=document_id if kind is Kind.OUTGOING else None,
            incoming_id=document_id if kind is Kind.INCOMING else None,
            years=None if years is None else retention.demand_term(years), note=clean(note)[:200], added_at=now,
            added_by_id=actor.person_id,
        )
    )  # fmt: skip
    uow.flush()
    set_retention(uow, dossier)
    finish(uow, actor, dossier, step, now=now, move=move)
    return dossier


def file(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, dossier_id: int, kind: Kind, document_id: int, now: dt.datetime,
    document_version: int | None = None, years: int | None = None, and_file: bool = False,
) -> Dossier:  # fmt: skip
    """Put a document into a dossier and, with `and_file`, take its own step to *filed* in the same act."""
    dossier = add(
        uow, actor, scope, dossier_id=dossier_id, kind=kind, document_id=document_id, now=now, years=years
    )
    if and_file and kind is Kind.OUTGOING:
        acts.act(
            uow,
            actor,
            scope,
            document_id=document_id,
            action=outgoing.Action.FILE,
            version=document_version,
            now=now,
        )
    elif and_file:
        working.act(
            uow,
            actor,
            scope,
            incoming_id=document_id,
            action=arrivals.Action.FILE,
            version=document_version,
            now=now,
        )
    return dossier


def remove(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, dossier_id: int, link_id: int, version: int | None,
    now: dt.datetime,
) -> Dossier:  # fmt: skip
    """Take a document out: a draft, a duplicate, what does not belong there (Art. 29). The document stays."""
    dossier = begin(uow, actor, scope, dossier_id=dossier_id, version=version)
    link = _link(uow, scope, dossier, link_id)
    kind, key = place_of(link)
    move = Move(kind=kind, document_id=key)
    step = demand_step(uow, actor, scope, dossier, Action.REMOVE, move=move)
    uow.session.delete(link)
    uow.flush()
    set_retention(uow, dossier)
    finish(uow, actor, dossier, step, now=now, move=move)
    return dossier


def move_by_one(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, dossier_id: int, link_id: int, up: bool, version: int | None,
    now: dt.datetime,
) -> Dossier:  # fmt: skip
    """Let a document change places with its neighbour among those the actor sees; the first and last stay."""
    dossier = begin(uow, actor, scope, dossier_id=dossier_id, version=version)
    link = _link(uow, scope, dossier, link_id)
    kind, key = place_of(link)
    move = Move(kind=kind, document_id=key, journal={"up": up})
    step = demand_step(uow, actor, scope, dossier, Action.MOVE, move=move)
    shown = [one.link_id for one in store.documents_of(scope, uow.session, dossier.id)]
    other = shown.index(link.id) + (-1 if up else 1)
    if not 0 <= other < len(shown):
        return dossier
    neighbour = uow.session.get_one(DossierDocument, shown[other])
    here, there = link.ordinal, neighbour.ordinal
    link.ordinal = -here  # no two may stand in one place, not even for a moment
    uow.flush()
    neighbour.ordinal = here
    uow.flush()
    link.ordinal = there
    finish(uow, actor, dossier, step, now=now, move=move)
    return dossier


def find(scope: Scope, uow: UnitOfWork, kind: Kind, document_id: int) -> Outgoing | Incoming:
    """The document within reach, or `NotFound`."""
    if kind is Kind.OUTGOING:
        return documents.find(scope, uow.session, document_id)
    return incoming.find(scope, uow.session, document_id)


def _link(uow: UnitOfWork, scope: Scope, dossier: Dossier, link_id: int) -> DossierDocument:
    """A place in the dossier whose document the actor sees: others do not exist for them."""
    if all(one.link_id != link_id for one in store.documents_of(scope, uow.session, dossier.id)):
        raise NotFound("document_not_found")
    return uow.session.get_one(DossierDocument, link_id)
