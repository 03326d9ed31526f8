"""A row under its lock, as it was seen or not at all."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound, stale
from workflow.store.models import Dossier, FilePlan, Incoming, Outgoing

R = TypeVar("R", Outgoing, Incoming, Dossier, FilePlan)


def locked(session: Session, query: Select[R], *, lacking: str, version: int | None) -> R:
    """The one row of a query under its lock, read anew and checked against the version that the actor saw.

    Raises `NotFound` with the code `lacking`, or `Conflict("stale")` with the present state and version.
    """
    query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(lacking)
    if version is not None and found.version != version:
        raise stale(found)
    return found
