"""Anchors: the ends of all chains of the journal under one root, at least hourly (data.md 6, RFC 6962).

An anchor is prepared in a read, without a lock, and kept in a short write that refuses where another one came in
between. Whoever writes the journal pays nothing for it: what is new is found by the journal's own keys. Keys are
given before a transaction commits, so the newest stretch (`OVERLAP`) is read once more each time; what is committed
later than that is found by the night's complete pass (`services.auditing`) and handed to `prepare` as `also`.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflow.domain.audit import Outside, spelled
from workflow.domain.errors import Conflict, NotFound
from workflow.domain.journal import GENESIS
from workflow.domain.merkle import EMPTY_ROOT, Checkpoint, Leaf, inclusion_proof
from workflow.domain.tree import Climbed, climb
from workflow.store import anchors as store
from workflow.store.models import Anchor
from workflow.store.session import UnitOfWork

OVERLAP = dt.timedelta(hours=1)
"""No transaction of ours lasts that long; entries older than this are not waited for."""

MOST = 10_000
"""Entries that one anchor takes in: what it holds in memory and writes at once. More make more anchors."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An anchor ready to be kept. `before`: the number of the one it follows."""

    before: int
    checkpoint: Checkpoint
    places: tuple[Mapping[str, Any], ...]
    leaves: tuple[Mapping[str, Any], ...]
    nodes: Mapping[tuple[int, int], bytes]
    entries: int
    through: int
    settled: int
    more: bool


@dataclass(slots=True)
class _Read:
    """What was read of the journal: of each chain its end, and up to where."""

    through: int
    settled: int
    waits: bool
    ends: dict[str, tuple[int, str]] = field(default_factory=dict)
    count: int = 0

    def take(self, rows: Iterable[Any], *, old: dt.datetime) -> None:
        """Rows in the order of their keys; the first young one ends what is settled."""
        for row in rows:
            self.count += 1
            self.waits = self.waits or row.at > old
            self.settled = self.settled if self.waits else max(self.settled, row.id)
            self.through = max(self.through, row.id)
            if row.ordinal > self.ends.get(row.subject, (0, ""))[0]:
                self.ends[row.subject] = (row.ordinal, row.digest)


def finished(uow: UnitOfWork, period: str) -> bool:
    """Whether a period has its anchor, the last part of it too."""
    made = store.of_period(uow.session, period)
    return bool(made) and not made[-1].more


def parts(uow: UnitOfWork, period: str) -> int:
    """How many of its anchors a period has."""
    return len(store.of_period(uow.session, period))


def prepare(
    uow: UnitOfWork, *, now: dt.datetime, going_on: bool = False, also: Collection[str] = (), most: int = MOST,
    salt: Callable[[], str] = lambda: secrets.token_hex(16),
) -> Prepared:  # fmt: skip
    """The next anchor. `going_on`: the same run made one a moment ago, so nothing is read twice. `also`: chains to
    take in although nothing new points to them. Reads only."""
    last = store.newest(uow.session)
    read = _read(uow, last, now=now, going_on=going_on, most=most)
    read.ends |= store.heads(uow.session, also) if also else {}
    count = last.count if last else 0
    standing = store.places_of(uow.session, read.ends)
    places: list[Mapping[str, Any]] = []
    leaves: list[Mapping[str, Any]] = []
    changed: dict[int, bytes] = {}
    grown = 0
    number = (last.number if last else 0) + 1
    for subject, (length, head) in read.ends.items():
        known = standing.get(subject)
        if known is not None and length <= known.length:
            continue
        if known is None:
            place, salted = count + len(places), salt()
            places.append({"place": place, "subject": subject, "salt": salted})
        else:
            place, salted = known.place, known.salt
        leaves.append({"place": place, "anchor": number, "length": length, "head": head})
        changed[place] = Leaf(subject, length, head, salted).digest()
        grown += length - (known.length if known else 0)
    grown_to = count + len(places)
    climbed = _climbed(uow, changed, count=grown_to, root=last.root if last else EMPTY_ROOT)
    point = Checkpoint(climbed.root, grown_to, last.digest if last else GENESIS, now)
    return Prepared(
        number - 1, point, tuple(places), tuple(leaves), climbed.nodes, grown + (last.entries if last else 0),
        read.through, read.settled, more=read.count >= most,
    )  # fmt: skip


