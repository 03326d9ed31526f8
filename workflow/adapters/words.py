"""Words of a PDF with their boxes, and its plain text. Tasks for the jail: PDFium reads what strangers wrote.

signing.jail.run("workflow.adapters.words:words", pdf, arguments={"ends": 3})
signing.jail.run("workflow.adapters.words:text", pdf, arguments={"max_pages": 300, "max_characters": 2_000_000})

Boxes are in points (1/72 inch), origin at the lower left of the page as it is shown (after its crop box and its
rotation), so they lie right over the page images of `workflow.adapters.pages`. Text is NFC. What annotations and
signature fields show counts as text of the page (a clerk's number is often put on by a signature's appearance):
for that the page is flattened in memory only; no byte of the file is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from ctypes import byref, c_double, c_int
from itertools import islice
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from signing.jail import JailResult
from workflow.adapters.glyphs import Glyph, Printed, glyphs_of, printed_words
from workflow.adapters.pages import open_document
from workflow.domain.errors import BadInput

MAX_PAGES: Final = 2000
ENDS: Final = 3
"""Pages read at the beginning and at the end; between them only pages that look like the end of a document."""
MAX_BETWEEN: Final = 4
SEARCHED: Final = 60
"""Pages looked at (plain text only) for the end of the document inside the file: attachments may follow it."""
MAX_CHARACTERS: Final = 2_000_000
MAX_WORDS: Final = 4000
MAX_OBJECTS: Final = 20_000
PICTURE_SHARE: Final = 0.5
SOME_PICTURE: Final = 0.2
MANY_SHAPES: Final = 60
FEW_LETTERS: Final = 30
MANY_LETTERS: Final = 900
READABLE: Final = 0.55

_CLOSING = re.compile(r"n[oơ]i nh[aậ]n\s*:", re.IGNORECASE)
_SYLLABLE = re.compile(
    r"^(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"[aăâeêioôơuưyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]{1,3}"
    r"(?:ch|nh|ng|[cmnpt])?$"
)
_MARKED = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")


def words(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`{"pages": n, "read": [page, …]}`; a page is `{"number", "width", "height", "kind", "words"}`.

    `kind`: `text` (real text) · `picture` (a scan, or letters drawn as shapes: nothing to read without OCR) ·
    `layer` (a scan with invisible text over it, made by somebody's OCR) · `rubbish` (a text layer that is no
    Vietnamese: fonts of the old TCVN3 and VNI kind, lost character maps) · `blank`. A word is
    `[text, x0, y0, x1, y1, size, bold]`. Refuses with `pdf_unreadable`, `pdf_encrypted`, `too_many_pages`.
    """
    document = open_document(payload)
    count = len(document)
    if count > int(arguments.get("max_pages", MAX_PAGES)):
        raise BadInput("too_many_pages", pages=count, limit=int(arguments.get("max_pages", MAX_PAGES)))
    ends = int(arguments.get("ends", ENDS))
    numbers = _numbers(document, count, ends)
    return JailResult({"pages": count, "read": [_read(document, number) for number in numbers]})


