"""What a complete pass over the journal says: chains as their rows tell them, the first thing wrong of each kind.

Whoever edits rows is found by the chain. Whoever makes a chain anew is found by the anchors; whoever makes the
anchors anew too, only by a root that was kept outside. Without one nothing is ever called proven.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from workflow.domain.errors import BadInput
from workflow.domain.journal import GENESIS, Break, utc_text
from workflow.domain.journal import Flaw as InChain
from workflow.domain.merkle import Checkpoint, Leaf, merkle_root


class Flaw(StrEnum):
    """What can be wrong. The first ones need no root from outside."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_MISSING = "entry_missing"
    """Gone, doubled, or in another place of its chain."""
    CHAIN_CUT = "chain_cut"
    """Its last entries are gone: its document, or an anchor, knows more of them."""
    CHAIN_GONE = "chain_gone"
    CHAIN_REMADE = "chain_remade"
    """It holds in itself, but an anchor saw another one."""
    HEAD_DIFFERS = "head_differs"
    """The document's row names another end of its chain."""
    DOCUMENT_GONE = "document_gone"
    VERDICT_CHANGED = "verdict_changed"
    """The journal names a verdict that is not there with that content, or says another conclusion."""
    EVIDENCE_GONE = "evidence_gone"
    """A revocation list, an answer about a certificate or a root that the journal names is not there any more, or
    has other bytes: verdicts that rest on it cannot be given again."""
    LENGTH_FELL = "length_fell"
    ROOT_DIFFERS = "root_differs"
    """The leaves of an anchor do not make its root."""
    ANCHOR_CHANGED = "anchor_changed"
    ANCHOR_MISSING = "anchor_missing"
    TOKEN_WRONG = "token_wrong"  # noqa: S105  no password
    OUTSIDE_UNKNOWN = "outside_unknown"
    """The database does not know the anchor that was kept outside."""
    OUTSIDE_DIFFERS = "outside_differs"
    LEAF_DIFFERS = "leaf_differs"
    """The list kept outside has another end of a chain."""
    NODE_DIFFERS = "node_differs"
    """A kept node is not the one that the leaves make: the next root would be wrong."""
    MISSED = "missed"
    """Written so long ago that an anchor should have taken it in; it was committed late, or put in between."""


MENDED = frozenset({Flaw.NODE_DIFFERS, Flaw.MISSED})
"""What the nightly pass mends by itself; nothing that happened is told otherwise for it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `what`: a subject, an anchor's number, a file; `detail`: where in it."""

    flaw: Flaw
    what: str
    detail: str = ""

    def as_json(self) -> dict[str, str]:
        """As it is kept."""
        return {"flaw": str(self.flaw), "what": self.what, "detail": self.detail}


class Stored(Protocol):
    """A row of the journal."""

    subject: str
    ordinal: int
    at: dt.datetime
    tag: str
    person_id: int | None
    post_id: int | None
    address: str
    body: str
    previous: str
    digest: str


@dataclass(slots=True)
class Chain:
    """How far a chain holds. `digests`: of its good beginning; `rows`: all that are there. `verdicts`: digests
    that it names, each with the conclusions that it tells of them. `evidence`: SHA-256 of what it says was kept."""

    subject: str
    rows: int = 0
    digests: list[str] = field(default_factory=list)
    broken: Break | None = None
    verdicts: dict[str, set[str]] = field(default_factory=dict)
    evidence: set[str] = field(default_factory=set)

    @property
    def head(self) -> tuple[int, str]:
        """Length and hash of the good beginning."""
        return len(self.digests), self.digests[-1] if self.digests else ""


def follow(subject: str, rows: Iterable[Stored]) -> Chain:
    """Recompute one chain from its rows in order: hash, text, and the columns beside the text."""
    chain, head = Chain(subject), GENESIS
    for row in rows:
        chain.rows += 1
        if chain.broken is not None:
            continue
        told = _told(row.body)
        if row.ordinal != chain.rows:
            chain.broken = Break(chain.rows, InChain.GAP)
        elif told is None or row.previous != head or not _as_told(row, told) or _hash(head, row) != row.digest:
            chain.broken = Break(chain.rows, InChain.CHANGED)
        else:
            head = row.digest
            chain.digests.append(head)
            _note_verdict(chain, told["facts"])
            chain.evidence |= _kept(row.tag, told["facts"])
    return chain


def _told(body: str) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told if isinstance(told, dict) and isinstance(told.get("facts"), dict) else None


def _hash(head: str, row: Stored) -> str:
    return hashlib.sha256(bytes.fromhex(head) + row.body.encode()).hexdigest()


def _as_told(row: Stored, told: Mapping[str, Any]) -> bool:
    facts = told["facts"]
    actor = f"person:{row.person_id}" if row.person_id is not None else "system"
    beside = (row.subject, row.ordinal, row.tag, utc_text(row.at), actor, row.post_id, row.address)
    return beside == (
        told.get("subject"), told.get("sequence"), told.get("tag"), told.get("at"), told.get("actor"),
        facts.get("post"), facts.get("address"),
    )  # fmt: skip


