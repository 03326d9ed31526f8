"""TrueType fonts for a writer of content streams: widths, a subset for embedding, what each glyph is read as."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass, field
from functools import cache

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf

from workflow.adapters.assets import LETTER_FONTS, dist_folder

KEPT = "".join(map(chr, range(32, 127))) + "“”‘’–—…★°ĂăÂâĐđÊêÔôƠơƯưÐ×•" + "".join(map(chr, range(0xC0, 0x180)))
VIETNAMESE = "".join(map(chr, range(0x1EA0, 0x1EFA)))
FACES = dict(zip(((False, False), (True, False), (False, True), (True, True)), LETTER_FONTS, strict=True))
"""(bold, italic) → file."""


@dataclass(slots=True)
class Font:
    """One face. Glyph numbers are those of the subset, which keeps the whole font's."""

    name: str
    data: bytes
    glyph_of: dict[int, int]
    widths: dict[int, int]
    em: int
    box: tuple[int, int, int, int]
    used: dict[int, str] = field(default_factory=dict)
    """Glyph → the text it was drawn for, of the paper that is being written."""

    def width(self, text: str) -> float:
        """In thousandths of the letters' size."""
        return sum(self.widths[self.glyph_of.get(ord(letter), 0)] for letter in text) * 1000 / self.em

    def codes(self, text: str) -> bytes:
        """Two bytes a glyph, and remember what for."""
        out = bytearray()
        for letter in text:
            glyph = self.glyph_of.get(ord(letter), 0)
            self.used[glyph] = letter
            out += glyph.to_bytes(2, "big")
        return bytes(out)


@cache
def font(bold: bool, italic: bool) -> Font:
    """Cut down to the letters that papers have, once a run."""
    path = dist_folder() / "tinos" / FACES[bold, italic]
    options = subset.Options(
        retain_gids=True,
        notdef_outline=True,
        layout_features=[],
        hinting=False,
        drop_tables=["GSUB", "GPOS", "GDEF"],
    )
    with TTFont(path, recalcTimestamp=False) as whole:
        cutter = subset.Subsetter(options)
        cutter.populate(text=KEPT + VIETNAMESE)
        cutter.subset(whole)
        out = io.BytesIO()
        whole.save(out)
        names = whole.getGlyphOrder()
        at = {name: number for number, name in enumerate(names)}
        glyph_of = {code: at[name] for code, name in whole.getBestCmap().items()}
        widths = {at[name]: advance for name, (advance, _) in whole["hmtx"].metrics.items()}
        em = whole["head"].unitsPerEm
        head = whole["head"]
        box = tuple(round(value * 1000 / em) for value in (head.xMin, head.yMin, head.xMax, head.yMax))
    return Font(path.stem.replace("_", "-"), out.getvalue(), glyph_of, widths, em, box)  # type: ignore[arg-type]


def embed(pdf: Pdf, face: Font, *, decomposed: bool) -> pikepdf.Object:
    """A Type0 font with identity codes; `decomposed`: its text is read with letters and accents apart."""
    stream = pdf.make_stream(face.data)
    stream.Length1 = len(face.data)
    tag = "/" + "".join(chr(65 + len(face.name) * at % 26) for at in range(3, 9)) + "+" + face.name
    descriptor = pdf.make_indirect(Dictionary(
        Type=Name.FontDescriptor, FontName=Name(tag), Flags=6, FontBBox=Array(face.box), ItalicAngle=0, Ascent=891,
        Descent=-216, CapHeight=662, StemV=80, FontFile2=stream))  # fmt: skip
    widths: list[object] = []
    for glyph in sorted(face.used):
        widths += [glyph, Array([round(face.widths[glyph] * 1000 / face.em)])]
    cid = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name(tag), FontDescriptor=descriptor, DW=500,
            W=Array(widths),
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"),
            Supplement=0),
        CIDToGIDMap=Name.Identity)  # fmt: skip
    return pdf.make_indirect(Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name(tag), Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(cid)]),
        ToUnicode=pdf.make_stream(_to_unicode(face.used, decomposed=decomposed))))  # fmt: skip


def _to_unicode(used: dict[int, str], *, decomposed: bool) -> bytes:
    form = "NFD" if decomposed else "NFC"
    pairs = [
        f"<{glyph:04X}> <{unicodedata.normalize(form, text).encode('utf-16-be').hex().upper()}>"
        for glyph, text in sorted(used.items())
    ]
    blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Papers-UCS def\n/CMapType 2 "
        "def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\nendcmap\nend\nend"
    ).encode("ascii")
