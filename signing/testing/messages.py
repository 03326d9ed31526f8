"""Detached CMS signatures with named defects, each what some verifier has been seen to accept."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from signing.prepare import der
from signing.prepare.algorithms import (
    HashFunction,
    SignatureAlgorithm,
    digest,
    digest_algorithm,
    natural_algorithm,
    natural_hash,
    signature_algorithm,
)
from signing.prepare.cms import (
    CONTENT_TYPE,
    DATA,
    MESSAGE_DIGEST,
    SIGNED_DATA,
    SIGNING_CERTIFICATE_V2,
    attribute,
    issuer_and_serial,
)
from signing.testing.identity import Identity

_PSS, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
_SHA1 = "1.3.14.3.2.26"
_PROTECTION = "1.2.840.113549.1.9.52"


class MessageDefect(StrEnum):
    NO_SIGNED_ATTRIBUTES = "no_signed_attributes"  # the signature is over the content itself
    NO_CERTIFICATE_ID = "no_certificate_id"
    WRONG_CERTIFICATE_ID = "wrong_certificate_id"  # names another certificate of the same authority
    NO_DIGEST = "no_digest"
    DOUBLED_DIGEST = "doubled_digest"
    WRONG_DIGEST = "wrong_digest"
    WRONG_CONTENT_TYPE = "wrong_content_type"
    TWO_SIGNERS = "two_signers"
    NO_SIGNER = "no_signer"
    ATTACHED_CONTENT = "attached_content"
    UNSORTED_ATTRIBUTES = "unsorted_attributes"  # signed as they stand, not in DER order
    DIGEST_DISAGREES = "digest_disagrees"  # digest algorithm SHA-384, signature algorithm with SHA-256
    PROTECTION_DISAGREES = "protection_disagrees"
    PSS_WITHOUT_SALT = "pss_without_salt"
    PSS_MASK_SHA1 = "pss_mask_sha1"
    SHA1 = "sha1"
    FLIPPED_BIT = "flipped_bit"  # in the signature value
    NO_CERTIFICATES = "no_certificates"
    INDEFINITE_LENGTH = "indefinite_length"  # BER that is not DER
    GARBAGE = "garbage"  # not CMS at all


def message(
    identity: Identity, content: bytes, *, defect: MessageDefect | None = None, unsigned: tuple[bytes, ...] = ()
) -> bytes:
    """ContentInfo with a detached signature of `identity` over `content`, good but for one `defect`."""
    if defect is MessageDefect.GARBAGE:
        return b"\x04\x05hello"
    function = natural_hash(identity.certificate)
    attributes = _attributes(identity, content, function=function, defect=defect)
    if defect is MessageDefect.UNSORTED_ATTRIBUTES:
        signed = der.tlv(der.SET, b"".join(sorted(attributes, reverse=True)))
    else:
        signed = der.set_of(attributes)
    to_sign = content if defect is MessageDefect.NO_SIGNED_ATTRIBUTES else signed
    algorithm, signature = _sign(identity, to_sign, function=function, defect=defect)
    if defect is MessageDefect.FLIPPED_BIT:
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    with_attributes = defect is not MessageDefect.NO_SIGNED_ATTRIBUTES
    info = der.sequence(
        der.integer(1),
        der.sequence(*issuer_and_serial(identity.der)),
        _digest_identifier(function, defect),
        b"\xa0" + signed[1:] if with_attributes else b"",
        algorithm,
        der.octets(signature),
        der.set_of(unsigned, tag=0xA1) if unsigned else b"",
    )
    return _content_info(identity, content, info=info, function=function, defect=defect)


def _content_info(
    identity: Identity, content: bytes, *, info: bytes, function: HashFunction, defect: MessageDefect | None
) -> bytes:
    infos = {MessageDefect.TWO_SIGNERS: (info, info), MessageDefect.NO_SIGNER: ()}.get(
        defect or MessageDefect.GARBAGE, (info,)
    )
    attached = der.explicit(0, der.octets(content)) if defect is MessageDefect.ATTACHED_CONTENT else b""
    carried = () if defect is MessageDefect.NO_CERTIFICATES else (identity.der, *identity.chain_der)
    body = der.sequence(
        der.integer(1),
        der.set_of((_digest_identifier(function, defect),)),
        der.sequence(der.oid(DATA), attached),
        der.set_of(carried, tag=0xA0) if carried else b"",
        der.set_of(infos),
    )
    if defect is MessageDefect.INDEFINITE_LENGTH:
        return b"\x30\x80" + der.oid(SIGNED_DATA) + der.explicit(0, body) + b"\0\0"
    return der.sequence(der.oid(SIGNED_DATA), der.explicit(0, body))


def _attributes(
    identity: Identity, content: bytes, *, function: HashFunction, defect: MessageDefect | None
) -> list[bytes]:
    named = identity.chain_der[0] if defect is MessageDefect.WRONG_CERTIFICATE_ID else identity.der
    hashed = b"other" if defect is MessageDefect.WRONG_DIGEST else content
    value = _digest(function, hashed, defect)
    kind = SIGNED_DATA if defect is MessageDefect.WRONG_CONTENT_TYPE else DATA
    promised = attribute(MESSAGE_DIGEST, der.octets(value))
    attributes = [attribute(CONTENT_TYPE, der.oid(kind))]
    if defect is not MessageDefect.NO_DIGEST:
        attributes.append(promised)
    if defect is MessageDefect.DOUBLED_DIGEST:
        attributes.append(attribute(MESSAGE_DIGEST, der.octets(_digest(function, b"other", None))))
    if defect is not MessageDefect.NO_CERTIFICATE_ID:
        attributes.append(attribute(SIGNING_CERTIFICATE_V2, _certificate_id(named)))
    if defect is MessageDefect.PROTECTION_DISAGREES:
        other = signature_algorithm(SignatureAlgorithm.ECDSA, HashFunction.SHA512)
        protected = der.sequence(digest_algorithm(function), b"\xa1" + other[1:])
        attributes.append(attribute(_PROTECTION, protected))
    return attributes


def _certificate_id(certificate: bytes) -> bytes:
    hashed = der.octets(digest(HashFunction.SHA256, certificate))
    return der.sequence(der.sequence(der.sequence(hashed)))


def _digest(function: HashFunction, content: bytes, defect: MessageDefect | None) -> bytes:
    if defect is MessageDefect.SHA1:
        engine = hashes.Hash(hashes.SHA1())  # noqa: S303  a defect is made here
        engine.update(content)
        return engine.finalize()
    return digest(HashFunction.SHA384 if defect is MessageDefect.DIGEST_DISAGREES else function, content)


def _digest_identifier(function: HashFunction, defect: MessageDefect | None) -> bytes:
    if defect is MessageDefect.SHA1:
        return der.sequence(der.oid(_SHA1))
    return digest_algorithm(HashFunction.SHA384 if defect is MessageDefect.DIGEST_DISAGREES else function)


def _sign(
    identity: Identity, data: bytes, *, function: HashFunction, defect: MessageDefect | None
) -> tuple[bytes, bytes]:
    """(AlgorithmIdentifier, raw signature). The PSS and SHA-1 defects need an RSA key."""
    special: dict[MessageDefect, Callable[[rsa.RSAPrivateKey, bytes], tuple[bytes, bytes]]] = {
        MessageDefect.PSS_WITHOUT_SALT: _without_salt,
        MessageDefect.PSS_MASK_SHA1: _with_old_mask,
        MessageDefect.SHA1: _with_sha1,
    }
    maker = special.get(defect) if defect is not None else None
    if maker is None:
        natural = natural_algorithm(identity.certificate)
        return signature_algorithm(natural, function), identity.sign(data, function=function)
    if not isinstance(identity.key, rsa.RSAPrivateKey):
        raise TypeError("an RSA key is needed")
    return maker(identity.key, data)


def _without_salt(key: rsa.RSAPrivateKey, data: bytes) -> tuple[bytes, bytes]:
    chosen = hashes.SHA256()
    scheme = padding.PSS(mgf=padding.MGF1(chosen), salt_length=0)
    return _pss(digest_algorithm(HashFunction.SHA256), salt=0), key.sign(data, scheme, chosen)


def _with_old_mask(key: rsa.RSAPrivateKey, data: bytes) -> tuple[bytes, bytes]:
    mask = padding.MGF1(hashes.SHA1())  # noqa: S303  a defect is made here
    signature = key.sign(data, padding.PSS(mgf=mask, salt_length=32), hashes.SHA256())
    return _pss(der.sequence(der.oid(_SHA1)), salt=32), signature


def _pss(mask_hash: bytes, *, salt: int) -> bytes:
    parameters = der.sequence(
        der.explicit(0, digest_algorithm(HashFunction.SHA256)),
        der.explicit(1, der.sequence(der.oid(_MGF1), mask_hash)),
        der.explicit(2, der.integer(salt)),
    )
    return der.sequence(der.oid(_PSS), parameters)


def _with_sha1(key: rsa.RSAPrivateKey, data: bytes) -> tuple[bytes, bytes]:
    signature = key.sign(data, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  a defect is made here
    return der.sequence(der.oid("1.2.840.113549.1.1.5"), der.null()), signature
