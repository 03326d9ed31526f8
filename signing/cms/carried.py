"""Evidence that a message carries for one of its signers (RFC 5652, 10.2; ETSI EN 319 122-1, 5.4; RFC 5940)."""

from __future__ import annotations

from dataclasses import dataclass

from signing.cms import der
from signing.cms.attributes import revocation_archive, values
from signing.cms.codec import SignedData, Signer
from signing.errors import NeedsCare

CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"
REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"
_OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2"
_SUCCESSFUL = b"\x0a\x01\x00"
MAX_ITEMS = 500


@dataclass(frozen=True, slots=True)
class Carried:
    """DER. `is_read`: False when some of it could not be read."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    is_read: bool = True


def carried(data: SignedData, signer: Signer | None) -> Carried:
    """What stands beside the signers, and under this one."""
    certificates, crls = list(data.certificates), list(data.crls)
    ocsps: list[bytes] = []
    is_read = True
    for reader in (_archive, _certificate_values, _revocation_values):
        try:
            more = reader(signer) if signer is not None else Carried()
        except NeedsCare:
            is_read = False
            continue
        certificates += more.certificates
        crls += more.crls
        ocsps += more.ocsps
    try:
        ocsps += [_response(item) for item in data.other_answers if _is_response(item)]
    except NeedsCare:
        is_read = False
    is_read = is_read and max(len(certificates), len(crls), len(ocsps)) <= MAX_ITEMS
    return Carried(_first(certificates), _first(crls), _first(ocsps), is_read)


def _first(items: list[bytes]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(items))[:MAX_ITEMS]


def _archive(signer: Signer) -> Carried:
    crls, ocsps = revocation_archive(signer)
    return Carried(crls=crls, ocsps=ocsps)


def _certificate_values(signer: Signer) -> Carried:
    """CertificateValues: a plain list."""
    nodes = [der.read(value).expect(der.SEQUENCE) for value in values(signer.unsigned, CERTIFICATE_VALUES)]
    return Carried(certificates=tuple(item.raw for node in nodes for item in node.children()))


def _revocation_values(signer: Signer) -> Carried:
    """RevocationValues: CRLs in [0]; in [1] OCSP answers without the response around them."""
    crls: list[bytes] = []
    ocsps: list[bytes] = []
    for value in values(signer.unsigned, REVOCATION_VALUES):
        for part in der.read(value).expect(der.SEQUENCE).children():
            if part.tag == 0xA0:
                crls += [item.raw for item in part.only().children()]
            elif part.tag == 0xA1:
                ocsps += [_as_response(item.raw) for item in part.only().children()]
    return Carried(crls=tuple(crls), ocsps=tuple(ocsps))


def _as_response(basic: bytes) -> bytes:
    """OCSPResponse, successful, around a BasicOCSPResponse (RFC 6960, 4.2.1)."""
    kind = der.encode(der.OID, bytes.fromhex("2b0601050507300101"))
    inner = der.encode(der.SEQUENCE, kind + der.encode(der.OCTET_STRING, basic))
    return der.encode(der.SEQUENCE, _SUCCESSFUL + der.encode(0xA0, inner))


def _is_response(other: bytes) -> bool:
    parts = der.read(b"\x30" + other[1:]).children()
    return len(parts) == 2 and der.oid(parts[0]) == _OCSP_RESPONSE


def _response(other: bytes) -> bytes:
    return der.read(b"\x30" + other[1:]).children()[1].raw
