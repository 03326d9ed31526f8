"""The quick way through most of a file: one expression takes an object whole, its values are read when asked for.

Every object of every revision has to be looked at (`structure.check`): whether it is well formed and no key stands
twice in a dictionary, what it refers to, and where it ends. Its values are needed for a few only. `read_plain` says
all of the former about an object that is a dictionary or stream of names, numbers, references, hex strings, arrays
and dictionaries of these. Of anything else (strings, comments, escaped names, deep nesting, whatever is wrong) it
says nothing at all, and `read_object` reads it as ever: so it never accepts what that one refuses.
"""

from __future__ import annotations

import re
from typing import Any

from signing.pdf.lexer import ACTIVE_KEYS, QuickLexer
from signing.pdf.objects import IndirectObject, PdfDict, Ref, Stream

_W = rb"[\x00\t\n\x0c\r ]*+"
_W1 = rb"[\x00\t\n\x0c\r ]++"
_LAST = rb"(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])"  # no regular character follows: the token ends here
_REF = rb"\d{1,10}+" + _W1 + rb"\d{1,5}+" + _W1 + rb"R" + _LAST
_NAME = rb"/[^\x00\t\n\x0c\r ()<>\[\]{}/%#]*+"
_NUMBER = rb"[+-]?(?:\d{1,18}+(?:\.\d*+)?|\.\d++)" + _LAST
_HEX = rb"<[0-9A-Fa-f]*+>"
_STRING = rb"\((?:[^()\\]|\\[\x00-\xff])*+\)"
_CONSTANT = rb"(?:true|false|null)" + _LAST
_SCALAR = rb"(?>" + rb"|".join((_NAME, _REF, _NUMBER, _STRING, _HEX, _CONSTANT)) + rb")"
_LEVELS = 5


def _value(levels: int) -> bytes:
    """A value with arrays and dictionaries nested so deep."""
    if not levels:
        return _SCALAR
    inner = _value(levels - 1)
    array = rb"\[(?:" + _W + inner + rb")*+" + _W + rb"\]"
    nested = rb"<<(?:" + _W + _NAME + _W + inner + rb")*+" + _W + rb">>"
    return rb"(?>" + _SCALAR + rb"|" + array + rb"|" + nested + rb")"


_OBJECT = re.compile(
    rb"(\d{1,10}+)" + _W1 + rb"(\d{1,5}+)" + _W1 + rb"obj" + _LAST + _W
    + rb"(" + _value(_LEVELS) + rb")"
    + _W + rb"(?:endobj" + _LAST + rb"|(stream)(?:\r\n|\n))"
)  # fmt: skip
_STREAM_END = re.compile(rb"(?:\r\n|\n|\r)?endstream" + _W1 + rb"endobj" + _LAST)
_REFS = re.compile(rb"(?<!\d)(\d{1,10}+)" + _W1 + rb"(\d{1,5}+)" + _W1 + rb"R" + _LAST)
_NAMES = re.compile(_NAME)
_STRINGS = re.compile(_STRING + rb"|(?<!<)" + _HEX)
_INNERMOST = re.compile(rb"<<([^<>\[\]]*+)>>|\[[^<>\[\]]*+\]")
_PAIR = re.compile(rb"(" + _NAME + rb")" + _W + _SCALAR)
_ACTIVE = frozenset(b"/" + key.encode() for key in ACTIVE_KEYS)
_LENGTH = re.compile(rb"/Length" + _W1 + rb"(\d{1,10}+)" + _LAST + rb"(?!" + _W1 + rb"\d)")


class PlainObject(IndirectObject):
    """An object whose values are read when somebody asks for `value`."""

    __slots__ = ("_data", "_kept", "_read", "_span", "_stream")

    def __init__(self, match: re.Match[bytes], refs: tuple[Ref, ...], *, end: int, stream: int | None) -> None:
        self.num, self.gen = int(match[1]), int(match[2])
        self.start, self.end = match.start(), end
        self.refs, self.container, self.is_active = refs, None, False
        self._data, self._span, self._read = match.string, match.span(3), False
        self._stream = None if stream is None else (match.end(), stream)

    @property
    def value(self) -> Any:
        if not self._read:
            self._kept, self._read = self._values(), True
        return self._kept

    def _values(self) -> PdfDict | Stream:
        head: PdfDict = QuickLexer(self._data, self._span[0]).value()
        return head if self._stream is None else Stream(head, self._data, *self._stream)

    def mentions(self, name: bytes) -> bool:
        return self._read or self._data.find(name, *self._span) >= 0


def read_plain(data: bytes, offset: int) -> PlainObject | None:
    """The object at `offset`; None: read it the long way."""
    match = _OBJECT.match(data, offset)
    if match is None:
        return None
    text = match[3]
    if b"(" in text or text.count(b"<") != 2 * text.count(b"<<"):
        text = _STRINGS.sub(b"()", text)  # what looks like a name or a reference from here on is one
    names = _NAMES.findall(text)
    if not _ACTIVE.isdisjoint(names) or (len(set(names)) < len(names) and not _keys_differ(text)):
        return None
    refs = tuple([Ref(int(num), int(gen)) for num, gen in _REFS.findall(text)]) if b"R" in text else ()
    if match[4] is None:
        return PlainObject(match, refs, end=match.end(), stream=None)
    return _stream(data, match, refs, text=text, names=names)


def _stream(
    data: bytes, match: re.Match[bytes], refs: tuple[Ref, ...], *, text: bytes, names: list[bytes]
) -> PlainObject | None:
    """A stream with one direct /Length and nothing outside of the file (/F)."""
    lengths = _LENGTH.findall(text)
    if not text.startswith(b"<<") or len(lengths) != 1 or names.count(b"/Length") != 1 or b"/F" in names:
        return None
    stop = match.end() + int(lengths[0])
    tail = _STREAM_END.match(data, stop)
    return PlainObject(match, refs, end=tail.end(), stream=stop) if tail is not None else None


def _keys_differ(text: bytes) -> bool:
    """Whether no key stands twice in one dictionary: from the inside out, each put down to a number once it is
    looked at. `text` has no strings any more."""
    while text.find(b"<<", 2) >= 0 or b"[" in text:
        for pairs in _INNERMOST.findall(text):
            keys = _PAIR.findall(pairs)
            if len(set(keys)) < len(keys):
                return False
        text, found = _INNERMOST.subn(b" 0 ", text)
        if not found:
            return True
    keys = _PAIR.findall(text)
    return len(set(keys)) == len(keys)
