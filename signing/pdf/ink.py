"""Where a page is written on: boxes of its text and small drawings, in the coordinates of its annotations.

An estimate, made without fonts: glyphs are taken as 0.55 em wide. Large areas (backgrounds, frames, scans) are
left out, because nothing can be said about what stands in them; pictures of any size are listed apart.
"""

from __future__ import annotations

import re
import zlib
from typing import Any, NamedTuple, TypeAlias

from signing.pdf.file import Page, View, rectangle
from signing.pdf.objects import Name, PdfArray, PdfDict, Stream

Rect: TypeAlias = tuple[float, float, float, float]
Matrix: TypeAlias = tuple[float, float, float, float, float, float]

MAX_CONTENT = 8_000_000
MAX_TOKENS = 400_000
MAX_NESTED = 6
_GLYPH, _BELOW, _ABOVE = 0.55, 0.2, 0.75
_LARGE = 0.08
"""Part of the page above which a filled or pictured area is a background."""
_EDGE = 2.0
_UNIT = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
"""Where an image is drawn before it is placed (8.9.3)."""
_ONE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_TOKEN = re.compile(
    rb"([+-]?(?:\d++\.?\d*+|\.\d++))"  # 1 number
    rb"|(\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\))"  # 2 string
    rb"|<([0-9A-Fa-f\s]*+)>"  # 3 hex string
    rb"|([\[\]])"  # 4 array
    rb"|/([^\s()<>\[\]{}/%]*+)"  # 5 name
    rb"|([A-Za-z'\"*]++[0-9]?\*?)"  # 6 operator
    rb"|%[^\r\n]*+|<<|>>|[^\s]",
    re.DOTALL,
)
_IMAGE_DATA = re.compile(rb"\sID\s.*?\sEI(?=\s|$)", re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:[0-7]{1,3}|\r\n|.)", re.DOTALL)
_FILL = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_STROKE = frozenset({b"S", b"s"})
_POINTS = {b"m": 1, b"l": 1, b"c": 3, b"v": 2, b"y": 2}
_SHOW = frozenset({b"Tj", b"'", b'"'})


class Ink(NamedTuple):
    """`boxes`: text and small drawings; `pictures`: all images, a scan of the whole page among them."""

    boxes: tuple[Rect, ...]
    pictures: tuple[Rect, ...]


def ink_of(view: View, page: Page) -> Ink | None:
    """None where the page cannot be read: then it may be written on anywhere."""
    box = rectangle(view.resolve(page.attribute("MediaBox"))) or (0.0, 0.0, 612.0, 792.0)
    pen = _Pen(view, (box[2] - box[0]) * (box[3] - box[1]))
    try:
        data = _content(view, page.node.get("Contents"))
        pen.draw(data, view.resolve(page.attribute("Resources")), _ONE, depth=0)
    except (_Unreadable, zlib.error, ValueError, TypeError, IndexError, OverflowError):
        return None
    return Ink(tuple(pen.boxes), tuple(pen.pictures))


def is_written_on(ink: Ink | None, box: Rect, *, pictures: bool = False) -> bool:
    """Whether a box covers text or a drawing, more than by touching it; with `pictures`, any part of an image."""
    if ink is None or any(_covers(box, item) for item in ink.boxes):
        return True
    return pictures and any(overlap(box, item) for item in ink.pictures)


