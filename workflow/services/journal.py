"""Writing to the hash chain, in the same transaction as what it tells of."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from workflow.config import TIME_ZONE
from workflow.domain.journal import GENESIS, ChainReport, Entry, canonical, entry_hash, utc_text, verify_chain
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.store import documents as store
from workflow.store import leaving
from workflow.store.leaving import Beside
from workflow.store.models import Incoming, Journal, Outgoing
from workflow.store.session import UnitOfWork

OFFICE_ZONE = ZoneInfo(TIME_ZONE)


ACTORS = frozenset({"post", "role", "address"})
"""Facts that each entry tells of its actor. What an act tells of somebody else by such a name stands as `of_post`,
`of_role` …: neither hides the other."""


def local_day(moment: dt.datetime) -> dt.date:
    """The office's calendar date at a moment."""
    return moment.astimezone(OFFICE_ZONE).date()


def record(
    uow: UnitOfWork, *, subject: str, tag: str, facts: Mapping[str, object], actor: Actor, now: dt.datetime
) -> Journal:
    """Append an entry to a subject's chain (`account:5`, `certificate:3`, `unit:2`, `session:9`).

    `tag`: three words, `source:subject:action`. Needs the open write phase: two writers of one chain would both
    extend the same head, and UNIQUE(subject, ordinal) lets only one of them commit.
    """
    last = store.last_entry(uow.session, subject)
    values = _values(
        subject=subject, tag=tag, facts=facts, actor=actor, now=now,
        length=last.ordinal if last else 0, head=last.digest if last else GENESIS,
    )  # fmt: skip
    row = Journal(**values)
    uow.add(row)
    uow.flush()
    return row


def record_document(
    uow: UnitOfWork, document: Outgoing, *, tag: str, facts: Mapping[str, object], actor: Actor, now: dt.datetime,
    more: bool = False, beside: Beside | None = None,
) -> None:  # fmt: skip
    """The same for a document, whose row holds the chain's head and is locked by the transition anyway. `more`: the
    act goes on to record, and sends the row with the last of it. `beside`: what it tells of, not yet written.
    """
    subject = f"outgoing:{document.id}"
    _record_row(uow, document, subject=subject, tag=tag, facts=facts, actor=actor, now=now, beside=beside)
    if not more:
        uow.flush()  # with the head, so that the document's row is written once


def record_incoming(
    uow: UnitOfWork, document: Incoming, *, tag: str, facts: Mapping[str, object], actor: Actor, now: dt.datetime
) -> None:
    """The same for an incoming document."""
    _record_row(uow, document, subject=f"incoming:{document.id}", tag=tag, facts=facts, actor=actor, now=now)
    uow.flush()


def utc(moment: dt.datetime) -> str:
    """A moment as the journal writes it."""
    return utc_text(moment)


def _record_row(
    uow: UnitOfWork, document: Outgoing | Incoming, *, subject: str, tag: str, facts: Mapping[str, object],
    actor: Actor, now: dt.datetime, beside: Beside | None = None,
) -> None:  # fmt: skip
    values = _values(
        subject=subject, tag=tag, facts=facts, actor=actor, now=now,
        length=document.chain_length, head=document.chain_head or GENESIS,
    )  # fmt: skip
    leaving.entry(uow.session, values, beside=beside)
    document.chain_length, document.chain_head = values["ordinal"], values["digest"]


def _values(
    *, subject: str, tag: str, facts: Mapping[str, object], actor: Actor, now: dt.datetime, length: int, head: str
) -> dict[str, Any]:
    """An entry as columns."""
    named = f"person:{actor.person_id}" if actor.person_id is not None else "system"
    told = {f"of_{name}" if name in ACTORS else name: fact for name, fact in facts.items()}
    full = {**told, "post": actor.post_id, "role": str(actor.role), "address": actor.address}
    if actor.in_place_of is not None:
        full["in_place_of"] = actor.in_place_of
    if actor.inspection_id is not None:
        full["inspection"] = actor.inspection_id
    entry = Entry(subject=subject, sequence=length + 1, tag=tag, actor=named, at=now, facts=full)
    return {
        "subject": subject, "ordinal": entry.sequence, "at": now, "tag": tag, "person_id": actor.person_id,
        "post_id": actor.post_id, "address": actor.address, "body": canonical(entry).decode(),
        "previous": head, "digest": entry_hash(head, entry),
    }  # fmt: skip


def entries(
    told: Sequence[tuple[Any, str, str, Mapping[str, object]]], *, actor: Actor, now: dt.datetime
) -> list[dict[str, Any]]:
    """One entry each for many documents in one act, as columns to be written together.

    `told`: (row with `chain_length` and `chain_head`, subject, tag, facts). The rows are locked, each comes once,
    and whoever writes the entries also writes their ordinal and digest into the rows.
    """
    return [
        _values(
            subject=subject, tag=tag, facts=facts, actor=actor, now=now, length=row.chain_length,
            head=row.chain_head or GENESIS,
        )
        for row, subject, tag, facts in told
    ]  # fmt: skip


def facts_of(uow: UnitOfWork, scope: Scope, document_id: int, *, tag: str) -> list[dict[str, Any]]:
    """What the entries of one tag tell of a document in scope, oldest first."""
    return [json.loads(body)["facts"] for body in store.told_of(scope, uow.session, document_id, tag=tag)]


def verify_subject(uow: UnitOfWork, subject: str) -> ChainReport:
    """Recompute a subject's chain from what is stored: each entry's text, its columns and its hash."""
    pairs = [(_entry(row), row.digest) for row in store.entries_of(uow.session, subject)]
    return verify_chain(pairs)


def unbroken(uow: UnitOfWork, subjects: Collection[str]) -> set[str]:
    """Which of these chains hold in themselves. One query."""
    rows = store.entries_of_many(uow.session, subjects)
    chains = itertools.groupby(rows, key=lambda row: row.subject)
    return {
        subject for subject, chain in chains if verify_chain([(_entry(row), row.digest) for row in chain]).holds
    }


def _entry(row: Journal) -> Entry:
    """The entry as its text has it, under the subject, place, tag and time of its columns."""
    told = json.loads(row.body)
    return Entry(subject=row.subject, sequence=row.ordinal, tag=row.tag, actor=told["actor"], at=row.at,
                 facts=told["facts"])  # fmt: skip
