"""What the box of a signature shows that another program drew: its words, what a machine reads there, its pictures,
and whether it covers the page. Tasks for the jail: strangers wrote it.

signing.jail.run("workflow.adapters.foreign_box:look", pdf, arguments={"field": "leader"}, limits=LIMITS)
signing.jail.run("workflow.adapters.foreign_box:covers", sent_and_back, arguments={"sent": n, "page": 1, "box":
[…]})
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pikepdf
from PIL import Image, ImageChops

from signing.jail import JailResult, Limits
from workflow.adapters.assets import ocr_data_folder
from workflow.adapters.ocr import LANGUAGE
from workflow.adapters.pages import open_document
from workflow.adapters.words import Placing
from workflow.domain.errors import BadInput

try:
    import tesserocr
except ImportError:  # the wheel does not exist for every machine; a person looks then
    tesserocr = None

LIMITS: Final = Limits(cpu=20.0, cpu_per_megabyte=0.5, memory=1536 * 1024 * 1024, wall=60.0)
ACROSS: Final = 1000
"""Pixels that a box is wide to be read, within these limits: programs make their words small in a small box."""
LEAST_DPI, MOST_DPI = 300, 900
MAX_PIXELS: Final = 4_000_000
MAX_LETTERS: Final = 4000
MAX_NESTED: Final = 8
MAX_PARTS: Final = 4000
_PAINTS: Final = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "INLINE IMAGE"})
LIGHTER: Final = 110
"""Of 255, by which a spot must have become lighter to count as covered: blue or red ink over black letters is
not."""
FEW: Final = 12
"""Spots that edges alone may change."""
EDGE: Final = 2.0
"""Points by which what is drawn may reach over its box: edges are smoothed."""


def look(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`{"text", "read", "pictures"}`, and as the only blob the box as WebP.

    `text`: what its letters say they are. `read`: what a machine sees there, null without the program for it.
    `pictures`: a digest of all lines, areas and images, empty where there is none. Refuses with `box_unreadable`.
    """
    try:
        with pikepdf.open(io.BytesIO(payload)) as pdf:
            form = _form(pdf, str(arguments["field"]))
            pictures = _pictures(form)
            alone = _alone(form)
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise BadInput("box_unreadable") from error
    page = open_document(alone)[0]
    text = page.get_textpage().get_text_range()[:MAX_LETTERS].replace("\x00", "")
    picture = page.render(scale=_scale(page.get_size())).to_pil().convert("RGB")
    stream = io.BytesIO()
    picture.save(stream, "WEBP", quality=90, method=2)
    return JailResult({"text": text, "read": _read(picture), "pictures": pictures}, (stream.getvalue(),))