def _kept(tag: str, facts: Mapping[str, Any]) -> set[str]:
    """What an entry says was kept for verdicts to rest on: lists, answers, roots. None of it is ever deleted."""
    if tag in {"evidence:crl:imported", "evidence:ocsp:imported", "trust:root:added"}:
        return {str(facts.get("sha256", ""))}
    if tag == "trust:change:confirmed" and facts.get("kind") == "add":
        return {str(facts.get("root", ""))}
    return set()


def _note_verdict(chain: Chain, facts: Mapping[str, Any]) -> None:
    digest = facts.get("verdict_digest")
    if isinstance(digest, str):
        said = [facts.get("verdict"), facts.get("after"), *(one.get("after") for one in facts.get("changes", ()))]
        chain.verdicts.setdefault(digest, set()).update(str(one) for one in said if one)


FORMAT = "trinhky-anchor-1"


@dataclass(frozen=True, slots=True)
class Outside:
    """A root that was kept outside: an anchor's digest, from a printed page or a mail; from a file also the
    checkpoint it is over, timestamps, and where it was wanted the whole list."""

    name: str
    number: int
    digest: str
    checkpoint: Checkpoint | None = None
    tokens: tuple[bytes, ...] = ()
    leaves: tuple[Leaf, ...] = ()


def write_outside(outside: Outside) -> str:
    """The file as it is kept: JSON that a person can read, print and type off."""
    point = outside.checkpoint
    if point is None:
        raise BadInput("root_file_unreadable", name=outside.name)
    told: dict[str, Any] = {
        "format": FORMAT,
        "anchor": outside.number,
        "at": utc_text(point.at),
        "root": point.root,
        "count": point.count,
        "previous": point.previous,
        "digest": point.digest(),
        "tokens": [base64.b64encode(token).decode() for token in outside.tokens],
    }
    if outside.leaves:
        told["leaves"] = [[one.subject, one.length, one.head, one.salt] for one in outside.leaves]
    return json.dumps(told, indent=1) + "\n"


def read_outside(text: str, *, name: str) -> Outside:
    """Back from a file; `BadInput("root_file_unreadable")` where it is none, or does not fit together."""
    try:
        told = json.loads(text)
        point = Checkpoint(
            str(told["root"]), int(told["count"]), str(told["previous"]), dt.datetime.fromisoformat(told["at"])
        )
        leaves = tuple(Leaf(str(a), int(b), str(c), str(d)) for a, b, c, d in told.get("leaves", ()))
        tokens = tuple(base64.b64decode(one, validate=True) for one in told.get("tokens", ()))
        listed = not leaves or (merkle_root(leaves), len(leaves)) == (point.root, point.count)
        whole = told["format"] == FORMAT and told["digest"] == point.digest() and listed
        outside = Outside(name, int(told["anchor"]), point.digest(), point, tokens, leaves)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise BadInput("root_file_unreadable", name=name) from error
    if not whole:
        raise BadInput("root_file_unreadable", name=name)
    return outside


def spelled(digest: str) -> str:
    """As it is printed and mailed: eight groups, so that it can be typed off, and nobody takes it for a number of a
    person that is not to leave."""
    return ":".join(digest[begin : begin + 8] for begin in range(0, len(digest), 8))


def typed(text: str) -> Outside:
    """`12:a1b2c3d4:…` off a page or a mail."""
    number, _colon, rest = text.strip().partition(":")
    digest = re.sub(r"[\s:]", "", rest).lower()
    if not number.isdecimal() or not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise BadInput("root_file_unreadable", name=text)
    return Outside(f"{number}:{digest[:8]}…", int(number), digest)


class Answer(StrEnum):
    """What may be said of a journal."""

    PROVEN = "proven"
    """Up to the newest root from outside; what is younger is consistent in itself."""
    CONSISTENT = "consistent"
    BROKEN = "broken"


@dataclass(slots=True)
class Audited:
    """What a pass came to. `open_entries`: under no anchor yet; `proven_to`: the newest root from outside that the
    database still has."""

    chains: int = 0
    entries: int = 0
    anchors: int = 0
    last_number: int = 0
    last_at: dt.datetime | None = None
    open_entries: int = 0
    open_chains: list[str] = field(default_factory=list)
    stamped: int = 0
    proven_to: Outside | None = None
    findings: list[Finding] = field(default_factory=list)
    counts: dict[Flaw, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def find(self, flaw: Flaw, what: str, detail: str = "", *, most: int = 20) -> None:
        """Note something; of each kind the first `most` by name."""
        self.counts[flaw] = self.counts.get(flaw, 0) + 1
        if self.counts[flaw] <= most:
            self.findings.append(Finding(flaw, what, detail))

    @property
    def nodes_differ(self) -> bool:
        """Whether what was worked out has to be worked out anew."""
        return Flaw.NODE_DIFFERS in self.counts

    @property
    def harmed(self) -> bool:
        """Whether anything was changed by a hand."""
        return bool(self.counts.keys() - MENDED)

    @property
    def answer(self) -> Answer:
        """Never more than was checked."""
        if self.harmed:
            return Answer.BROKEN
        return Answer.PROVEN if self.proven_to is not None else Answer.CONSISTENT


def firsts(findings: Sequence[Finding]) -> dict[Flaw, Finding]:
    """The first of each kind."""
    found: dict[Flaw, Finding] = {}
    for one in findings:
        found.setdefault(one.flaw, one)
    return found
