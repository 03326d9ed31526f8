"""A complete pass over the journal: every chain, head, leaf, root and timestamp from the rows themselves.

It reads at one moment, as a stream; what it holds are 64 bytes for each chain (the tree) and a few hundred chains
at a time. It believes nothing that was worked out before: not the kept nodes, not the roots, not the heads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.domain.audit import Audited, Chain, Flaw, Outside, follow
from workflow.domain.errors import Conflict
from workflow.domain.journal import GENESIS
from workflow.domain.journal import Flaw as InChain
from workflow.domain.merkle import Checkpoint, Leaf
from workflow.domain.tree import Replay
from workflow.store.auditing import TOGETHER, Evidence, evidence
from workflow.store.session import Engine

STOPPED = "audit_stopped"

SOME = 250
"""Leaves of a list that are looked up at once."""

MOST_DIGESTS = 20_000
"""Hashes of chains that are held at once."""

MOST_NAMED = 1_000
"""Chains that are named as not anchored yet."""

_IN_CHAIN = {InChain.GAP: Flaw.ENTRY_MISSING, InChain.CHANGED: Flaw.ENTRY_CHANGED}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a timestamp says by itself. `holds`: None where it cannot be told whether its authority may be
    believed; `time` and `authority` as the token has them, nothing where it is none."""

    holds: bool | None = None
    time: dt.datetime | None = None
    authority: str = ""


CheckToken = Callable[[bytes, str, dt.datetime], Stamp]
"""(token, hex digest, moment of the anchor) → what is to be said of it."""
Told = Callable[[int], None]
Stopping = Callable[[], bool]


