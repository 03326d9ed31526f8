"""OpenDocument: Basic and other scripts, events bound to them, DDE, objects, what is fetched from outside when the
file is opened, and files with a password.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from workflow.adapters.inspection import formulas
from workflow.adapters.inspection.findings import Findings
from workflow.adapters.inspection.markup import Declared, events
from workflow.domain.file_warnings import FileKind, FileWarning

if TYPE_CHECKING:
    from workflow.adapters.inspection.zips import Parts

_SCRIPTS: Final = re.compile(r"^(Basic|Scripts|Dialogs)/.+")
_OBJECT: Final = re.compile(r"^(Object[^/]*|ObjectReplacements)(/|$)")
_ELEMENTS: Final = {
    "event-listener": "macros", "dde-source": "dde", "dde-connection-decl": "dde", "applet": "applet",
    "plugin": "media", "object-ole": "ole_object", "table-source": "external_part",
    "cell-content-source": "external_part",
    "database-source-sql": "data_connection", "database-source-query": "data_connection",
    "database-source-table": "data_connection", "connection-resource": "data_connection",
}  # fmt: skip
_FORMULAS: Final = ("formula", "expression", "condition")
_CLICKED: Final = frozenset({"a", "area-rectangle", "area-circle", "area-polygon"})
_OUTSIDE: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|/|\\|\.\./)", re.IGNORECASE)
"""A reference that leaves the package (ODF 1.3, part 2, 3.7)."""
_CONTENT: Final = re.compile(r"(^|/)(content|styles)\.xml$")
"""Also of an object inside, as a chart is."""


def read(parts: Parts, found: Findings) -> None:
    """A ZIP file whose `mimetype` says OpenDocument."""
    found.known(FileKind.OFFICE, parts.read("mimetype", 100).decode("ascii", "replace").strip())
    found.warn(FileWarning.OFFICE_FILE)
    for name in parts.names:
        if _SCRIPTS.match(name) and not name.endswith("/"):
            found.acts("macros")
        if name == "encrypted-package":
            found.warn(FileWarning.ENCRYPTED)
    try:
        if "META-INF/manifest.xml" in parts.names:
            _manifest(parts.read("META-INF/manifest.xml"), found)
        if FileWarning.ENCRYPTED not in found.warnings:
            for name in filter(_CONTENT.search, parts.names):
                look(parts.read(name), found)
    except expat.ExpatError:
        found.warn(FileWarning.UNREADABLE)
    except Declared:
        found.warn(FileWarning.UNREADABLE)
        found.acts("entities")


def look(data: bytes, found: Findings) -> None:
    """Elements that do something, in content or in a flat file."""

    def begin(element: str, attributes: dict[str, str]) -> None:
        if element in _ELEMENTS:
            found.acts(_ELEMENTS[element])
        if element not in _CLICKED and _OUTSIDE.match(attributes.get("href", "")):
            found.acts("external_part")
        for name in _FORMULAS:
            if name in attributes:
                formulas.judge_open(attributes[name], found)

    events(data, begin)


def _manifest(data: bytes, found: Findings) -> None:
    def begin(element: str, attributes: dict[str, str]) -> None:
        if element == "encryption-data":
            found.warn(FileWarning.ENCRYPTED)
        if _OBJECT.match(attributes.get("full-path", "")) and "opendocument" not in attributes.get(
            "media-type", "opendocument"
        ):
            found.acts("ole_object")

    events(data, begin)
