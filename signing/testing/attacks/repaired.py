"""Files that some readers repair after the signature: what they find then, and what others read by the tables."""

from __future__ import annotations

import re
from dataclasses import replace

from signing.testing.attacks.case import Case, bad, good
from signing.testing.attacks.letter import FALSE_SUM, FONT, METADATA, PACKET, draft, first_page, signed
from signing.testing.attacks.office import Office
from signing.testing.attacks.sheet import Entry, Layout, Sheet, object_stream
from signing.testing.paper import CATALOG, CONTENT, stream

_SHOWS = "repairing programs show 9 000 000"
_FORGED = first_page(FALSE_SUM) + b"\nendobj\n"


def _astray(sheet: Sheet) -> bytes:
    """With its last number leading nowhere: the section stands right before it all the same."""
    return re.sub(rb"startxref\n(\d+)(?=\n%%EOF\n\Z)", lambda hit: b"startxref\n%d" % (int(hit[1]) + 7), sheet.data)


def _startxref_astray(office: Office) -> bytes:
    return _astray(signed(office).later({}))


def _odd_header(office: Office, header: bytes) -> bytes:
    """The false content between two revisions, under a header that only some take for one."""
    sheet = signed(office)
    return _astray(replace(sheet, data=sheet.data + header + _FORGED).later({}))


def _metadata(office: Office, more: bytes) -> bytes:
    return _astray(signed(office).later({METADATA: stream(PACKET + more, b"/Type/Metadata/Subtype/XML")}))


def _packed_again(office: Office, index: int) -> bytes:
    """The font once more, in a container of two; those who go by the index find another number there."""
    sheet = signed(office, of=draft(layout=Layout.PACKED))
    number = sheet.size
    container = object_stream({FONT: sheet.bodies[FONT], number + 2: b"null"})
    listed = {
        FONT: Entry(kind=2, one=number, two=index),
        number + 2: Entry(kind=2, one=number, two=1),
    }
    return sheet.later({number: container}, layout=Layout.STREAM, listed=listed).data


def _hidden_catalog(office: Office) -> bytes:
    sheet = signed(office)
    return sheet.later({CATALOG: sheet.bodies[CATALOG]}, layout=Layout.HYBRID, hidden=(CATALOG,)).data


def _trailer_key_twice(office: Office) -> bytes:
    """A cross-reference stream with two catalogs, of which the last is the signed one."""
    sheet = signed(office, of=draft(layout=Layout.STREAM))
    return sheet.later({}, trailer=b"/Root %d 0 R%s" % (CONTENT, sheet.trailer)).data


CASES: tuple[Case, ...] = (
    good("repaired/startxref-astray", "the last number leads nowhere", _startxref_astray),
    bad(
        "repaired/header-with-comment",
        "a comment inside of an object's header",
        lambda office: _odd_header(office, b"%d%%\n0 obj\n" % CONTENT),
        shows=_SHOWS,
    ),
    bad(
        "repaired/header-with-sign",
        "a sign inside of an object's header",
        lambda office: _odd_header(office, b"%d +0 obj\n" % CONTENT),
        shows=_SHOWS,
    ),
    bad(
        "repaired/header-with-point",
        "a decimal number in an object's header",
        lambda office: _odd_header(office, b"%d.0 0 obj\n" % CONTENT),
        shows=_SHOWS,
    ),
    good("repaired/metadata", "new metadata in such a file", lambda office: _metadata(office, b"")),
    bad(
        "repaired/object-in-metadata",
        "an object inside of the metadata",
        lambda office: _metadata(office, b"\n%d 0 obj\n%s" % (CONTENT, _FORGED)),
        shows=_SHOWS,
    ),
    good(
        "repaired/packed-again", "an object written once more, unchanged", lambda office: _packed_again(office, 0)
    ),
    bad(
        "repaired/packed-elsewhere",
        "the same under the index of another",
        lambda office: _packed_again(office, 1),
        shows="some programs show no text",
        twin="repaired/packed-again",
    ),
    bad("repaired/hidden-catalog", "older programs find no catalog", _hidden_catalog),
    bad("repaired/two-catalogs", "a cross-reference stream names two catalogs", _trailer_key_twice),
)
