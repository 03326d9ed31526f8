"""What the box of a signature draws beside its letters, when another program made it. Run in the jail, as
`foreign_box` is.

Programs may draw anywhere: renderers also paint what stands between `BT` and `ET`, where the standard allows
letters only, and a letter of a Type 3 font is a drawing (ISO 32000-2, 9.6.4). So nothing is passed over for its
place: what is no operator of text is looked at, and so are fonts and patterns that draw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import pikepdf

MAX_NESTED: Final = 8
MAX_STEPS: Final = 40_000
_PATHS: Final = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s"})
_PAINTS: Final = _PATHS | {"sh", "INLINE IMAGE"}
_OUTLINES: Final = frozenset({"m", "l", "c", "v", "y", "h", "re", "W", "W*", "n"})
_TEXT: Final = frozenset(
    {"BT", "ET", "Tf", "Td", "TD", "Tm", "T*", "Tj", "TJ", "'", '"', "Tc", "Tw", "Tz", "TL", "Tr", "Ts"}
)
_CLIPS: Final = 4
"""From this mode of showing on letters also cut out what is painted after them (ISO 32000-2, table 104)."""
Part = tuple[bool, bytes]


def pictures(form: pikepdf.Stream) -> str:
    """A digest of everything that is drawn and no text; the same for the same picture in a box of the same size,
    empty where there is none. Raises `ValueError` for what is nested too deep or too long, `KeyError` for what it
    draws and does not have."""
    parts = list(_drawn(form, 0))
    if not any(paints for paints, _part in parts):
        return ""
    whole = hashlib.sha256()
    for _paints, part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def without_pictures(pdf: pikepdf.Pdf, form: pikepdf.Stream, depth: int = 0) -> pikepdf.Stream:
    """The same box with its letters alone. Raises as `pictures` does."""
    _demand_shallow(depth)
    targets, kept, own = _targets(form), [], pikepdf.Dictionary()
    for step in _steps(form):
        name = str(step.operator)
        if name == "Do":
            target = targets[str(step.operands[0])]
            if target.get("/Subtype") != "/Form":
                continue
            own[str(step.operands[0])] = without_pictures(pdf, target, depth + 1)
        elif name in _PAINTS | _OUTLINES:
            continue
        kept.append(step)
    made = pdf.make_stream(_unparsed(kept))
    for key in ("/Type", "/Subtype", "/BBox", "/Matrix", "/Group"):
        if key in form:
            made[key] = form[key]
    resources = pikepdf.Dictionary(dict(_resources(form).items()))
    resources["/XObject"] = own
    made["/Resources"] = resources
    return made


def _drawn(form: pikepdf.Stream, depth: int) -> Iterator[Part]:
    _demand_shallow(depth)
    resources = _resources(form)
    steps, targets = list(_steps(form)), _targets(form)
    cuts = any(str(step.operator) == "Tr" and int(step.operands[0]) >= _CLIPS for step in steps)
    kept = [step for step in steps if cuts or str(step.operator) not in _TEXT]
    yield cuts or any(str(step.operator) in _PAINTS for step in kept), _unparsed(kept)
    for kind in ("/ExtGState", "/ColorSpace"):
        yield False, _plainly(resources.get(kind), 0)
    yield from _drawing_fonts(resources)
    for name in sorted({name for step in kept for name in _patterns(step)}):
        yield True, _plainly(resources.Pattern[name], 0)
    for name in sorted({str(step.operands[0]) for step in kept if str(step.operator) == "Do"}):
        target = targets[name]
        if isinstance(target, pikepdf.Stream) and target.get("/Subtype") == "/Form":
            yield from _drawn(target, depth + 1)
        else:
            yield True, _plainly(target, 0)


def _drawing_fonts(resources: Any) -> Iterator[Part]:
    """Type 3, wherever a font may be named: their letters are drawings of any kind."""
    named = [font for _name, font in sorted(resources.get("/Font", pikepdf.Dictionary()).items())]
    for _name, state in sorted(resources.get("/ExtGState", pikepdf.Dictionary()).items()):
        named += [state.Font[0]] if "/Font" in state else []
    for font in named:
        if font.get("/Subtype") == "/Type3":
            yield True, _plainly(font, 0)


def _patterns(step: Any) -> list[str]:
    """What it paints with, where that is a pattern and no colour."""
    if str(step.operator) not in {"scn", "SCN"}:
        return []
    return [str(one) for one in step.operands if isinstance(one, pikepdf.Name)]


def _steps(form: pikepdf.Stream) -> Iterator[Any]:
    for count, step in enumerate(pikepdf.parse_content_stream(form)):
        if count > MAX_STEPS:
            raise ValueError("long")
        yield step


def _resources(form: pikepdf.Stream) -> Any:
    return form.get("/Resources", pikepdf.Dictionary())


def _targets(form: pikepdf.Stream) -> Any:
    return _resources(form).get("/XObject", pikepdf.Dictionary())


def _demand_shallow(depth: int) -> None:
    if depth > MAX_NESTED:
        raise ValueError("nested")


def _unparsed(steps: list[Any]) -> bytes:
    return bytes(pikepdf.unparse_content_stream(steps))


def _plainly(value: Any, depth: int) -> bytes:
    """A value with what it refers to, as bytes to compare."""
    _demand_shallow(depth)
    if isinstance(value, pikepdf.Stream):
        own = b"".join(_plainly(value.get(key), depth + 1) + key.encode() for key in sorted(value.keys())
                       if key not in {"/Metadata", "/PieceInfo"})  # fmt: skip
        return own + hashlib.sha256(value.read_raw_bytes()).digest()
    if isinstance(value, pikepdf.Dictionary):
        return b"".join(key.encode() + _plainly(value.get(key), depth + 1) for key in sorted(value.keys()))
    if isinstance(value, pikepdf.Array):
        return b"[" + b" ".join(_plainly(one, depth + 1) for one in value) + b"]"
    return repr(value).encode() if not isinstance(value, pikepdf.Object) else bytes(value.unparse())
