"""Files of a document: the upload that becomes a normalised draft, its planned fields, the file that is signed."""

from __future__ import annotations

import datetime as dt

from workflow.adapters.blobs import Blobs
from workflow.domain.outgoing import Action
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.services.documents.moves import Move, apply, begin
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork


def confirm_format(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int | None,
    now: dt.datetime,
    blobs: Blobs | None,
) -> Outgoing:
    """The clerk's format check (Art. 12.2)."""
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.ACT_ON_DOCUMENT
    )
    apply(uow, actor, document, Action.CONFIRM_FORMAT, now=now, move=Move())
    return document
