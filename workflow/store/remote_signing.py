"""Queries for requests to remote signing services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.remote_signing import LIVE, OPEN
from workflow.store.models import RemoteRequest
from workflow.store.portions import PORTION


def of_person(session: Session, request_id: int, *, person_id: int) -> RemoteRequest:
    """One's own request, or `NotFound`."""
    found = session.get(RemoteRequest, request_id)
    if found is None or found.person_id != person_id:
        raise NotFound("remote_request_not_found")
    return found


def parts_of(session: Session, request: RemoteRequest) -> Sequence[RemoteRequest]:
    """Every request of the same act, in order; of an enrolment itself alone."""
    if request.act_id is None:
        return (request,)
    query = select(RemoteRequest).where(RemoteRequest.act_id == request.act_id).order_by(RemoteRequest.part)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def lock(session: Session, request_id: int) -> RemoteRequest:
    """One request as it stands now, held until the end of the transaction."""
    query = select(RemoteRequest).where(RemoteRequest.id == request_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("remote_request_not_found")
    return found


def open_now(session: Session, *, limit: int = 200) -> Sequence[int]:
    """Requests that are neither ended nor behind another one, the oldest first."""
    query = select(RemoteRequest.id).where(RemoteRequest.state.in_(sorted(LIVE))).order_by(RemoteRequest.id)
    return session.scalars(query.limit(limit)).all()


def following(session: Session, request: RemoteRequest) -> Sequence[RemoteRequest]:
    """The parts of the same act that wait behind this one, held."""
    if request.act_id is None:
        return ()
    query = (
        select(RemoteRequest)
        .where(
            RemoteRequest.act_id == request.act_id,
            RemoteRequest.part > request.part,
            RemoteRequest.state == "queued",
        )
        .order_by(RemoteRequest.part)
        .with_for_update()
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def by_reference(session: Session, provider: str, reference: str) -> int | None:
    """The open request that a service calls so, or that we do."""
    query = select(RemoteRequest.id).where(
        RemoteRequest.provider == provider,
        RemoteRequest.state.in_(sorted(OPEN)),
        (RemoteRequest.reference == reference) | (RemoteRequest.name == reference),
    )
    return session.scalars(query.order_by(RemoteRequest.id).limit(1)).one_or_none()


def open_of_act(session: Session, act_id: int, *, person_id: int) -> int | None:
    """The first of a person's requests for an act, while any of them is open."""
    query = select(RemoteRequest.id).where(
        RemoteRequest.act_id == act_id, RemoteRequest.person_id == person_id, RemoteRequest.state.in_(sorted(OPEN))
    )
    return session.scalars(query.order_by(RemoteRequest.part).limit(1)).one_or_none()


def open_request(session: Session, act_id: int) -> RemoteRequest | None:
    """What is open of an act, whoever asked: the first part that is."""
    query = select(RemoteRequest).where(RemoteRequest.act_id == act_id, RemoteRequest.state.in_(sorted(OPEN)))
    return session.scalars(query.order_by(RemoteRequest.part).limit(1)).one_or_none()


def latest_open(session: Session, *, person_id: int, kind: str) -> RemoteRequest | None:
    """What this person has open, the newest."""
    query = select(RemoteRequest).where(
        RemoteRequest.person_id == person_id, RemoteRequest.kind == kind, RemoteRequest.state.in_(sorted(LIVE))
    )
    return session.scalars(query.order_by(RemoteRequest.id.desc()).limit(1)).one_or_none()


def untold(session: Session, *, before: dt.datetime, limit: int = 200) -> Sequence[int]:
    """The first requests of acts and enrolments whose end nobody was told, and that was over before a moment."""
    part = aliased(RemoteRequest)
    lately = exists().where(
        part.act_id == RemoteRequest.act_id, or_(part.state.in_(sorted(OPEN)), part.ended_at >= before)
    )
    query = select(RemoteRequest.id).where(
        RemoteRequest.part == 1, RemoteRequest.ended_at < before, RemoteRequest.told_at.is_(None), ~lately
    )
    return session.scalars(query.order_by(RemoteRequest.id).limit(limit)).all()


def live_of(session: Session, person_id: int, *, kind: str = "sign") -> Sequence[RemoteRequest]:
    """A person's live requests, about documents or of enrolments, held."""
    query = select(RemoteRequest).where(
        RemoteRequest.person_id == person_id, RemoteRequest.kind == kind, RemoteRequest.state.in_(sorted(LIVE))
    )
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def forget_details(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Of requests that ended before a moment: account, login, address and raw signatures go. That they were, for
    which act and how they ended stays."""
    query = (
        select(RemoteRequest)
        .where(RemoteRequest.ended_at < before, RemoteRequest.account != "")
        .order_by(RemoteRequest.id)
        .limit(limit)
        .with_for_update()
    )
    rows = session.scalars(query).all()
    for row in rows:
        forget(row)
    session.flush()
    return len(rows)


def forget(row: RemoteRequest) -> None:
    """Account, login, address and raw signatures of a request that is over."""
    row.account, row.login_session_id, row.address = "", None, ""
    row.items = [_without_signature(one) for one in row.items]
    row.about = _without_signature(row.about)


def _without_signature(held: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name != "signature"}
