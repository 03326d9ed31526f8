"""Whether the box of a signature that another program made shows a drawing that was given to it, and nothing else.

What a box says and what it shows are two things: a font can draw a 9 for a 3, invisible text can lie below a
picture, a picture can look like any seal. So no picture is compared with words here. The drawing that was given
out has to be in the box as it was given: its content byte by byte, with every font and colour that it names. Around
it a program may put forms of its own as frames that move nothing by more than a point and paint nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeAlias

import orjson

from signing import jail, pdf
from signing.errors import BrokenInput, NeedsCare, SigningError
from signing.jail import JailResult, Limits
from signing.pdf import PdfArray, PdfDict, Ref, SignatureField, Stream, View, rectangle
from signing.pdf.filters import decode
from signing.pdf.objects import PdfString
from signing.pdf.structure import is_name
from signing.verification.jailed import LIMITS
from signing.verification.plan import CUT

TASK = "signing.verification.drawn:task"

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Box: TypeAlias = tuple[float, float, float, float]
_ONE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_ENDS = rb"(?![^\s/])"
_TOKEN = re.compile(
    rb"([+-]?(?:\d++\.?\d*+|\.\d++))" + _ENDS + rb"|/([A-Za-z0-9_.+\-]++)" + _ENDS  # 1 number, 2 name
    + rb"|([A-Za-z]++)" + _ENDS + rb"|(\S)"  # 3 operator, 4 anything else
)  # fmt: skip
_COMMENT = re.compile(rb"%[^\r\n]*+")
_STRANGE = re.compile(rb"[^\t\n\r\x0c\x20-\x7e]")
"""Bytes that some readers take for white space and others do not."""
_MOST_TOKENS = 400
_MOST_DEEP = 5
_MOST_VALUES = 20_000
_HEAD = frozenset({"Type", "Subtype", "FormType", "Name", "BBox", "Matrix", "Resources"})
_PACKED = frozenset({"Length", "Filter", "DecodeParms"})
_LEFT_OUT = frozenset({"Metadata", "ProcSet", "PieceInfo", "Parent", "StructParent", "StructParents"})
"""What shows nothing: a program may leave it out of what it copies, but not add it."""
_SEEN = 1 << 2
_HARMLESS_FLAGS = _SEEN | 1 << 6 | 1 << 7 | 1 << 9
"""Print; and read-only, locked, locked contents (12.5.3)."""


class Trouble(StrEnum):
    """What a box shows besides, or instead of, the drawing that was given out."""

    UNREADABLE = "unreadable"
    HIDDEN = "hidden"
    """Not shown on the screen, or not printed."""
    SEE_THROUGH = "see_through"
    """A group or a state of transparency changes how it mixes with what lies below."""
    PAINTED = "painted"
    """Words, lines or a picture of the program's own, beside the drawing or over it."""
    OTHER = "other"
    """Something else, and the drawing nowhere."""
    TWICE = "twice"
    MOVED = "moved"
    EMPTY = "empty"


