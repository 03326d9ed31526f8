"""What an XLSX file fetches of itself: formulas, connections to data, queries, DDE. Every part is looked at,
whatever its name: programs go by the relations between parts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from workflow.adapters.inspection import formulas
from workflow.adapters.inspection.findings import Findings
from workflow.adapters.inspection.markup import events

if TYPE_CHECKING:
    from workflow.adapters.inspection.zips import Parts

_FORMULAS: Final = frozenset(
    {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula"}
)
_ELEMENTS: Final = {
    "connection": "data_connection", "queryTable": "data_connection", "DataMashup": "data_connection",
    "ddeLink": "dde", "oleLink": "external_part",
}  # fmt: skip
_NEEDLES: Final = tuple(
    word.lower().encode() for word in (*formulas.FUNCTIONS, *_ELEMENTS, "|", "external", "<!", "&#")
)
"""A part without any of them, in an encoding whose letters are those of ASCII, need not be read as XML."""
_ENCODED: Final = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8[\"']|us-ascii[\"'])", re.IGNORECASE)
_HEAD: Final = 200


def look(parts: Parts, name: str, found: Findings) -> None:
    """One part of a spreadsheet; raises what `events` raises."""
    if not _is_markup(parts.read(name, _HEAD)):
        return
    data = parts.read(name)
    if not _may_act(data):
        return
    try:
        _read(data, found)
    except expat.ExpatError:
        if not name.lower().endswith(".vml"):  # what Excel writes there for notes is not always XML
            raise


def _is_markup(head: bytes) -> bool:
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").startswith(b"<")


def _may_act(data: bytes) -> bool:
    if b"\0" in data or _ENCODED.search(data[:_HEAD]):
        return True
    lower = data.lower()
    return any(needle in lower for needle in _NEEDLES)


def _read(data: bytes, found: Findings) -> None:
    inside = False
    words: list[str] = []

    def begin(element: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if words:
            formulas.judge("".join(words), found)
            words.clear()
        inside = element in _FORMULAS
        if element in _ELEMENTS:
            found.acts(_ELEMENTS[element])
        if element == "cacheSource" and attributes.get("type") == "external":
            found.acts("data_connection")

    def text(written: str) -> None:
        if inside:
            words.append(written)

    events(data, begin, text)
    formulas.judge("".join(words), found)
