"""Office Open XML: macros, objects, ActiveX, DDE, and whatever is fetched from outside when the file is opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from workflow.adapters.inspection import sheets
from workflow.adapters.inspection.findings import Findings
from workflow.adapters.inspection.markup import Declared, events
from workflow.domain.file_warnings import FileKind, FileWarning

if TYPE_CHECKING:
    from workflow.adapters.inspection.zips import Parts

BASE: Final = "application/vnd.openxmlformats-officedocument."
SHEETS: Final = f"{BASE}spreadsheetml.sheet"
_TYPES: Final = (
    ("word", f"{BASE}wordprocessingml.document"),
    ("xl", SHEETS),
    ("ppt", f"{BASE}presentationml.presentation"),
)
_BY_NAME: Final = (
    (re.compile(r"vbaProject\.bin$|vbaData\.xml$", re.IGNORECASE), "macros"),
    (re.compile(r"(^|/)(macrosheets|dialogsheets)/", re.IGNORECASE), "macros"),
    (re.compile(r"(^|/)activeX/", re.IGNORECASE), "activex"),
    (re.compile(r"(^|/)embeddings/.*\.bin$|oleObject", re.IGNORECASE), "ole_object"),
    (re.compile(r"(^|/)embeddings/", re.IGNORECASE), "embedded_file"),
    (re.compile(r"(^|/)(attachedToolbars|customUI)", re.IGNORECASE), "custom_ui"),
)
_DDE: Final = re.compile(r"\bDDE(?:AUTO)?\b", re.IGNORECASE)
_FIELDS: Final = re.compile(
    r"^word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml$", re.IGNORECASE
)
_CLICKED: Final = frozenset({"hyperlink"})
"""Relations to the outside that only a click follows; all others are fetched when the file is opened."""


def read(parts: Parts, found: Findings) -> None:
    """A ZIP file with `[Content_Types].xml`."""
    tops = {name.partition("/")[0].lower() for name in parts.names}
    media = next((media for top, media in _TYPES if top in tops), "")
    if not media:
        found.warn(FileWarning.ARCHIVE)
        found.entries, found.names = len(parts.names), parts.names
        return
    found.known(FileKind.OFFICE, media)
    found.warn(FileWarning.OFFICE_FILE)
    for name in parts.names:
        for pattern, what in _BY_NAME:
            if pattern.search(name):
                found.acts(what)
                break
    try:
        _content_types(parts.read("[Content_Types].xml"), found)
        for name in parts.names:
            _part(parts, name, found)
    except expat.ExpatError:
        found.warn(FileWarning.UNREADABLE)
    except Declared:
        found.warn(FileWarning.UNREADABLE)
        found.acts("entities")


def _part(parts: Parts, name: str, found: Findings) -> None:
    lower = name.lower()
    if lower.endswith(".rels"):
        _relations(parts.read(name), found)
    elif _FIELDS.match(name):
        _fields(parts.read(name), found)
    elif found.media_type == SHEETS:
        sheets.look(parts, name, found)


def _content_types(data: bytes, found: Findings) -> None:
    def begin(_element: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").lower()
        if "macroenabled" in kind or "vbaproject" in kind or "macrosheet" in kind:
            found.acts("macros")
        if "oleobject" in kind:
            found.acts("ole_object")
        if "activex" in kind:
            found.acts("activex")

    events(data, begin)


def _relations(data: bytes, found: Findings) -> None:
    def begin(_element: str, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode", "").lower() != "external":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind == "attachedTemplate":
            found.acts("external_template")
        elif kind not in _CLICKED:
            found.acts("external_part")

    events(data, begin)


def _fields(data: bytes, found: Findings) -> None:
    """Field codes, whose words may be spread over many runs."""
    inside = False
    codes: list[str] = []

    def begin(element: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = element == "instrText"
        if element == "fldSimple":
            codes.append(f" {attributes.get('instr', '')} ")
        elif element == "fldChar":
            codes.append(" ")

    def text(written: str) -> None:
        if inside:
            codes.append(written)

    events(data, begin, text)
    if _DDE.search("".join(codes)):
        found.acts("dde")
