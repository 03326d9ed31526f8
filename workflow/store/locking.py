"""A row under its lock, as it was seen or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound, stale
from workflow.store.models import Dossier, FilePlan, Incoming, Outgoing

R = TypeVar("R", Outgoing, Incoming, Dossier, FilePlan)


def under_lock(query: Select[R]) -> Select[R]:
    """A query that locks what it finds and reads it anew."""
    return query.with_for_update().execution_options(populate_existing=True)


def locked(
    session: Session, query: Select[R], *, lacking: str, version: int | None,
    given: Mapping[str, Any] | None = None,
) -> R:  # fmt: skip
    """The one row of a query `under_lock`, checked against the version that the actor saw. `given`: its values.

    Raises `NotFound` with the code `lacking`, or `Conflict("stale")` with the present state and version.
    """
    found = session.scalars(query, given).one_or_none()
    if found is None:
        raise NotFound(lacking)
    if version is not None and found.version != version:
        raise stale(found)
    return found
