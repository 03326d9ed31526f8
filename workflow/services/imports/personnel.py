"""Rows of units and people, through the services by which an administrator enters them one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from workflow.domain.errors import Refused, WorkflowError
from workflow.domain.people import Actor, Role, UnitKind
from workflow.domain.permissions import Scope
from workflow.domain.text import fold
from workflow.services import people, units
from workflow.services.imports.results import refuse
from workflow.services.people import Appointment
from workflow.services.units import Founding, Letterhead
from workflow.store import accounts as account_store
from workflow.store import imports as store
from workflow.store import office
from workflow.store import people as people_store
from workflow.store.models import ImportRow, ImportRun
from workflow.store.session import UnitOfWork

BASIS_OF_FILE = "Nhập từ tệp {name}"
"""What a legal basis says where neither the row nor the form names one."""

Take = Callable[[UnitOfWork, Actor, Scope, ImportRun, dict[str, Any], dt.datetime], str]


def take_units(
    uow: UnitOfWork, actor: Actor, _scope: Scope, run: ImportRun, rows: Sequence[ImportRow], now: dt.datetime
) -> None:
    """Units, each below one that is here by now."""
    for row in rows:  # an agency of this very sheet widens what the administrator looks after
        _one(uow, actor, _tree(uow, actor), run, row, _take_unit, now)


def take_people(
    uow: UnitOfWork, actor: Actor, scope: Scope, run: ImportRun, rows: Sequence[ImportRow], now: dt.datetime
) -> None:
    """People with posts; an account is opened under the login named, and nobody is written to."""
    for row in rows:
        _one(uow, actor, scope, run, row, _take_person, now)


def _one(
    uow: UnitOfWork, actor: Actor, scope: Scope, run: ImportRun, row: ImportRow, take: Take, now: dt.datetime
) -> None:
    """One row whole or not at all."""
    try:
        with uow.session.begin_nested():
            state = take(uow, actor, scope, run, row.content, now)
            uow.flush()
    except WorkflowError as refused:
        refuse(row, refused)
    else:
        row.state = state


def _take_unit(
    uow: UnitOfWork, actor: Actor, scope: Scope, run: ImportRun, content: dict[str, Any], now: dt.datetime
) -> str:
    here = office.unit_by_code(uow.session, content["code"])
    if here is not None and here.agency_id in scope.agency_ids and fold(here.name) == fold(content["name"]):
        return "known"
    parent = office.unit_by_code(uow.session, content["parent"])
    if parent is None:
        raise Refused("import_parent_gone", text=content["parent"])
    basis = _basis(run, content)
    letterhead = Letterhead(
        name=content["name"], abbreviation=content["abbreviation"], place=content["place"],
        superior=content["superior"], head_title=content["head_title"], email=content["email"],
        is_office=content["office"],
    )  # fmt: skip
    founding = Founding(
        code=content["code"], kind=UnitKind(content["kind"]), parent_id=parent.id,
        valid_from=dt.date.fromisoformat(content["from"]), decree=basis, letterhead=letterhead,
    )  # fmt: skip
    unit_id = units.found_unit(uow, actor, scope, new=founding, now=now)
    if content["until"]:
        units.dissolve_unit(
            uow, actor, _tree(uow, actor), unit_id=unit_id, last_day=dt.date.fromisoformat(content["until"]),
            decree=basis, successor_ids=(), now=now,
        )  # fmt: skip
    return "done"


def _take_person(
    uow: UnitOfWork, actor: Actor, scope: Scope, run: ImportRun, content: dict[str, Any], now: dt.datetime
) -> str:
    post = Appointment(
        unit_id=content["unit_id"], role=Role(content["role"]), title=content["title"],
        valid_from=dt.date.fromisoformat(content["from"]), decree=_basis(run, content),
        valid_to=dt.date.fromisoformat(content["until"]) if content["until"] else None,
    )  # fmt: skip
    person_id = _person(uow, scope, content)
    if _holds(uow, scope, content, post, person_id):
        return "known"
    if person_id is None:
        person_id = people.enter_person(
            uow, actor, scope, full_name=content["name"], email=content["email"], first_post=post, now=now
        )
    else:
        people.appoint(uow, actor, scope, person_id=person_id, post=post, now=now)
    if content["login"] and account_store.account_of(uow.session, person_id) is None:
        people.invite(
            uow, actor, scope, person_id=person_id, username=content["login"], base_url="", mail=False, now=now
        )
    return "done"


def _person(uow: UnitOfWork, scope: Scope, content: dict[str, Any]) -> int | None:
    """Who it is, where they are here already: by login, else by address and name."""
    if content["login"]:
        account = account_store.account_named(uow.session, content["login"])
        return account.person_id if account else None
    return store.person_at(scope, uow.session, email=content["email"], name=content["name"])


def _holds(
    uow: UnitOfWork, scope: Scope, content: dict[str, Any], post: Appointment, person_id: int | None
) -> bool:
    held = store.holders_of(scope, uow.session, unit_id=post.unit_id, role=str(post.role), since=post.valid_from)
    return any(
        fold(title) == fold(post.title)
        and (key == person_id or (person_id is None and fold(name) == fold(content["name"])))
        for key, name, title in held
    )


def _basis(run: ImportRun, content: dict[str, Any]) -> str:
    return str(content["basis"] or run.basis or BASIS_OF_FILE.format(name=run.filename)[:200])


def _tree(uow: UnitOfWork, actor: Actor) -> Scope:
    """The administrator's agency and those below it, as they are now."""
    if actor.agency_id is None:
        return Scope()
    below = people_store.agencies_below(uow.session, actor.agency_id)
    return Scope(agency_ids=tuple(sorted({actor.agency_id, *below})))
