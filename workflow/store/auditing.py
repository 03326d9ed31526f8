"""The journal, its anchors and what both speak of, read at one moment for a complete pass.

Rows come as streams; what is asked of a few hundred chains at once comes whole.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from sqlalchemy import Engine, Select, select, tuple_

from workflow.store.backup import Snapshot, one_moment
from workflow.store.models import (
    Anchor,
    AnchorLeaf,
    AnchorNode,
    AnchorPlace,
    AnchorToken,
    AttachmentSeal,
    AttachmentVerdict,
    CertifiedCopy,
    CopyVerdict,
    Crl,
    Incoming,
    Journal,
    OcspAnswer,
    Outgoing,
    TrustRoot,
    VerdictRow,
)

STREAM = {"yield_per": 1_000}

TOGETHER = 500
"""Keys in one query."""


class Evidence(Snapshot):
    """A database as it was when it was first asked."""

    def anchors(self) -> Iterator[Any]:
        """Every one, by number; `size`: its leaves."""
        query = select(
            Anchor.number, Anchor.at, Anchor.root, Anchor.count.label("size"), Anchor.previous, Anchor.digest
        ).order_by(Anchor.number)
        return iter(self._connection.execute(query, execution_options=STREAM))

    def settled(self) -> int | None:
        """Up to which key of the journal every entry was taken in; None before the first anchor."""
        query = select(Anchor.settled).order_by(Anchor.number.desc()).limit(1)
        return self._connection.scalar(query)

    def leaves(self) -> Iterator[tuple[int, Iterator[Any]]]:
        """What each anchor took in, by anchors; of one after the other."""
        query = (
            select(
                AnchorLeaf.anchor, AnchorLeaf.place, AnchorPlace.subject, AnchorPlace.salt, AnchorLeaf.length,
                AnchorLeaf.head,
            )
            .join(AnchorPlace, AnchorPlace.place == AnchorLeaf.place)
            .order_by(AnchorLeaf.anchor, AnchorLeaf.place)
        )  # fmt: skip
        found: Iterable[Any] = self._connection.execute(query, execution_options=STREAM)
        return groupby(found, key=lambda row: int(row.anchor))

    def leaves_of(self, subjects: Sequence[str]) -> dict[str, list[Any]]:
        """What the anchors saw of some chains, in the order of the anchors."""
        query = (
            select(AnchorPlace.subject, AnchorLeaf.anchor, AnchorLeaf.length, AnchorLeaf.head)
            .join(AnchorLeaf, AnchorLeaf.place == AnchorPlace.place)
            .where(AnchorPlace.subject.in_(subjects))
            .order_by(AnchorPlace.place, AnchorLeaf.anchor)
        )
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row.subject].append(row)
        return found

    def digests_at(self, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """The journal's hashes at some places of some chains."""
        query = select(Journal.subject, Journal.ordinal, Journal.digest)
        query = query.where(tuple_(Journal.subject, Journal.ordinal).in_(places))
        return {(row.subject, row.ordinal): row.digest for row in self._connection.execute(query)}

    def chains_gone(self) -> Iterator[str]:
        """Chains that stand in the tree and of which the journal has no entry."""
        there = select(Journal.id).where(Journal.subject == AnchorPlace.subject).exists()
        query = select(AnchorPlace.subject).where(~there).order_by(AnchorPlace.place)
        return iter(self._connection.scalars(query, execution_options=STREAM))

    def standing(self, subjects: Collection[str]) -> dict[str, tuple[int, str]]:
        """Of some documents' chains their ends as the documents' rows have them; of a copy's that it is there: its
        row keeps no end."""
        found: dict[str, tuple[int, str]] = {}
        copies = _keys(subjects, "copy")
        there = select(CertifiedCopy.id).where(CertifiedCopy.id.in_(copies))
        found |= {f"copy:{key}": (0, "") for key in (self._connection.scalars(there) if copies else ())}
        for word, model in (("outgoing", Outgoing), ("incoming", Incoming)):
            keys = _keys(subjects, word)
            query = select(model.id, model.chain_length, model.chain_head).where(model.id.in_(keys))
            for row in self._connection.execute(query) if keys else ():
                found[f"{word}:{row.id}"] = (row.chain_length, row.chain_head)
        return found

    def verdicts(self, subjects: Collection[str]) -> dict[str, dict[str, set[str]]]:
        """Of some outgoing documents and certified copies: digest of each stored verdict → its conclusions."""
        keys = _keys(subjects, "outgoing")
        seal = AttachmentSeal
        queries = (
            select(VerdictRow.document_id, VerdictRow.body, VerdictRow.conclusion).where(
                VerdictRow.document_id.in_(keys)
            ),
            select(seal.document_id, seal.body, seal.conclusion).where(seal.document_id.in_(keys)),
            select(seal.document_id, AttachmentVerdict.body, AttachmentVerdict.conclusion)
            .join(seal, seal.id == AttachmentVerdict.seal_id)
            .where(seal.document_id.in_(keys)),
        )
        found: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)
        for query in queries if keys else ():
            _put(found, "outgoing", self._connection.execute(query, execution_options=STREAM))
        copies = _keys(subjects, "copy")
        for query in _of_copies(copies) if copies else ():
            _put(found, "copy", self._connection.execute(query, execution_options=STREAM))
        return found

    def kept(self, digests: Collection[str]) -> set[str]:
        """Which of these lists, answers and roots are there with the bytes that their names are hashes of."""
        found = set()
        for model in (Crl, OcspAnswer, TrustRoot):
            query = select(model.sha256, model.der).where(model.sha256.in_(sorted(digests)))
            rows: Iterable[Any] = self._connection.execute(query, execution_options=STREAM)
            found |= {row.sha256 for row in rows if hashlib.sha256(row.der).hexdigest() == row.sha256}
        return found

    def nodes(self) -> Iterator[Any]:
        """What was worked out and kept."""
        query = select(AnchorNode.level, AnchorNode.place, AnchorNode.digest)
        return iter(self._connection.execute(query, execution_options=STREAM))

    def waiting(self, through: int) -> set[str]:
        """Chains with an entry behind a key of the journal."""
        query = select(Journal.subject).where(Journal.id > through).distinct()
        return set(self._connection.scalars(query))

    def tokens(self) -> Iterator[Any]:
        """Every timestamp with the digest it has to be over, and what was written down of it."""
        query = (
            select(
                AnchorToken.anchor, AnchorToken.token, AnchorToken.stamped_at, AnchorToken.authority, Anchor.digest,
                Anchor.at,
            )
            .join(Anchor, Anchor.number == AnchorToken.anchor)
            .order_by(AnchorToken.id)
        )  # fmt: skip
        return iter(self._connection.execute(query, execution_options=STREAM))


