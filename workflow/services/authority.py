"""By which right somebody signs a document: the question put to `domain.mandates`, and its answer kept.

Asked when a signer is chosen, when a draft is submitted, before the key is used and when the signature comes back;
the last answer is stored with the signature. A later look at an issued file reads what was stored then, and posts
and mandates of that day: never those of today.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.domain.errors import BadInput, Missing, NotFound, NotPermitted
from workflow.domain.mandates import Asked, Basis, Entitlement, Mandate, Reason, explain, may_sign, of_mandate
from workflow.domain.people import Capacity
from workflow.services.journal import local_day
from workflow.store import mandates as store
from workflow.store import rights
from workflow.store.models import Outgoing, PostRow, Signature
from workflow.store.rights import Grounds
from workflow.store.session import UnitOfWork


class Entitled(StrEnum):
    """Was this person entitled on that day? Not on record is not a no."""

    YES = "yes"
    NO = "no"
    NOT_ON_RECORD = "not_on_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The facet beside a signature's verdict. `kept`: told by what was stored at signing, not worked out since."""

    answer: Entitled
    capacity: str
    day: dt.date
    kept: bool
    told: dict[str, Any]


def asked_of(uow: UnitOfWork, document: Outgoing, *, day: dt.date, at: dt.datetime) -> Asked:
    """A document as the rules ask about it."""
    return _asked(document, rights.grounds(uow.session, document, None), day=day, at=at)


def _asked(document: Outgoing, grounds: Grounds, *, day: dt.date, at: dt.datetime) -> Asked:
    return Asked(
        agency_id=document.agency_id, type_code=document.type_code, organ=grounds.issuer, units=grounds.units,
        day=day, at=at,
    )  # fmt: skip


def entitlement(
    uow: UnitOfWork, document: Outgoing, post_id: int, capacity: Capacity, *, day: dt.date, at: dt.datetime
) -> Entitlement:
    """Whether the holder of a post may sign a document in a capacity, and why."""
    grounds = rights.grounds(uow.session, document, post_id)
    if (post := grounds.post) is None:
        raise NotFound("post_not_held")
    mandates = store.of_posts(uow.session, [post_id]) if grounds.empowered else []
    asked = _asked(document, grounds, day=day, at=at)
    return may_sign(post.person_id, [post], mandates, asked, capacity=capacity, post_id=post_id)


def explained(uow: UnitOfWork, document: Outgoing, person_id: int, *, now: dt.datetime) -> tuple[Entitlement, ...]:
    """Every post of a person and every capacity that Article 13 opens to it, with all rules asked."""
    posts = [one for one in store.posts_of(uow.session, person_id) if one.agency_id == document.agency_id]
    mandates = store.of_posts(uow.session, [one.id for one in posts])
    said = explain(person_id, posts, mandates, asked_of(uow, document, day=local_day(now), at=now))
    return tuple(one for one in said if Reason.CAPACITY_NOT_OPEN not in one.reasons)


def demand_choice(
    uow: UnitOfWork, document: Outgoing, post: PostRow, capacity: Capacity, *, day: dt.date, at: dt.datetime
) -> Entitlement:
    """The same where somebody chooses or names a signer. Raises `BadInput` with the first reason against it."""
    said = entitlement(uow, document, post.id, capacity, day=day, at=at)
    if not said.allowed:
        raise BadInput(_code(said.reasons[0]), capacity=str(capacity), reasons=[str(one) for one in said.reasons])
    return said


def demand_signer(
    uow: UnitOfWork, document: Outgoing, *, now: dt.datetime, given_at: dt.datetime | None = None
) -> Entitlement:
    """The same for the signer whom a document names. `given_at`: when the signature came, where it waited since.

    Raises `Missing("has_signer")`, `NotPermitted` with the first reason against it.
    """
    if document.signer_post_id is None:
        raise Missing("has_signer")
    at, capacity = given_at or now, Capacity(document.capacity)
    said = entitlement(uow, document, document.signer_post_id, capacity, day=local_day(at), at=at)
    if not said.allowed:
        raise NotPermitted(_code(said.reasons[0]), capacity=document.capacity,
                           reasons=[str(one) for one in said.reasons])  # fmt: skip
    return said


