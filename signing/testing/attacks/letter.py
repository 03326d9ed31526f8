"""The letter that everybody signs: two pages with text, fonts, an image, and three empty boxes.

It orders a payment of 1 000 000; what an attacker wants is a signed letter that shows 9 000 000.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from signing.testing.attacks.office import SIGNED, Office
from signing.testing.attacks.sheet import ROOT, Layout, Sheet
from signing.testing.identity import Identity
from signing.testing.paper import CATALOG, CONTENT, FIRST_FIELD, FORM, PAGE, PAGES, RIGHT, Box, Way, stream, widget

LEADER = Box("leader", (340.0, 130.0, 500.0, 210.0))
NUMBER = Box("number", (60.0, 640.0, 220.0, 670.0))
SEAL = Box("seal", (200.0, 130.0, 320.0, 210.0))
ARRIVAL = Box("arrival", (380.0, 560.0, 540.0, 640.0))
"""Nothing is printed where these stand."""
OVER_TEXT = Box("over", (70.0, 450.0, 450.0, 530.0))
"""Right over the sum."""

PAGE_2, CONTENT_2, FONT, ENCODING, TO_UNICODE = 20, 21, 22, 23, 24
DRAWN_FONT, GLYPH, IMAGE, PROFILE, STATE = 25, 26, 27, 28, 29
HEADING, RESOURCES, METADATA, INFORMATION = 30, 31, 32, 33
COMPOSITE, DESCENDANT, CMAP, TREE = 34, 35, 36, 37
"""Object numbers of the letter beside those of `signing.testing.paper`."""

TRUE_SUM, FALSE_SUM = b"1 000 000", b"9 000 000"
INFO = ROOT + b"/Info %d 0 R" % INFORMATION
LATER = SIGNED + timedelta(minutes=20)

_LINES = (
    (72, 540, b"QUYET DINH ve viec chi ngan sach"),
    (72, 500, b"Dieu 1. Chi so tien %s dong cho truong tieu hoc Bang Ai."),
    (72, 470, b"Dieu 2. Quyet dinh co hieu luc tu ngay ky."),
)
PACKET = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""/></rdf:RDF>'
    b'</x:xmpmeta><?xpacket end="w"?>'
)


def first_page(total: bytes = TRUE_SUM) -> bytes:
    """The content stream of page 1, ordering this sum."""
    words = b"".join(
        b"BT /F1 12 Tf %d %d Td (%s) Tj ET\n" % (x, y, line % total if b"%s" in line else line)
        for x, y, line in _LINES
    )
    emblem = b"q 40 0 0 40 72 720 cm /Im1 Do Q\n"
    return stream(b"q /Fm1 Do Q\n" + emblem + words + b"/G1 gs BT /F2 12 Tf 72 430 Td (a) Tj ET")


def bodies(*boxes: Box) -> dict[int, bytes]:
    """All objects of the unsigned letter."""
    fields = b" ".join(b"%d 0 R" % (FIRST_FIELD + index) for index in range(len(boxes)))
    own = {FIRST_FIELD + index: widget(box) for index, box in enumerate(boxes)}
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources %d 0 R" % RESOURCES
    return {
        CATALOG: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Lang(vi-VN)/Metadata %d 0 R/StructTreeRoot %d 0 R>>"
        % (METADATA, TREE),
        PAGES: b"<</Type/Pages/Kids[3 0 R %d 0 R]/Count 2>>" % PAGE_2,
        PAGE: page + b"/Contents 4 0 R/Annots[%s]>>" % fields,
        CONTENT: first_page(),
        FORM: b"<</Fields[%s]/SigFlags 3>>" % fields,
        PAGE_2: page + b"/Contents %d 0 R>>" % CONTENT_2,
        CONTENT_2: stream(b"BT /F1 12 Tf 72 760 Td (Trang 2: phu luc) Tj ET BT /F3 12 Tf 72 700 Td <0041> Tj ET"),
        **own,
        **_drawing(),
        **_fonts(),
    }


def _drawing() -> dict[int, bytes]:
    fonts = b"/Font<</F1 %d 0 R/F2 %d 0 R/F3 %d 0 R>>" % (FONT, DRAWN_FONT, COMPOSITE)
    objects = b"/XObject<</Fm1 %d 0 R/Im1 %d 0 R>>/ExtGState<</G1 %d 0 R>>" % (HEADING, IMAGE, STATE)
    image = (
        b"/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace[/ICCBased %d 0 R]" % PROFILE
    )
    heading = b"BT /F1 13 Tf 72 800 Td (UY BAN NHAN DAN XA BANG AI) Tj ET"
    look = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 %d 0 R>>>>" % FONT
    return {
        IMAGE: stream(b"\xd0\0\0\xff\xff\0\xff\xff\0\xd0\0\0", image),
        PROFILE: stream(b"profile", b"/N 3/Alternate/DeviceRGB"),
        STATE: b"<</Type/ExtGState/ca 1>>",
        HEADING: stream(heading, look),
        RESOURCES: b"<<" + fonts + objects + b">>",
        METADATA: stream(PACKET, b"/Type/Metadata/Subtype/XML"),
        INFORMATION: b"<</Producer(signing.testing)/Title(Quyet dinh)>>",
        TREE: b"<</Type/StructTreeRoot/K<</Type/StructElem/S/Document/ActualText(%s)>>>>" % TRUE_SUM,
    }


def _fonts() -> dict[int, bytes]:
    system = b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    drawn = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97"
    return {
        FONT: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding %d 0 R/ToUnicode %d 0 R>>"
        % (ENCODING, TO_UNICODE),
        ENCODING: b"<</Type/Encoding/BaseEncoding/WinAnsiEncoding>>",
        TO_UNICODE: cmap(b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <31> <0031> endbfchar"),
        DRAWN_FONT: drawn + b"/LastChar 97/Widths[1000]/Encoding<</Type/Encoding/Differences[97/a]>>"
        b"/CharProcs<</a %d 0 R>>>>" % GLYPH,
        GLYPH: stream(b"1000 0 0 0 750 750 d1 0 0 750 750 re f"),
        COMPOSITE: b"<</Type/Font/Subtype/Type0/BaseFont/Arial/Encoding %d 0 R/DescendantFonts[%d 0 R]>>"
        % (CMAP, DESCENDANT),
        DESCENDANT: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Arial%s/FontDescriptor<</Type/FontDescriptor"
        b"/FontName/Arial/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 900/Descent 0/CapHeight 700"
        b"/StemV 80>>>>" % system,
        CMAP: cmap(b"1 begincodespacerange <0000> <ffff> endcodespacerange 1 begincidchar <0041> 65 endcidchar"),
    }


def cmap(lines: bytes) -> bytes:
    """A character map that says these lines."""
    head = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def\n"
    return stream(head + lines + b"\nendcmap end end", b"/Type/CMap/CMapName/Own")


def draft(
    *boxes: Box,
    replace: Mapping[int, bytes] | None = None,
    layout: Layout = Layout.TABLE,
    **more: object,
) -> Sheet:
    """The letter before anybody signs. Without boxes: leader, number and seal."""
    objects = {**bodies(*(boxes or (LEADER, NUMBER, SEAL))), **(replace or {})}
    return Sheet.begin(objects, layout=layout, trailer=INFO, **more)  # type: ignore[arg-type]


def signed(office: Office, *, way: Way = RIGHT, who: Identity | None = None, of: Sheet | None = None) -> Sheet:
    """The leader has signed."""
    return (of or draft()).sign("leader", who or office.leader, at=SIGNED, way=way)


def issued(office: Office) -> Sheet:
    """Leader, number and seal, in this order."""
    numbered = signed(office).sign("number", office.agency, at=LATER)
    return numbered.sign("seal", office.agency, at=LATER + timedelta(minutes=1))
