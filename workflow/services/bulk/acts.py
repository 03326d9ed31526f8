"""Act → the service that does it to one document, with what the run's order says. No rule stands here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.adapters.blobs import Blobs
from workflow.domain.bulk import Act
from workflow.domain.errors import BadInput
from workflow.domain.incoming import Part
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.services.documents import acts, files, numbers
from workflow.services.documents.moves import begin
from workflow.services.incoming import routing, working
from workflow.store import documents as store
from workflow.store.session import UnitOfWork

NEEDS = {
    Act.APPROVE: Permission.ACT_ON_DOCUMENT,
    Act.CONFIRM_FORMAT: Permission.ACT_ON_DOCUMENT,
    Act.NUMBER: Permission.ACT_ON_DOCUMENT,
    Act.NUMBER_AND_SEAL: Permission.SEAL,
    Act.ISSUE: Permission.ACT_ON_DOCUMENT,
    Act.SUBMIT: Permission.ACT_ON_INCOMING,
    Act.CLOSE: Permission.ACT_ON_INCOMING,
    Act.DIRECT: Permission.ACT_ON_INCOMING,
    Act.ASSIGN: Permission.ACT_ON_INCOMING,
    Act.SPREAD: Permission.ACT_ON_DOCUMENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What acts that make files need; `base_url` stands in the footer of what the clerk confirmed."""

    blobs: Blobs
    base_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """The document whose turn it is, as it stood in the list, and what was ordered."""

    id: int
    version: int
    wanted: Mapping[str, Any]
    tools: Tools


Do = Callable[[UnitOfWork, Actor, Scope, One, dt.datetime], object]


def _approve(uow: UnitOfWork, actor: Actor, scope: Scope, one: One, now: dt.datetime) -> object:
    return acts.act(
        uow, actor, scope, document_id=one.id, action=Action.APPROVE, version=one.version, now=now,
        remark=one.wanted.get("words", ""),
    )  # fmt: skip


def _confirm(uow: UnitOfWork, actor: Actor, scope: Scope, one: One, now: dt.datetime) -> object:
    return files.confirm_format(
        uow, actor, scope, document_id=one.id, version=one.version, blobs=one.tools.blobs,
        base_url=one.tools.base_url, now=now,
    )  # fmt: skip


def _number(uow: UnitOfWork, actor: Actor, scope: Scope, one: One, now: dt.datetime) -> object:
    return numbers.number(uow, actor, scope, document_id=one.id, version=one.version, now=now)


def _number_to_seal(uow: UnitOfWork, actor: Actor, scope: Scope, one: One, now: dt.datetime) -> object:
    """What has its number already goes on to the seal with it."""
    seen = store.find(scope, uow.session, one.id)
    if seen.state != State.NUMBERED:
        return _number(uow, actor, scope, one, now)
    return begin(
        uow, actor, scope, document_id=one.id, version=one.version, permission=Permission.ACT_ON_DOCUMENT
    )  # fmt: skip


def _issue(uow: UnitOfWork, actor: Actor, scope: Scope, one: One, now: dt.datetime) -> object:
    return acts.issue(
        uow, actor, scope, document_id=one.id, version=one.version, blobs=one.tools.blobs, now=now
    )  # fmt: skip


def _submit(uow: UnitOfWork, actor: Actor, scope: Scope, one: One, now: dt.datetime) -> object:
    to = one.wanted["to"]
    return routing.submit(
        uow, actor, scope, incoming_id=one.id, version=one.version, now=now,
        leader_post_id=None if to == OFFICE else int(to), remark=one.wanted.get("words", ""),
    )  # fmt: skip


def _close(uow: UnitOfWork, actor: Actor, scope: Scope, one: One, now: dt.datetime) -> object:
    return working.close(
        uow, actor, scope, incoming_id=one.id, version=one.version, words=one.wanted.get("words", ""), now=now
    )


def _direct(uow: UnitOfWork, actor: Actor, scope: Scope, one: One, now: dt.datetime) -> object:
    lead = routing.To(part=Part.LEAD, unit_id=int(one.wanted["unit"]))
    given = routing.Direction(to=(lead,), words=one.wanted.get("words", ""))
    return routing.direct(
        uow, actor, scope, incoming_id=one.id, version=one.version, direction=given, now=now
    )  # fmt: skip


def _assign(uow: UnitOfWork, actor: Actor, scope: Scope, one: One, now: dt.datetime) -> object:
    return routing.assign(
        uow, actor, scope, incoming_id=one.id, version=one.version, handler_post_id=int(one.wanted["handler"]),
        now=now, remark=one.wanted.get("words", ""),
    )  # fmt: skip


DO: dict[Act, Do] = {
    Act.APPROVE: _approve,
    Act.CONFIRM_FORMAT: _confirm,
    Act.NUMBER: _number,
    Act.NUMBER_AND_SEAL: _number_to_seal,
    Act.ISSUE: _issue,
    Act.SUBMIT: _submit,
    Act.CLOSE: _close,
    Act.DIRECT: _direct,
    Act.ASSIGN: _assign,
}

OFFICE = "office"
"""Submitted to the chief of office, whoever that is on the day."""

NAMED = {Act.SUBMIT: "to", Act.DIRECT: "unit", Act.ASSIGN: "handler"}
"""What an order has to name, a key of a row or `OFFICE`; whether it may be named is the single act's question."""


def check_wanted(act: Act, wanted: Mapping[str, Any]) -> None:
    """Raise `BadInput("bulk_recipient")` where the order does not say to whom."""
    name = NAMED.get(act)
    to_office = act is Act.SUBMIT and wanted.get("to") == OFFICE
    if name is not None and not to_office and not isinstance(wanted.get(name), int):
        raise BadInput("bulk_recipient")