def covers(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`{"outside", "covered"}`: the page changed outside of the box; something on it is lighter than it was."""
    own, number = int(arguments["sent"]), int(arguments["page"])
    pages = [open_document(data)[number - 1] for data in (payload[:own], payload)]
    given, brought = (_whole(page) for page in pages)
    changed = ImageChops.difference(given, brought).getbbox()
    if changed is None:
        return JailResult({"outside": False, "covered": False})
    allowed = _region(pages[0], tuple(map(float, arguments["box"])), given.size)
    within = (
        changed[0] >= allowed[0] and changed[1] >= allowed[1] and changed[2] <= allowed[2]
        and changed[3] <= allowed[3]
    )  # fmt: skip
    lighter = ImageChops.subtract(brought.convert("L"), given.convert("L")).histogram()
    return JailResult({"outside": not within, "covered": sum(lighter[LIGHTER:]) > FEW})


def _form(pdf: pikepdf.Pdf, name: str) -> pikepdf.Stream:
    for field in pdf.Root.AcroForm.Fields:
        if str(field.get("/T", "")) == name:
            form = field.AP.N
            if isinstance(form, pikepdf.Stream):
                return form
    raise KeyError(name)


def _alone(form: pikepdf.Stream) -> bytes:
    """The box as a page of its own."""
    edges = [float(edge) for edge in form.BBox]
    (left, right), (bottom, top) = sorted(edges[::2]), sorted(edges[1::2])
    out = io.BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(max(3.0, right - left), max(3.0, top - bottom)))
        page.obj.MediaBox = pikepdf.Array([left, bottom, right, top])
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Box=made.copy_foreign(form)))
        page.obj.Contents = made.make_stream(b"q /Box Do Q")
        made.save(out)
    return out.getvalue()


def _scale(size: tuple[float, float]) -> float:
    across, along = size
    wanted = max(LEAST_DPI / 72, min(ACROSS / max(1.0, across), MOST_DPI / 72))
    return float(min(wanted, (MAX_PIXELS / max(1.0, across * along)) ** 0.5))


def _read(picture: Image.Image) -> str | None:
    folder = str(ocr_data_folder())
    if tesserocr is None or not os.path.isfile(os.path.join(folder, f"{LANGUAGE}.traineddata")):
        return None
    around = Image.new("RGB", (picture.width + 80, picture.height + 80), "white")
    around.paste(picture, (40, 40))
    with tesserocr.PyTessBaseAPI(path=folder, lang=LANGUAGE, psm=tesserocr.PSM.SPARSE_TEXT) as engine:
        engine.SetVariable("debug_file", os.devnull)
        engine.SetVariable("user_defined_dpi", str(LEAST_DPI))
        engine.SetImage(around.convert("L"))
        return str(engine.GetUTF8Text())[:MAX_LETTERS]


def _pictures(form: pikepdf.Stream) -> str:
    """A digest of everything that is drawn and no text; the same for the same picture in a box of the same size."""
    parts = list(_drawn(form, 0))
    if not any(paints for paints, _part in parts):
        return ""
    whole = hashlib.sha256()
    for _paints, part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def _drawn(form: pikepdf.Stream, depth: int) -> Iterator[tuple[bool, bytes]]:
    if depth > MAX_NESTED:
        raise ValueError("nested")
    resources = form.get("/Resources", pikepdf.Dictionary())
    kept, within = [], False
    for count, step in enumerate(pikepdf.parse_content_stream(form)):
        if count > MAX_PARTS * 10:
            raise ValueError("long")
        name = str(step.operator)
        if name in {"BT", "ET"}:
            within = name == "BT"
        elif not within:
            kept.append(step)
    yield any(str(step.operator) in _PAINTS for step in kept), _unparsed(kept)
    for kind in ("/ExtGState", "/ColorSpace"):
        yield False, _plainly(resources.get(kind), 0)
    named = {str(step.operands[0]) for step in kept if str(step.operator) == "Do"}
    for name in sorted(named):
        target = resources.XObject[name]
        if isinstance(target, pikepdf.Stream) and target.get("/Subtype") == "/Form":
            yield from _drawn(target, depth + 1)
        else:
            yield True, _plainly(target, 0)


def _unparsed(steps: list[Any]) -> bytes:
    return bytes(pikepdf.unparse_content_stream(steps))


def _plainly(value: Any, depth: int) -> bytes:
    """A value with what it refers to, as bytes to compare."""
    if depth > MAX_NESTED:
        raise ValueError("nested")
    if isinstance(value, pikepdf.Stream):
        own = b"".join(_plainly(value.get(key), depth + 1) + key.encode() for key in sorted(value.keys())
                       if key not in {"/Metadata", "/PieceInfo"})  # fmt: skip
        return own + hashlib.sha256(value.read_raw_bytes()).digest()
    if isinstance(value, pikepdf.Dictionary):
        return b"".join(key.encode() + _plainly(value.get(key), depth + 1) for key in sorted(value.keys()))
    if isinstance(value, pikepdf.Array):
        return b"[" + b" ".join(_plainly(one, depth + 1) for one in value) + b"]"
    return repr(value).encode() if not isinstance(value, pikepdf.Object) else bytes(value.unparse())


def _whole(page: Any) -> Image.Image:
    scale = min(2.0, (MAX_PIXELS / max(1.0, page.get_width() * page.get_height())) ** 0.5)
    picture: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    return picture


def _region(page: Any, box: tuple[float, ...], size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Where a box of the file lies on the picture of its page."""
    width, height = page.get_size()
    place = Placing(page, width, height)
    corners = [place(x, y) for x in (box[0] - EDGE, box[2] + EDGE) for y in (box[1] - EDGE, box[3] + EDGE)]
    across, along = size[0] / width, size[1] / height
    xs, ys = [x * across for x, _y in corners], [(height - y) * along for _x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
