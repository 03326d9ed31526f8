"""What a file from outside is, what to be careful about, and what follows: quarantine, or only a word to the clerk.

Whatever is said here, the file is kept as it came, its signatures are judged, and it can be registered: a warning
is recorded beside it, never a reason to lose it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FileKind(StrEnum):
    """What was found by opening the file, whatever its name says."""

    PDF = "pdf"
    IMAGE = "image"
    OFFICE = "office"
    ARCHIVE = "archive"
    SIGNATURE = "signature"
    EMAIL = "email"
    TEXT = "text"
    XML = "xml"
    HTML = "html"
    EXECUTABLE = "executable"
    UNKNOWN = "unknown"


class FileWarning(StrEnum):
    """Everything that can be said against a file. The value is stored; words for people stand in the web layer."""

    ACTIVE_CONTENT = "active_content"
    """It can do something when it is opened: scripts, macros, actions that start by themselves, files inside."""
    ARCHIVE = "archive"
    """It is a container of other files, also a mail."""
    ARCHIVE_BOMB = "archive_bomb"
    """It would unpack to very much more than it is, or its entries lie over each other."""
    DOUBLE_EXTENSION = "double_extension"
    """Its name hides what it is: `.pdf.exe`, blanks before the last dot, letters that turn the writing round."""
    ENCRYPTED = "encrypted"
    """It, or something in it, opens only with a password or a key that we have not."""
    EXECUTABLE = "executable"
    """A program or a script, or an archive that holds one."""
    INFECTED = "infected"
    """The antivirus service named something it found."""
    MISMATCHED_NAME = "mismatched_name"
    """Its name ends as another kind of file does."""
    NESTED_ARCHIVE = "nested_archive"
    """An archive inside an archive."""
    NOT_SCANNED = "not_scanned"
    """The antivirus service is configured and did not answer."""
    OFFICE_FILE = "office_file"
    """Made to be edited; it is opened in the jail only."""
    POLYGLOT = "polyglot"
    """Two kinds of file at once: programs differ in what they see."""
    RESTRICTED = "restricted"
    """Encrypted with the empty password: everybody can read it, some programs refuse to print or copy."""
    SCAN_TOO_BIG = "scan_too_big"
    """Larger than the antivirus service takes."""
    TOO_MANY_PAGES = "too_many_pages"
    """More pages than are shown."""
    UNKNOWN_KIND = "unknown_kind"
    """None of the kinds that are known here."""
    UNREADABLE = "unreadable"
    """Broken, cut off, or looking at it took more time or memory than a file may cost."""
    WEB_PAGE = "web_page"
    """HTML or SVG: it may fetch things from elsewhere when it is opened."""


INFORMS = frozenset(
    {
        FileWarning.MISMATCHED_NAME,
        FileWarning.NOT_SCANNED,
        FileWarning.RESTRICTED,
        FileWarning.SCAN_TOO_BIG,
        FileWarning.TOO_MANY_PAGES,
    }
)
"""Told to the clerk; the file is shown like any other."""

QUARANTINES = frozenset(FileWarning) - INFORMS
"""The file is flagged, shown only as page images where that is possible, registered with the warning on record."""


class Showing(StrEnum):
    """How a file can be shown without being opened by the browser."""

    PDF_PAGES = "pdf_pages"
    """`workflow.adapters.pages`, in the jail."""
    IMAGE_PAGES = "image_pages"
    """`workflow.adapters.image_pages`, in the jail."""
    OFFICE_PAGES = "office_pages"
    """`workflow.adapters.office`, in the jail, where LibreOffice is installed and somebody asks for it."""
    TEXT = "text"
    """As plain text, escaped."""
    NOTHING = "nothing"
    """It cannot be shown here."""


_SHOWN_IMAGES = frozenset({"image/png", "image/jpeg", "image/tiff", "image/webp", "image/gif", "image/bmp"})
_SHOWN_OFFICE = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.oasis.opendocument.text",
        "application/msword",
    }
)
_BLINDS = frozenset({FileWarning.ENCRYPTED, FileWarning.UNREADABLE, FileWarning.ARCHIVE_BOMB})
_NOT_PRINTED = frozenset(_BLINDS | {FileWarning.ACTIVE_CONTENT, FileWarning.POLYGLOT, FileWarning.INFECTED})
"""A large program reads office files, so more keeps them from being opened at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What inspection found.

    `pages`: of a PDF or an image, where it was cheap to know. `active`: what makes it active, in our own words
    (`javascript`, `macros`, `embedded_file`…). `names`: of the entries of an archive or mail, the first hundred;
    `entries` how many there are.
    """

    kind: FileKind
    media_type: str
    pages: int | None = None
    warnings: tuple[FileWarning, ...] = ()
    active: tuple[str, ...] = ()
    entries: int | None = None
    names: tuple[str, ...] = ()

    @property
    def quarantined(self) -> bool:
        """Whether anything was found that keeps it from being opened like any other file."""
        return quarantined(self.warnings)

    @property
    def showing(self) -> Showing:
        """How it can be shown."""
        return showing(self.kind, self.media_type, self.warnings)

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "kind": str(self.kind), "media_type": self.media_type, "pages": self.pages,
            "warnings": [str(one) for one in self.warnings], "active": list(self.active), "entries": self.entries,
            "names": list(self.names),
        }  # fmt: skip

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> FileFacts:
        """The reverse of `to_json`."""
        return cls(
            kind=FileKind(found["kind"]), media_type=str(found["media_type"]), pages=found["pages"],
            warnings=tuple(FileWarning(one) for one in found["warnings"]), active=tuple(found["active"]),
            entries=found["entries"], names=tuple(found["names"]),
        )  # fmt: skip


def quarantined(warnings: Iterable[str]) -> bool:
    """Whether any of these warnings, by their stored names, quarantines; one of another version does."""
    return any(one not in INFORMS for one in warnings)


def showing(kind: FileKind, media_type: str, warnings: Iterable[str]) -> Showing:
    """How a file of a kind can be shown."""
    if _BLINDS & set(warnings):
        return Showing.NOTHING
    if kind is FileKind.PDF:
        return Showing.PDF_PAGES
    if kind is FileKind.IMAGE and media_type in _SHOWN_IMAGES:
        return Showing.IMAGE_PAGES
    if is_text_document(media_type):
        return Showing.NOTHING if _NOT_PRINTED & set(warnings) else Showing.OFFICE_PAGES
    return Showing.TEXT if kind in {FileKind.TEXT, FileKind.XML} else Showing.NOTHING


def is_text_document(media_type: str) -> bool:
    """A document of a word processor that may be shown as page images (`showing` says whether this one is)."""
    return media_type in _SHOWN_OFFICE
