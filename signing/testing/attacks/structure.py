"""Two parsers, two files: cross-references and dictionaries that different programs read differently."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from signing.testing.attacks.case import NO_SIGNATURE, Case, bad, either, good, later
from signing.testing.attacks.foreign import linearized
from signing.testing.attacks.letter import FALSE_SUM, TREE, draft, first_page, signed
from signing.testing.attacks.office import Office
from signing.testing.attacks.sheet import HEAD, Entry, Layout, Sheet, entry, with_stream, with_table
from signing.testing.paper import CONTENT, PAGE, Way, stream

_SUM = "some programs show 9 000 000"
FORGED = first_page(FALSE_SUM)
HIDDEN = 60


def _hybrid_contradicts(office: Office) -> bytes:
    """The table says where the true content stands, the stream beside it where the false one does."""
    first = draft(replace={HIDDEN: stream(b"\n%d 0 obj\n%s\nendobj\n" % (CONTENT, FORGED))})
    place = first.data.index(b"%d 0 obj\n" % CONTENT, first.data.index(b"%d 0 obj" % HIDDEN))
    return signed(office, of=_with_beside(first, {CONTENT: Entry(kind=1, one=place)})).data


def _hybrid_same(office: Office) -> bytes:
    """The stream beside the table names the same places once more."""
    first = draft()
    place = first.data.index(b"%d 0 obj\n" % CONTENT)
    return signed(office, of=_with_beside(first, {CONTENT: Entry(kind=1, one=place)})).data


def _with_beside(sheet: Sheet, entries: dict[int, Entry]) -> Sheet:
    """A later revision, empty but for a stream beside its empty table."""
    data, beside = with_stream(sheet.data, entries, sheet.trailer, number=sheet.size)
    trailer = sheet.trailer + b"/Size %d/Prev %d/XRefStm %d" % (sheet.size + 1, sheet.last or 0, beside)
    data, start = with_table(data, {}, trailer)
    return replace(sheet, data=data + b"startxref\n%d\n%%%%EOF\n" % start, size=sheet.size + 1, last=start)


def _hybrid_later(office: Office) -> bytes:
    """The same after the signature: the hidden object stood in the signed bytes."""
    sheet = signed(office, of=draft(replace={HIDDEN: stream(b"\n%d 0 obj\n%s\nendobj\n" % (CONTENT, FORGED))}))
    place = sheet.data.index(b"%d 0 obj\n" % CONTENT, sheet.data.index(b"%d 0 obj" % HIDDEN))
    return _with_beside(sheet, {CONTENT: Entry(kind=1, one=place)}).data


def _hybrid_hides_field(office: Office) -> bytes:
    """Older readers find no form at all, newer ones find the signature."""
    hidden = (TREE, 5)
    return signed(office, of=draft(layout=Layout.HYBRID, hidden=hidden)).data


def _hybrid_page(office: Office) -> bytes:
    """The page itself is hidden from older readers, which show a page that newer ones do not."""
    shown = draft().bodies[PAGE].replace(b"4 0 R", b"%d 0 R" % HIDDEN)
    sheet = draft(replace={HIDDEN: FORGED, 61: shown}, layout=Layout.HYBRID, hidden=(PAGE,))
    return signed(office, of=sheet).data


def _linearized_forged(office: Office) -> bytes:
    """A linearized file whose content was replaced after signing."""
    sheet = signed(office, of=linearized())
    number = next(n for n, body in sheet.bodies.items() if b"/Contents" in body and b"/Annots" in body)
    content = re.search(rb"/Contents (\d+) 0 R", sheet.bodies[number])
    return sheet.later({int(content[1]) if content else 0: FORGED}).data


def _packed_and_plain(office: Office) -> bytes:
    """One number twice in one revision: plain, and in an object stream that the table does not mention."""
    inside = b"%d 0 <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R>>" % (PAGE, HIDDEN)
    head = b"/Type/ObjStm/N 1/First %d" % (inside.index(b"<"))
    return signed(office, of=draft(replace={HIDDEN: FORGED, 61: stream(inside, head)})).data


def _index_wrong(office: Office) -> bytes:
    """The first section counts its objects from 1 instead of 0."""
    return signed(office, of=draft(layout=Layout.PACKED)).data.replace(b"/Index[0 1 ", b"/Index[1 1 ", 1)


def _extended_container(office: Office) -> bytes:
    """Objects in a stream that extends another, whose page differs."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R>>" % HIDDEN
    inside = b"%d 0 " % PAGE + page
    first = stream(inside, b"/Type/ObjStm/N 1/First %d/Extends 62 0 R" % inside.index(b"<"))
    second = stream(inside, b"/Type/ObjStm/N 1/First %d" % inside.index(b"<"))
    return signed(office, of=draft(replace={HIDDEN: FORGED, 61: first, 62: second})).data


