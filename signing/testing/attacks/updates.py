"""Good revisions after a signature: evidence, timestamps, information, stamps by others. All must be accepted."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime

from signing.prepare.algorithms import HashFunction, digest
from signing.testing.attacks.case import Case, good
from signing.testing.attacks.letter import (
    ARRIVAL,
    INFORMATION,
    LATER,
    METADATA,
    PACKET,
    PAGE_2,
    bodies,
    draft,
    issued,
    signed,
)
from signing.testing.attacks.office import HOUR, SIGNED, Office
from signing.testing.attacks.sheet import Layout, Sheet, appearance
from signing.testing.identity import Identity
from signing.testing.paper import CATALOG, Box, Way, stream
from signing.testing.timestamps import timestamp_token

STAMPED = SIGNED + HOUR
NOWHERE = (0.0, 0.0, 0.0, 0.0)
_KEPT = re.compile(rb"/[0-9A-F]{40}<<[^>]*>>")
_CONTENTS = re.compile(rb"/Contents<([0-9a-fA-F]+)>")


def with_store(sheet: Sheet, office: Office, *, crls: tuple[bytes, ...] = (), extra: bytes = b"") -> Sheet:
    """A revision with /DSS: certificates, lists, and what belongs to each signature (/VRI). A store that is there
    already grows."""
    known = re.search(rb"/DSS (\d+) 0 R", sheet.bodies[CATALOG])
    store = int(known[1]) if known else sheet.size
    start = sheet.size + (not known)
    chain = (*office.leader.chain_der, office.tsa.der)
    lists = crls or (office.fresh_crl, *office.authority_crls)
    objects = {start + index: stream(data) for index, data in enumerate((*chain, *lists))}
    numbers = [b"%d 0 R" % number for number in objects]
    old = sheet.bodies[store] if known else b"<<>>"
    certificates = b" ".join((*_listed(old, b"/Certs"), *numbers[: len(chain)]))
    revocations = b" ".join((*_listed(old, b"/CRLs"), *numbers[len(chain) :]))
    entries = b"/Cert[%s]/CRL[%s]" % (certificates, revocations)
    contents = (bytes.fromhex(hit.decode()) for hit in _CONTENTS.findall(sheet.data))
    keys = (b"/" + hashlib.sha1(one).hexdigest().upper().encode() for one in contents)  # noqa: S324  by the norm
    kept = _KEPT.findall(old)
    vri = b"".join((*kept, *(b"%s<<%s>>" % (key, entries) for key in keys if key not in old)))
    objects[store] = b"<</Type/DSS/Certs[%s]/CRLs[%s]/VRI<<%s>>%s>>" % (certificates, revocations, vri, extra)
    return sheet.later(objects if known else {**objects, **sheet.with_entry(CATALOG, b"/DSS %d 0 R" % store)})


def _listed(body: bytes, key: bytes) -> list[bytes]:
    """The references that stand under this key."""
    found = re.search(re.escape(key) + rb"\[([^\]]*)\]", body)
    return re.findall(rb"\d+ 0 R", found[1]) if found else []


def with_stamp(
    sheet: Sheet, office: Office, name: str = "archive", *, at: datetime = STAMPED, tsa: Identity | None = None
) -> Sheet:
    """A document timestamp over all that stands there (ETSI EN 319 142-1, 5.4.3)."""

    def token(who: Identity, covered: bytes) -> bytes:
        return timestamp_token(who, digest(HashFunction.SHA256, covered), at=at)

    way = Way(message=token, subfilter=b"ETSI.RFC3161", kind=b"DocTimeStamp", shown=appearance("", size=(0, 0)))
    return sheet.add_and_sign(Box(name, NOWHERE), tsa or office.tsa, at=at, way=way)


def _store(office: Office) -> bytes:
    return with_store(issued(office), office).data


def _store_in_streams(office: Office) -> bytes:
    return with_store(signed(office, of=draft(layout=Layout.PACKED)), office).data


def _archive(office: Office) -> bytes:
    return with_stamp(with_store(issued(office), office), office).data


def _two_rounds(office: Office) -> bytes:
    once = with_stamp(with_store(signed(office), office), office, "archive1")
    return with_stamp(with_store(once, office), office, "archive2", at=STAMPED + HOUR).data


def _information(office: Office) -> bytes:
    body = b"<</Producer(another program)/ModDate(D:20261120100000Z)/Title(Quyet dinh)>>"
    return signed(office).later({INFORMATION: body}).data


def _metadata(office: Office) -> bytes:
    packet = PACKET.replace(b'rdf:about=""/>', b'rdf:about="" xmlns:d="x" d:done="yes"/>')
    return signed(office).later({METADATA: stream(packet, b"/Type/Metadata/Subtype/XML")}).data


def _extensions(office: Office) -> bytes:
    sheet = signed(office)
    entries = b"/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>/Version/2.0"
    return sheet.later(sheet.with_entry(CATALOG, entries)).data


def _nothing(office: Office) -> bytes:
    """A revision without any object, as saving without a change makes it."""
    return signed(office).later({}).data


def _freed(office: Office) -> bytes:
    """An object that nothing refers to is deleted afterwards."""
    unused = draft(replace={46: b"<</Note(unused)>>"})
    return signed(office, of=unused).later({}, freed=(46,)).data


def _mixed(office: Office) -> bytes:
    """Another program continues a file with tables by cross-reference streams."""
    sheet = replace(signed(office), layout=Layout.STREAM)
    return with_stamp(sheet, office).data


def _arrival(office: Office) -> bytes:
    return issued(office).add_and_sign(ARRIVAL, office.clerk, at=LATER + HOUR).data


def _two_arrivals(office: Office) -> bytes:
    second = Box("second", (380.0, 660.0, 540.0, 720.0))
    once = issued(office).add_and_sign(ARRIVAL, office.clerk, at=LATER + HOUR)
    return once.add_and_sign(second, office.agency, at=LATER + HOUR).data


def _arrival_page_2(office: Office) -> bytes:
    page = {PAGE_2: bodies()[PAGE_2][:-2] + b"/Annots[]>>"}
    sheet = signed(office, of=draft(replace=page))
    return sheet.add_and_sign(ARRIVAL, office.clerk, at=LATER, page=PAGE_2).data


def _unseen(office: Office) -> bytes:
    way = Way(shown=appearance("", size=(0, 0)))
    return signed(office).add_and_sign(Box("registrar", NOWHERE), office.clerk, at=LATER, way=way).data


CASES: tuple[Case, ...] = (
    good("update/evidence", "validation evidence (/DSS with /VRI) after three signatures", _store),
    good("update/evidence-in-object-streams", "the same in object streams", _store_in_streams),
    good(
        "update/document-timestamp", "a document timestamp", lambda office: with_stamp(signed(office), office).data
    ),
    good("update/archive", "evidence, then a document timestamp", _archive),
    good("update/two-archive-rounds", "evidence and timestamp, twice", _two_rounds),
    good("update/other-layout", "a document timestamp by a program that writes streams", _mixed),
    good("update/information", "producer and date of change", _information),
    good("update/metadata", "the XMP packet written again", _metadata),
    good("update/extensions", "version and extensions of the catalog", _extensions),
    good("update/nothing", "an empty revision", _nothing),
    good("update/unused-object-freed", "an object nobody uses is freed", _freed),
    good("stamp/arrival", "a recipient's visible stamp off the text", _arrival),
    good("stamp/two-arrivals", "two recipients' stamps", _two_arrivals),
    good("stamp/second-page", "a stamp on page 2", _arrival_page_2),
    good("stamp/invisible", "somebody signs later without showing it", _unseen),
)
