"""Placeholders of a Word file, `{{Họ và tên}}`, and the words that take their place. Runs in the jail only.

Word cuts a line into runs wherever it likes, so a placeholder may begin in one and end in another: texts are read
in their order through the whole part, the words go where the placeholder begins and the rest of it goes away. One
that runs over the end of a paragraph is none; what is left of it is refused, not printed.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

from signing.jail import JailResult
from workflow.adapters.office.strict import checked
from workflow.domain.errors import BadInput

_PARTS: Final = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_TEXT: Final = re.compile(r"(<w:t(?: [^>]*)?>)([^<]*)(</w:t>)|</w:p>")
_NAME: Final = re.compile(r"\{\{[^\S\n]*([^{}\n]{1,80}?)[^\S\n]*\}\}")
_LEFT: Final = re.compile(r"\{\{|\}\}")


def look(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """The names of the placeholders, in their order. Refuses as `strict` does, and with `office_placeholder`."""
    data, _ending = checked(payload, accept=frozenset(arguments["accept"]), draft=True)
    found: dict[str, None] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in filter(_PARTS.fullmatch, archive.namelist()):
            words = "".join(map(_read, _TEXT.finditer(_decoded(archive.read(name)))))
            found |= dict.fromkeys(match[1] for match in _NAME.finditer(words))
            if _LEFT.search(_NAME.sub("", words)):
                raise BadInput("office_placeholder")
    return JailResult({"names": list(found)})


def filled(data: bytes, values: Mapping[str, str]) -> bytes:
    """The file with words for each placeholder; one without words is refused with `office_placeholder`."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in archive.namelist():
            content = archive.read(name)
            if _PARTS.fullmatch(name):
                content = fill(_decoded(content), values).encode("utf-8")
            target.writestr(name, content)
    return made.getvalue()


def fill(xml: str, values: Mapping[str, str]) -> str:
    """One part with its placeholders filled in."""
    pieces = list(_TEXT.finditer(xml))
    texts = [_read(piece) for piece in pieces]
    whole = "".join(texts)
    for match in reversed(list(_NAME.finditer(whole))):
        if match[1] not in values:
            raise BadInput("office_placeholder")
        _put(texts, match.start(), match.end(), values[match[1]])
    if _LEFT.search(_NAME.sub("", whole)):
        raise BadInput("office_placeholder")
    made, at = [], 0
    for piece, text in zip(pieces, texts, strict=True):
        made.append(xml[at : piece.start()])
        made.append(f'<w:t xml:space="preserve">{escape(text)}{piece[3]}' if piece[1] else piece[0])
        at = piece.end()
    return "".join([*made, xml[at:]])


def _read(piece: re.Match[str]) -> str:
    """The text of a run; where a paragraph ends, an end of line."""
    return html.unescape(piece[2]) if piece[1] else "\n"


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("office_unreadable") from error


def _put(texts: list[str], start: int, end: int, words: str) -> None:
    """Words at the first text of the stretch, nothing in the others of it."""
    at, first = 0, True
    for place, text in enumerate(texts):
        low, high = max(start - at, 0), min(end - at, len(text))
        at += len(text)
        if low < high:
            texts[place] = text[:low] + (words if first else "") + text[high:]
            first = False