def text(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`{"pages": n, "texts": [text of page 1, …], "cut": bool}`: plain text for the search, in the file's order.

    At most `max_pages` pages and `max_characters` characters; `cut` says that more was there. A page that cannot
    be read gives "". Refuses like `words`, except that a long file is cut instead of refused.
    """
    document = open_document(payload)
    most = min(int(arguments.get("max_pages", MAX_PAGES)), MAX_PAGES)
    room = int(arguments.get("max_characters", MAX_CHARACTERS))
    texts: list[str] = []
    for index in range(min(len(document), most)):
        line = _plain(document, index)[:room]
        texts.append(line)
        room -= len(line)
        if room <= 0:
            break
    cut = len(texts) < len(document) or room <= 0
    return JailResult({"pages": len(document), "texts": texts, "cut": cut})


def _numbers(document: Any, count: int, ends: int) -> list[int]:
    """The first and last pages, and those between that carry a list of recipients."""
    chosen = {*range(1, min(ends, count) + 1), *range(max(1, count - ends + 1), count + 1)}
    between = 0
    for number in range(1, min(count, SEARCHED) + 1):
        if number not in chosen and between < MAX_BETWEEN and _CLOSING.search(_plain(document, number - 1)):
            chosen.add(number)
            between += 1
    return sorted(chosen)


def _plain(document: Any, index: int) -> str:
    try:
        page = document[index]
        found: str = page.get_textpage().get_text_range()
    except (pdfium.PdfiumError, UnicodeDecodeError):
        return ""
    plain = unicodedata.normalize("NFC", found.replace("\r\n", "\n").replace("\x00", ""))
    return "".join(letter for letter in plain if letter in "\n\t" or unicodedata.category(letter)[0] != "C")


def _read(document: Any, number: int) -> dict[str, Any]:
    try:
        page = _flattened(document, number - 1)
    except pdfium.PdfiumError as error:
        raise BadInput("pdf_unreadable", page=number) from error
    width, height = page.get_size()
    glyphs, hidden = glyphs_of(page, place=Placing(page, width, height), hidden_too=True)
    found = printed_words(glyphs)
    inside = [word for word in found if word.x1 > 0 and word.y1 > 0 and word.x0 < width and word.y0 < height]
    kind = _kind(page, glyphs, inside, hidden=hidden, area=width * height)
    kept = [_row(word) for word in inside[:MAX_WORDS]]
    return {"number": number, "width": round(width, 2), "height": round(height, 2), "kind": kind, "words": kept}


def _flattened(document: Any, index: int) -> Any:
    """The page with what its annotations show; the page alone where PDFium cannot merge them."""
    page = document[index]
    if raw.FPDFPage_GetAnnotCount(page) and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != 0:
        page.close()
        page = document[index]
    return page


class Placing:
    """From the page's own coordinates to those of the page as shown: crop box and rotation done."""

    def __init__(self, page: Any, width: float, height: float) -> None:
        self.width, self.height = width, height
        scale = 20
        across, along = int(width * scale), int(height * scale)
        corners = [_device(page, across, along, at) for at in ((0, 0), (1000, 0), (0, 1000))]
        (x, y), right, up = corners
        self.x0, self.y0 = x / scale, height - y / scale
        self.xx, self.yx = (right[0] - x) / scale / 1000, (y - right[1]) / scale / 1000
        self.xy, self.yy = (up[0] - x) / scale / 1000, (y - up[1]) / scale / 1000

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        return self.x0 + self.xx * x + self.xy * y, self.y0 + self.yx * x + self.yy * y

    @property
    def upright(self) -> bool:
        """Text that runs to the right in the file also does on the screen."""
        return self.xx > abs(self.yx)


def _device(page: Any, across: int, along: int, at: tuple[float, float]) -> tuple[int, int]:
    x, y = c_int(), c_int()
    raw.FPDF_PageToDevice(page, 0, 0, across, along, 0, c_double(at[0]), c_double(at[1]), byref(x), byref(y))
    return x.value, y.value


def _kind(page: Any, glyphs: Sequence[Glyph], found: Sequence[Printed], *, hidden: int, area: float) -> str:
    letters = sum(1 for glyph in glyphs if glyph.text.strip())
    share, objects = pictures(page, area)
    if letters < FEW_LETTERS:
        if share >= SOME_PICTURE or objects > letters + MANY_SHAPES:
            return "picture"
        return "text" if letters else "blank"
    if share >= PICTURE_SHARE:
        if hidden * 2 > letters:
            return "layer"
        if letters < MANY_LETTERS:
            return "picture"
    return "text" if is_language([word.text for word in found]) else "rubbish"


def pictures(page: Any, area: float) -> tuple[float, int]:
    """The share of the page that its largest pictures cover together, and how many objects there are."""
    covered, objects = 0.0, 0
    for item in islice(page.get_objects(max_depth=4), MAX_OBJECTS):
        objects += 1
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_pos() if hasattr(item, "get_pos") else item.get_bounds()
            covered += max(0.0, right - left) * max(0.0, top - bottom)
    return (covered / area if area else 0.0), objects


def is_language(texts: Iterable[str]) -> bool:
    """Mostly Vietnamese syllables, some of them with marks; or too little text to say (then it is believed)."""
    plain = [re.sub(r"^\W+|\W+$", "", word).lower() for word in texts]
    plain = [word for word in plain if word and not any(letter.isdigit() for letter in word)]
    if len(plain) < 15:
        return True
    good = sum(1 for word in plain if _SYLLABLE.match(word))
    marked = sum(1 for word in plain if _MARKED.search(word))
    return good >= READABLE * len(plain) and marked >= 0.15 * len(plain)


def _row(word: Printed) -> list[Any]:
    box = (round(edge, 2) for edge in (word.x0, word.y0, word.x1, word.y1))
    return [word.text, *box, round(word.size, 2), word.bold]
