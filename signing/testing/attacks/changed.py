"""One thing changed after three honest signatures: everything that can alter what a page shows or does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from signing.testing.attacks.case import Case, later
from signing.testing.attacks.letter import (
    ARRIVAL,
    CMAP,
    COMPOSITE,
    CONTENT_2,
    DESCENDANT,
    DRAWN_FONT,
    ENCODING,
    FALSE_SUM,
    FONT,
    GLYPH,
    HEADING,
    IMAGE,
    LATER,
    PROFILE,
    RESOURCES,
    STATE,
    TO_UNICODE,
    TREE,
    TRUE_SUM,
    cmap,
    first_page,
    issued,
)
from signing.testing.attacks.office import Office
from signing.testing.attacks.sheet import Sheet, appearance
from signing.testing.paper import CATALOG, CONTENT, FORM, PAGE, PAGES, stream

Change = Callable[[Sheet], Mapping[int, bytes]]
_SCRIPT = b"<</S/JavaScript/JS(this.getField\\('x'\\))>>"
_NEW = 90


def _content(sheet: Sheet) -> dict[int, bytes]:
    return {CONTENT: first_page(FALSE_SUM)}


def _more_content(sheet: Sheet) -> dict[int, bytes]:
    extra = stream(b"BT /F1 12 Tf 72 400 Td (Dieu 3. Chi them 9 000 000 dong) Tj ET")
    return {_NEW: extra, **sheet.replaced(PAGE, b"/Contents 4 0 R", b"/Contents[4 0 R %d 0 R]" % _NEW)}


def _page_added(sheet: Sheet) -> dict[int, bytes]:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources 31 0 R/Contents %d 0 R>>" % CONTENT
    return {_NEW: page, **sheet.replaced(PAGES, b"]/Count 2", b" %d 0 R]/Count 3" % _NEW)}


def _page_inherits(sheet: Sheet) -> dict[int, bytes]:
    return sheet.with_entry(PAGES, b"/Rotate 180")


def _branch(sheet: Sheet) -> dict[int, bytes]:
    """A node slipped between the tree and its page."""
    node = b"<</Type/Pages/Parent 2 0 R/Kids[3 0 R]/Count 1/Rotate 90>>"
    return {_NEW: node, **sheet.replaced(PAGES, b"3 0 R", b"%d 0 R" % _NEW)}


def _in(number: int, entries: bytes) -> Change:
    return lambda sheet: sheet.with_entry(number, entries)


def _is(number: int, body: bytes) -> Change:
    return lambda sheet: {number: body}


def _turned(number: int, old: bytes, new: bytes) -> Change:
    return lambda sheet: sheet.replaced(number, old, new)


def _image(entries: bytes, more: Mapping[int, bytes] | None = None) -> Change:
    head = b"/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceRGB"
    return lambda sheet: {IMAGE: stream(b"\0" * 12, head + entries), **(more or {})}


def _layers(sheet: Sheet) -> dict[int, bytes]:
    layers = b"/OCProperties<</OCGs[%d 0 R]/D<</OFF[%d 0 R]/Order[%d 0 R]>>>>" % (_NEW, _NEW, _NEW)
    return {_NEW: b"<</Type/OCG/Name(a)>>", **sheet.with_entry(CATALOG, layers)}


def _attachment(sheet: Sheet) -> dict[int, bytes]:
    names = b"/Names<</EmbeddedFiles<</Names[(a.xls)<</Type/Filespec/F(a.xls)/EF<</F %d 0 R>>>>]>>>>" % _NEW
    return {_NEW: stream(b"9", b"/Type/EmbeddedFile"), **sheet.with_entry(CATALOG, names)}


def _named_script(sheet: Sheet) -> dict[int, bytes]:
    return sheet.with_entry(CATALOG, b"/Names<</JavaScript<</Names[(a)" + _SCRIPT + b"]>>>>")


def _signature_look(sheet: Sheet) -> dict[int, bytes]:
    return {_shown(sheet, "leader"): appearance("Somebody else", size=(160, 80))}


def _shown(sheet: Sheet, name: str) -> int:
    body = sheet.bodies[sheet.field(name)]
    return int(body[body.index(b"/AP<</N ") + 8 :].split()[0])


def _field_moved(sheet: Sheet) -> dict[int, bytes]:
    return sheet.replaced(sheet.field("leader"), b"/Rect[340 130 500 210]", b"/Rect[72 460 232 540]")


def _field_hidden(sheet: Sheet) -> dict[int, bytes]:
    return sheet.replaced(sheet.field("leader"), b"/F 132", b"/F 134")


def _field_removed(sheet: Sheet) -> dict[int, bytes]:
    leader = b"%d 0 R " % sheet.field("leader")
    return {**sheet.replaced(FORM, leader, b""), **sheet.replaced(PAGE, leader, b"")}


def _value_removed(sheet: Sheet) -> dict[int, bytes]:
    number = sheet.field("leader")
    body = sheet.bodies[number]
    return {number: body[: body.index(b"/V ")] + b">>"}


def _field_renamed(sheet: Sheet) -> dict[int, bytes]:
    return sheet.replaced(sheet.field("leader"), b"/T(leader)", b"/T(somebody)")


def _text_field(sheet: Sheet) -> dict[int, bytes]:
    body = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(9 000 000)/F 4/P 3 0 R/Rect[72 495 400 515]/AP<</N %d 0 R>>>>"
    )
    fields = {**sheet.with_fields(_NEW), **sheet.with_annotations(_NEW)}
    return {_NEW: body % (_NEW + 1), _NEW + 1: appearance("9 000 000", size=(328, 20)), **fields}


def _link(sheet: Sheet) -> dict[int, bytes]:
    body = b"<</Type/Annot/Subtype/Link/Rect[72 460 400 520]/A<</S/URI/URI(https://evil.example/)>>>>"
    return {_NEW: body, **sheet.with_annotations(_NEW)}


def _external(sheet: Sheet) -> dict[int, bytes]:
    return {CONTENT: b"<</F(https://evil.example/page)/FFilter/FlateDecode/Length 0>>\nstream\n\nendstream"}


_RETURNS = cmap(b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <31> <0039> endbfchar")
_TURNS = cmap(b"1 begincodespacerange <0000> <ffff> endcodespacerange 1 begincidchar <0041> 57 endcidchar")
_PATTERN = b"<</Type/Pattern/PatternType 2/Shading<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 1 1]>>>>"
_LOUD = stream(b"profile", b"/N 3/Alternate/DeviceRGB/Range[0 0 0 0 0 0]")

_CHANGES: tuple[tuple[str, str, str, Change], ...] = (
    ("content", "the page's content", "another sum", _content),
    ("content-extended", "one more stream in the page's content", "one more article", _more_content),
    ("content-of-page-2", "the content of the other page", "another annex", _is(CONTENT_2, stream(b"0 0 m"))),
    ("content-external", "the content fetched from elsewhere (/F)", "whatever a server gives", _external),
    ("rotate", "the page's rotation", "the page on its head", _in(PAGE, b"/Rotate 180")),
    ("rotate-inherited", "a rotation that all pages inherit", "pages on their head", _page_inherits),
    ("crop-box", "the page's crop box", "the sum cut away", _in(PAGE, b"/CropBox[0 0 595 480]")),
    ("media-box", "the page's media box", "the sum cut away", _turned(PAGE, b"[0 0 595 842]", b"[0 0 595 480]")),
    ("user-unit", "the page's unit", "a page twice as large", _in(PAGE, b"/UserUnit 2")),
    ("page-added", "a page at the end", "one more page", _page_added),
    ("page-removed", "a page left out", "no annex", _turned(PAGES, b"[3 0 R 20 0 R]/Count 2", b"[3 0 R]/Count 1")),
    ("pages-swapped", "the order of pages", "the annex first", _turned(PAGES, b"3 0 R 20 0 R", b"20 0 R 3 0 R")),
    ("page-doubled", "a page listed twice", "the page again", _turned(PAGES, b"20 0 R]", b"3 0 R]")),
    ("page-tree-branch", "a node between tree and page", "the page on its side", _branch),
    ("page-action", "a script on the page", "whatever the script does", _in(PAGE, b"/AA<</O" + _SCRIPT + b">>")),
    ("page-group", "the page's transparency group", "colours", _in(PAGE, b"/Group<</S/Transparency/K true>>")),
    ("font-base", "another font under the same name", "other glyphs", _turned(FONT, b"/Helvetica", b"/Symbol")),
    ("font-encoding", "the encoding of a font", "9 for 1", _in(ENCODING, b"/Differences[49/nine]")),
    ("font-to-unicode", "what copies and searches read", "text that reads 9 for 1", _is(TO_UNICODE, _RETURNS)),
    ("font-glyph", "a glyph of a drawn font", "another sign", _is(GLYPH, stream(b"1000 0 0 0 750 750 d1"))),
    ("font-widths", "widths of a drawn font", "other spacing", _turned(DRAWN_FONT, b"[1000]", b"[9000]")),
    ("font-cmap", "the character map of a composite font", "other glyphs", _is(CMAP, _TURNS)),
    ("font-descendant", "the font below a composite one", "other glyphs", _in(DESCENDANT, b"/W[57[9000]]/DW 1")),
    ("font-composite", "a composite font", "other glyphs", _turned(COMPOSITE, b"/Type0", b"/Type1")),
    ("image", "an image", "another emblem", _image(b"")),
    ("image-alternates", "an alternate image for printing", "another emblem on paper", _image(
        b"/Alternates[<</Image %d 0 R/DefaultForPrinting true>>]" % _NEW, {_NEW: stream(b"\0" * 12)})),
    ("image-proxy", "an OPI proxy for an image elsewhere", "another emblem on paper", _image(
        b"/OPI<</1.3<</Type/OPI/Version 1.3/F(elsewhere.tif)>>>>")),
    ("image-mask", "a soft mask on an image", "no emblem", _image(b"/SMask %d 0 R" % _NEW, {_NEW: stream(
        b"\0" * 4, b"/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray")})),
    ("colour-profile", "the ICC profile of an image", "other colours", _is(PROFILE, _LOUD)),
    ("graphics-state", "the graphics state", "text that fades", _is(STATE, b"<</Type/ExtGState/ca 0>>")),
    ("form-object", "a form XObject of the page", "another heading", _is(HEADING, stream(
        b"", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]"))),
    ("resources", "the page's resources", "other fonts", _turned(RESOURCES, b"/F1 22 0 R", b"/F1 25 0 R")),
    ("resources-pattern", "a pattern among the resources", "other colours", lambda sheet: {
        _NEW: _PATTERN, **sheet.with_entry(RESOURCES, b"/Pattern<</P1 %d 0 R>>" % _NEW)}),
    ("layers", "optional content that is off", "parts vanish", _layers),
    ("attachment", "an attachment", "a file that nobody signed", _attachment),
    ("opening-script", "a script on opening", "whatever the script does", _in(CATALOG, b"/OpenAction" + _SCRIPT)),
    ("document-actions", "scripts on saving and printing", "whatever they do", _in(
        CATALOG, b"/AA<</WP" + _SCRIPT + b">>")),
    ("named-script", "a script by name", "whatever the script does", _named_script),
    ("viewing", "the viewer's settings", "no menu", _in(CATALOG, b"/ViewerPreferences<</HideMenubar true>>")),
    ("page-labels", "the labels of pages", "other page numbers", _in(CATALOG, b"/PageLabels<</Nums[0<</S/r>>]>>")),
    ("spoken-text", "the text read aloud", "another sum read aloud", _turned(TREE, TRUE_SUM, FALSE_SUM)),
    ("link", "a link over the text", "a link to elsewhere", _link),
    ("text-field", "a text field over the sum", "another sum", _text_field),
    ("form-rebuilt", "appearances made anew by the viewer", "other stamps", _in(FORM, b"/NeedAppearances true")),
    ("form-xfa", "a second form in XML", "another form", _in(FORM, b"/XFA(<xdp/>)")),
    ("signature-look", "how the leader's signature looks", "another name", _signature_look),
    ("signature-moved", "where the leader's signature stands", "the signature on the sum", _field_moved),
    ("signature-hidden", "whether the leader's signature is seen", "no signature", _field_hidden),
    ("signature-renamed", "the name of the leader's field", "another field", _field_renamed),
    ("signature-value-removed", "the leader's signature taken out of its field", "an empty field", _value_removed),
    ("signature-field-removed", "the leader's field taken out of the form", "no signature", _field_removed),
)  # fmt: skip


def _made(change: Change) -> Callable[[Office], bytes]:
    def make(office: Office) -> bytes:
        sheet = issued(office)
        return sheet.later(change(sheet)).data

    return make


def _then_stamped(change: Change) -> Callable[[Office], bytes]:
    def make(office: Office) -> bytes:
        sheet = issued(office)
        return sheet.later(change(sheet)).add_and_sign(ARRIVAL, office.clerk, at=LATER).data

    return make


_STAMPED = {"content", "rotate", "font-encoding", "signature-look", "signature-value-removed", "page-added"}

CASES: tuple[Case, ...] = (
    *(
        later(
            f"changed/{name}", f"after signing: {says}", _made(change), shows=shows, twin="plain/three-signatures"
        )
        for name, says, shows, change in _CHANGES
    ),
    *(
        later(
            f"changed-then-stamped/{name}",
            f"after signing: {says}; then an honest stamp over the whole file",
            _then_stamped(change),
            shows=shows,
            twin="plain/three-signatures",
        )
        for name, says, shows, change in _CHANGES
        if name in _STAMPED
    ),
)
