"""What the question "may this person sign this document?" goes by, asked at once: every submission, choice of a
signer and signature asks it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import BigInteger, bindparam, exists, select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.people import Post, Role
from workflow.store.models import MandateRow, Organ, Outgoing, PostRow, Register, Unit
from workflow.store.office import upwards
from workflow.store.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Grounds:
    """`units`: the drafting one and those above it. `issuer`: the organ that the document is issued in the name of,
    by code. `post`: whoever shall sign holds it; None where there is no such post. `empowered`: mandates of that
    post are on record, whatever they open.
    """

    units: frozenset[int]
    issuer: str
    post: Post | None
    empowered: bool


_ORGAN, _REGISTER, _AGENCY = Organ.__table__.c, Register.__table__.c, Unit.__table__.alias("agency")
_POST = PostRow.__table__.c
_OF_AGENCY, _OF_POST = (bindparam(name, type_=BigInteger) for name in ("agency", "post"))
_UP = upwards(bindparam("unit", type_=BigInteger))
_HELD = (
    _POST.id, _POST.person_id, _POST.unit_id, _POST.agency_id, _POST.role, _POST.title, _POST.valid_from,
    _POST.valid_to,
)  # fmt: skip
_GROUNDS = Prepared(
    select(
        _UP.c.id,
        exists().where(MandateRow.__table__.c.post_id == _OF_POST),
        *_HELD,
        select(_ORGAN.code)
        .join_from(Organ.__table__, Register.__table__, _REGISTER.organ_id == _ORGAN.id)
        .where(_REGISTER.id == bindparam("register", type_=BigInteger))
        .scalar_subquery(),
        select(_ORGAN.code).where(_ORGAN.id == bindparam("organ", type_=BigInteger)).scalar_subquery(),
        select(_ORGAN.code)
        .where(_ORGAN.agency_id == _OF_AGENCY, _ORGAN.active.is_(True))
        .order_by(_ORGAN.id)
        .limit(1)
        .scalar_subquery(),
        _AGENCY.c.abbreviation,
    )
    .select_from(_UP)
    .join(_AGENCY, _AGENCY.c.id == _OF_AGENCY)
    .outerjoin(PostRow.__table__, _POST.id == _OF_POST)
)


def grounds(session: Session, document: Outgoing, post_id: int | None) -> Grounds:
    """Of a document that the caller has found. It is issued in the name of its register's organ, else of the one
    its draft names, else of the agency's first; an agency without organs issues itself."""
    values = {
        "unit": document.unit_id, "agency": document.agency_id, "post": post_id, "register": document.register_id,
        "organ": document.organ_id,
    }  # fmt: skip
    rows = list(_GROUNDS.rows(session, values))
    if not rows:
        raise NotFound("unit_not_found")
    _unit, empowered, *rest = rows[0]
    held, issuers = rest[: len(_HELD)], rest[len(_HELD) :]
    return Grounds(
        units=frozenset(row[0] for row in rows),
        issuer=next((code for code in issuers if code is not None), ""),
        post=None if held[0] is None else _post(*held),
        empowered=bool(empowered),
    )


def _post(
    key: int, person: int, unit: int, agency: int, role: str, title: str, first: dt.date, last: dt.date | None
) -> Post:
    return Post(key, person, unit, agency, Role(role), title, first, last)