def overlap(one: Rect, other: Rect) -> bool:
    """Whether two boxes share more than an edge of two points."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    return wide > _EDGE and min(one[3], other[3]) - max(one[1], other[1]) > _EDGE


def _covers(box: Rect, item: Rect) -> bool:
    wide = min(box[2], item[2]) - max(box[0], item[0])
    high = min(box[3], item[3]) - max(box[1], item[1])
    return wide > min(8.0, 0.5 * (item[2] - item[0])) and high > 0.35 * (item[3] - item[1])


class _Unreadable(Exception):
    """Packed in a way that is not undone here, or endless."""


def _content(view: View, value: Any) -> bytes:
    found = view.resolve(value)
    if isinstance(found, PdfArray):
        return b"\n".join(_content(view, item) for item in found if item is not value)
    return _unpacked(view, found) if isinstance(found, Stream) else b""


def unpacked(view: View, stream: Stream) -> bytes | None:
    """The bytes of a content stream; None where they are packed with anything but Flate, or too many."""
    try:
        return _unpacked(view, stream)
    except (_Unreadable, zlib.error):
        return None


def _unpacked(view: View, stream: Stream) -> bytes:
    names = view.resolve(stream.dict.get("Filter"))
    listed = list(names) if isinstance(names, PdfArray) else [names] if names is not None else []
    data = stream.raw
    for name in listed:
        if name not in ("FlateDecode", "Fl"):
            raise _Unreadable
        data = zlib.decompressobj().decompress(data, MAX_CONTENT)
    if len(data) >= MAX_CONTENT:
        raise _Unreadable
    return data


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _bounds(matrix: Matrix, points: list[tuple[float, float]]) -> Rect:
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x, y in points]
    ys = [b * x + d * y + f for x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _length(literal: bytes) -> int:
    """Bytes of a string in parentheses."""
    return len(_ESCAPE.sub(b"x", literal) if b"\\" in literal else literal) - 2


class _Pen:
    """One pass over the operators that place ink (9.4, 8.5, 8.8)."""

    def __init__(self, view: View, page_area: float) -> None:
        self.view = view
        self.page_area = page_area
        self.boxes: list[Rect] = []
        self.pictures: list[Rect] = []
        self.tokens = 0

    def draw(self, data: bytes, resources: Any, matrix: Matrix, *, depth: int) -> None:
        if b"BI" in data:
            data = _IMAGE_DATA.sub(b" EI", data)
        state = _State(self, resources if isinstance(resources, PdfDict) else PdfDict(), matrix, depth)
        stack: list[Any] = []
        for match in _TOKEN.finditer(data):
            self.tokens += 1
            kind = match.lastindex
            if kind == 1:
                stack.append(float(match[1]))
            elif kind == 2:
                stack.append(_length(match[2]))
            elif kind == 3:
                stack.append(len(match[3]) // 2)
            elif kind == 5:
                stack.append(match[5])
            elif kind == 6:
                state.do(match[6], stack)
                stack.clear()
            elif match[0] in (b"(", b"<"):  # a string that is not made out: it may be any text
                raise _Unreadable
            if len(stack) > 5000 or self.tokens > MAX_TOKENS:
                raise _Unreadable

    def picture(self, box: Rect) -> None:
        self.add(box)
        self.pictures.append(box)
        if len(self.pictures) > MAX_TOKENS // 4:
            raise _Unreadable

    def add(self, box: Rect, *, share: float = _LARGE) -> None:
        if (box[2] - box[0]) * (box[3] - box[1]) <= share * self.page_area:
            self.boxes.append(box)
            if len(self.boxes) > MAX_TOKENS // 4:
                raise _Unreadable


class _State:
    """Graphics and text state of one content stream. Strings are kept as their lengths (int)."""

    def __init__(self, pen: _Pen, resources: PdfDict, matrix: Matrix, depth: int) -> None:
        self.pen = pen
        self.resources = resources
        self.ctm = matrix
        self.depth = depth
        self.saved: list[tuple[Any, ...]] = []
        self.path: list[tuple[float, float]] = []
        self.clip: Rect | None = None
        self.clipping = False
        self.text = self.line = _ONE
        self.size, self.leading, self.glyph_bytes = 0.0, 0.0, 1
        self.rise, self.spacing, self.stretch = 0.0, 0.0, 1.0

    def do(self, name: bytes, stack: list[Any]) -> None:
        if name in _SHOW or name == b"TJ":
            if name != b"Tj" and name != b"TJ":
                self._move(0.0, -self.leading)
            self._show(stack)
        elif name in _POINTS and len(stack) >= 2:
            self.path += [(stack[at], stack[at + 1]) for at in range(0, len(stack) - 1, 2)]
        elif name == b"re" and len(stack) >= 4:
            x, y, wide, high = stack[-4:]
            self.path += [(x, y), (x + wide, y + high)]
        elif name in _FILL or name in _STROKE or name == b"n":
            self._paint(name)
        else:
            self._place(name, stack)

    def _place(self, name: bytes, stack: list[Any]) -> None:
        if name == b"q":
            self.saved.append(self._kept())
        elif name == b"Q" and self.saved:
            self.ctm, self.clip, *text = self.saved.pop()
            self.size, self.leading, self.glyph_bytes, self.rise, self.spacing, self.stretch = text
        elif name == b"cm" and len(stack) >= 6:
            self.ctm = _times(tuple(stack[-6:]), self.ctm)
        elif name == b"BT":
            self.text = self.line = _ONE
        elif name == b"Tm" and len(stack) >= 6:
            self.text = self.line = tuple(stack[-6:])
        elif name in (b"Td", b"TD") and len(stack) >= 2:
            self.leading = -stack[-1] if name == b"TD" else self.leading
            self._move(stack[-2], stack[-1])
        elif name == b"T*":
            self._move(0.0, -self.leading)
        elif name == b"TL" and stack:
            self.leading = stack[-1]
        elif name == b"Tf" and len(stack) >= 2:
            self._font(stack[-2], stack[-1])
        elif name == b"Do" and stack:
            self._object(stack[-1])
        elif name in (b"W", b"W*"):
            self.clipping = True
        elif name == b"EI":
            self.pen.picture(_bounds(self.ctm, _UNIT))
        elif name == b"sh" and self.clip is not None:
            self.pen.add(self.clip)
        elif stack:
            self._set(name, stack[-1])

    def _set(self, name: bytes, value: Any) -> None:
        if name == b"gs":
            self._graphics_state(value)
        elif type(value) is not float:
            return
        elif name == b"Ts":
            self.rise = value
        elif name == b"Tc":
            self.spacing = value
        elif name == b"Tz":
            self.stretch = value / 100

    def _kept(self) -> tuple[Any, ...]:
        """The graphics state with its text state (8.4.1)."""
        text = (self.size, self.leading, self.glyph_bytes, self.rise, self.spacing, self.stretch)
        return (self.ctm, self.clip, *text)

    def _graphics_state(self, name: Any) -> None:
        """8.4.5: one of its entries is a font with its size."""
        view = self.pen.view
        listed = view.resolve(self.resources.get("ExtGState"))
        found = view.resolve(listed.get(_key(name))) if isinstance(listed, PdfDict) else None
        pair = view.resolve(found.get("Font")) if isinstance(found, PdfDict) else None
        if isinstance(pair, PdfArray) and len(pair) == 2:
            self.size = float(view.resolve(pair[1]))
            self.glyph_bytes = _glyph_bytes(view.resolve(pair[0]))

    def _move(self, x: float, y: float) -> None:
        self.text = self.line = _times((1.0, 0.0, 0.0, 1.0, x, y), self.line)

    def _font(self, name: Any, size: float) -> None:
        self.size = size
        fonts = self.pen.view.resolve(self.resources.get("Font"))
        font = self.pen.view.resolve(fonts.get(_key(name))) if isinstance(fonts, PdfDict) else None
        self.glyph_bytes = _glyph_bytes(font)

    def _show(self, stack: list[Any]) -> None:
        glyphs = sum(item for item in stack if type(item) is int) / self.glyph_bytes
        kerning = sum(item for item in stack if type(item) is float) / 1000
        wide = ((glyphs * _GLYPH - kerning) * self.size + glyphs * self.spacing) * self.stretch
        matrix = _times(self.text, self.ctm)
        if glyphs and wide:  # a negative size turns the glyphs over
            low, high = self.rise - _BELOW * self.size, self.rise + _ABOVE * self.size
            self.pen.add(_bounds(matrix, [(0, low), (wide, low), (0, high), (wide, high)]), share=1.0)
        self.text = _times((1.0, 0.0, 0.0, 1.0, wide, 0.0), self.text)

    def _paint(self, name: bytes) -> None:
        if self.path and name != b"n":
            self.pen.add(_bounds(self.ctm, self.path), share=_LARGE if name in _FILL else _LARGE / 20)
        if self.path and self.clipping:
            self.clip = _bounds(self.ctm, self.path)
        self.path, self.clipping = [], False

    def _object(self, name: Any) -> None:
        view = self.pen.view
        listed = view.resolve(self.resources.get("XObject"))
        item = view.resolve(listed.get(_key(name))) if isinstance(listed, PdfDict) else None
        if not isinstance(item, Stream):
            return
        if item.dict.get("Subtype") == "Image":
            self.pen.picture(_bounds(self.ctm, _UNIT))
        elif self.depth >= MAX_NESTED:
            raise _Unreadable
        elif item.dict.get("Subtype") == "Form":
            own = view.resolve(item.dict.get("Matrix"))
            resources = view.resolve(item.dict.get("Resources")) or self.resources
            matrix = _times(_matrix(own), self.ctm)
            self.pen.draw(_unpacked(view, item), resources, matrix, depth=self.depth + 1)


def _matrix(found: Any) -> Matrix:
    if not isinstance(found, PdfArray) or len(found) != 6:
        return _ONE
    a, b, c, d, e, f = (float(number) for number in found)
    return a, b, c, d, e, f


def _glyph_bytes(font: Any) -> int:
    return 2 if isinstance(font, PdfDict) and font.get("Subtype") == "Type0" else 1


def _key(name: Any) -> Name:
    return Name(name.decode("latin-1")) if isinstance(name, bytes) else Name("")
