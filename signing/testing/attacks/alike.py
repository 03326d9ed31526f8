"""Files that are like a good one but for what a quick look at an object leaves out: its digits, its white space,
what stands inside its strings, and lists that many states share."""

from __future__ import annotations

import re
from dataclasses import replace

from signing.testing.attacks.case import Case, bad, good, later
from signing.testing.attacks.letter import (
    COMPOSITE,
    DRAWN_FONT,
    FALSE_SUM,
    LEADER,
    NUMBER,
    PAGE_2,
    RESOURCES,
    SEAL,
    bodies,
    draft,
    first_page,
    signed,
)
from signing.testing.attacks.office import Office
from signing.testing.attacks.sheet import Sheet, entry
from signing.testing.paper import CONTENT, PAGE, PAGES, Way

_SUM = "some programs show 9 000 000"
_ONE = {"twin": "plain/one-signature"}
_FORGED = first_page(FALSE_SUM)
_HIDDEN, _TRUE, _KIDS = 60, 61, 62
_SEAL_FIELD = 8


def _key_twice(office: Office) -> bytes:
    """The page has the font /F1 twice, and no /F2: of another font only a digit is another one."""
    names = draft().bodies[RESOURCES].replace(b"/F2 %d 0 R" % DRAWN_FONT, b"/F1 %d 0 R" % COMPOSITE, 1)
    return signed(office, of=draft(replace={RESOURCES: names})).data


def _number(office: Office) -> bytes:
    """The table sends number 61 to an object that calls itself 60, both as long."""
    page = bodies(LEADER, NUMBER, SEAL)[PAGE].replace(b"4 0 R", b"%d 0 R" % _TRUE)
    sheet = draft(replace={PAGE: page, _HIDDEN: _FORGED, _TRUE: first_page()})
    true, false = (b"%010d 00000 n" % sheet.data.index(b"%d 0 obj" % number) for number in (_TRUE, _HIDDEN))
    return signed(office, of=replace(sheet, data=sheet.data.replace(true, false))).data


def _length(office: Office) -> bytes:
    """A content that goes on behind its /Length, which has as many digits as the right one."""
    body = re.sub(rb"/Length (\d)", lambda found: b"/Length %d" % (int(found[1]) - 1), _FORGED, count=1)
    return signed(office, of=draft(replace={CONTENT: body})).data


def _generation(office: Office) -> bytes:
    """The page refers to generation 1 of its content; there is but generation 0."""
    page = bodies(LEADER, NUMBER, SEAL)[PAGE].replace(b"/Contents 4 0 R", b"/Contents 4 1 R")
    return signed(office, of=draft(replace={PAGE: page})).data


def _shared(office: Office, written: bytes) -> bytes:
    """The seal's field names the leader's signature as its own, in these words."""
    value = draft().size
    body = entry(
        bodies(LEADER, NUMBER, SEAL)[_SEAL_FIELD], b"/V " + written % value + b"/AP<</N %d 0 R>>" % (value + 1)
    )
    return signed(office, way=Way(objects={_SEAL_FIELD: body})).data


def _in_a_string(office: Office) -> bytes:
    """The table sends number 4 into a string in which another content stands, header and all."""
    sheet = draft(replace={_HIDDEN: b"<</Note(\n%d 0 obj\n%s\nendobj\n)>>" % (CONTENT, _FORGED)})
    header = b"%d 0 obj" % CONTENT
    true, false = sheet.data.index(b"\n" + header) + 1, sheet.data.rindex(b"\n" + header) + 1
    return signed(office, of=replace(sheet, data=sheet.data.replace(b"%010d" % true, b"%010d" % false))).data


def _listed_apart(office: Office) -> Sheet:
    """The page tree's list of pages is an object of its own."""
    tree = b"<</Type/Pages/Kids %d 0 R/Count 2>>" % _KIDS
    return signed(office, of=draft(replace={PAGES: tree, _KIDS: b"[3 0 R %d 0 R]" % PAGE_2}))


def _apart(office: Office) -> bytes:
    return _listed_apart(office).data


def _listed_again(office: Office) -> bytes:
    """Page 2 in the place of page 1, by nothing but another list."""
    return _listed_apart(office).later({_KIDS: b"[%d 0 R 3 0 R]" % PAGE_2}).data


def _same_list(office: Office) -> bytes:
    """The same list once more, as some programs write everything again."""
    return _listed_apart(office).later({_KIDS: b"[3 0 R %d 0 R]" % PAGE_2}).data


CASES: tuple[Case, ...] = (
    bad("alike/key-twice", "a font name twice, where the twin has two", _key_twice, shows="other letters", **_ONE),
    bad("alike/wrong-number", "the table leads to another number, as long", _number, shows=_SUM, **_ONE),
    bad("alike/wrong-length", "a stream goes on behind its /Length, which is as long", _length, shows=_SUM, **_ONE),
    bad("alike/wrong-generation", "the page refers to another generation of its content", _generation, **_ONE),
    bad(
        "alike/shared-over-two-lines",
        "two fields name one signature, once with a line end in the reference",
        lambda office: _shared(office, b"%d\n0 R"),
        shows="two signatures",
        **_ONE,
    ),
    bad(
        "alike/shared-with-zeros",
        "two fields name one signature, once with zeros before the number",
        lambda office: _shared(office, b"00%d 0 R"),
        shows="two signatures",
        **_ONE,
    ),
    bad("alike/object-in-a-string", "the table leads into a string", _in_a_string, shows=_SUM, **_ONE),
    good(
        "alike/pages-listed-apart",
        "the list of pages is an object of its own",
        _apart,
    ),
    good("alike/pages-listed-again", "the same list of pages once more", _same_list),
    later(
        "alike/pages-in-another-order",
        "after signing: another list of pages",
        _listed_again,
        shows="page 2 before page 1",
        twin="alike/pages-listed-apart",
    ),
)
