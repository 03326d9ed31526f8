"""Object streams as a back door: a later revision replaces the stream, and with it all that older sections look for
in it, without naming one of these objects."""

from __future__ import annotations

import re
from dataclasses import replace

from signing.testing.attacks.case import Case, good, later
from signing.testing.attacks.letter import CONTENT_2, LATER, PAGE_2, STATE, draft, signed
from signing.testing.attacks.office import Office
from signing.testing.attacks.sheet import Entry, Layout, Sheet, object_stream, with_stream
from signing.testing.paper import CATALOG, CONTENT, PAGE

_CONTAINER = re.compile(rb"(\d+) 0 obj\n<</Type/ObjStm")
_OTHER_PAGE = "the second page in the place of the first"
_STATE_GONE = "the page without a graphics state"
_BOTH = (PAGE, PAGE_2)


def _packed(office: Office, *numbers: int) -> Sheet:
    """The signed letter, these objects of it in an object stream."""
    return signed(office, of=draft(layout=Layout.STREAM, hidden=numbers))


def _container(sheet: Sheet) -> int:
    found = _CONTAINER.search(sheet.data)
    if found is None:
        raise ValueError("nothing is packed")
    return int(found[1])


def _replaced(office: Office) -> Sheet:
    """Page 1 draws what page 2 draws."""
    sheet = _packed(office, *_BOTH)
    page = sheet.replaced(PAGE, b"/Contents %d 0 R" % CONTENT, b"/Contents %d 0 R" % CONTENT_2)
    inside = {PAGE: page[PAGE], PAGE_2: sheet.bodies[PAGE_2]}
    return sheet.later({_container(sheet): object_stream(inside)})


def _again(office: Office) -> bytes:
    sheet = _packed(office, *_BOTH)
    return sheet.later({_container(sheet): object_stream({num: sheet.bodies[num] for num in _BOTH})}).data


def _with_evidence(office: Office) -> bytes:
    """An update that brings evidence, in an object stream with the number of the old one."""
    sheet = _packed(office, STATE)
    number, store = _container(sheet), sheet.size
    objects = {
        number: object_stream({store: b"<</Type/DSS>>"}),
        **sheet.with_entry(CATALOG, b"/DSS %d 0 R" % store),
    }
    listed = {store: Entry(kind=2, one=number, two=0)}
    return replace(sheet, size=store + 1).later(objects, listed=listed).data


def _under_section(office: Office) -> bytes:
    """An update that changes nothing; its cross-reference stream takes the number of the object stream."""
    sheet = _packed(office, STATE)
    trailer = sheet.trailer + b"/Prev %d" % (sheet.last or 0)
    data, start = with_stream(sheet.data, {}, trailer, number=_container(sheet))
    whole = data[start:].replace(b"/Size %d" % (_container(sheet) + 1), b"/Size %d" % sheet.size)
    return data[:start] + whole + b"startxref\n%d\n%%%%EOF\n" % start


def _measured(office: Office) -> Sheet:
    """The object stream's length is an object of its own."""
    sheet = draft(layout=Layout.STREAM)
    packed, length = sheet.size, sheet.size + 1
    body = object_stream({STATE: sheet.bodies[STATE]})
    stated = re.search(rb"/Length (\d+)", body)
    if stated is None:
        raise ValueError("no length")
    objects = {packed: body.replace(stated[0], b"/Length %d 0 R" % length), length: stated[1]}
    return signed(office, of=sheet.later(objects, listed={STATE: Entry(kind=2, one=packed, two=0)}))


def _length_changed(office: Office) -> bytes:
    sheet = _measured(office)
    return sheet.later({draft(layout=Layout.STREAM).size + 1: b"9"}).data


CASES: tuple[Case, ...] = (
    good("containers/measured", "the length of an object stream elsewhere", lambda office: _measured(office).data),
    later(
        "containers/length-changed",
        "an object stream made shorter from outside",
        _length_changed,
        shows=_STATE_GONE,
        twin="containers/measured",
    ),
    good("containers/pages", "both pages in an object stream", lambda office: _packed(office, *_BOTH).data),
    good("containers/state", "a graphics state in an object stream", lambda office: _packed(office, STATE).data),
    good("containers/again", "the object stream written once more, with the same in it", _again),
    later(
        "containers/replaced",
        "the object stream of the pages replaced, the pages not named",
        lambda office: _replaced(office).data,
        shows=_OTHER_PAGE,
        twin="containers/pages",
    ).about(integrity="intact", changes_after="other", changes_permitted=False),
    later(
        "containers/replaced-then-signed",
        "the object stream of the pages replaced, then signed by somebody else",
        lambda office: _replaced(office).sign("number", office.agency, at=LATER).data,
        shows=_OTHER_PAGE,
        twin="containers/pages",
    ).about(integrity="intact", changes_after="other", changes_permitted=False),
    later(
        "containers/evidence-instead",
        "evidence in an object stream that takes the place of the old one",
        _with_evidence,
        shows=_STATE_GONE,
        twin="containers/state",
    ).about(integrity="intact", changes_after="other", changes_permitted=False),
    later(
        "containers/section-instead",
        "a cross-reference stream that takes the place of an object stream",
        _under_section,
        shows=_STATE_GONE,
        twin="containers/state",
    ),
    later(
        "containers/freed",
        "the object stream freed",
        lambda office: (sheet := _packed(office, STATE)).later({}, freed=(_container(sheet),)).data,
        shows=_STATE_GONE,
        twin="containers/state",
    ),
)
