"""One XML part of an office file, read as events: what it links to, which fields it has, which changes are open."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

MAX_DEPTH: Final = 400
"""A table in a table in a table has about ten levels each; readers recurse, and stacks end."""

_ELSEWHERE: Final = re.compile(r"^\s*([a-z][a-z0-9+.-]+:|//|\\\\|/|\.\.)", re.IGNORECASE)
"""A scheme, a host, or a path out of the package."""
_CLICKED: Final = frozenset(
    {"a", "shape", "group", "rect", "roundrect", "oval", "line", "polyline", "arc", "curve", "bookmark"}
)
"""Elements whose `href` only a click follows."""
_LINKS: Final = frozenset({"src", "href"})
_FETCH: Final = frozenset(
    {"DDE", "DDEAUTO", "LINK", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "RD", "DATABASE", "EMBED"}
)
_CHANGES: Final = frozenset({"ins", "del", "moveFrom", "moveTo"})
_TEXTS: Final = re.compile(r"^word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$", re.IGNORECASE)
_REASONS: Final = {"altChunk": "office_parts", "subDoc": "office_parts"}
_REL_REASONS: Final = {
    "aFChunk": "office_parts", "subDocument": "office_parts", "oleObject": "office_objects",
    "package": "office_objects", "control": "office_objects", "frame": "office_external",
    "attachedTemplate": "office_template", "vbaProject": "office_macros",
}  # fmt: skip


class Unwanted(Exception):
    """The part holds what no draft may hold; `reason` is one of those in `strict`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Part:
    """Reads one part and raises at the first thing that is not wanted."""

    def __init__(self, name: str, *, draft: bool) -> None:
        self.relations = name.lower().endswith(".rels")
        self.changes = draft and _TEXTS.match(name) is not None
        self.depth = 0
        self.codes: list[list[str]] = []
        """Fields that are open, the innermost last; each with the words of its code so far."""
        self.in_code = False

    def read(self, content: bytes) -> None:
        """Raises `Unwanted`, or `expat.ExpatError` where it is no XML."""
        parser = expat.ParserCreate(namespace_separator=None)
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._declared
        parser.EntityDeclHandler = self._declared
        parser.Parse(content, True)
        for code in self.codes:  # begun and never ended
            _judge_field("".join(code))

    def _declared(self, *_what: object) -> None:
        raise Unwanted("office_entities")

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unwanted("office_bomb")
        element = _local(tag)
        if element in _REASONS:
            raise Unwanted(_REASONS[element])
        if self.changes and element in _CHANGES:
            raise Unwanted("office_changes")
        if self.relations:
            self._relation(attributes)
        else:
            self._links(element, attributes)
        self._field(element, attributes)

    def _relation(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind in _REL_REASONS:
            raise Unwanted(_REL_REASONS[kind])
        outside = attributes.get("TargetMode", "").lower() == "external"
        target = attributes.get("Target", "")
        if kind != "hyperlink" and (outside or "//" in target or ":" in target or "\\" in target):
            raise Unwanted("office_external")

    def _links(self, element: str, attributes: dict[str, str]) -> None:
        if element in _CLICKED:
            return
        for name, value in attributes.items():
            if _local(name) in _LINKS and not name.startswith("xmlns") and _ELSEWHERE.match(value):
                raise Unwanted("office_external")

    def _field(self, element: str, attributes: dict[str, str]) -> None:
        self.in_code = element == "instrText"
        if element == "fldSimple":
            _judge_field(_attribute(attributes, "instr"))
        elif element == "fldChar":
            kind = _attribute(attributes, "fldCharType")
            if kind == "begin":
                self.codes.append([])
            elif kind in {"separate", "end"} and self.codes:
                _judge_field("".join(self.codes[-1]))
                if kind == "end":
                    self.codes.pop()

    def _text(self, written: str) -> None:
        if self.in_code and self.codes:
            self.codes[-1].append(written)
        elif self.in_code:
            _judge_field(written)

    def _end(self, _tag: str) -> None:
        self.depth -= 1
        self.in_code = False


def _judge_field(code: str) -> None:
    """A field does what its first word says (ECMA-376 part 1, 17.16)."""
    words = code.split(maxsplit=1)
    if words and words[0].upper() in _FETCH:
        raise Unwanted("office_fields")


def _attribute(attributes: dict[str, str], wanted: str) -> str:
    return next((value for name, value in attributes.items() if _local(name) == wanted), "")


def _local(name: str) -> str:
    return name.rpartition(":")[2]