class _Found(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


def inspect_drawing_in_jail(
    document: bytes, drawing: bytes, *, field: str, limits: Limits = LIMITS
) -> Trouble | None:
    """None where the box of `field` shows `drawing`, a PDF of one page, and nothing else."""
    asked = {"size": len(drawing), "field": field}
    try:
        told = orjson.loads(jail.run(TASK, drawing + document, arguments=asked, limits=limits).json)
    except (jail.JailError, SigningError):
        return Trouble.UNREADABLE
    return Trouble(told["trouble"]) if told["trouble"] else None


def task(payload: bytes, arguments: dict[str, Any]) -> JailResult:
    """The jailed task behind `inspect_drawing_in_jail`."""
    size = int(arguments["size"])
    found = inspect_drawing(payload[size:], payload[:size], field=str(arguments["field"]))
    return JailResult(orjson.dumps({"trouble": str(found or "")}).decode())


def inspect_drawing(document: bytes, drawing: bytes, *, field: str) -> Trouble | None:
    """The same without the jail."""
    try:
        view, given = pdf.read(document).last, pdf.read(drawing).last
        item = next((one for one in view.signature_fields() if one.name == field), None)
        if item is None:
            return Trouble.UNREADABLE
        _demand(view, item, _Given(given))
    except _Found as found:
        return found.trouble
    except (BrokenInput, NeedsCare):
        return Trouble.UNREADABLE
    except Exception:  # noqa: BLE001  a door: whatever a hostile file provokes is an answer, never a yes
        return Trouble.UNREADABLE
    return None


class _Given:
    """The one page that was given out."""

    def __init__(self, view: View) -> None:
        [page] = view.pages()
        self.view = view
        box = rectangle(view.resolve(page.attribute("MediaBox")))
        if box is None:
            raise BrokenInput("appearance_box")
        self.box = box
        self.resources = view.resolve(page.attribute("Resources"))
        parts = view.resolve(page.node.get("Contents"))
        listed = [view.resolve(one) for one in parts] if isinstance(parts, PdfArray) else [parts]
        self.content = b"\n".join(decode(one) for one in listed if isinstance(one, Stream)).strip()

    def is_in(self, view: View, form: Stream) -> bool:
        """Whether a form has this content and these resources."""
        try:
            if decode(form).strip() != self.content:
                return False
        except NeedsCare:
            return False
        return _Same(self.view, view).same(self.resources, view.resolve(form.dict.get("Resources")))


def _demand(view: View, item: SignatureField, given: _Given) -> None:
    flags = view.resolve(item.node.get("F"))
    if type(flags) is not int or not flags & _SEEN or flags & ~_HARMLESS_FLAGS:
        raise _Found(Trouble.HIDDEN)
    states = view.resolve(item.node.get("AP"))
    form = view.resolve(states.get("N")) if isinstance(states, PdfDict) and set(states) == {"N"} else None
    if not isinstance(form, Stream) or "OC" in item.node:
        raise _Found(Trouble.EMPTY)
    box = rectangle(view.resolve(form.dict.get("BBox")))
    if "Matrix" in form.dict:
        raise _Found(Trouble.MOVED)
    try:
        places = list(_leaves(view, form, given, _ONE, ()))
    except _Found as found:
        is_there = found.trouble is not Trouble.PAINTED or _holds(view, form, given, depth=0)
        raise found if is_there else _Found(Trouble.OTHER) from None
    if not places or box is None:
        raise _Found(Trouble.EMPTY)
    if len(places) > 1:
        raise _Found(Trouble.TWICE)
    if any(abs(one - other) > CUT for one, other in zip(places[0], box, strict=True)):
        raise _Found(Trouble.MOVED)


def _leaves(view: View, form: Stream, given: _Given, matrix: Matrix, within: tuple[Box, ...]) -> Iterator[Box]:
    """Where the drawing is drawn; raises for whatever else is. `within`: the boxes of the frames around, each of
    which cuts off what lies outside."""
    if len(within) > _MOST_DEEP:
        raise _Found(Trouble.OTHER)
    if "Group" in form.dict:
        raise _Found(Trouble.SEE_THROUGH)
    if set(form.dict) - _HEAD - _PACKED:
        raise _Found(Trouble.OTHER)
    matrix = _times(_matrix(view, form), matrix)
    box = rectangle(view.resolve(form.dict.get("BBox")))
    if box is None:
        raise _Found(Trouble.OTHER)
    if given.is_in(view, form):
        if any(abs(one - other) > _CLIPPED for one, other in zip(box, given.box, strict=True)):
            raise _Found(Trouble.MOVED)
        drawn = _moved(matrix, given.box)
        if any(_cuts(one, drawn) for one in within):
            raise _Found(Trouble.MOVED)
        yield drawn
        return
    within = (*within, _moved(matrix, box))
    for placed, name in _drawn(view, form, matrix):
        target = _resource(view, form, "XObject", name)
        if not isinstance(target, Stream) or not is_name(target.dict.get("Subtype"), "Form"):
            raise _Found(Trouble.PAINTED)
        yield from _leaves(view, target, given, placed, within)


def _holds(view: View, form: Stream, given: _Given, *, depth: int) -> bool:
    """Whether the drawing is among what a form can draw, shown or not."""
    if given.is_in(view, form):
        return True
    resources = view.resolve(form.dict.get("Resources"))
    listed = view.resolve(resources.get("XObject")) if isinstance(resources, PdfDict) else None
    inner = [view.resolve(one) for one in listed.values()] if isinstance(listed, PdfDict) else []
    forms = [one for one in inner if isinstance(one, Stream)] if depth < _MOST_DEEP else []
    return any(_holds(view, one, given, depth=depth + 1) for one in forms)


def _cuts(frame: Box, drawn: Box) -> bool:
    left, bottom, right, top = (one - other for one, other in zip(frame, drawn, strict=True))
    return left > CUT or bottom > CUT or right < -CUT or top < -CUT


_CLIPPED = 0.05
"""Points of the drawing that a form's own box may cut off: writers round."""


def _drawn(view: View, form: Stream, matrix: Matrix) -> Iterator[tuple[Matrix, str]]:
    """A frame's content: (where, name) of every object that it draws. Whatever paints by itself is refused."""
    try:
        content = decode(form)
    except NeedsCare:
        raise _Found(Trouble.PAINTED) from None
    if _STRANGE.search(content):
        raise _Found(Trouble.PAINTED)
    saved: list[Matrix] = []
    numbers: list[float] = []
    names: list[str] = []
    for count, token in enumerate(_TOKEN.finditer(_COMMENT.sub(b" ", content))):
        if token[4] is not None or count > _MOST_TOKENS:
            raise _Found(Trouble.PAINTED)
        if token[1] is not None:
            numbers.append(float(token[1]))
            continue
        if token[2] is not None:
            names.append(token[2].decode("ascii"))
            continue
        match token[3], len(numbers), len(names):
            case b"q", 0, 0:
                saved.append(matrix)
            case b"Q", 0, 0 if saved:
                matrix = saved.pop()
            case b"cm", 6, 0:
                a, b, c, d, e, f = numbers
                matrix = _times((a, b, c, d, e, f), matrix)
            case b"gs", 0, 1:
                _demand_opaque(view, form, names[0])
            case b"Do", 0, 1:
                yield matrix, names[0]
            case _:
                raise _Found(Trouble.PAINTED)
        numbers, names = [], []


def _demand_opaque(view: View, form: Stream, name: str) -> None:
    """A state that says only what holds without it: nothing shines through."""
    state = _resource(view, form, "ExtGState", name)
    said: Mapping[str, Any] = state if isinstance(state, PdfDict) else {"": None}
    for key, value in said.items():
        found = view.resolve(value)
        if key in {"CA", "ca"} and type(found) in {int, float} and found == 1:
            continue
        if key != "Type":
            raise _Found(Trouble.SEE_THROUGH)


def _resource(view: View, form: Stream, kind: str, name: str) -> Any:
    resources = view.resolve(form.dict.get("Resources"))
    listed = view.resolve(resources.get(kind)) if isinstance(resources, PdfDict) else None
    return view.resolve(listed.get(name)) if isinstance(listed, PdfDict) else None


def _matrix(view: View, form: Stream) -> Matrix:
    found = view.resolve(form.dict.get("Matrix"))
    if found is None:
        return _ONE
    values = [view.resolve(one) for one in found] if isinstance(found, PdfArray) else []
    if len(values) != 6 or any(type(one) not in {int, float} for one in values):
        raise _Found(Trouble.MOVED)
    a, b, c, d, e, f = map(float, values)
    return a, b, c, d, e, f


def _times(one: Matrix, two: Matrix) -> Matrix:
    """First `one`, then `two` (8.3.4)."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _moved(matrix: Matrix, box: Box) -> Box:
    """A box under a matrix that neither turns nor mirrors."""
    a, b, c, d, e, f = matrix
    left, bottom, right, top = box
    if abs(b) > _TURNED or abs(c) > _TURNED or a <= 0 or d <= 0:
        raise _Found(Trouble.MOVED)
    return a * left + e, d * bottom + f, a * right + e, d * top + f


_TURNED = 1e-4


class _Same:
    """Compares values of two files with everything that they refer to."""

    def __init__(self, given: View, brought: View) -> None:
        self._given, self._brought = given, brought
        self._known: set[tuple[Ref, Ref]] = set()
        self._count = 0

    def same(self, one: Any, other: Any) -> bool:
        self._count += 1
        if self._count > _MOST_VALUES:
            return False
        if isinstance(one, Ref) and isinstance(other, Ref):
            if (one, other) in self._known:
                return True
            self._known.add((one, other))
        one, other = self._given.resolve(one), self._brought.resolve(other)
        if isinstance(one, Stream) or isinstance(other, Stream):
            both = isinstance(one, Stream) and isinstance(other, Stream)
            return both and self._streams(one, other)
        if isinstance(one, PdfDict) or isinstance(other, PdfDict):
            return (
                isinstance(one, PdfDict) and isinstance(other, PdfDict) and self._entries(one, other, frozenset())
            )
        if isinstance(one, PdfArray) or isinstance(other, PdfArray):
            both = isinstance(one, PdfArray) and isinstance(other, PdfArray)
            return both and len(one) == len(other) and all(map(self.same, one, other))
        return _plain(one) == _plain(other)

    def _streams(self, one: Stream, other: Stream) -> bool:
        try:
            return self._entries(one.dict, other.dict, _PACKED) and decode(one) == decode(other)
        except NeedsCare:
            return False

    def _entries(self, one: PdfDict, other: PdfDict, apart: frozenset[str]) -> bool:
        """What the copy has is what was given; left out may be what shows nothing."""
        ours, theirs = set(one) - apart, set(other) - apart
        if theirs - ours or not ours - theirs <= _LEFT_OUT:
            return False
        return all(self.same(one[key], other[key]) for key in theirs - _LEFT_OUT)


def _plain(value: Any) -> tuple[str, Any]:
    """Numbers by value, strings by their bytes, everything else by kind and value."""
    if isinstance(value, bool) or value is None:
        return "constant", value
    if isinstance(value, int | float):
        return "number", float(value)
    if isinstance(value, PdfString):
        return "string", bytes(value)
    return type(value).__name__, value