@contextmanager
def evidence(engine: Engine) -> Iterator[Evidence]:
    """One read transaction around the whole pass."""
    with one_moment(engine) as connection:
        yield Evidence(connection)


def _of_copies(keys: Sequence[int]) -> tuple[Select[Any, Any, Any], ...]:
    return (
        select(CertifiedCopy.id, CertifiedCopy.verdict, CertifiedCopy.conclusion).where(
            CertifiedCopy.id.in_(keys), CertifiedCopy.verdict != ""
        ),
        select(CopyVerdict.copy_id, CopyVerdict.body, CopyVerdict.conclusion).where(CopyVerdict.copy_id.in_(keys)),
    )


def _put(found: dict[str, dict[str, set[str]]], word: str, rows: Iterable[Any]) -> None:
    """(key, verdict, conclusion) under their chains."""
    for key, body, conclusion in rows:
        digest = hashlib.sha256(body.encode()).hexdigest()
        found[f"{word}:{key}"].setdefault(digest, set()).add(conclusion)


def _keys(subjects: Collection[str], word: str) -> list[int]:
    """`outgoing:17` → 17; what is no number names no document."""
    parts = (one.partition(":") for one in subjects)
    return [int(key) for kind, _colon, key in parts if kind == word and key.isdecimal()]
