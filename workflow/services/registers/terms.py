"""What an administrator writes down of an agency's organs, registers and most used kinds of documents."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.errors import BadInput, Refused
from workflow.domain.numbering import Form, compose
from workflow.domain.people import SIGNING_ROLES, Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import office
from workflow.store import registers as store
from workflow.store.models import Organ, Register, Setting
from workflow.store.session import UnitOfWork

FIRST = 10
"""Kinds that stand first where a draft is begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganFacts:
    """What is said of an organ. `head_post_id`, `certificate_id`: none where the agency's own count."""

    code: str
    name: str
    abbreviation: str
    head_post_id: int | None = None
    certificate_id: int | None = None
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """What is said of a register of outgoing documents. No type: all that no other of its organ's takes."""

    code: str
    name: str
    organ_id: int | None = None
    type_codes: tuple[str, ...] = ()
    secret: bool = False
    active: bool = True


def save_organ(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, organ_id: int | None, facts: OrganFacts, reason: str,
    now: dt.datetime,
) -> Organ:  # fmt: skip
    """Add an organ to the actor's agency, or change one.

    Raises `BadInput`: `reason_needed`, `organ_facts_needed`, `organ_code_taken`, `organ_head_unfit`,
    `organ_seal_unfit`, and what `compose` raises for an abbreviation that no symbol can bear; `Refused`:
    `organ_in_use` for one that still has registers in use or documents under way.
    """
    words, agency_id = _begin(uow, actor, reason)
    row = store.organ(scope, uow.session, organ_id) if organ_id is not None else Organ(agency_id=agency_id)
    if row.agency_id != agency_id:
        raise Refused("register_of_another")
    code, name = clean(facts.code), clean(facts.name)
    abbreviation = clean(facts.abbreviation)
    if not (code and name and abbreviation):
        raise BadInput("organ_facts_needed")
    compose(1, Form.TYPED, agency=abbreviation, abbreviation="QĐ")
    others = [one for one in store.organs(uow.session, agency_id) if one.id != row.id]
    if code in {one.code for one in others}:
        raise BadInput("organ_code_taken", taken=code)
    _check_head(uow, facts, agency_id, now=now)
    _check_seal(uow, facts, agency_id, others)
    if organ_id is not None and row.active and not facts.active and store.organ_in_use(uow.session, row):
        raise Refused("organ_in_use", organ=row.name)
    before = _told(row) if organ_id is not None else None
    row.code, row.name, row.abbreviation, row.active = code, name, abbreviation, facts.active
    row.head_post_id, row.certificate_id = facts.head_post_id, facts.certificate_id
    uow.add(row)
    uow.flush()
    _record(uow, actor, f"organ:{row.id}", "organ:terms:changed", before, _told(row), words, now=now)
    return row


def _check_head(uow: UnitOfWork, facts: OrganFacts, agency_id: int, *, now: dt.datetime) -> None:
    if facts.head_post_id is None:
        return
    post = office.held_post(uow.session, facts.head_post_id, on=journal.local_day(now))
    if post.agency_id != agency_id or Role(post.role) not in SIGNING_ROLES:
        raise BadInput("organ_head_unfit")


def _check_seal(uow: UnitOfWork, facts: OrganFacts, agency_id: int, others: list[Organ]) -> None:
    """A confirmed certificate of the agency that seals for nobody else."""
    if facts.certificate_id is None:
        return
    known = {row.id for row in store.seals(uow.session, agency_id)}
    if facts.certificate_id not in known or facts.certificate_id in {one.certificate_id for one in others}:
        raise BadInput("organ_seal_unfit")


def save_register(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, register_id: int | None, facts: RegisterFacts, reason: str,
    now: dt.datetime,
) -> Register:  # fmt: skip
    """Open a register of outgoing documents, or change one. Whose it is stays once numbers were drawn in it.

    Raises `BadInput`: `reason_needed`, `register_facts_needed`, `register_code_taken`,
    `type_not_found`, `type_claimed`; `Refused("register_in_use")`.
    """
    words, agency_id = _begin(uow, actor, reason)
    row = store.register(scope, uow.session, register_id) if register_id is not None else Register(
        agency_id=agency_id, direction="out"
    )  # fmt: skip
    if row.agency_id != agency_id or row.direction != "out":
        raise Refused("register_of_another")
    code, name = clean(facts.code), clean(facts.name)
    if not (code and name):
        raise BadInput("register_facts_needed")
    if facts.organ_id is not None and store.organ(scope, uow.session, facts.organ_id).agency_id != agency_id:
        raise BadInput("organ_of_another_agency")
    before = _register_told(row) if register_id is not None else None
    moved = register_id is not None and (row.organ_id, row.secret) != (facts.organ_id, facts.secret)
    if moved and store.has_numbers(uow.session, row.id):
        raise Refused("register_in_use", register=row.name)
    _check_claims(uow, facts, code, agency_id, own=register_id)
    row.code, row.name, row.organ_id, row.active = code, name, facts.organ_id, facts.active
    row.type_codes, row.secret = list(facts.type_codes), facts.secret
    uow.add(row)
    uow.flush()
    told = _register_told(row)
    _record(uow, actor, f"register:{row.id}", "register:terms:changed", before, told, words, now=now)
    return row


