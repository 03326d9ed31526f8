"""Whom a demo paper names under *Nơi nhận*: agencies, offices outside; where it goes to neither, a part of its own
agency, whose head has opened what came before the last days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import update

from workflow.demo.subjects import Topic
from workflow.domain.people import Actor, Role
from workflow.services.journal import local_day
from workflow.store import unit_copies
from workflow.store.models import Outbox
from workflow.store.session import Engine, unit_of_work

FRESH = dt.timedelta(days=3)
"""What was issued so short a time ago, a weekend perhaps between, its unit has not opened yet."""
WITHIN = dt.timedelta(minutes=50)


def lines(topic: Topic, others: Sequence[str], *, part: str) -> tuple[str, ...]:
    """The words of a draft: the reference that its type calls for, offices outside, the file copy. What was chosen
    is named between them by the service."""
    reference = {
        "letter": ("Như trên",), "submission": ("Như trên",), "decision": (f"Như Điều {len(topic.body)}",)
    }.get(topic.type_code, ())  # fmt: skip
    return (*reference, *others, f"Lưu: VT, {part}")


def part_for(
    actors: Mapping[str, Actor], ended: Mapping[str, dt.date], *, drafter: str, nth: int
) -> tuple[int, ...]:
    """A part with a head that is not the drafter's own: each in its turn."""
    heads = _heads(actors, ended)
    own = actors[drafter].unit_id
    units = [unit for unit in sorted(heads) if unit != own] or sorted(heads)
    return (units[nth % len(units)],) if units else ()


def looked_at(
    engine: Engine, actors: Mapping[str, Actor], ended: Mapping[str, dt.date], *, document_id: int,
    now: dt.datetime, today: dt.date,
) -> None:  # fmt: skip
    """The heads of the units that a paper was given to have opened it within the hour, and the notice of it; who
    else was told there has read theirs."""
    if local_day(now) >= today - FRESH:
        return
    heads = _heads(actors, ended)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for copy in unit_copies.given(uow.session, document_id, reason="the demo's heads open what they get"):
            head = heads.get(copy.unit_id)
            if head is None or head.person_id is None:
                continue
            unit_copies.record_first_look(uow.session, copy.id, person_id=head.person_id, now=now + WITHIN)
            told = update(Outbox).where(Outbox.once_key.startswith(f"unit_copy:{copy.id}:", autoescape=True))
            uow.session.execute(told.values(read_at=now + WITHIN))
        uow.commit()


def _heads(actors: Mapping[str, Actor], ended: Mapping[str, dt.date]) -> dict[int, Actor]:
    """Unit → who heads it today."""
    return {
        one.unit_id: one for key, one in actors.items()
        if one.role is Role.UNIT_HEAD and one.unit_id is not None and key not in ended
    }  # fmt: skip
