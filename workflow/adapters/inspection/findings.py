"""What is gathered while a file is looked at, and the limits of looking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from workflow.domain.file_warnings import FileFacts, FileKind, FileWarning

MEGABYTE: Final = 1024 * 1024
MAX_NAMES: Final = 100
MAX_DEPTH: Final = 2
"""Of files looked at inside others: what a signature carries, and no further."""


@dataclass(slots=True)
class Findings:
    """Filled by the readers. `kind` is None until one of them knows the file."""

    kind: FileKind | None = None
    media_type: str = "application/octet-stream"
    pages: int | None = None
    warnings: set[FileWarning] = field(default_factory=set)
    active: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    entries: int | None = None

    def known(self, kind: FileKind, media_type: str) -> None:
        """This is what it is."""
        self.kind, self.media_type = kind, media_type

    def warn(self, *warnings: FileWarning) -> None:
        """Something to be careful about."""
        self.warnings.update(warnings)

    def acts(self, what: str) -> None:
        """It holds something active."""
        self.active.add(what)
        self.warnings.add(FileWarning.ACTIVE_CONTENT)

    def add(self, other: Findings) -> None:
        """What was found in a file inside this one counts for this one."""
        self.warnings |= other.warnings
        self.active |= other.active

    def facts(self) -> FileFacts:
        """The answer."""
        return FileFacts(
            kind=self.kind or FileKind.UNKNOWN, media_type=self.media_type, pages=self.pages,
            warnings=tuple(sorted(self.warnings)), active=tuple(sorted(self.active)), entries=self.entries,
            names=tuple(name[:200] for name in self.names[:MAX_NAMES]),
        )  # fmt: skip


Reader = Callable[[bytes, Findings], None]
