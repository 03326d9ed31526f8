"""Which templates an office has: those that come with the program, and its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.errors import BadInput, NotFound, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.domain.template_seed import BUILT_IN, BY_KEY
from workflow.domain.templates import NAME_LENGTH, checked
from workflow.domain.text import clean, fold
from workflow.services import journal
from workflow.store import drafting as store
from workflow.store import office
from workflow.store.models import DraftTemplate
from workflow.store.session import UnitOfWork

_BUILT, _OWN = "built", "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template wherever it comes from. `key`: as drafts remember it (`built:reply`, `own:12`)."""

    key: str
    type_code: str
    name: str
    basis: str
    body: str
    answers: bool = False
    in_use: bool = True


def offered(uow: UnitOfWork, agency_id: int) -> tuple[Template, ...]:
    """What a drafter of an agency may choose from: its own first, then those that come with the program."""
    own = [_own(row) for row in store.templates(uow.session, agency_id)]
    return (*own, *built_in())


def built_in() -> tuple[Template, ...]:
    """Those that come with the program."""
    return tuple(
        Template(key=f"{_BUILT}:{one.key}", type_code=one.type_code, name=one.name, basis=one.basis, body=one.body,
                 answers=one.answers)
        for one in BUILT_IN
    )  # fmt: skip


def template_of(uow: UnitOfWork, agency_id: int, key: str, *, ended_too: bool = False) -> Template:
    """By its key, if it is offered. Raises `NotFound("template_not_found")`, `Refused("template_ended")`.

    `ended_too`: also one out of use, to read it or to copy it; nobody begins a draft from it.
    """
    kind, _colon, name = key.partition(":")
    if kind == _BUILT and name in BY_KEY:
        return next(one for one in built_in() if one.key == key)
    if kind != _OWN or not name.isascii() or not name.isdecimal() or len(name) > 15:
        raise NotFound("template_not_found")
    row = store.template(uow.session, agency_id, int(name))
    if row.ended_at is not None and not ended_too:
        raise Refused("template_ended", name=row.name)
    return _own(row)


def add(
    uow: UnitOfWork, actor: Actor, *, type_code: str, name: str, basis: str, body: str, now: dt.datetime
) -> DraftTemplate:
    """Add a template to the actor's agency; its words never change.

    Raises `BadInput`: `template_name_needed`, `template_name_taken`, and what `domain.templates.checked` raises;
    `NotFound("type_not_found")`.
    """
    demand(actor, Permission.KEEP_TEMPLATES)
    words, name = checked(basis, body), clean(name)
    if not name or len(name) > NAME_LENGTH:
        raise BadInput("template_name_needed", limit=NAME_LENGTH)
    uow.begin_write()
    agency_id = actor.agency_id or 0
    office.lock_agency(uow.session, agency_id)
    code = office.document_type(uow.session, type_code).code
    if any(fold(one.name) == fold(name) for one in store.templates(uow.session, agency_id, type_code=code)):
        raise BadInput("template_name_taken", name=name)
    row = DraftTemplate(
        agency_id=agency_id, type_code=code, name=name, basis=words.basis, body=words.body,
        added_at=now, added_by_id=actor.person_id,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    told = {"type": code, "name": name, "basis": words.basis, "body": words.body}
    journal.record(
        uow, subject=f"template:{row.id}", tag="template:office:added", facts=told, actor=actor, now=now
    )  # fmt: skip
    return row


def end(uow: UnitOfWork, actor: Actor, *, template_id: int, now: dt.datetime) -> DraftTemplate:
    """Put a template out of use; drafts that began from it stay as they are. Done twice, it is done once."""
    demand(actor, Permission.KEEP_TEMPLATES)
    uow.begin_write()
    office.lock_agency(uow.session, actor.agency_id or 0)
    row = store.template(uow.session, actor.agency_id or 0, template_id)
    if row.ended_at is None:
        row.ended_at, row.ended_by_id = now, actor.person_id
        uow.flush()
        told = {"name": row.name}
        journal.record(
            uow, subject=f"template:{row.id}", tag="template:office:ended", facts=told, actor=actor, now=now
        )  # fmt: skip
    return row


def _own(row: DraftTemplate) -> Template:
    return Template(
        key=f"{_OWN}:{row.id}", type_code=row.type_code, name=row.name, basis=row.basis, body=row.body,
        in_use=row.ended_at is None,
    )  # fmt: skip
