"""What objects that differ in digits only have in common: found out once, kept, and looked up from then on.

A file is made of the same few dozen objects with other numbers in them, and so is the next file of the same
program. The grammar of `OBJECT` treats all digits alike, counts them at most, and names nothing that has one: so
whether an object is well formed, where its references, its /Length and its entries stand, and which names it has,
is the same for all objects that are equal once every digit is written as 0. What the digits say (numbers, lengths,
whether the names /F1 and /F2 differ) is never kept but looked at in every single object.

Of anything but dictionaries and streams of names, numbers, references, strings without brackets inside, arrays and
dictionaries of these (comments, escaped names, deep nesting, scripts, whatever is wrong) no shape is made.
"""

from __future__ import annotations

import re
from functools import lru_cache

from signing.pdf.lexer import ACTIVE_KEYS

W = rb"[\x00\t\n\x0c\r ]*+"
W1 = rb"[\x00\t\n\x0c\r ]++"
LAST = rb"(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])"
"""No regular character follows: the token ends here."""
_REF = rb"\d{1,10}+" + W1 + rb"\d{1,5}+" + W1 + rb"R" + LAST
_NAME = rb"/[^\x00\t\n\x0c\r ()<>\[\]{}/%#]*+"
_NUMBER = rb"[+-]?(?:\d{1,18}+(?:\.\d*+)?|\.\d++)" + LAST
_HEX = rb"<[0-9A-Fa-f]*+>"
_STRING = rb"\((?:[^()\\]|\\[\x00-\xff])*+\)"
_CONSTANT = rb"(?:true|false|null)" + LAST
_SCALAR = rb"(?>" + rb"|".join((_NAME, _REF, _NUMBER, _STRING, _HEX, _CONSTANT)) + rb")"
_LEVELS = 5


def _value(levels: int) -> bytes:
    """A value with arrays and dictionaries nested so deep."""
    if not levels:
        return _SCALAR
    inner = _value(levels - 1)
    array = rb"\[(?:" + W + inner + rb")*+" + W + rb"\]"
    nested = rb"<<(?:" + W + _NAME + W + inner + rb")*+" + W + rb">>"
    return rb"(?>" + _SCALAR + rb"|" + array + rb"|" + nested + rb")"


OBJECT = re.compile(
    rb"(\d{1,10}+)" + W1 + rb"(\d{1,5}+)" + W1 + rb"obj" + LAST + W
    + rb"(" + _value(_LEVELS) + rb")"
    + W + rb"(?:endobj" + LAST + rb"|(stream)(?:\r\n|\n))"
)  # fmt: skip
"""A whole object, or one with a stream up to its first byte."""
_BARE = re.compile(rb"()()(" + _value(_LEVELS) + rb")()")
_ENTRY = re.compile(W + rb"(" + _NAME + rb")" + W + rb"(" + _value(_LEVELS - 1) + rb")")
_REF_END = re.compile(rb"R(?<=[\x00\t\n\x0c\r ]R)" + LAST)
_REFS = re.compile(rb"(\d\d{0,9}+)" + W1 + rb"(\d{1,5}+)" + W1 + rb"R" + LAST)
_NAMES = re.compile(_NAME)
_STRINGS = re.compile(_STRING + rb"|(?<!<)" + _HEX)
_INNERMOST = re.compile(rb"<<([^<>\[\]]*+)>>|\[[^<>\[\]]*+\]")
_PAIR = re.compile(rb"(" + _NAME + rb")" + W + _SCALAR)
_ACTIVE = frozenset(b"/" + key.encode() for key in ACTIVE_KEYS)

NOTABLE = frozenset({b"/ByteRange", b"/XRef", b"/ObjStm"})
"""Names that somebody searches all objects for."""
_FLATTEN = bytes.maketrans(b"123456789", b"000000000")
_LONGEST, _KEPT = 512, 2048
"""Bytes of an object whose shape is kept, and how many are: two megabytes, and some twenty where every object of a
hostile file is full of references."""
_LENGTH_DIGITS = 10
Span = tuple[int, int]


class Shape:
    """What is the same in all such objects; places count from the first byte of the object."""

    __slots__ = (
        "_entries", "_flat", "has_different_keys", "head", "is_dictionary", "length", "notable", "refs", "value",
    )  # fmt: skip

    def __init__(self, flat: bytes, match: re.Match[bytes], text: bytes, names: list[bytes]) -> None:
        self.value = match.span(3)
        self.head = match.end(1), match.start(2), match.end(2)
        """Where the number ends, where the generation begins and ends."""
        first = self.value[0]
        self.is_dictionary = flat.startswith(b"<<", first)
        self.refs: tuple[Span, ...] = ()
        if _REF_END.search(text):  # there are none in a signature, whose long value this need not go through
            self.refs = tuple([(first + one.start(1), first + one.end(2)) for one in _REFS.finditer(text)])
        self.notable = NOTABLE.intersection(names)
        self.has_different_keys = len(set(names)) == len(names) or _keys_differ(text)
        """False also where names differ in digits only: then the object itself has to be looked at."""
        self.length: Span | None = None
        self._flat = flat
        self._entries: dict[str, Span] | None = None

    @property
    def entries(self) -> dict[str, Span]:
        """Where the value of each key of the dictionary stands, keys with digits left out."""
        if self._entries is None:
            self._entries = _entries(self._flat, self.value[0]) if self.is_dictionary else {}
        return self._entries


def _entries(flat: bytes, start: int) -> dict[str, Span]:
    found: dict[str, Span] = {}
    place = start + 2
    while (match := _ENTRY.match(flat, place)) is not None:
        place = match.end()
        if b"0" not in match[1]:
            found[match[1][1:].decode("latin-1")] = match.span(2)
    return found


def shape_of(text: bytes, *, bare: bool = False) -> Shape | None:
    """Of the text of an object up to its `endobj` or the first byte of its stream, `bare`: of a value alone (in an
    object stream); None where it is not plain."""
    flat = text.translate(_FLATTEN)
    return _kept_shape(flat, bare) if len(flat) <= _LONGEST else _read_shape(flat, bare)


def _read_shape(flat: bytes, bare: bool) -> Shape | None:
    """A stream must have one direct /Length and nothing outside of the file (/F)."""
    match = (_BARE if bare else OBJECT).fullmatch(flat)
    if match is None or b"\0" in flat:
        return None
    text = _without_strings(match[3])
    names = _NAMES.findall(text)
    if not _ACTIVE.isdisjoint(names):
        return None
    shape = Shape(flat, match, text, names)
    if match[4]:
        shape.length = shape.entries.get("Length")
        if shape.length is None or names.count(b"/Length") != 1 or b"/F" in names:
            return None
        start, end = shape.length
        if end - start > _LENGTH_DIGITS or flat[start:end].strip(b"0"):
            return None  # a reference, a real, or anything else
    return shape


_kept_shape = lru_cache(maxsize=_KEPT)(_read_shape)


def _without_strings(text: bytes) -> bytes:
    """As long as before, but with nothing inside its strings: what looks like a name or a reference then is one."""
    if b"(" in text or text.count(b"<") != 2 * text.count(b"<<"):
        return _STRINGS.sub(lambda match: b"(%s)" % (b" " * (len(match[0]) - 2)), text)
    return text


def keys_differ(text: bytes, shape: Shape) -> bool:
    """Whether no key stands twice in one dictionary of the object, digits and all."""
    return _keys_differ(_without_strings(text[shape.value[0] : shape.value[1]]))


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
