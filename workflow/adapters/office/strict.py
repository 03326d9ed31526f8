"""What is refused before LibreOffice sees an office file, each for its own reason.

    office_kind       not one of the accepted kinds, whatever its name says
    office_old        a Word file of before 2007, or RTF, OpenDocument where only DOCX is accepted
    office_encrypted  opens only with a password
    office_bomb       unpacks to very much more than it is, or is nested without end
    office_unreadable broken, or made so that two programs would see two things in it
    office_macros     macros, also as .docm by another name
    office_objects    OLE objects, ActiveX, embedded files, media
    office_template   a template attached from elsewhere
    office_external   pictures or parts fetched from elsewhere when it is opened
    office_parts      other documents inside (altChunk), or parts that no text document has
    office_fields     fields that fetch (DDE, LINK, INCLUDETEXT, INCLUDEPICTURE …)
    office_entities   XML with a DTD or entities
    office_changes    changes that nobody has accepted or rejected (drafts only)

Plain hyperlinks stay: only a click follows them. Runs in the jail; what is checked is packed anew, so that
LibreOffice reads the very bytes that were read here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from typing import Final
from xml.parsers import expat

from workflow.adapters.inspection import examine
from workflow.adapters.inspection.findings import MEGABYTE, Findings
from workflow.adapters.inspection.zips import BROKEN
from workflow.adapters.office.parts import Part, Unwanted
from workflow.domain.errors import BadInput
from workflow.domain.file_warnings import FileKind, FileWarning

ENDINGS: Final = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/msword": "doc",
}
"""By which LibreOffice chooses its reader."""
_OLDER: Final = frozenset({*ENDINGS, "application/rtf", "application/x-ole-storage"})

MAX_ENTRIES: Final = 2_000
MAX_XML: Final = 48 * MEGABYTE
MAX_UNPACKED: Final = 256 * MEGABYTE
SUSPICIOUS: Final = 16 * MEGABYTE
MAX_RATIO: Final = 120
"""The XML of long tables is packed to a fortieth; more than this is made on purpose."""

_WARNINGS: Final = (
    (FileWarning.ARCHIVE_BOMB, "office_bomb"),
    (FileWarning.ENCRYPTED, "office_encrypted"),
)
_ACTIVE: Final = (
    ("macros", "office_macros"), ("custom_ui", "office_macros"),
    ("entities", "office_entities"),
    ("activex", "office_objects"), ("ole_object", "office_objects"), ("embedded_file", "office_objects"),
    ("applet", "office_objects"), ("media", "office_objects"),
    ("external_template", "office_template"), ("external_part", "office_external"), ("dde", "office_fields"),
    ("fetching_formula", "office_fields"), ("data_connection", "office_external"),
)  # fmt: skip
"""What inspection calls active → our reason, the worst first."""
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".wdp", ".webp")
_OTHERS: Final = re.compile(
    r"(?i)^(mimetype|word/fonts/[^/]+\.(odttf|ttf|fntdata)|Fonts/[^/]+|word/printerSettings/[^/]+\.bin"
    r"|Thumbnails/[^/]+|layout-cache|META-INF/[^/]+\.rdf|manifest\.rdf)$"
)
_XML: Final = (".xml", ".rels", ".vml", ".svg", ".rdf")
_FETCHED: Final = re.compile(rb"(?i)INCLUDEPICTURE|INCLUDETEXT|I\0N\0C\0L\0U\0D\0E\0(?:P\0I\0C|T\0E\0X)")


def checked(data: bytes, *, accept: Collection[str], draft: bool) -> tuple[bytes, str]:
    """(what LibreOffice may read, its ending). Raises `BadInput` with a reason of this module."""
    found = examine(data)
    _refuse_findings(found, accept)
    ending = ENDINGS[found.media_type]
    if ending == "doc":
        if _FETCHED.search(data):
            raise BadInput("office_fields")
        return data, ending
    try:
        return _package(data, draft=draft), ending
    except BROKEN as error:
        raise BadInput("office_unreadable") from error


def _refuse_findings(found: Findings, accept: Collection[str]) -> None:
    for warning, reason in _WARNINGS:
        if warning in found.warnings and found.kind in {FileKind.OFFICE, FileKind.ARCHIVE}:
            raise BadInput(reason)
    for what, reason in _ACTIVE:
        if what in found.active and found.kind is FileKind.OFFICE:
            raise BadInput(reason)
    if found.media_type not in accept or found.kind is not FileKind.OFFICE:
        raise BadInput("office_old" if found.media_type in _OLDER else "office_kind")
    if found.active or found.warnings & {FileWarning.UNREADABLE, FileWarning.POLYGLOT, FileWarning.INFECTED}:
        raise BadInput("office_unreadable")


def _package(data: bytes, *, draft: bool) -> bytes:
    """Every part read, judged and packed anew."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(packed, "w") as taken:
        infos = [info for info in given.infolist() if not info.is_dir()]
        _measure(infos, len(data))
        for info in infos:
            content = given.read(info)
            _judge(info.filename, content, draft=draft)
            stored = info.filename == "mimetype"
            taken.writestr(info.filename, content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED, 1)
    return packed.getvalue()


def _measure(infos: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(info.file_size for info in infos)
    marked_up = sum(info.file_size for info in infos if info.filename.lower().endswith(_XML))
    dense = unpacked > SUSPICIOUS and unpacked > MAX_RATIO * size
    if len(infos) > MAX_ENTRIES or unpacked > MAX_UNPACKED or marked_up > MAX_XML or dense:
        raise BadInput("office_bomb")
    names = [info.filename.casefold() for info in infos]
    if len(set(names)) != len(names):
        raise BadInput("office_unreadable")
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        raise BadInput("office_unreadable")


def _judge(name: str, content: bytes, *, draft: bool) -> None:
    lower = name.lower()
    if lower.endswith(_XML):
        try:
            Part(name, draft=draft).read(content)
        except Unwanted as unwanted:
            raise BadInput(unwanted.reason) from unwanted
        except expat.ExpatError as error:
            raise BadInput("office_unreadable") from error
    elif not lower.endswith(_PICTURES) and not _OTHERS.match(name):
        raise BadInput("office_parts")
