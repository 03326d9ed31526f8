"""A proof bundle: what one figure or document stands on, to be checked by somebody who has nothing else of ours.

docs/proof-bundle.md says what is in it. Nothing here says whether it holds: that is for `signing/standalone`, which
knows nothing of this program.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from workflow.domain.errors import Refused
from workflow.domain.journal import canonical_json
from workflow.domain.merkle import Leaf, joined

FORMAT = "trinhky-bundle-1"

MOST_DOCUMENTS = 5000
"""Documents with files in one bundle; a month that has more is taken by units."""
MOST_FILES = 1792 << 20
"""Bytes of files; they go through one at a time. With all else it stays below the 2 GB that the programs open."""
MOST_HELD = 128 << 20
"""Bytes of everything else, which is held until it is written."""


class Withheld(StrEnum):
    """Why a document is there with its leaf and standing alone."""

    SECRET = "secret"  # noqa: S105  no password
    SCOPE = "scope"
    """Whoever took the bundle may not open it."""


@dataclass(slots=True)
class Contents:
    """What goes into one bundle. `held`: by SHA-256; `files`: SHA-256 and size of what lies in the store of
    files. `made_at` does not go in: the same state gives the same bytes."""

    manifest: dict[str, Any]
    made_at: dt.datetime
    held: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    size: int = 0
    carried: int = 0
    """Bytes of what is held, and of the files."""

    def hold(self, data: bytes) -> str:
        """Take something in; its name. Raises `Refused("bundle_too_large")`."""
        name = hashlib.sha256(data).hexdigest()
        if name not in self.held:
            self.held[name] = data
            self.size += len(data)
        if self.size > MOST_HELD:
            raise Refused("bundle_too_large", most=MOST_HELD >> 20)
        return name

    def drop(self, name: str) -> None:
        """It does not go in after all."""
        self.size -= len(self.held.pop(name, b""))

    def name_file(self, sha256: str, size: int) -> None:
        """A file of the store goes in too."""
        self.carried += size - self.files.get(sha256, 0)
        self.files[sha256] = size
        if self.carried > MOST_FILES:
            raise Refused("bundle_too_large", most=MOST_FILES >> 20)

    @property
    def weight(self) -> int:
        """Bytes of all that goes in, but for the manifest."""
        return self.size + self.carried

    def sealed(self) -> bytes:
        """The manifest with all objects listed, as it is written."""
        sizes = {name: len(data) for name, data in self.held.items()} | self.files
        return canonical_json({**self.manifest, "format": FORMAT, "objects": sizes})


def lines(leaves: Sequence[Leaf]) -> bytes:
    """A list of leaves as the bytes that are hashed, one a line."""
    return b"\n".join(canonical_json([one.subject, one.length, one.head, one.salt]) for one in leaves)


def paths(leaves: Sequence[Leaf], subjects: Mapping[str, int]) -> dict[str, list[str]]:
    """Inclusion proofs of some subjects (with their places): `merkle.inclusion_proof`, with the tree made once."""
    levels = [[leaf.digest() for leaf in leaves]]
    while len(levels[-1]) > 1:
        levels.append(joined(levels[-1]))
    return {subject: _path(levels, index) for subject, index in subjects.items()}


def _path(levels: Sequence[Sequence[bytes]], index: int) -> list[str]:
    found = []
    for level in levels[:-1]:
        if (index ^ 1) < len(level):
            found.append(level[index ^ 1].hex())
        index //= 2
    return found
