"""Queries about bundles that are made in the background. Pages find one's own only; `reason` of the others says why
nobody's scope is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.store.models import BundleOrder
from workflow.store.portions import PORTION, delete_some

_OPEN = ("waiting", "making")


def own(session: Session, person_id: int, held_as: str, order_id: int, *, for_update: bool = False) -> BundleOrder:
    """An order that this person gave in this post; for anybody else there is none."""
    query = select(BundleOrder).where(
        BundleOrder.id == order_id, BundleOrder.person_id == person_id, BundleOrder.held_as == held_as
    )
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("bundle_order_not_found")
    return found


def list_own(session: Session, person_id: int, held_as: str, *, since: dt.datetime) -> Sequence[BundleOrder]:
    """What this person asked for in this post lately, the latest first."""
    query = select(BundleOrder).where(
        BundleOrder.person_id == person_id, BundleOrder.held_as == held_as, BundleOrder.asked_at >= since,
        BundleOrder.state != "cancelled",
    )  # fmt: skip
    return session.scalars(query.order_by(BundleOrder.id.desc())).all()


def open_of(session: Session, person_id: int) -> Sequence[BundleOrder]:
    """What is still to be made for a person, in whatever post it was asked for."""
    query = select(BundleOrder).where(BundleOrder.person_id == person_id, BundleOrder.state.in_(_OPEN))
    return session.scalars(query.order_by(BundleOrder.id)).all()


def load(session: Session, *, reason: str) -> tuple[int, int]:
    """(orders to be made, bytes on the shelf) of the whole installation."""
    if not reason:
        raise ValueError("say why nobody's scope is asked")
    waiting = select(func.count()).select_from(BundleOrder).where(BundleOrder.state.in_(_OPEN))
    size = select(func.sum(BundleOrder.size)).where(BundleOrder.state == "ready")
    return session.scalar(waiting) or 0, int(session.scalar(size) or 0)


def next_one(session: Session, *, now: dt.datetime, reason: str) -> BundleOrder | None:
    """The oldest that nobody makes, locked."""
    if not reason:
        raise ValueError("say why nobody's scope is asked")
    free = or_(BundleOrder.lease_until.is_(None), BundleOrder.lease_until < now)
    query = select(BundleOrder).where(BundleOrder.state.in_(_OPEN), free).order_by(BundleOrder.id).limit(1)
    return session.scalars(query.with_for_update(skip_locked=True)).one_or_none()


def held(session: Session, order_id: int, attempt: int) -> BundleOrder | None:
    """The order, while it is still being made under this number; locked."""
    query = select(BundleOrder).where(
        BundleOrder.id == order_id, BundleOrder.attempt == attempt, BundleOrder.state == "making"
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def forget(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Delete orders that came to an end before a moment; the job takes their zips off the shelf."""
    return len(delete_some(session, BundleOrder.id, BundleOrder.finished_at < before, limit=limit))


def on_shelf(session: Session, *, since: dt.datetime, reason: str) -> set[int]:
    """Orders whose zip lies, or may just be laid, on the shelf."""
    if not reason:
        raise ValueError("say why nobody's scope is asked")
    ready = (BundleOrder.state == "ready") & (BundleOrder.finished_at >= since)
    query = select(BundleOrder.id).where(or_(ready, BundleOrder.state == "making"))
    return set(session.scalars(query))
