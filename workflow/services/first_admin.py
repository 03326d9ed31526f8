"""The way in where nobody is in yet, or nobody any more: an administrator made from the shell of the server.

Whoever holds that shell holds the database too; so this asks for no permission, and the journal says that it
was the machine and not a person.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.errors import BadInput, Missing
from workflow.domain.people import SYSTEM_ACTOR, Role, UnitKind
from workflow.services.accounts import Link, make_link
from workflow.services.installation import open_registers
from workflow.services.journal import local_day, record
from workflow.store import accounts as account_store
from workflow.store import units
from workflow.store.models import Account, Person, PostRow, Unit
from workflow.store.session import UnitOfWork

TITLE = "Quản trị hệ thống"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAgency:
    """The agency on top of the tree; the others are founded by its administrator, in the browser."""

    code: str
    name: str = ""
    abbreviation: str = ""


def create_admin(uow: UnitOfWork, *, full_name: str, username: str, agency: FirstAgency, now: dt.datetime) -> Link:
    """A person with an administrator's post and an account; the link to choose the password works once.

    The agency is founded where its code is not known yet, which needs its name.
    """
    uow.begin_write()
    if account_store.account_named(uow.session, username) is not None:
        raise BadInput("username_taken", username=username)
    unit = _agency(uow, agency, now)
    person = Person(full_name=full_name)
    uow.add(person)
    uow.flush()
    account = Account(person_id=person.id, username=username, created_at=now)
    post = PostRow(
        person_id=person.id,
        unit_id=unit.id,
        agency_id=unit.id,
        role=str(Role.ADMIN),
        title=TITLE,
        valid_from=local_day(now),
    )
    uow.add(account, post)
    uow.flush()
    facts: dict[str, object] = {"full_name": full_name, "post": post.id, "unit": unit.id, "role": str(Role.ADMIN)}
    record(uow, subject=f"person:{person.id}", tag="person:admin:created", facts=facts, actor=SYSTEM_ACTOR, now=now)
    return make_link(uow, SYSTEM_ACTOR, account, tag="account:link:invited", reason="create-admin", now=now)


def _agency(uow: UnitOfWork, agency: FirstAgency, now: dt.datetime) -> Unit:
    known = units.by_code(uow.session, agency.code)
    if known is not None:
        if known.kind != UnitKind.AGENCY or known.valid_to is not None:
            raise BadInput("not_a_living_agency", unit_code=agency.code)
        return known
    if not agency.name:
        raise Missing("agency_name", unit_code=agency.code)
    unit = Unit(
        code=agency.code,
        name=agency.name,
        abbreviation=agency.abbreviation or agency.code,
        kind=str(UnitKind.AGENCY),
        valid_from=local_day(now),
        decree="trinhky create-admin",
    )
    uow.add(unit)
    uow.flush()
    unit.agency_id = unit.id
    open_registers(uow, unit)
    facts: dict[str, object] = {"code": unit.code, "name": unit.name}
    record(uow, subject=f"unit:{unit.id}", tag="unit:record:founded", facts=facts, actor=SYSTEM_ACTOR, now=now)
    return unit