def hold_right(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime, given_at: dt.datetime) -> Entitlement:
    """The same in the open write phase that accepts the signature: no revocation comes in between any more."""
    store.hold_posts(uow.session, [document.signer_post_id or 0], alone=False)
    said = demand_signer(uow, document, now=now, given_at=given_at)
    if said.mandate is None or said.mandate.parent is None:
        return said
    store.hold_posts(uow.session, [said.mandate.parent.post_id], alone=False)
    return demand_signer(uow, document, now=now, given_at=given_at)


def _code(reason: Reason) -> str:
    """`capacity_not_allowed` is older than mandates; every other reason has a sentence of its own."""
    return "capacity_not_allowed" if reason is Reason.CAPACITY_NOT_OPEN else f"authority_{reason}"


def kept(uow: UnitOfWork, document: Outgoing, said: Entitlement) -> dict[str, Any]:
    """The answer as it is stored with the signature: it must be readable without today's posts and registers."""
    post, asked, mandate = uow.session.get_one(PostRow, said.post_id), said.asked, said.mandate
    if asked is None:
        raise ValueError("an answer is kept with its question")
    return {
        "capacity": str(said.capacity), "basis": str(said.basis or ""), "post": said.post_id, "title": post.title,
        "day": asked.day.isoformat(), "at": asked.at.isoformat(), "type": asked.type_code, "organ": asked.organ,
        "unit": document.unit_id, "units": sorted(asked.units), "mandate": mandate.id if mandate else None,
        "legal": _legal(mandate) if mandate else None,
        "rules": {str(check.rule): str(check.reason or "") for check in said.checks},
    }  # fmt: skip


def _legal(mandate: Mandate) -> dict[str, Any]:
    day = mandate.legal.day
    return {
        "symbol": mandate.legal.symbol, "day": day.isoformat() if day else None, "title": mandate.legal.title,
        "document": mandate.legal.document_id,
    }  # fmt: skip


def looked_up(uow: UnitOfWork, document: Outgoing, signature: Signature) -> Looked:
    """Whether whoever gave a stored signature was entitled on the day of signing."""
    return _looked(
        uow, document, signature.authority, post_id=signature.post_id, capacity=signature.capacity,
        at=signature.received_at,
    )  # fmt: skip


def looked_up_ink(uow: UnitOfWork, document: Outgoing) -> Looked | None:
    """The same for a paper signed by hand; None where it is not signed."""
    if document.signed_at is None or document.signer_post_id is None:
        return None
    return _looked(
        uow, document, document.authority, post_id=document.signer_post_id, capacity=document.capacity,
        at=document.signed_at,
    )  # fmt: skip


def _looked(
    uow: UnitOfWork, document: Outgoing, told: dict[str, Any] | None, *, post_id: int, capacity: str,
    at: dt.datetime,
) -> Looked:  # fmt: skip
    if told is not None:
        answer = Entitled.YES if _still_explains(uow, told) else Entitled.NO
        day = dt.date.fromisoformat(told["day"])
        return Looked(answer=answer, capacity=told["capacity"], day=day, kept=True, told=told)
    day = local_day(at)
    said = entitlement(uow, document, post_id, Capacity(capacity), day=day, at=at)
    answer = Entitled.YES if said.allowed else Entitled.NOT_ON_RECORD
    worked_out = kept(uow, document, said)
    return Looked(answer=answer, capacity=capacity, day=day, kept=False, told=worked_out)


def _still_explains(uow: UnitOfWork, told: dict[str, Any]) -> bool:
    """Stored mandates cannot change; one that does not explain its signature any more was tampered with."""
    if any(told["rules"].values()):
        return False
    if told["basis"] == Basis.APPOINTMENT:
        return True
    post = uow.session.get_one(PostRow, told["post"])
    asked = Asked(
        agency_id=post.agency_id, type_code=told["type"], organ=told["organ"], units=frozenset(told["units"]),
        day=dt.date.fromisoformat(told["day"]), at=dt.datetime.fromisoformat(told["at"]),
    )  # fmt: skip
    mandate = store.by_id(uow.session, told["mandate"])
    named = (mandate.post_id, str(mandate.capacity)) == (told["post"], told["capacity"])
    return named and all(check.holds for check in of_mandate(mandate, asked))
