"""What every step of one verification shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from signing.cms.algorithms import hash_of
from signing.path.evidence import Evidence
from signing.path.policy import Policy
from signing.path.trust import TrustStore
from signing.pdf import PdfFile, SignatureField
from signing.pdf.changes import Change, changes_in
from signing.pdf.structure import Structure
from signing.verification.plan import Place, PlannedBox, places


@dataclass(frozen=True, slots=True)
class Question:
    """What the caller asked."""

    trust: TrustStore
    at: datetime
    evidence: Evidence
    policy: Policy
    plan: tuple[PlannedBox, ...] | None
    owners: Mapping[str, frozenset[str]]


@dataclass
class Context:
    """The file under examination; what is costly is computed once."""

    file: PdfFile
    structure: Structure
    question: Question
    trailing: bool = False
    _hashes: dict[tuple[str, int, int, int], bytes] = field(default_factory=dict)

    @cached_property
    def fields(self) -> tuple[SignatureField, ...]:
        return self.file.signature_fields()

    @cached_property
    def places(self) -> dict[str, Place]:
        return places(self.file.last)

    @cached_property
    def changes(self) -> tuple[tuple[Change, ...], ...]:
        """What each revision did to the one before; nothing for the first."""
        numbers = range(1, len(self.file.revisions))
        return ((), *(changes_in(self.file, self.structure, number) for number in numbers))

    def prefix_digest(self, size: int) -> str:
        """SHA-256 of the first `size` bytes, hex; empty when the file is shorter."""
        if size > len(self.file.data):
            return ""
        return self.digest("sha256", gap_start=size, gap_end=size, end=size).hex()

    def digest(self, name: str, *, gap_start: int, gap_end: int, end: int) -> bytes:
        """The hash over the file without the hole."""
        key = (name, gap_start, gap_end, end)
        if key not in self._hashes:
            whole = memoryview(self.file.data)
            self._hashes[key] = hash_of(name, whole[:gap_start], whole[gap_end:end])
        return self._hashes[key]
