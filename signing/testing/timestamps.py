"""Timestamps after RFC 3161 (tokens and whole responses), with every field chosen by the caller."""

from __future__ import annotations

from datetime import datetime

from signing.prepare import der
from signing.prepare.algorithms import HashFunction, digest_algorithm, natural_algorithm, natural_hash
from signing.prepare.cms import Signer, attribute, signed_attributes, signed_data
from signing.testing.identity import Identity

TST_INFO = "1.2.840.113549.1.9.16.1.4"
POLICY = "1.3.6.1.4.1.55555.2.1"


def tst_info(
    imprint: bytes,
    *,
    at: datetime,
    serial: int = 1,
    imprint_function: HashFunction = HashFunction.SHA256,
    policy: str = POLICY,
    accuracy_seconds: int = 1,
    nonce: int | None = None,
) -> bytes:
    """TSTInfo: `imprint` is the digest of what is stamped (for a signature: of the signature value)."""
    parts = [
        der.integer(1),
        der.oid(policy),
        der.sequence(digest_algorithm(imprint_function), der.octets(imprint)),
        der.integer(serial),
        der.generalized_time(at),
        der.sequence(der.integer(accuracy_seconds)),
    ]
    if nonce is not None:
        parts.append(der.integer(nonce))
    return der.sequence(*parts)


def timestamp_token(
    tsa: Identity,
    imprint: bytes,
    *,
    at: datetime,
    serial: int = 1,
    imprint_function: HashFunction = HashFunction.SHA256,
    policy: str = POLICY,
    nonce: int | None = None,
    with_certificates: bool = True,
    embedded: tuple[bytes, ...] | None = None,
) -> bytes:
    """A TimeStampToken (ContentInfo, DER). `embedded` replaces the certificates it carries."""
    info = tst_info(imprint, at=at, serial=serial, imprint_function=imprint_function, policy=policy, nonce=nonce)
    function = natural_hash(tsa.certificate)
    attributes = signed_attributes(info, certificate=tsa.der, function=function, content_type=TST_INFO)
    carried = (tsa.der, *tsa.chain_der) if with_certificates else ()
    signer = Signer(
        certificate=tsa.der,
        signed_attributes=attributes,
        signature=tsa.sign(attributes),
        algorithm=natural_algorithm(tsa.certificate),
        function=function,
    )
    return signed_data(
        signer,
        certificates=carried if embedded is None else embedded,
        content_type=TST_INFO,
        content=info,
    )


def timestamp_response(token: bytes) -> bytes:
    """What a TSA answers over HTTP: status granted and the token."""
    return der.sequence(der.sequence(der.integer(0)), token)


def timestamp_refusal(text: str = "không được phép", *, status: int = 2) -> bytes:
    """A TSA that answers no (status 2 = rejection)."""
    return der.sequence(der.sequence(der.integer(status), der.sequence(der.utf8(text))))


def read_request(request: bytes) -> tuple[bytes, HashFunction, int | None]:
    """(imprint, its function, nonce) of a TimeStampReq, for a TSA double behind HTTP."""
    version_imprint = der.children(request)[1:]
    algorithm, imprint = der.children(version_imprint[0])
    function = next(one for one in HashFunction if der.content(digest_algorithm(one))[:11] in algorithm)
    nonces = [part for part in version_imprint[1:] if part[0] == der.INTEGER]
    nonce = int.from_bytes(der.content(nonces[0]), "big", signed=True) if nonces else None
    return der.content(imprint), function, nonce


def timestamp_attribute(token: bytes) -> bytes:
    """The unsigned attribute id-aa-signatureTimeStampToken that holds a token (RFC 3161 appendix A)."""
    return attribute("1.2.840.113549.1.9.16.2.14", token)
