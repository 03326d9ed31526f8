"""Requests for opinions and initials as a list: those asked of a person, of their unit, and those that they asked.

Where a request stands follows from its answers and the present draft (`domain.opinions.state_of`); the conditions
here say the same in SQL, so that a page of the list is one page of rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from workflow.domain import opinions as rules
from workflow.domain.attachments import text_key
from workflow.domain.opinions import Kind
from workflow.domain.outgoing import BEFORE_SIGNING
from workflow.domain.permissions import Scope
from workflow.store.document_list import PAGE, escaped
from workflow.store.documents import within
from workflow.store.models import FileVersion, Opinion, OpinionRequest, Outgoing, Person, Unit
from workflow.store.opinions import reach


class Side(StrEnum):
    """Which requests: asked of me (or of the unit that I head), of my unit (its staff read along), by me."""

    ME = "me"
    UNIT = "unit"
    BY_ME = "by"


class Stand(StrEnum):
    """Where a request is, as a list tells it. `lapsed`: the draft was signed or ended without an answer."""

    WAITING = "waiting"
    ANSWERED = "answered"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who looks: whose desk it is, the unit of their post and whether they head it."""

    person_id: int
    unit_id: int
    heads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the list is narrowed to. `late_on`: only what waits though its day lies before this one; `words`: of the
    subject, folded already."""

    side: Side = Side.ME
    stand: Stand | None = None
    kind: str = ""
    late_on: dt.date | None = None
    asked_from: dt.datetime | None = None
    asked_before: dt.datetime | None = None
    words: str = ""


_R, _Whom, _Asker = OpinionRequest, aliased(Person), aliased(Person)


def _last(column: Any) -> Any:
    """Of the newest answer."""
    query = select(column).where(Opinion.request_id == _R.id).order_by(Opinion.ordinal.desc()).limit(1)
    return query.correlate(_R).scalar_subquery()


_VERDICT, _SAID_AT, _SAID_OF = _last(Opinion.verdict), _last(Opinion.at), _last(Opinion.file_sha256)
_SAID_WITH = _last(Opinion.attached_digest)
_PRESENT = (
    select(FileVersion.sha256)
    .where(FileVersion.document_id == _R.document_id, FileVersion.kind == "draft")
    .order_by(FileVersion.ordinal.desc())
    .limit(1)
    .correlate(_R)
    .scalar_subquery()
)
_IN_TIME = Outgoing.state.in_([str(state) for state in BEFORE_SIGNING])
_TAKEN_BACK = _R.withdrawn_at.is_not(None)
_INITIALS_MISSING = and_(
    _R.kind == str(Kind.INITIALS),
    or_(
        _SAID_OF.is_distinct_from(_PRESENT),
        _SAID_WITH.is_distinct_from(Outgoing.attached_now),
        _VERDICT.not_in([str(verdict) for verdict in rules.INITIALLED]),
    ),
)  # fmt: skip
_OPEN = and_(_R.withdrawn_at.is_(None), or_(_SAID_OF.is_(None), _INITIALS_MISSING))
"""Not answered, or initials that are not there for the present text."""

_STANDS: dict[Stand, ColumnElement[bool]] = {
    Stand.WAITING: and_(_OPEN, _IN_TIME),
    Stand.LAPSED: and_(_OPEN, ~_IN_TIME),
    Stand.ANSWERED: and_(_R.withdrawn_at.is_(None), _SAID_OF.is_not(None), ~_INITIALS_MISSING),
    Stand.WITHDRAWN: _TAKEN_BACK,
}

SORTS: dict[str, tuple[tuple[Any, ...], bool]] = {
    "newest": ((_R.id,), True),
    "oldest": ((_R.id,), False),
    "due": ((_R.due_on, _R.id), False),
}
"""Columns and whether they fall. By day stand only those that have one."""


def page(
    scope: Scope, session: Session, *, me: Me, wanted: Filter, sort: str = "newest",
    after: tuple[Any, ...] | None = None, limit: int = PAGE,
) -> Sequence[Row[*tuple[Any, ...]]]:  # fmt: skip
    """One page by keyset: up to `limit` + 1 rows, so that the caller knows whether there is a next one."""
    order, falling = SORTS[sort]
    query = _rows(scope).where(*_conditions(scope, me, wanted))
    if sort == "due":
        query = query.where(_R.due_on.is_not(None))
    if after is not None:
        here = tuple_(*order)
        last = tuple_(*(literal(value, column.type) for value, column in zip(after, order, strict=True)))
        query = query.where(here < last if falling else here > last)
    query = query.order_by(*(one.desc() if falling else one for one in order))
    return session.execute(query.limit(limit + 1)).all()


def count(scope: Scope, session: Session, *, me: Me, wanted: Filter, cap: int) -> int:
    """How many a list would hold; counting stops one above `cap`."""
    some = (
        select(_R.id)
        .join(Outgoing, Outgoing.id == _R.document_id)
        .where(*_conditions(scope, me, wanted))
        .limit(cap + 1)
        .subquery()
    )
    return session.scalars(select(func.count()).select_from(some)).one()


def _shown(scope: Scope) -> ColumnElement[bool]:
    """Whether the reader may know what it is about: as on the request's own page, who is asked reads the text until
    the signature, then what they answered on, and nothing of what was taken back."""
    asked = and_(_R.withdrawn_at.is_(None), or_(_IN_TIME, _SAID_OF.is_not(None)))
    return or_(within(scope), asked)


def _rows(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(
            _R.id, _R.document_id, _R.kind, _R.question, _R.due_on, _R.asked_at, _R.withdrawn_at,
            Unit.name.label("unit"), _Whom.full_name.label("person"), _Asker.full_name.label("asker"),
            _VERDICT.label("verdict"), _SAID_AT.label("said_at"), _SAID_OF.label("said_of"),
            _SAID_WITH.label("said_with"), _PRESENT.label("present"), Outgoing.attached_now,
            Outgoing.state.label("document_state"), Outgoing.type_code, Outgoing.subject,
            _shown(scope).label("shown"), within(scope).label("reads"),
        )
        .join(Outgoing, Outgoing.id == _R.document_id)
        .join(_Asker, _Asker.id == _R.asked_by_id)
        .outerjoin(Unit, Unit.id == _R.unit_id)
        .outerjoin(_Whom, _Whom.id == _R.person_id)
    )  # fmt: skip


def _conditions(scope: Scope, me: Me, wanted: Filter) -> list[ColumnElement[bool]]:
    made = [reach(scope), _side(me, wanted.side)]
    if wanted.stand is not None:
        made.append(_STANDS[wanted.stand])
    if wanted.kind:
        made.append(_R.kind == wanted.kind)
    if wanted.late_on is not None:
        made += [_STANDS[Stand.WAITING], _R.due_on < wanted.late_on]
    if wanted.asked_from is not None:
        made.append(_R.asked_at >= wanted.asked_from)
    if wanted.asked_before is not None:
        made.append(_R.asked_at < wanted.asked_before)
    if wanted.words:
        made.append(_shown(scope))
        made += [Outgoing.subject_folded.like(escaped(word), escape="/") for word in wanted.words.split()]
    return made


def _side(me: Me, side: Side) -> ColumnElement[bool]:
    if side is Side.BY_ME:
        return _R.asked_by_id == me.person_id
    if side is Side.UNIT:
        return _R.unit_id == me.unit_id
    own = _R.person_id == me.person_id
    return or_(own, _R.unit_id == me.unit_id) if me.heads else own


def present_of(row: Any) -> str | None:
    """The text that a row's request is about, as it is now."""
    return text_key(row.present, row.attached_now) if row.present else None


def stand_of(row: Any) -> tuple[Stand, rules.State]:
    """Where a row's request is: in the list's words, and in those of the table of states."""
    said = text_key(row.said_of, row.said_with) if row.verdict else ""
    last = rules.Answer(verdict=rules.Verdict(row.verdict), text=said) if row.verdict else None
    state = rules.state_of(
        Kind(row.kind), withdrawn=row.withdrawn_at is not None, last=last, present=present_of(row)
    )
    if state is rules.State.WITHDRAWN:
        return Stand.WITHDRAWN, state
    if state is rules.State.ANSWERED:
        return Stand.ANSWERED, state
    waits = row.document_state in {str(one) for one in BEFORE_SIGNING}
    return Stand.WAITING if waits else Stand.LAPSED, state
