"""What the box of a signature shows that another program drew: its words, what a machine reads there, its pictures,
and whether it covers the page. Tasks for the jail: strangers wrote it.

signing.jail.run("workflow.adapters.foreign_box:look", pdf, arguments={"field": "leader"}, limits=LIMITS)
signing.jail.run("workflow.adapters.foreign_box:covers", sent_and_back, arguments={"sent": n, "page": 1, "box":
[…]})
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
from PIL import Image, ImageChops

from signing.jail import JailResult, Limits
from workflow.adapters import foreign_drawing
from workflow.adapters.assets import ocr_data_folder
from workflow.adapters.ocr import LANGUAGE
from workflow.adapters.pages import open_document
from workflow.adapters.words import Placing
from workflow.domain import box_words
from workflow.domain.errors import BadInput

try:
    import tesserocr
except ImportError:  # the wheel does not exist for every machine; a person looks then
    tesserocr = None

LIMITS: Final = Limits(cpu=20.0, cpu_per_megabyte=0.5, memory=1536 * 1024 * 1024, wall=60.0)
ACROSS: Final = 1000
"""Pixels that a box is wide to be read, within these limits: programs make their words small in a small box."""
LEAST_DPI, MOST_DPI = 300, 2400
MAX_PIXELS: Final = 4_000_000
MAX_LETTERS: Final = 4000
MAX_BOXES: Final = 1000
UPON: Final = 0.6
"""Of the smaller one of two letters, which may lie within the other: accents and slanted letters reach over."""
LIGHTER: Final = 110
"""Of 255, by which a spot must have become lighter to count as covered: blue or red ink over black letters is
not."""
FEW: Final = 12
"""Spots that edges alone may change."""
EDGE: Final = 2.0
"""Points by which what is drawn may reach over its box: edges are smoothed."""
PAPER: Final = 250
"""Of 255, from which on a spot bears no ink: pale letters count as dark ones do."""
_RIM: Final = 3
"""Pixels around a word that are its own."""
_MARKS: Final = frozenset("’.,:;-/+'\"()@")
"""What stands beside the letters of a word and is no drawing."""


def look(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`{"text", "laid_over", "read", "letters", "stray", "pictures"}`, and as the only blob the box as WebP.

    `text`: what its letters say they are. `laid_over`: letters lie upon others. `read`: what a machine sees there,
    `letters`: what it sees of the letters without the pictures beside them, `stray`: the share of the letters' ink
    in which it sees no word of the text; all three null without the program for it. `pictures`: a digest of all
    lines, areas and images, empty where there is none. Refuses with `box_unreadable`.
    """
    try:
        with pikepdf.open(io.BytesIO(payload)) as pdf:
            form = _form(pdf, str(arguments["field"]))
            pictures = foreign_drawing.pictures(form)
            alone = _alone(form)
            bare = _alone(foreign_drawing.without_pictures(pdf, form)) if pictures else b""
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise BadInput("box_unreadable") from error
    page = open_document(alone)[0]
    letters_of = page.get_textpage()
    text = letters_of.get_text_range()[:MAX_LETTERS].replace("\x00", "")
    picture = _rendered(page)
    seen = _read(picture, text)
    letters = _read(_rendered(open_document(bare)[0]), text) if bare else seen
    stream = io.BytesIO()
    picture.save(stream, "WEBP", quality=90, method=2)
    told = {
        "text": text, "laid_over": _laid_over(letters_of), "read": seen.text, "letters": letters.text,
        "stray": letters.stray, "pictures": pictures,
    }  # fmt: skip
    return JailResult(told, (stream.getvalue(),))


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
    """The box as a page of its own. Its matrix turns or stretches the whole box into its place, so what it shows is
    what lies within its edges before that (ISO 32000-2, 12.5.5, algorithm "appearance streams")."""
    edges = [float(edge) for edge in form.BBox]
    (left, right), (bottom, top) = sorted(edges[::2]), sorted(edges[1::2])
    out = io.BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(max(3.0, right - left), max(3.0, top - bottom)))
        page.obj.MediaBox = pikepdf.Array([left, bottom, right, top])
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Box=_unturned(made, form)))
        page.obj.Contents = made.make_stream(b"q /Box Do Q")
        made.save(out)
    return out.getvalue()


def _unturned(made: pikepdf.Pdf, form: pikepdf.Stream) -> pikepdf.Object:
    own = made.copy_foreign(form)
    if "/Matrix" in own:
        del own["/Matrix"]
    return own


def _rendered(page: Any) -> Image.Image:
    picture: Image.Image = page.render(scale=_scale(page.get_size())).to_pil().convert("RGB")
    return picture


def _scale(size: tuple[float, float]) -> float:
    across, along = size
    wanted = max(LEAST_DPI / 72, min(ACROSS / max(1.0, across), MOST_DPI / 72))
    return float(min(wanted, (MAX_PIXELS / max(1.0, across * along)) ** 0.5))


def _laid_over(letters: Any) -> bool:
    """A machine reads a name through the dashes that strike it out."""
    count = letters.count_chars()
    if count > MAX_BOXES:
        return True
    boxes = [letters.get_charbox(place) for place in range(count)]
    shown = sorted(box for box in boxes if _area(box) > 0)
    for place, (left, bottom, right, top) in enumerate(shown):
        for other in shown[place + 1 :]:
            if other[0] >= right:
                break
            common = (max(left, other[0]), max(bottom, other[1]), min(right, other[2]), min(top, other[3]))
            if _area(common) > UPON * min(_area((left, bottom, right, top)), _area(other)):
                return True
    return False


def _area(box: tuple[float, float, float, float]) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


@dataclass(frozen=True, slots=True)
class _Read:
    """What a machine sees on a picture, and the share of ink outside of the words that are written there."""

    text: str | None = None
    stray: float | None = None


def _read(picture: Image.Image, written: str) -> _Read:
    folder = str(ocr_data_folder())
    if tesserocr is None or not os.path.isfile(os.path.join(folder, f"{LANGUAGE}.traineddata")):
        return _Read()
    around = Image.new("L", (picture.width + 80, picture.height + 80), "white")
    around.paste(picture.convert("L"), (40, 40))
    with tesserocr.PyTessBaseAPI(path=folder, lang=LANGUAGE, psm=tesserocr.PSM.SPARSE_TEXT) as engine:
        engine.SetVariable("debug_file", os.devnull)
        engine.SetVariable("user_defined_dpi", str(LEAST_DPI))
        engine.SetImage(around)
        text = str(engine.GetUTF8Text())[:MAX_LETTERS]
        return _Read(text, _stray(around, engine.GetIterator() if text.strip() else None, written))


def _stray(picture: Image.Image, seen: Any, written: str) -> float:
    """Letters that are drawings (a glyph may have any shape, and say that it is a space) are no words to a
    machine."""
    ink = picture.point(lambda light: 255 if light < PAPER else 0)
    whole = ink.histogram()[255]
    known = box_words.written(written)
    for one in tesserocr.iterate_level(seen, tesserocr.RIL.WORD) if seen is not None else ():
        word = str(one.GetUTF8Text(tesserocr.RIL.WORD) or "")
        plain = all(letter.isalnum() or letter in _MARKS for letter in word)
        if plain and box_words.is_written(word, known):
            left, top, right, bottom = one.BoundingBoxInternal(tesserocr.RIL.WORD)
            ink.paste(0, (left - _RIM, top - _RIM, right + _RIM, bottom + _RIM))
    return float(ink.histogram()[255] / whole) if whole else 0.0


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