def _check_claims(uow: UnitOfWork, facts: RegisterFacts, code: str, agency_id: int, *, own: int | None) -> None:
    """A kind of document has one register in an organ, or its number would be a matter of luck."""
    for type_code in facts.type_codes:
        office.document_type(uow.session, type_code)
    for other in store.every_register(uow.session, agency_id):
        if other.id == own:
            continue
        if other.code == code:
            raise BadInput("register_code_taken", taken=code)
        same = (other.direction, other.organ_id, other.secret) == ("out", facts.organ_id, facts.secret)
        twice = set(other.type_codes) & set(facts.type_codes) or (not other.type_codes and not facts.type_codes)
        if same and other.active and facts.active and twice:
            raise BadInput("type_claimed", register=other.name)


def choose_types(uow: UnitOfWork, actor: Actor, *, codes: tuple[str, ...], reason: str, now: dt.datetime) -> None:
    """The agency's own ten, in their order; none: those it uses most stand first again."""
    words, agency_id = _begin(uow, actor, reason)
    if len(codes) > FIRST:
        raise BadInput("types_many", limit=FIRST)
    for code in codes:
        office.document_type(uow.session, code)
    name = first_setting(agency_id)
    row = uow.session.get(Setting, name)
    before = list(row.value["codes"]) if row is not None else []
    if row is None:
        uow.add(Setting(name=name, value={"codes": list(codes)}))
    else:
        row.value = {"codes": list(codes)}
    uow.flush()
    _record(uow, actor, f"unit:{agency_id}", "unit:types:chosen", before, list(codes), words, now=now)


def first_setting(agency_id: int) -> str:
    """Name of the setting that holds an agency's own choice."""
    return f"types_first:{agency_id}"


def first_types(uow: UnitOfWork, agency_id: int, *, usual: tuple[str, ...], now: dt.datetime) -> tuple[str, ...]:
    """The kinds that stand first: as chosen, else those most used in a year, filled up with the usual ones."""
    chosen = office.setting(uow.session, first_setting(agency_id))
    if chosen is not None and chosen["codes"]:
        return tuple(chosen["codes"])
    used = store.most_used_types(
        uow.session,
        agency_id,
        since=now - dt.timedelta(days=365),
        limit=FIRST,
        reason="counts kinds, shows no paper",
    )
    return tuple(dict.fromkeys((*used, *usual)))[:FIRST]


def _begin(uow: UnitOfWork, actor: Actor, reason: str) -> tuple[str, int]:
    demand(actor, Permission.MANAGE_SETTINGS)
    words = clean(reason, multiline=True)[:500]
    if not words:
        raise BadInput("reason_needed")
    uow.begin_write()
    office.lock_agency(uow.session, actor.agency_id or 0)
    return words, actor.agency_id or 0


def _told(row: Organ) -> dict[str, object]:
    return {"code": row.code, "name": row.name, "abbreviation": row.abbreviation, "head": row.head_post_id,
            "certificate": row.certificate_id, "active": row.active}  # fmt: skip


def _register_told(row: Register) -> dict[str, object]:
    return {"code": row.code, "name": row.name, "organ": row.organ_id, "types": list(row.type_codes or ()),
            "secret": bool(row.secret), "active": bool(row.active)}  # fmt: skip


def _record(
    uow: UnitOfWork, actor: Actor, subject: str, tag: str, before: object, after: object, words: str, *,
    now: dt.datetime,
) -> None:  # fmt: skip
    facts: dict[str, object] = {"before": before, "after": after, "reason": words}
    journal.record(uow, subject=subject, tag=tag, facts=facts, actor=actor, now=now)
