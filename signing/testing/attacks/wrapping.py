"""Signature wrapping (SWA): the bytes that were hashed are still there, what is shown is elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

from signing.testing.attacks.case import Case, bad
from signing.testing.attacks.letter import FALSE_SUM, draft, first_page, signed
from signing.testing.attacks.office import Office
from signing.testing.attacks.sheet import Sheet
from signing.testing.paper import CONTENT, PAGE, Way, stream

_SUM = "the letter orders 9 000 000 instead of 1 000 000"
_RANGE = re.compile(rb"/ByteRange\[(\d+) (\d+) (\d+) (\d+) *\]")
Numbers = Callable[[int, int, int], tuple[int, ...]]


def _split(sheet: Sheet) -> tuple[bytes, bytes, bytes]:
    """The signed file as: what is hashed first, the string of /Contents, what is hashed second."""
    data = sheet.data
    found = _RANGE.search(data)
    if found is None:
        raise ValueError("not signed")
    _, first, second, _ = (int(number) for number in found.groups())
    return data[:first], data[first:second], data[second:]


def _wrapped(office: Office) -> bytes:
    """Between the two hashed parts: a second /ByteRange that names where the second part went, the rest of the
    dictionary, the forged page, and a table exactly where the second part's startxref points."""
    sheet = signed(office, way=Way(objects={60: stream(b" " * 2000)}))
    head, hole, tail = _split(sheet)
    target = int(re.findall(rb"startxref\n(\d+)", tail)[-1])
    forged = b"%d 0 obj\n%s\nendobj\n" % (CONTENT, first_page(FALSE_SUM))
    close = b"/M(D:20261120090000Z)>>\nendobj\n"
    widest = b"/ByteRange[0 %010d %010d %010d]"
    fixed = len(head) + len(hole) + len(widest % (0, 0, 0)) + len(close) + len(forged)
    room = target - fixed
    places = _places(sheet, forged_at=fixed - len(forged))
    table = b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % item for item in sorted(places.items()))
    table += b"trailer\n<<%s/Size %d>>\nstartxref\n%d\n%%%%EOF\n%%" % (sheet.trailer, sheet.size, target)
    inner = close + forged + b" " * room + table
    gap_end = len(head) + len(hole) + len(widest % (0, 0, 0)) + len(inner)
    wrapper = widest % (len(head), gap_end, len(tail))
    return head + hole + wrapper + inner + tail


def _places(sheet: Sheet, *, forged_at: int) -> dict[int, int]:
    """Where every object of the signed file stands, but the page's content."""
    found = {int(hit[1]): hit.start() for hit in re.finditer(rb"^(\d+) 0 obj$", sheet.data, re.MULTILINE)}
    signature = sheet.data.index(b"/ByteRange")
    before = {number: place for number, place in found.items() if place < signature}
    return {**before, CONTENT: forged_at}


def _ranges(numbers: Numbers) -> Callable[[Office], bytes]:
    return lambda office: signed(office, way=Way(numbers=numbers)).data


def _in_gap(extra: bytes) -> Callable[[Office], bytes]:
    """Words between /Contents and the second hashed part, in no hash."""
    length = len(extra)

    def make(office: Office) -> bytes:
        way = Way(
            dictionary=lambda body: body.replace(b"/M(", b" " * length + b"/M("),
            numbers=lambda start, end, size: (0, start, end + length, size - end - length),
        )
        data = signed(office, way=way).data
        place = data.rindex(b">" + b" " * length + b"/M(") + 1
        return data[:place] + extra + data[place + length :]

    return make


def _twice(*, before: bool) -> Callable[[Office], bytes]:
    """A second /ByteRange in the hashed bytes, that names other places."""
    other = b"/ByteRange[0 10 20 30]"

    def dictionary(body: bytes) -> bytes:
        return body.replace(b"/Filter", other + b"/Filter", 1) if before else body[:-2] + other + b">>"

    return lambda office: signed(office, way=Way(dictionary=dictionary)).data


def _tail_uncovered(office: Office) -> bytes:
    """The range ends before the page's content, which stands last in the revision."""
    shown = {60: first_page(FALSE_SUM), **draft().replaced(PAGE, b"/Contents 4 0 R", b"/Contents 60 0 R")}
    whole = signed(office, way=Way(objects=shown)).data
    extra = len(whole) - whole.rindex(b"60 0 obj")
    way = Way(objects=shown, numbers=lambda start, end, size: (0, start, end, size - end - extra))
    return signed(office, way=way).data


def _entry_in_hole(office: Office) -> bytes:
    """The string ends behind the CMS, an entry of the dictionary follows, another string fills the hole."""
    extra = b">/Reason(Chi 9 000 000)/Rest<00"
    way = Way(filled=lambda digits: digits[: -len(extra)] + extra)
    return signed(office, way=way).data


def _reordered(start: int, end: int, length: int) -> tuple[int, ...]:
    return end, length - end, 0, start


_TWIN = {"twin": "plain/one-signature"}
_SHOWN = {"shows": _SUM, **_TWIN}

CASES: tuple[Case, ...] = (
    bad(
        "wrapping/second-part-moved",
        "the second hashed part moved to the end, a forged page between",
        _wrapped,
        **_SHOWN,
    ),
    bad(
        "wrapping/entry-in-the-gap",
        "an entry of the dictionary that no hash covers",
        _in_gap(b"/Name(Somebody else)"),
        **_TWIN,
    ),
    bad("wrapping/comment-in-the-gap", "a comment that no hash covers", _in_gap(b"% nine million\n"), **_TWIN),
    bad("wrapping/space-in-the-gap", "white space that no hash covers", _in_gap(b"    "), **_TWIN),
    bad("wrapping/entry-in-the-hole", "the hole holds an entry behind the CMS", _entry_in_hole, **_TWIN),
    bad("wrapping/range-twice-before", "two /ByteRange, the false one first", _twice(before=True), **_TWIN),
    bad("wrapping/range-twice-after", "two /ByteRange, the false one last", _twice(before=False), **_TWIN),
    bad("wrapping/tail-uncovered", "the range ends before the end of the revision", _tail_uncovered, **_SHOWN),
    bad(
        "wrapping/hole-too-wide",
        "the hole is wider than /Contents",
        _ranges(lambda start, end, size: (0, start - 9, end + 5, size - end - 5)),
        **_TWIN,
    ),
    bad(
        "wrapping/hole-too-narrow",
        "the hole leaves the delimiters of /Contents out",
        _ranges(lambda start, end, size: (0, start + 1, end - 1, size - end + 1)),
        **_TWIN,
    ),
    bad(
        "wrapping/not-from-zero",
        "the range leaves the first bytes out",
        _ranges(lambda start, end, size: (9, start - 9, end, size - end)),
        **_TWIN,
    ),
    bad(
        "wrapping/parts-overlap",
        "the second part begins inside the first",
        _ranges(lambda start, end, size: (0, start, start - 20, 20 + size - start)),
        **_TWIN,
    ),
    bad("wrapping/parts-exchanged", "the second part is named first", _ranges(_reordered), **_TWIN),
    bad(
        "wrapping/three-parts",
        "six numbers with a second hole",
        _ranges(lambda start, end, size: (0, start, end, 20, end + 30, size - end - 30)),
        **_TWIN,
    ),
    bad(
        "wrapping/one-part",
        "only what stands before the hole is named",
        _ranges(lambda start, end, size: (0, start)),
        **_TWIN,
    ),
    bad(
        "wrapping/range-past-the-end",
        "the range goes past the end of the file",
        _ranges(lambda start, end, size: (0, start, end, size - end + 100)),
        **_TWIN,
    ),
)