def _doubled_entry(office: Office) -> bytes:
    """A table with two lines for the page's content."""
    sheet = draft(replace={HIDDEN: stream(b"\n%d 0 obj\n%s\nendobj\n" % (CONTENT, FORGED))})
    place = sheet.data.index(b"%d 0 obj\n" % CONTENT, sheet.data.index(b"%d 0 obj" % HIDDEN))
    start = sheet.last or 0
    line = b"%d 1\n%010d 00000 n \n" % (CONTENT, place)
    data = sheet.data[: start + 5] + line + sheet.data[start + 5 :]
    return signed(office, of=replace(sheet, data=data)).data


def _doubled_object(office: Office) -> bytes:
    """The content twice; the table names the first, who rebuilds it takes the last."""
    sheet = draft()
    start = sheet.last or 0
    extra = b"%d 0 obj\n%s\nendobj\n" % (CONTENT, FORGED)
    tail = sheet.data[start:].replace(b"startxref\n%d" % start, b"startxref\n%d" % (start + len(extra)))
    shifted = replace(sheet, data=sheet.data[:start] + extra + tail, last=start + len(extra))
    return signed(office, of=shifted).data


def _wrong_number(office: Office) -> bytes:
    """The table sends number 4 to an object that calls itself 60."""
    sheet = draft(replace={HIDDEN: FORGED})
    true, false = (b"%010d 00000 n" % sheet.data.index(b"%d 0 obj" % number) for number in (CONTENT, HIDDEN))
    return signed(office, of=replace(sheet, data=sheet.data.replace(true, false, 1))).data


def _dictionary(old: bytes, new: bytes) -> Callable[[Office], bytes]:
    return lambda office: signed(office, way=Way(dictionary=lambda body: body.replace(old, new, 1))).data


def _page_key_twice(office: Office) -> bytes:
    page = draft(replace={HIDDEN: FORGED}).bodies
    twice = {HIDDEN: FORGED, PAGE: entry(page[PAGE], b"/Contents %d 0 R" % HIDDEN)}
    return signed(office, of=draft(replace=twice)).data


def _page_key_escaped(office: Office) -> bytes:
    """The same key twice, once with an escape: #43ontents."""
    whole = {HIDDEN: FORGED, PAGE: entry(draft().bodies[PAGE], b"/#43ontents %d 0 R" % HIDDEN)}
    return signed(office, of=draft(replace=whole)).data


def _wrong_length(office: Office) -> bytes:
    """/Length cuts the content short; endstream lets it go on."""
    body = FORGED.replace(b"/Length ", b"/Length 1%%", 1)
    body = re.sub(rb"/Length 1%%\d+", b"/Length 20", body)
    return signed(office, of=draft(replace={CONTENT: body})).data


def _size_small(office: Office) -> bytes:
    """/Size below the highest number: what lies beyond does not exist to some."""
    sheet = draft()
    small = re.sub(rb"/Size \d+", b"/Size 20", sheet.data)
    return signed(office, of=replace(sheet, data=small)).data


def _prev_elsewhere(office: Office) -> bytes:
    """/Prev leads over a revision, to one from before the signature."""
    sheet = signed(office)
    first = draft().last or 0
    forged = replace(sheet, last=first).later({CONTENT: FORGED})
    return forged.data


def _prev_forward(office: Office) -> bytes:
    """A section whose /Prev stands behind it."""
    sheet = signed(office)
    data, start = with_table(sheet.data, {}, sheet.trailer + b"/Size %d/Prev 99999999" % sheet.size)
    return data + b"startxref\n%d\n%%%%EOF\n" % start


