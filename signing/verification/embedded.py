"""Evidence that travels in the document: the security store (/DSS) and what signers put into their CMS."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from signing.cms.attributes import revocation_archive
from signing.cms.codec import SignedData
from signing.errors import NeedsCare
from signing.path.evidence import Evidence
from signing.pdf import PdfArray, PdfString, Stream, View
from signing.pdf.filters import decode

MAX_ITEMS = 500
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:([Zz])|([+-])(\d\d)'?(?:(\d\d)'?)?)")


def with_store(evidence: Evidence, view: View) -> tuple[Evidence, bool]:
    """`evidence` and what the document's own store holds; False when a part of the store cannot be read."""
    try:
        store = view.dictionary(view.catalog["DSS"]) if "DSS" in view.catalog else None
        if store is None:
            return evidence, True
        return evidence.plus(
            certificates=_streams(view, store.get("Certs")),
            crls=_streams(view, store.get("CRLs")),
            ocsps=_streams(view, store.get("OCSPs")),
        ), True
    except NeedsCare:
        return evidence, False


def _streams(view: View, listed: object) -> tuple[bytes, ...]:
    items = view.resolve(listed)
    if not isinstance(items, PdfArray):
        return ()
    if len(items) > MAX_ITEMS:
        raise NeedsCare("evidence_too_large")
    found = (view.resolve(item) for item in items)
    return tuple(decode(item) for item in found if isinstance(item, Stream))


def with_message(evidence: Evidence, message: SignedData) -> Evidence:
    """`evidence` and what the CMS carries beside the signature."""
    try:
        crls, ocsps = revocation_archive(message.signers[0]) if message.signers else ((), ())
    except NeedsCare:
        crls, ocsps = (), ()
    return evidence.plus(certificates=message.certificates, crls=message.crls + crls, ocsps=ocsps)


def claimed_time(value: object) -> datetime | None:
    """/M of a signature dictionary (7.9.4): a claim. Without an offset it claims nothing exact."""
    match = _DATE.fullmatch(value.text()) if isinstance(value, PdfString) else None
    if match is None:
        return None
    year, month, day, hour, minute, second, _, sign, hours, minutes = match.groups()
    try:
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        zone = timezone(offset) if offset else UTC
        return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=zone)
    except ValueError:
        return None
