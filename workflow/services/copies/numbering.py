"""The number of a copy: drawn last, in a short transaction, without gaps, one series a year for all forms."""

from __future__ import annotations

import datetime as dt

from workflow.domain import copies as rules
from workflow.domain.copies import Action, Form
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.services.copies.issuer import issuer_of
from workflow.services.copies.moves import begin, move
from workflow.services.journal import local_day
from workflow.store import copies as store
from workflow.store.models import CertifiedCopy
from workflow.store.session import UnitOfWork


def number(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, copy_id: int, version: int | None, now: dt.datetime
) -> CertifiedCopy:
    """Enter it in the register of copies under the next number of this year."""
    copy = begin(uow, actor, scope, copy_id=copy_id, version=version, action=Action.NUMBER,
                 permission=Permission.MAKE_COPIES)  # fmt: skip
    issuer = issuer_of(uow, copy.agency_id).abbreviation
    year = local_day(now).year
    series = store.lock_series(uow.session, copy.agency_id, year)  # last: whoever numbers next waits from here on
    series.last_number += 1
    copy.year, copy.number = year, series.last_number
    copy.symbol = rules.compose(series.last_number, Form(copy.form), issuer=issuer)
    copy.numbered_at, copy.numbered_by_id = now, actor.person_id
    facts = {"number": copy.number, "year": year, "symbol": copy.symbol}
    move(uow, actor, copy, Action.NUMBER, facts=facts, now=now)
    return copy


def give_out(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, copy_id: int, version: int | None, now: dt.datetime
) -> CertifiedCopy:
    """The printed copy was signed by its signer and sealed, in ink, and goes to who gets it."""
    copy = begin(uow, actor, scope, copy_id=copy_id, version=version, action=Action.GIVE_OUT,
                 permission=Permission.MAKE_COPIES)  # fmt: skip
    copy.done_at, copy.done_by_id = now, actor.person_id
    move(uow, actor, copy, Action.GIVE_OUT, facts={"copies": copy.copies, "symbol": copy.symbol}, now=now)
    return copy