@dataclass(slots=True)
class _Pass:
    read: Evidence
    audited: Audited
    check_token: CheckToken
    told: Told
    stopping: Stopping
    pending: list[Chain] = field(default_factory=list)
    held: int = 0
    young: set[str] | None = None
    """Chains with an entry that an anchor may not have seen yet; None where there is no anchor."""

    def chains(self) -> None:
        """Each from its own rows, then against what its document, the anchors and the verdicts say."""
        for subject, rows in self.read.chains():
            chain = follow(subject, rows)
            self.audited.chains += 1
            self.audited.entries += chain.rows
            if chain.broken is not None:
                self.audited.find(_IN_CHAIN[chain.broken.flaw], subject, str(chain.broken.sequence))
            self.pending.append(chain)
            self.held += len(chain.digests)
            if len(self.pending) >= TOGETHER or self.held >= MOST_DIGESTS:
                self._compare()
        self._compare()
        for subject in self.read.chains_gone():
            self.audited.find(Flaw.CHAIN_GONE, subject)
        for subject in self.read.heads_that_differ():
            self.audited.find(Flaw.HEAD_DIFFERS, subject)

    def _compare(self) -> None:
        if self.stopping():
            raise Conflict(STOPPED)
        subjects = [chain.subject for chain in self.pending]
        leaves, rows = self.read.leaves_of(subjects), self.read.standing(subjects)
        verdicts = self.read.verdicts([chain.subject for chain in self.pending if chain.verdicts])
        self._evidence()
        for chain in self.pending:
            self._anchored(chain, leaves.get(chain.subject, []))
            self._verdicts(chain, verdicts.get(chain.subject, {}))
            word = chain.subject.partition(":")[0]
            if word in {"outgoing", "incoming", "copy"} and chain.subject not in rows:
                self.audited.find(Flaw.DOCUMENT_GONE, chain.subject)
        self.pending, self.held = [], 0
        self.told(self.audited.chains)

    def _anchored(self, chain: Chain, leaves: Sequence[Any]) -> None:
        """What anchors saw of it is still there; what is behind the last one waits for the next."""
        good, seen = chain.digests, 0
        for leaf in leaves:
            if leaf.length <= seen:
                self.audited.find(Flaw.LENGTH_FELL, chain.subject, f"{leaf.anchor}")
            elif leaf.length > chain.rows:
                self.audited.find(Flaw.CHAIN_CUT, chain.subject, f"{chain.rows + 1} {leaf.anchor}")
                return
            elif leaf.length <= len(good) and good[leaf.length - 1] != leaf.head:
                self.audited.find(Flaw.CHAIN_REMADE, chain.subject, f"{seen + 1}-{leaf.length} {leaf.anchor}")
                return
            seen = max(seen, leaf.length)
        if chain.rows > seen:
            self.audited.open_entries += chain.rows - seen
            if self.young is None or chain.subject in self.young:
                self.audited.open_chains += [chain.subject] if len(self.audited.open_chains) < MOST_NAMED else []
            else:
                self.audited.find(Flaw.MISSED, chain.subject, str(seen + 1))
                self.audited.missed.append(chain.subject)

    def _verdicts(self, chain: Chain, stored: Mapping[str, set[str]]) -> None:
        for digest, said in chain.verdicts.items():
            if digest not in stored or (said and not stored[digest] <= said):
                self.audited.find(Flaw.VERDICT_CHANGED, chain.subject, digest)

    def _evidence(self) -> None:
        """What was kept for verdicts to rest on is still there, whatever a verdict says."""
        named = {digest: chain.subject for chain in self.pending for digest in sorted(chain.evidence)}
        listed = sorted(named)
        for begin in range(0, len(listed), SOME):
            some = listed[begin : begin + SOME]
            there = self.read.kept(some)
            for digest in some:
                if digest not in there:
                    self.audited.find(Flaw.EVIDENCE_GONE, named[digest], digest)

    def anchors(self, outside: Sequence[Outside]) -> None:
        """Every root anew from the leaves, in the order of the anchors; each names the one before."""
        replay, before, expected = Replay(), GENESIS, 1
        wanted: dict[int, list[Outside]] = {}
        for one in outside:
            wanted.setdefault(one.number, []).append(one)
        taken = self.read.leaves()
        ahead = next(taken, None)
        for row in self.read.anchors():
            if row.number != expected:
                self.audited.find(Flaw.ANCHOR_MISSING, str(expected))
            while ahead is not None and ahead[0] <= row.number:
                for leaf in ahead[1]:
                    replay.put(leaf.place, _digest(leaf))  # after a hole no root comes out right any more
                ahead = next(taken, None)
            made = Checkpoint(replay.root(), len(replay), row.previous, row.at)
            if (made.root, made.count) != (row.root, row.size):
                self.audited.find(Flaw.ROOT_DIFFERS, str(row.number))
            stored = Checkpoint(row.root, row.size, row.previous, row.at)
            if row.previous != before or stored.digest() != row.digest:
                self.audited.find(Flaw.ANCHOR_CHANGED, str(row.number))
            for one in wanted.pop(row.number, ()):
                self._outside(one, made)
            before, expected = row.digest, row.number + 1
            self.audited.anchors += 1
            self.audited.last_number, self.audited.last_at = row.number, row.at
        for lost in wanted.values():
            for one in lost:
                self.audited.find(Flaw.OUTSIDE_UNKNOWN, one.name, str(one.number))
        for node in self.read.nodes():
            if replay.kept(node.level, node.place) != bytes(node.digest):
                self.audited.find(Flaw.NODE_DIFFERS, f"{node.level} {node.place}")

    def _outside(self, one: Outside, made: Checkpoint) -> None:
        if one.digest != made.digest():
            self.audited.find(Flaw.OUTSIDE_DIFFERS, one.name, str(one.number))
            return
        stamps = [self.check_token(token, made.digest(), made.at) for token in one.tokens]
        if any(stamp.holds is False for stamp in stamps):
            self.audited.find(Flaw.TOKEN_WRONG, one.name)
        best = self.audited.proven_to
        if best is None or one.number > best.number:
            self.audited.proven_to = one

    def lists(self, outside: Sequence[Outside]) -> None:
        """Lists kept outside name which chains differ, whatever the anchors here say, also those that are gone."""
        for one in outside:
            for begin in range(0, len(one.leaves), SOME):
                some = one.leaves[begin : begin + SOME]
                here = self.read.digests_at([(leaf.subject, leaf.length) for leaf in some])
                for leaf in some:
                    if here.get((leaf.subject, leaf.length)) != leaf.head:
                        self.audited.find(Flaw.LEAF_DIFFERS, leaf.subject, str(one.number))

    def tokens(self) -> None:
        """Over the digest of their anchor, by somebody who may; and what stands beside one is what it says."""
        for row in self.read.tokens():
            stamp = self.check_token(bytes(row.token), row.digest, row.at)
            told = (stamp.time, stamp.authority)
            differs = stamp.time is not None and told != (row.stamped_at, row.authority)
            if stamp.holds is False or differs:
                self.audited.find(Flaw.TOKEN_WRONG, str(row.anchor))
            else:
                self.audited.stamped += stamp.holds is True


def _digest(leaf: Any) -> bytes:
    return Leaf(leaf.subject, leaf.length, leaf.head, leaf.salt).digest()


def examine(
    engine: Engine, *, outside: Sequence[Outside] = (), check_token: CheckToken = lambda *_: Stamp(),
    told: Told = lambda _done: None, stopping: Stopping = lambda: False,
) -> Audited:  # fmt: skip
    """Everything, at one moment. Heavy: never inside of a transaction of somebody's."""
    audited = Audited()
    with evidence(engine) as read:
        work = _Pass(read, audited, check_token, told, stopping)
        settled = read.settled()
        work.young = read.waiting(settled) if settled is not None else None
        work.chains()
        work.anchors(outside)
        work.lists(outside)
        work.tokens()
    return audited
