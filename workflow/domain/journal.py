"""The journal: what happened, in entries that nobody can change unseen.

Each subject (a document, a unit, an account) has a chain of its own, so that writers of different documents
never wait for each other. An entry's hash covers the hash before it; the last one is the head. All heads
together go under a Merkle root (`workflow.domain.merkle`), and that root is kept outside: whoever edits rows
is found by the chain, whoever recomputes chains by the root.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from workflow.domain.errors import BadInput

GENESIS = "0" * 64
"""What the first entry of a chain names as the hash before it."""

VERSION = 1
"""Of the canonical form; part of it, so that a new form never looks like an old one."""

_TAG = re.compile(r"[a-z][a-z0-9_]*(:[a-z][a-z0-9_]*){2}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    `subject`: whose chain it is (`outgoing:17`). `sequence`: 1, 2, 3… in that chain. `tag`: three words,
    `document:signature:verified`. `actor`: who did it (`person:4`, `job:unsigned`). `facts`: JSON values;
    no floats, because databases print them differently.
    """

    subject: str
    sequence: int
    tag: str
    actor: str
    at: dt.datetime
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _TAG.fullmatch(self.tag):
            raise BadInput("journal_tag", tag=self.tag)
        if self.at.tzinfo is None:
            raise BadInput("moment_without_zone", moment=self.at)
        if self.sequence < 1:
            raise BadInput("journal_sequence", sequence=self.sequence)


def canonical(entry: Entry) -> bytes:
    """The bytes that are hashed: UTF-8 JSON, keys sorted, no blanks, NFC text, UTC with microseconds."""
    return canonical_json(
        {
            "v": VERSION,
            "subject": entry.subject,
            "sequence": entry.sequence,
            "tag": entry.tag,
            "actor": entry.actor,
            "at": utc_text(entry.at),
            "facts": entry.facts,
        }
    )


def canonical_json(value: object) -> bytes:
    """One byte form for equal JSON values; refuses what would not survive a database unchanged."""
    plain = _plain(value)
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def utc_text(moment: dt.datetime) -> str:
    """`2026-11-22T09:59:49.000000Z`."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_hash(previous: str, entry: Entry) -> str:
    """SHA-256 over the hash before (32 bytes) and the canonical entry, as 64 lower-case hex digits."""
    return hashlib.sha256(bytes.fromhex(previous) + canonical(entry)).hexdigest()


class Flaw(StrEnum):
    """What is wrong with the first bad entry of a chain."""

    FOREIGN = "foreign"
    """It belongs to another subject."""
    GAP = "gap"
    """An entry before it is missing or doubled."""
    CHANGED = "changed"
    """It, or the hash stored with it, is not what was written."""
    CUT = "cut"
    """The chain ends before the head that is on record."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first bad entry: its place in the chain (1, 2, 3…) and the flaw."""

    sequence: int
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class ChainReport:
    """How far a chain holds. `head` and `length` are those of its good beginning.

    `backdated`: entries dated before the one they follow. Two acts that raced may look so by a moment; more
    than that is a question to ask, not a broken chain.
    """

    length: int
    head: str
    broken: Break | None
    backdated: tuple[int, ...] = ()

    @property
    def holds(self) -> bool:
        """Is the chain consistent in itself? Only an outside root can say more."""
        return self.broken is None


def verify_chain(
    entries: Iterable[tuple[Entry, str]], *, expected_head: str | None = None, expected_length: int | None = None
) -> ChainReport:
    """Recompute a chain from (entry, stored hash) pairs in order; names the first bad entry.

    `expected_head` and `expected_length` are those kept in the subject's row: without them a chain cut at
    its end looks whole.
    """
    head, length = GENESIS, 0
    backdated: list[int] = []
    before: Entry | None = None
    broken: Break | None = None
    for entry, stored in entries:
        flaw = _flaw(entry, stored, previous=head, before=before)
        if flaw is not None:
            broken = Break(length + 1, flaw)
            break
        if before is not None and entry.at < before.at:
            backdated.append(entry.sequence)
        head, length, before = stored, length + 1, entry
    cut = (length if expected_length is None else expected_length) != length or (expected_head or head) != head
    if broken is None and cut:
        broken = Break(length + 1, Flaw.CUT)
    return ChainReport(length, head, broken, tuple(backdated))


def _flaw(entry: Entry, stored: str, *, previous: str, before: Entry | None) -> Flaw | None:
    if before is not None and entry.subject != before.subject:
        return Flaw.FOREIGN
    if entry.sequence != (before.sequence if before else 0) + 1:
        return Flaw.GAP
    return None if entry_hash(previous, entry) == stored else Flaw.CHANGED


def _plain(value: object) -> object:
    match value:
        case None | bool():
            return value
        case str():
            return unicodedata.normalize("NFC", str(value))
        case int():
            return int(value)
        case Mapping():
            return {_key(key): _plain(item) for key, item in value.items()}
        case Sequence() if not isinstance(value, bytes | bytearray):
            return [_plain(item) for item in value]
        case _:
            raise BadInput("journal_value", kind=type(value).__name__)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise BadInput("journal_value", kind=f"key {type(key).__name__}")
    return unicodedata.normalize("NFC", key)