def _two_headers(office: Office) -> bytes:
    """Forged content first, then a second header and the letter; the table knows the second content."""
    sheet = draft()
    head = HEAD + b"%d 0 obj\n%s\nendobj\n%%PDF-1.4\n" % (CONTENT, FORGED)
    return signed(office, of=Sheet.begin(sheet.bodies, head=head, trailer=sheet.trailer)).data


def _trailer_in_update(office: Office) -> bytes:
    """A later trailer says /Encrypt, so that some decrypt what is plain."""
    sheet = signed(office)
    lock = {HIDDEN: b"<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>" % (b"x" * 32, b"x" * 32)}
    return sheet.later(lock, trailer=sheet.trailer + b"/Encrypt %d 0 R/ID[<00><00>]" % HIDDEN).data


def _stream_and_table(office: Office) -> bytes:
    """Signed with tables; a later stream says that the content is inside a container."""
    sheet = signed(office, of=draft())
    page = draft().bodies[PAGE].replace(b"4 0 R", b"%d 0 R" % HIDDEN)
    return sheet.later({HIDDEN: FORGED, PAGE: page}, layout=Layout.PACKED).data


_ONE = {"shows": _SUM, "twin": "plain/one-signature"}

CASES: tuple[Case, ...] = (
    good("layout/hybrid-same", "table and stream name the same content", _hybrid_same),
    bad(
        "structure/hybrid-contradicts",
        "table and stream name different content",
        _hybrid_contradicts,
        shows=_SUM,
        twin="layout/hybrid-agrees",
    ),
    bad(
        "structure/hybrid-later",
        "a later hybrid section turns to hidden content",
        _hybrid_later,
        shows=_SUM,
        twin="layout/hybrid-agrees",
    ),
    bad(
        "structure/hybrid-hides-the-form",
        "older readers find no signature",
        _hybrid_hides_field,
        twin="layout/hybrid-agrees",
    ),
    bad(
        "structure/hybrid-hides-the-page",
        "older readers find another page",
        _hybrid_page,
        shows=_SUM,
        twin="layout/hybrid-agrees",
    ),
    bad(
        "structure/linearized-changed",
        "a linearized file changed after signing",
        _linearized_forged,
        shows=_SUM,
        twin="layout/linearized",
    ),
    bad("structure/packed-and-plain", "an unlisted object stream holds another page", _packed_and_plain, **_ONE),
    bad(
        "structure/index-shifted",
        "a cross-reference stream changed after signing",
        _index_wrong,
        twin="layout/object-streams",
    ),
    bad(
        "structure/containers-extended",
        "unlisted object streams that extend each other",
        _extended_container,
        **_ONE,
    ),
    bad("structure/two-lines-for-one", "a table with two lines for one object", _doubled_entry, **_ONE),
    bad("structure/object-twice", "an object twice, the table names the first", _doubled_object, **_ONE),
    bad("structure/wrong-number", "the table leads to an object of another number", _wrong_number, **_ONE),
    bad("structure/key-twice", "the page has two /Contents", _page_key_twice, **_ONE),
    bad("structure/key-twice-escaped", "the same, one of them written /#43ontents", _page_key_escaped, **_ONE),
    bad(
        "structure/filter-twice",
        "two /SubFilter in the signature",
        _dictionary(b"/M(", b"/SubFilter/adbe.x509.rsa_sha1/M("),
        **_ONE,
    ),
    bad("structure/stream-longer-than-said", "a stream goes on behind its /Length", _wrong_length, **_ONE),
    either(
        "structure/size-too-small",
        "an older /Size below the highest object",
        _size_small,
        twin="plain/one-signature",
    ),
    later(
        "structure/prev-skips-the-signature",
        "a later section that skips the signed one",
        _prev_elsewhere,
        verdicts=NO_SIGNATURE,
        **_ONE,
    ),
    later(
        "structure/prev-forward",
        "a later section whose /Prev leads nowhere",
        _prev_forward,
        twin="plain/one-signature",
    ),
    bad("structure/two-headers", "a second header and the beginning of another file", _two_headers, **_ONE),
    later(
        "structure/encrypt-later",
        "a later trailer calls the file encrypted",
        _trailer_in_update,
        twin="plain/one-signature",
    ),
    later("structure/other-layout-later", "a later page in an object stream", _stream_and_table, **_ONE),
)
