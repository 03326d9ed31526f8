"""PDFs prepared for signing and the attributes to be signed, made without the product's own code."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509

from tests.signer.key_files import Holder

ORIGINAL = (
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\n"
    b"startxref\n104\n%%EOF\n"
)
GAP = 2000


def original(number: int) -> bytes:
    """A version that somebody read; no two are alike."""
    return ORIGINAL + f"% văn bản số {number}\n".encode()


def prepared(version: bytes, *, gap: int = GAP) -> bytes:
    """The version plus an appended signature dictionary whose /Contents is still empty."""
    head = version + b"3 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange "
    blank = b"[0 %10d %10d %10d]"
    middle = b"/M(D:20261123100000+07'00')/Contents "
    tail = b">>\nendobj\nxref\n0 0\ntrailer\n<</Size 4/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    first = len(head) + len(blank % (0, 0, 0)) + len(middle)
    second = first + gap + 2
    return head + blank % (first, second, len(tail)) + middle + b"<" + b"0" * gap + b">" + tail


def byte_range(file: bytes) -> list[int]:
    """The four numbers of the last signature."""
    text = file[file.rindex(b"/ByteRange [") + 12 :]
    return [int(number) for number in text[: text.index(b"]")].split()]


def digest(file: bytes, function: str = "sha256") -> bytes:
    _, first, second, _ = byte_range(file)
    return hashlib.new(function, file[:first] + file[second:]).digest()


def attribute(kind: str, value: Any) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def certificate_attribute(owner: Holder, function: str = "sha256") -> cms.CMSAttribute:
    """signingCertificateV2 with issuer and serial, as pyHanko writes it."""
    certificate = asn1_x509.Certificate.load(owner.der)
    names = [asn1_x509.GeneralName({"directory_name": certificate.issuer})]
    entry = {
        "hash_algorithm": {"algorithm": function},
        "cert_hash": hashlib.new(function, owner.der).digest(),
        "issuer_serial": {"issuer": names, "serial_number": certificate.serial_number},
    }
    return attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(entry)]}))


def attributes(owner: Holder, message_digest: bytes, *extra: cms.CMSAttribute, function: str = "sha256") -> bytes:
    """DER of the signed attributes."""
    entries = [
        attribute("content_type", "data"),
        attribute("message_digest", message_digest),
        certificate_attribute(owner, function),
        *extra,
    ]
    return bytes(cms.CMSAttributes(entries).dump())


def oid_attribute(dotted: str, value: bytes) -> cms.CMSAttribute:
    """An attribute of any type with one octet string."""
    return cms.CMSAttribute({"type": dotted, "values": [core.OctetString(value)]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One document of a batch, as the browser gets it."""

    document: int | str
    to_be_signed: bytes
    prepared: bytes
    original: bytes
    byte_range: list[int] | None = None
    sha256: str | None = None

    def changed(self, **values: Any) -> Item:
        return replace(self, **values)

    def for_browser(self) -> dict[str, Any]:
        text = {
            name: base64.b64encode(getattr(self, name)).decode()
            for name in ("to_be_signed", "prepared", "original")
        }
        shown = {"document": self.document, "toBeSigned": text["to_be_signed"]}
        return {**shown, **text, "byteRange": self.byte_range, "sha256": self.sha256}


def item(owner: Holder, document: int, *, function: str = "sha256") -> Item:
    """An honest item."""
    version = original(document)
    file = prepared(version)
    return Item(
        document=document,
        to_be_signed=attributes(owner, digest(file, function), function=function),
        prepared=file,
        original=version,
        byte_range=byte_range(file),
        sha256=hashlib.sha256(version).hexdigest(),
    )