def _read(uow: UnitOfWork, last: Anchor | None, *, now: dt.datetime, going_on: bool, most: int) -> _Read:
    """Once more what may have been committed late, then what is new."""
    if last is None:
        read = _Read(through=0, settled=0, waits=False)
    else:
        read = _Read(last.through, last.settled, waits=going_on and last.settled < last.through)
    if last is not None and not going_on and last.settled < last.through:
        read.take(
            store.written(uow.session, after=last.settled, until=last.through), old=now - OVERLAP
        )  # fmt: skip
    read.count = 0
    read.take(store.written(uow.session, after=read.through, limit=most), old=now - OVERLAP)
    return read


def _climbed(uow: UnitOfWork, changed: Mapping[int, bytes], *, count: int, root: str) -> Climbed:
    """An hour in which nothing happened has the root of the one before."""
    if not changed:
        return Climbed(root, {})

    def fetch(level: int, places: Collection[int]) -> Mapping[int, bytes]:
        if level:
            return store.nodes_at(uow.session, level, places)
        return {place: leaf.digest() for place, leaf in store.leaves_at(uow.session, places).items()}

    return climb(changed, count=count, fetch=fetch)


def keep(uow: UnitOfWork, prepared: Prepared, *, period: str, part: int = 0) -> Anchor:
    """Write it, unless another one was made since it was prepared: `Conflict("anchor_overtaken")`."""
    uow.begin_write()
    _still(uow, prepared.before)
    point = prepared.checkpoint
    row = Anchor(
        number=prepared.before + 1, period=period, part=part, at=point.at, root=point.root, count=point.count,
        previous=point.previous, digest=point.digest(), entries=prepared.entries, through=prepared.through,
        settled=prepared.settled, more=prepared.more,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    store.put_places(uow.session, prepared.places)
    store.put_leaves(uow.session, prepared.leaves)
    store.put_nodes(uow.session, prepared.nodes)
    return row


def _still(uow: UnitOfWork, number: int) -> None:
    last = store.newest(uow.session)
    if (last.number if last else 0) != number:
        raise Conflict("anchor_overtaken", number=number)


def latest(uow: UnitOfWork, *, at: dt.datetime) -> Anchor | None:
    """The last anchor that was made until a moment; what a report of that moment names."""
    return store.latest(uow.session, at=at)


def told(uow: UnitOfWork, *, at: dt.datetime) -> dict[str, Any]:
    """The same as facts of a notice; nothing before the first anchor."""
    row = latest(uow, at=at)
    return {} if row is None else {"anchor": row.number, "rooted": row.at, "root": spelled(row.digest)}


@dataclass(frozen=True, slots=True)
class Proof:
    """That a chain stood so under an anchor (`merkle.proves`)."""

    anchor: Anchor
    leaf: Leaf
    index: int
    path: tuple[str, ...]


def proof(uow: UnitOfWork, subject: str, *, number: int) -> Proof:
    """From the stored rows alone; the list of that anchor is laid out anew, some 5 seconds for 100,000."""
    anchor, place = store.find(uow.session, number), store.place_of(uow.session, subject)
    if anchor is None or place is None or place >= anchor.count:
        raise NotFound("anchor_not_found", number=number, subject=subject)
    leaves = list(store.every_leaf(uow.session, until=number))
    return Proof(anchor, leaves[place], place, inclusion_proof(leaves, place))


def work_out_nodes(uow: UnitOfWork) -> int:
    """Every kept node anew from the leaves, where they are lost or wrong; how many leaves there are. Refuses as
    `keep` does."""
    last = store.newest(uow.session)
    if last is None:
        return 0
    digests = {place: leaf.digest() for place, leaf in enumerate(store.every_leaf(uow.session, until=last.number))}
    nodes = climb(digests, count=len(digests), fetch=lambda _level, _places: {}).nodes
    number = last.number
    uow.begin_write()
    _still(uow, number)
    store.put_nodes(uow.session, nodes)
    return len(digests)


def outside(uow: UnitOfWork, *, number: int | None = None, listed: bool = False) -> Outside:
    """What is to be kept outside of an anchor (the newest): its checkpoint, its timestamps; `listed`: and every
    leaf with its salt, so that a chain that was made anew or dropped can be named, not only noticed."""
    row = store.newest(uow.session) if number is None else store.find(uow.session, number)
    if row is None:
        raise NotFound("anchor_not_found", number=number or 0)
    token = store.tokens_of(uow.session, [row.number]).get(row.number)
    leaves = tuple(store.every_leaf(uow.session, until=row.number)) if listed else ()
    point = Checkpoint(row.root, row.count, row.previous, row.at)
    stamps = (token.token,) if token else ()
    return Outside(f"anchor-{row.number}", row.number, point.digest(), point, stamps, leaves)
