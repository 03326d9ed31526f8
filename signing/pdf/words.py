"""The text that an appearance shows, by the /ToUnicode maps of its fonts (9.10.3).

Enough for appearances that are drawn here: Flate streams, forms inside forms, fonts with a map. Everything else
is None: text that cannot be read is never taken for the right one.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from typing import Any

from signing.pdf.file import View
from signing.pdf.ink import unpacked
from signing.pdf.lexer import Lexer
from signing.pdf.objects import Name, PdfDict, Stream

MAX_NESTED = 6
MAX_RANGE = 65_536
_TOKEN = re.compile(
    rb"(\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\)|<[0-9A-Fa-f\s]*+>)"  # 1 string
    rb"|/([^\s()<>\[\]{}/%]*+)"  # 2 name
    rb"|([A-Za-z'\"*]++)"  # 3 operator
    rb"|%[^\r\n]*+|<<|>>|[^\s]",
    re.DOTALL,
)
_SPACE = re.compile(rb"begincodespacerange\s*<([0-9A-Fa-f]+)>")
_CHARS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>")
_TRIPLE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f\s]+>|\[[^\]]*\])")
_HEX = re.compile(rb"<([0-9A-Fa-f\s]+)>")
_SHOW = frozenset({b"Tj", b"TJ", b"'", b'"'})


class _Unreadable(Exception):
    """A font without a map, or a stream packed in an unusual way."""


def shown_text(view: View, form: Stream) -> str | None:
    """The characters in the order of drawing, NFC, without white space."""
    try:
        return plain("".join(_texts(view, form, PdfDict(), depth=0)))
    except (_Unreadable, zlib.error, ValueError, OverflowError):
        return None


def plain(text: str) -> str:
    """For comparing: NFC, no white space."""
    return "".join(unicodedata.normalize("NFC", text).split())


def _texts(view: View, form: Stream, inherited: PdfDict, *, depth: int) -> list[str]:
    if depth > MAX_NESTED:
        raise _Unreadable
    resources = view.resolve(form.dict.get("Resources"))
    resources = resources if isinstance(resources, PdfDict) else inherited
    data = unpacked(view, form)
    if data is None:
        raise _Unreadable
    found: list[str] = []
    font: tuple[int, dict[bytes, str]] | None = None
    strings: list[bytes] = []
    name = b""
    for match in _TOKEN.finditer(data):
        if match.lastindex == 1:
            strings.append(bytes(Lexer(match[1]).value()))
        elif match.lastindex == 2:
            name = match[2]
        elif match.lastindex == 3:
            if match[3] == b"Tf":
                font = _font(view, resources, name)
            elif match[3] in _SHOW:
                found += [_decoded(item, font) for item in strings]
            elif match[3] == b"Do":
                inner = _entry(view, resources, "XObject", name)
                if isinstance(inner, Stream) and inner.dict.get("Subtype") == "Form":
                    found += _texts(view, inner, resources, depth=depth + 1)
            strings = []
    return found


def _entry(view: View, resources: PdfDict, kind: str, name: bytes) -> Any:
    listed = view.resolve(resources.get(kind))
    return view.resolve(listed.get(Name(name.decode("latin-1")))) if isinstance(listed, PdfDict) else None


def _font(view: View, resources: PdfDict, name: bytes) -> tuple[int, dict[bytes, str]]:
    """(bytes of one code, code → text)"""
    font = _entry(view, resources, "Font", name)
    packed = view.resolve(font.get("ToUnicode")) if isinstance(font, PdfDict) else None
    if not isinstance(packed, Stream):
        raise _Unreadable
    data = unpacked(view, packed)
    if data is None:
        raise _Unreadable
    space = _SPACE.search(data)
    size = len(space[1]) // 2 if space else 2
    return size, _map(data)


def _map(data: bytes) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for block in _CHARS.finditer(data):
        for code, text in _PAIR.findall(block[1]):
            found[_bytes(code)] = _utf16(text)
    for block in _RANGES.finditer(data):
        for first, last, target in _TRIPLE.findall(block[1]):
            _add_range(found, _bytes(first), _bytes(last), target)
    return found


def _add_range(found: dict[bytes, str], first: bytes, last: bytes, target: bytes) -> None:
    start, end = int.from_bytes(first, "big"), int.from_bytes(last, "big")
    if not 0 <= end - start < MAX_RANGE or len(found) > MAX_RANGE:
        raise _Unreadable
    listed = [_utf16(item) for item in _HEX.findall(target)]
    for index in range(end - start + 1):
        code = (start + index).to_bytes(len(first), "big")
        if target.startswith(b"["):
            if index < len(listed):
                found[code] = listed[index]
        elif listed and listed[0]:
            found[code] = listed[0][:-1] + chr(ord(listed[0][-1]) + index)


def _bytes(digits: bytes) -> bytes:
    return bytes.fromhex(digits.decode("ascii"))


def _utf16(digits: bytes) -> str:
    return _bytes(digits).decode("utf-16-be")


def _decoded(item: bytes, font: tuple[int, dict[bytes, str]] | None) -> str:
    if font is None:
        raise _Unreadable
    size, known = font
    codes = [item[at : at + size] for at in range(0, len(item), size)]
    if any(code not in known for code in codes):
        raise _Unreadable
    return "".join(known[code] for code in codes)
