"""Certificates and lists as files hold them: PEM, several in one, or DER."""

from __future__ import annotations

import base64
import binascii
import re

from signing.errors import BrokenInput

_ARMOUR = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
CERTIFICATES = frozenset({b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE"})
LISTS = frozenset({b"X509 CRL", b"CRL"})


def ders(data: bytes, labels: frozenset[bytes]) -> tuple[bytes, ...]:
    """The DER behind every PEM block with one of these labels; the bytes themselves where there is no PEM."""
    if b"-----BEGIN" not in data:
        return (data,)
    found = []
    for label, body in _ARMOUR.findall(data):
        if label not in labels:
            continue
        try:
            found.append(base64.b64decode(b"".join(body.split()), validate=True))
        except binascii.Error as error:
            raise BrokenInput("pem") from error
    if not found:
        raise BrokenInput("pem")
    return tuple(found)
