"""What a draft must not hold, found by looking at every object. Runs in the jail.

The file is rebuilt from its pages afterwards (`rewriting`), so everything outside the pages is gone anyway:
here are the things whose silent loss would mislead the drafter, or that show what the file was made for.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import pikepdf

from signing.errors import BrokenInput, NeedsCare
from signing.pdf import PdfArray, PdfDict, Ref, Stream, View, read
from signing.prepare.draft import MEGABYTE, BadDraft

MAX_OBJECTS = 200_000
MAX_DEPTH = 60
MAX_PIXELS = 150_000_000
"""One image: A3 at 600 dpi has 70 million."""
MAX_STREAM = 64 * MEGABYTE
MAX_UNFOLDED = 256 * MEGABYTE
WIDE_SHARE = 0.5
"""A form field over half a page is bait: what it shows can be changed after signing."""
_ACTIVE = frozenset(
    {"Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "RichMediaExecute", "Movie", "Sound", "Rendition"}
)
_ACTIVE_KINDS = frozenset({"RichMedia", "3D", "Movie", "Sound", "Screen"})
_CUT = 64 * 1024
_FLATE = frozenset({"FlateDecode", "Fl"})
_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
_REFERENCE = re.compile(rb"(?<![\w.+-])(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?!\w)")


def inspect(pdf: pikepdf.Pdf) -> set[str]:
    """Names of what will be lost; raises `BadDraft` for what must not be there at all."""
    if len(pdf.objects) > MAX_OBJECTS:
        raise BadDraft("too_many_objects", objects=len(pdf.objects))
    lost: set[str] = set()
    budget = [MAX_UNFOLDED]
    for found in pdf.objects:
        for entries in _dictionaries(found, 0):
            _look(entries, lost)
        if isinstance(found, pikepdf.Stream):
            _check_stream(found, budget)
    _check_form(pdf)
    lost |= _check_catalog(pdf)
    return lost


def _dictionaries(value: Any, depth: int) -> Iterator[pikepdf.Object]:
    """Every dictionary directly inside an object; objects it refers to come by themselves."""
    if depth > MAX_DEPTH:
        raise BadDraft("broken", reason="too_deep")
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        yield value
        inside = [value[key] for key in value.keys()]  # noqa: SIM118  a pikepdf stream iterates differently
    elif isinstance(value, pikepdf.Array):
        inside = list(value)
    else:
        return
    for one in inside:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            yield from _dictionaries(one, depth + 1)


def _look(entries: pikepdf.Object, lost: set[str]) -> None:
    """One dictionary: scripts, signatures, active content, annotations."""
    action, kind, subtype = (_name(entries.get(key)) for key in ("/S", "/Type", "/Subtype"))
    if action == "JavaScript" or "/JS" in entries:
        raise BadDraft("javascript")
    if "/ByteRange" in entries or kind in {"Sig", "DocTimeStamp"}:
        raise BadDraft("signed_already")
    if action in _ACTIVE or subtype in _ACTIVE_KINDS:
        raise BadDraft("active_content", kind=action or subtype)
    if kind in {"Filespec", "EmbeddedFile"} or subtype == "FileAttachment":
        lost.add("attachments")
    if subtype == "Link":
        lost.add("links")
    elif kind == "Annot" and subtype not in {"Widget", "Popup"}:
        lost.add("annotations")
    if isinstance(entries, pikepdf.Stream) and "/F" in entries:
        raise BadDraft("external_stream")


def _name(value: Any) -> str:
    return str(value)[1:] if isinstance(value, pikepdf.Name) else ""


def _check_stream(stream: pikepdf.Stream, budget: list[int]) -> None:
    """Bombs: images of absurd size, and Flate data that unfolds beyond what a document needs."""
    if _name(stream.get("/Subtype")) == "Image":
        pixels = _int(stream.get("/Width")) * _int(stream.get("/Height"))
        if pixels > MAX_PIXELS:
            raise BadDraft("image_too_large", pixels=pixels)
        allowed = 8 * pixels + MEGABYTE
    else:
        allowed = MAX_STREAM
    filters = stream.get("/Filter")
    names = [_name(filters)] if isinstance(filters, pikepdf.Name) else [_name(one) for one in filters or ()]
    if len(names) > 2:
        raise BadDraft("expands_too_much", filters=len(names))
    stages = len(list(takewhile(_FLATE.__contains__, names)))
    if stages and budget[0] > 0:
        size = _unfolded(stream.read_raw_bytes(), stages, allowed)
        if size > allowed:
            raise BadDraft("expands_too_much")
        budget[0] -= size
        if budget[0] <= 0 and _name(stream.get("/Subtype")) != "Image":
            raise BadDraft("expands_too_much")


def _int(value: Any) -> int:
    try:
        return max(0, int(value))
    except (TypeError, ValueError):
        return 0


def _unfolded(raw: bytes, stages: int, allowed: int) -> int:
    """How large Flate data becomes at any of its stages, counted in small pieces up to just over `allowed`."""
    total, pieces = 0, iter((raw,))
    for _ in range(stages - 1):
        pieces = _inflated(pieces)
    try:
        for piece in _inflated(pieces):
            total += len(piece)
            if total > allowed:
                break
    except zlib.error:
        return total  # damaged data shows up when the page is rebuilt
    return total


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj()
    for piece in pieces:
        rest = piece
        while rest and not engine.eof:
            yield engine.decompress(rest, _CUT)
            rest = engine.unconsumed_tail


def _check_form(pdf: pikepdf.Pdf) -> None:
    """XFA, fields with contents, fields as large as the page; small empty ones may be dropped."""
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        raise BadDraft("xfa")
    for index, page in enumerate(pdf.pages):
        box = [float(one) for one in page.mediabox]
        whole = abs((box[2] - box[0]) * (box[3] - box[1]))
        for widget in page.obj.get("/Annots", ()):
            if not isinstance(widget, pikepdf.Dictionary) or _name(widget.get("/Subtype")) != "Widget":
                continue
            if _area(widget.get("/Rect")) > WIDE_SHARE * whole:
                raise BadDraft("page_wide_field", page=index + 1)
            if _has_value(widget):
                raise BadDraft("filled_form", page=index + 1)


def _area(rect: Any) -> float:
    try:
        left, bottom, right, top = (float(one) for one in rect)
    except (TypeError, ValueError):
        return 0.0
    return abs((right - left) * (top - bottom))


def _has_value(widget: pikepdf.Object) -> bool:
    """A value of its own or of a parent (12.7.4.1), other than empty or Off."""
    for _ in range(16):
        value = widget.get("/V")
        if isinstance(value, pikepdf.Dictionary):
            raise BadDraft("signed_already")
        if value is not None and str(value) not in {"", "/Off"}:
            return True
        parent = widget.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return False
        widget = parent
    return False


def _check_catalog(pdf: pikepdf.Pdf) -> set[str]:
    """What hangs on the catalog and will not be carried over."""
    root = pdf.Root
    names = {
        "/AcroForm": "form_fields",
        "/OpenAction": "actions",
        "/AA": "actions",
        "/Outlines": "outline",
        "/StructTreeRoot": "structure",
        "/Metadata": "metadata",
        "/OCProperties": "layers",
    }
    layers = root.get("/OCProperties")
    if isinstance(layers, pikepdf.Dictionary) and _hides(layers):
        raise BadDraft("hidden_layers")
    if "/Perms" in root:
        raise BadDraft("signed_already")
    form = root.get("/AcroForm")
    has_fields = isinstance(form, pikepdf.Dictionary) and len(form.get("/Fields", ())) > 0
    lost = {word for key, word in names.items() if key in root}
    if "/AA" not in root and _only_opens_at_a_page(root.get("/OpenAction")):
        lost.discard("actions")
    return lost if has_fields else lost - {"form_fields"}


def _only_opens_at_a_page(action: Any) -> bool:
    """A destination, or the action that goes to one: what every office suite writes; nobody misses it."""
    return isinstance(action, pikepdf.Array) or (
        isinstance(action, pikepdf.Dictionary) and _name(action.get("/S")) == "GoTo"
    )


def _hides(layers: pikepdf.Object) -> bool:
    """True unless every layer is always shown (8.11.4.3): dropping layers must not show what was hidden."""
    default = layers.get("/D")
    if not isinstance(default, pikepdf.Dictionary):
        return False
    off = default.get("/OFF", ())
    automatic = default.get("/AS", ())
    return _name(default.get("/BaseState")) in {"OFF", "Unchanged"} or len(off) > 0 or len(automatic) > 0


def check_references(data: bytes, pdf: pikepdf.Pdf) -> None:
    """Everything that the pages reach must exist: a reference to nothing could be filled in by a later update.

    pikepdf turns such references into null while reading, so our own reader looks. Where it cannot read the
    file (linearised, hybrid, repaired), every reference in the plain text is compared with what exists.
    """
    try:
        view = read(data).last
        roots = [page.attribute(key) for page in view.pages() for key in ("Resources", "Contents")]
        _walk(view, roots)
    except NeedsCare as care:
        if care.code == "dangling_reference":
            raise BadDraft("dangling_reference", **care.details) from None
        _compare(data, pdf)
    except BrokenInput:
        _compare(data, pdf)


def _compare(data: bytes, pdf: pikepdf.Pdf) -> None:
    """Every `n g R` outside streams and inside object streams against the objects that pikepdf found."""
    texts = [_STREAM.sub(b" ", data)]
    known = set()
    for found in pdf.objects:
        known.add(found.objgen)
        if isinstance(found, pikepdf.Stream) and _name(found.get("/Type")) == "ObjStm":
            texts.append(found.read_bytes())
    for text in texts:
        for match in _REFERENCE.finditer(text):
            if (int(match[1]), int(match[2])) not in known:
                raise BadDraft("dangling_reference", num=int(match[1]), gen=int(match[2]))


def _walk(view: View, values: list[Any]) -> None:
    """Visit everything reachable from `values`, except upwards and sideways."""
    seen: set[Ref] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, Ref):
            if value not in seen:
                seen.add(value)
                waiting.append(view.get(value))
        elif isinstance(value, PdfArray):
            waiting.extend(value)
        elif isinstance(value, PdfDict | Stream):
            entries = value.dict if isinstance(value, Stream) else value
            waiting.extend(one for key, one in entries.items() if key not in {"Parent", "Pg", "StructParents"})
