"""What the box of a signature draws beside its letters, when another program made it. Run in the jail, as
`foreign_box` is.

Programs may draw anywhere: renderers also paint what stands between `BT` and `ET`, where the standard allows
letters only, and a letter of a Type 3 font is a drawing (ISO 32000-2, 9.6.4). So nothing is passed over for its
place: what is no operator of text is looked at, and so are fonts, patterns and states that draw. What no list here
names, what is not the same in every viewer or takes its parts from elsewhere is no box that can be judged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pikepdf

MAX_NESTED: Final = 8
MAX_STEPS: Final = 40_000
_PAINTS: Final = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "INLINE IMAGE"})
_OUTLINES: Final = frozenset({"m", "l", "c", "v", "y", "h", "re", "W", "W*", "n"})
_TEXT: Final = frozenset(
    {"BT", "ET", "Tf", "Td", "TD", "Tm", "T*", "Tj", "TJ", "'", '"', "Tc", "Tw", "Tz", "TL", "Tr", "Ts"}
)
_STATE: Final = frozenset(
    {
        "q", "Q", "cm", "gs", "Do", "w", "J", "j", "M", "d", "i", "ri", "g", "G", "rg", "RG", "k", "K", "cs", "CS",
        "sc", "SC", "scn", "SCN", "BMC", "BDC", "EMC", "MP", "DP",
    }
)  # fmt: skip
_KNOWN: Final = _PAINTS | _OUTLINES | _TEXT | _STATE
_NAMED: Final[Mapping[str, str]] = {
    "Tf": "/Font", "Do": "/XObject", "gs": "/ExtGState", "sh": "/Shading", "scn": "/Pattern", "SCN": "/Pattern",
    "cs": "/ColorSpace", "CS": "/ColorSpace", "BDC": "/Properties", "DP": "/Properties",
}  # fmt: skip
"""Where what an operator names has to lie: in the form's own resources, since a viewer that finds it not there
takes the page's (ISO 32000-2, 7.8.3)."""
_WITHOUT_ENTRY: Final = frozenset({"/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/Pattern"})
_ELSEWHERE: Final = ("/OC", "/Ref", "/OPI", "/Alternates")
"""Layers, other files and other pictures for print: shown here and not there."""
_PLAIN_STATE: Final[Mapping[str, tuple[str, ...]]] = {
    "/BM": ("/Normal", "/Compatible"), "/SMask": ("/None",), "/TR": ("/Identity",),
    "/TR2": ("/Default", "/Identity"), "/HT": ("/Default",),
}  # fmt: skip
"""Values of a state that change nothing; any other draws (masks, blending, transfer)."""
_EDGES: Final = ("/BBox", "/Matrix", "/Group")
_CLIPS: Final = 4
"""From this mode of showing on letters also cut out what is painted after them (ISO 32000-2, table 104)."""
Part = tuple[bool, bytes]


def pictures(form: pikepdf.Stream) -> str:
    """A digest of everything that is drawn and no text; the same for the same picture in a box of the same size,
    empty where there is none.

    Raises `ValueError` for what is nested too deep or too long, an operator that no list names, other words for
    a reader than are drawn (`ActualText`), and what is not shown everywhere; `KeyError` for what it draws and does
    not have itself.
    """
    cuts = _cuts(form, 0)
    parts = list(_drawn(form, 0, cuts=cuts))
    if not any(paints for paints, _part in parts):
        return ""
    whole = hashlib.sha256()
    for _paints, part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def without_pictures(pdf: pikepdf.Pdf, form: pikepdf.Stream, depth: int = 0) -> pikepdf.Stream:
    """The same box with its letters alone. Raises as `pictures` does."""
    _demand_shallow(depth)
    kept, own = [], pikepdf.Dictionary()
    for step in _steps(form):
        name = str(step.operator)
        if name == "Do":
            target = _named(form, step)
            if target.get("/Subtype") != "/Form":
                continue
            own[str(step.operands[0])] = without_pictures(pdf, target, depth + 1)
        elif name in _PAINTS | _OUTLINES:
            continue
        kept.append(step)
    made = pdf.make_stream(_unparsed(kept))
    for key in ("/Type", "/Subtype", *_EDGES):
        if key in form:
            made[key] = form[key]
    resources = pikepdf.Dictionary(dict(_resources(form).items()))
    resources["/XObject"] = own
    made["/Resources"] = resources
    return made


