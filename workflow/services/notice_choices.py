"""Who gets what by which way: one's own choice, who reads a unit's reports, and a message to try a way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from workflow.domain.channels import PUSHED_IF_CHOSEN, Sort, Way, mobile
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import mask_number
from workflow.services.journal import local_day, record
from workflow.store import channels as store
from workflow.store import outbox, people, push_devices
from workflow.store.models import Person
from workflow.store.session import UnitOfWork


def keep(
    uow: UnitOfWork, actor: Actor, *, muted_digest: bool, phone: str, by_sms: bool, pushed: frozenset[Sort],
    now: dt.datetime,
) -> bool:  # fmt: skip
    """Write one's own choice; whether anything changed. The journal holds no whole telephone number."""
    number = mobile(phone)
    if phone and not number:
        raise BadInput("phone_unreadable")
    if by_sms and not number:
        raise BadInput("phone_needed")
    if actor.person_id is None:
        raise NotFound("person_not_found")
    uow.begin_write()
    changed = store.keep_choice(
        uow.session, actor.person_id, muted_digest=muted_digest, phone=number, by_sms=by_sms,
        pushed=" ".join(one for one in PUSHED_IF_CHOSEN if one in pushed), now=now,
    )  # fmt: skip
    if changed:
        facts: dict[str, object] = {**changed}
        if "phone" in changed:
            facts["phone"] = [mask_number(str(one)) for one in changed["phone"]]
        record(
            uow,
            subject=f"person:{actor.person_id}",
            tag="person:notices:changed",
            facts=facts,
            actor=actor,
            now=now,
        )
    return bool(changed)


def set_readers(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, unit_id: int, person_ids: Collection[int], now: dt.datetime
) -> None:
    """Name who gets a unit's reports beside its head and its address: people who may see reports there."""
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    unit = people.unit(scope, uow.session, unit_id)
    store.lock_readers(uow.session, unit_id)
    known = {row.person_id for row in store.may_read_reports(uow.session, unit, today=local_day(now))}
    before = store.readers_of(uow.session, unit_id)
    wanted = set(person_ids)
    if wanted - known - before:
        raise BadInput("report_reader_unknown")
    if wanted == before:
        return
    store.set_readers(uow.session, unit_id, wanted)
    facts: dict[str, object] = {"added": sorted(wanted - before), "removed": sorted(before - wanted)}
    record(uow, subject=f"unit:{unit_id}", tag="unit:report_readers:changed", facts=facts, actor=actor, now=now)


def try_way(
    uow: UnitOfWork, actor: Actor, *, way: Way, hook: str, subject: str, body: str, now: dt.datetime
) -> None:
    """Queue a message to oneself, or to a hook, by one way alone. Ways serve every agency at once, as jobs do. It
    takes the place of the last one; while that still waits, it is the one.
    """
    demand(actor, Permission.RUN_JOBS)
    person = uow.session.get_one(Person, actor.person_id)
    choice = store.choice_of(uow.session, person.id)
    phone = choice.phone if choice and choice.proven_at is not None else ""
    own = push_devices.of_person(uow.session, person.id) if way is Way.PUSH else ()
    newest = push_devices.address_of(own[0].id) if own else ""
    address = {Way.MAIL: person.email, Way.SMS: phone, Way.WEBHOOK: hook, Way.PUSH: newest}.get(way, "")
    if not address:
        raise BadInput(_NEEDED[way])
    uow.begin_write()
    once_key = try_key(person.id, way, hook)
    outbox.forget_tried(uow.session, once_key)
    outbox.add_once(
        uow.session, once_key=once_key, sort=str(Sort.NOTICE), spread_at=now, channel=str(way), address=address,
        subject=subject, body=body, link="", created_at=now, next_at=now, state="waiting",
    )  # fmt: skip
    record(
        uow, subject=f"person:{person.id}", tag="channel:test:queued",
        facts={"way": str(way), "hook": hook}, actor=actor, now=now,
    )  # fmt: skip


_NEEDED = {
    Way.MAIL: "own_mail_needed", Way.SMS: "own_phone_needed", Way.PUSH: "own_device_needed",
    Way.WEBHOOK: "own_mail_needed",
}  # fmt: skip


def try_key(person_id: int, way: Way, hook: str) -> str:
    """The key of somebody's last test message by a way."""
    return f"try:{way}:{hook}:{person_id}"
