"""Papers as simple programs write them: our own content streams, two-byte glyph codes, no structure.

Three habits, by the paper: a run of text a line; each word put in its place with no blank between; each letter. In
half of them the right column is written before the left, and seals before the words under them.
"""

from __future__ import annotations

import io
import unicodedata
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image as Pillow

from tests.reading.papers import pictures
from tests.reading.papers.glyphs import FACES, embed, font
from tests.reading.papers.model import Paper
from tests.reading.papers.setting import MM, Box, Image, Mark, Piece, Run, Setter

WIDE, HIGH = 210 * MM, 297 * MM
HABITS = ("lines", "words", "lines", "letters")


def write(paper: Paper) -> bytes:
    """One PDF; the same paper gives the same bytes."""
    whim = zlib.crc32(repr(paper.facts).encode())
    habit, backwards = HABITS[whim % 4], bool(whim & 8)
    sheets = _sheets(paper)
    for bold, italic in FACES:
        font(bold, italic).used.clear()
    with Pdf.new() as pdf:
        bodies = [_content(sheet, habit, backwards=backwards) for sheet in sheets]
        fonts = {f"/F{at}": embed(pdf, face, decomposed=paper.decomposed)
                 for at, key in enumerate(FACES) if (face := font(*key)).used}  # fmt: skip
        for body, sheet in zip(bodies, sheets, strict=True):
            images = {
                _name(one): _image(pdf, one)
                for one in sorted({mark.name for mark in sheet if isinstance(mark, Image)})
            }
            page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, round(WIDE, 2), round(HIGH, 2)]),
                              Resources=Dictionary(Font=Dictionary(fonts), XObject=Dictionary(images)),
                              Contents=pdf.make_stream(body))  # fmt: skip
            pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def _sheets(paper: Paper) -> list[list[Mark]]:
    data: dict[str, Any] = _composed(paper.plain())
    page, setter = data["page"], Setter(data["page"])
    width = WIDE - (page["left"] + page["right"]) * MM
    left, top, foot = page["left"] * MM, page["top"] * MM, HIGH - page["bottom"] * MM
    pieces = [piece for one in data["elements"] for piece in setter.pieces(one, width)]
    sheets: list[list[Mark]] = [[]]
    for pin in data["pins"]:
        sheets[0] += setter.stack(pin["lines"], pin["width"] * MM).moved(pin["left"] * MM, pin["top"] * MM)
    y = top
    for piece in pieces:
        if piece.breaks or y + piece.height > foot:
            sheets.append(_numbered(len(sheets) + 1, top, setter) if page["numbered"] else [])
            y = top
        sheets[-1] += piece.moved(left, y)
        y += piece.height
    return sheets


def _numbered(number: int, top: float, setter: Setter) -> list[Mark]:
    line = {"kind": "words", "text": str(number), "size": 13, "bold": False, "italic": False, "align": "center",
            "colour": "#000000", "indent": 0, "before": 0, "after": 0, "rule": 0, "lead": ""}  # fmt: skip
    whole: Piece = setter.stack([line], WIDE)
    return whole.moved(0, top - 9 * MM)


def _composed(value: Any) -> Any:
    """Drawn with whole letters; how they are read is the font's affair."""
    if isinstance(value, dict):
        return {key: _composed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_composed(item) for item in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _content(marks: list[Mark], habit: str, *, backwards: bool) -> bytes:
    out = [b"0 0 0 rg"]
    order = sorted(marks, key=lambda mark: isinstance(mark, Run))
    if backwards:
        order = sorted(order, key=lambda mark: (isinstance(mark, Run), round(-mark.x / 200)))
    for mark in order:
        if isinstance(mark, Run):
            out += _text(mark, habit)
        elif isinstance(mark, Box):
            out.append(_outline(mark))
        else:
            out.append(
                f"q {mark.width:.2f} 0 0 {mark.height:.2f} {mark.x:.2f} {HIGH - mark.y - mark.height:.2f} cm "
                f"{_name(mark.name)} Do Q".encode()
            )
    return b"\n".join(out)


def _outline(mark: Box) -> bytes:
    colour = " ".join(f"{part:.3f}" for part in _rgb(mark.colour))
    y = HIGH - mark.y - mark.height
    drawn = (
        f"{mark.x:.2f} {y:.2f} {mark.width:.2f} {mark.height:.2f} re S"
        if mark.height
        else f"{mark.x:.2f} {y:.2f} m {mark.x + mark.width:.2f} {y:.2f} l S"
    )
    return f"q {colour} RG {mark.thick} w {drawn} Q".encode()


def _text(run: Run, habit: str) -> list[bytes]:
    face = font(*run.face)
    colour = " ".join(f"{part:.3f}" for part in _rgb(run.colour))
    start = f"BT {colour} rg /F{list(FACES).index(run.face)} {run.size:.2f} Tf".encode()
    y, made = HIGH - run.y, [start]
    if habit == "lines":
        wider = f" {-run.gaps * 1000 / run.size:.1f} " if run.gaps else ""
        *first, last = run.text.split(" ")
        shown = (
            "".join(f"<{face.codes(word + ' ').hex()}>{wider}" for word in first) + f"<{face.codes(last).hex()}>"
        )
        return [*made, f"1 0 0 1 {run.x:.2f} {y:.2f} Tm [{shown}] TJ ET".encode()]
    x, blank = run.x, face.width(" ") * run.size / 1000 + run.gaps
    for word in run.text.split(" "):
        if habit == "words" and word:
            made.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm <{face.codes(word).hex()}> Tj".encode())
        elif habit == "letters":
            at = x
            for letter in word + " ":
                made.append(f"1 0 0 1 {at:.2f} {y:.2f} Tm <{face.codes(letter).hex()}> Tj".encode())
                at += face.width(letter) * run.size / 1000
        x += face.width(word) * run.size / 1000 + blank
    return [*made, b"ET"]


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _name(picture: str) -> str:
    return f"/I{zlib.crc32(picture.encode()):08x}"


def _image(pdf: Pdf, name: str) -> pikepdf.Object:
    picture = Pillow.open(io.BytesIO(pictures.png(name)))
    common = {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": picture.width,
        "Height": picture.height,
        "BitsPerComponent": 8,
    }
    mask = pdf.make_stream(picture.getchannel("A").tobytes(), **common, ColorSpace=Name.DeviceGray)
    return pdf.make_stream(picture.convert("RGB").tobytes(), **common, ColorSpace=Name.DeviceRGB, SMask=mask)