def _cuts(form: pikepdf.Stream, depth: int) -> bool:
    """Whether letters cut anywhere in it: a form inherits the mode from whoever draws it."""
    _demand_shallow(depth)
    for step in _steps(form):
        if str(step.operator) == "Tr" and int(step.operands[0]) >= _CLIPS:
            return True
        if str(step.operator) == "Do":
            target = _named(form, step)
            if target.get("/Subtype") == "/Form" and _cuts(target, depth + 1):
                return True
    return False


def _drawn(form: pikepdf.Stream, depth: int, *, cuts: bool) -> Iterator[Part]:
    _demand_shallow(depth)
    _demand_everywhere(form)
    steps = list(_steps(form))
    for step in steps:
        _demand_own(form, step)
    kept = [step for step in steps if cuts or str(step.operator) not in _TEXT]
    yield cuts or any(str(step.operator) in _PAINTS for step in kept), _unparsed(kept)
    yield False, b"".join(key.encode() + _plainly(form.get(key), 0) for key in _EDGES)
    yield from _states(steps, form)
    spaces = _resources(form).get("/ColorSpace", pikepdf.Dictionary())
    yield any(_has_inks(one) for one in spaces.values()), _plainly(spaces, 0)
    yield from _drawing_fonts(form)
    for step in kept:
        if str(step.operator) == "sh" or _paints_with(step):
            yield True, _plainly(_named(form, step), 0)
        elif str(step.operator) == "Do":
            yield from _target(_named(form, step), depth, cuts=cuts)


def _target(target: Any, depth: int, *, cuts: bool) -> Iterator[Part]:
    if target.get("/Subtype") == "/Form":
        yield from _drawn(target, depth + 1, cuts=cuts)
    else:
        _demand_everywhere(target)
        yield True, _plainly(target, 0)


def _states(steps: list[Any], form: pikepdf.Stream) -> Iterator[Part]:
    for step in steps:
        if str(step.operator) == "gs":
            state = _named(form, step)
            yield any(not _is_plain(state, key) for key in _PLAIN_STATE), _plainly(state, 0)


def _has_inks(space: Any) -> bool:
    """Inks of their own names print otherwise than they are shown, or not at all."""
    return isinstance(space, pikepdf.Array) and str(space[0]) in {"/Separation", "/DeviceN"}


def _is_plain(state: Any, key: str) -> bool:
    return key not in state or str(state.get(key)) in _PLAIN_STATE[key]


def _drawing_fonts(form: pikepdf.Stream) -> Iterator[Part]:
    """Type 3, wherever a font may be named: their letters are drawings of any kind."""
    resources = _resources(form)
    named = [font for _name, font in sorted(resources.get("/Font", pikepdf.Dictionary()).items())]
    for _name, state in sorted(resources.get("/ExtGState", pikepdf.Dictionary()).items()):
        named += [state.Font[0]] if "/Font" in state else []
    for font in named:
        if font.get("/Subtype") == "/Type3":
            yield True, _plainly(font, 0)


def _demand_own(form: pikepdf.Stream, step: Any) -> None:
    """Raises `ValueError` and `KeyError` as `pictures` does, for one operator."""
    name = str(step.operator)
    if name not in _KNOWN:
        raise ValueError("operator")
    if name in {"BDC", "DP"}:
        if str(step.operands[0]) == "/OC":
            raise ValueError("layer")
        told = step.operands[1]
        if "/ActualText" in (_named(form, step) if isinstance(told, pikepdf.Name) else told):
            raise ValueError("other words")
    elif name in {"Tf", "Do", "gs", "sh"} or _paints_with(step) or _is_colour(step):
        _named(form, step)


def _paints_with(step: Any) -> bool:
    """It paints with a pattern and no colour."""
    return str(step.operator) in {"scn", "SCN"} and any(isinstance(one, pikepdf.Name) for one in step.operands)


def _is_colour(step: Any) -> bool:
    return str(step.operator) in {"cs", "CS"} and str(step.operands[0]) not in _WITHOUT_ENTRY


def _named(form: pikepdf.Stream, step: Any) -> Any:
    """What an operator names. Raises `KeyError` where the form's own resources have it not."""
    kind = _NAMED[str(step.operator)]
    [name] = [str(one) for one in step.operands if isinstance(one, pikepdf.Name)][-1:]
    return _resources(form)[kind][name]


def _demand_everywhere(target: Any) -> None:
    if any(key in target for key in _ELSEWHERE):
        raise ValueError("elsewhere")


def _steps(form: pikepdf.Stream) -> Iterator[Any]:
    for count, step in enumerate(pikepdf.parse_content_stream(form)):
        if count > MAX_STEPS:
            raise ValueError("long")
        yield step


def _resources(form: pikepdf.Stream) -> Any:
    return form.get("/Resources", pikepdf.Dictionary())


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
