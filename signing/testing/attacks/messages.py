"""The CMS inside: the kinds that must be accepted, and those made by the rules of their time."""

from __future__ import annotations

from functools import partial

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from signing.prepare import der
from signing.prepare.algorithms import HashFunction, SignatureAlgorithm, digest, signature_algorithm
from signing.prepare.cms import DATA, SIGNED_DATA, attribute
from signing.testing import messages
from signing.testing.attacks.case import REFUSED, Case, either, good
from signing.testing.attacks.keys import rsa_key
from signing.testing.attacks.letter import signed
from signing.testing.attacks.office import SIGNED, Office
from signing.testing.attacks.recipe import (
    COMMITMENT,
    COUNTERSIGNATURE,
    POLICY_ID,
    RSA_PLAIN,
    Recipe,
    indefinite,
    key_identifier,
    long_length,
    old_certificate_id,
    protection,
    signing_time,
    with_more,
    with_pss,
    without_certificate_id,
)
from signing.testing.identity import Identity
from signing.testing.keys import KeyKind, key
from signing.testing.messages import MessageDefect
from signing.testing.paper import Way

PKCS7 = b"adbe.pkcs7.detached"
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RSA_SHA256 = signature_algorithm(SignatureAlgorithm.RSA_PKCS1, HashFunction.SHA256)
_SHA256_NULL = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.null())
_PSS_RIGHT = signature_algorithm(SignatureAlgorithm.RSA_PSS, HashFunction.SHA256)
_COMMITMENT = attribute(COMMITMENT, der.sequence(der.oid("1.2.840.113549.1.9.16.6.1")))
_POLICY = attribute(
    POLICY_ID,
    der.sequence(
        der.oid("1.3.6.1.4.1.55555.3.1"),
        der.sequence(_SHA256_NULL, der.octets(digest(HashFunction.SHA256, b"policy"))),
    ),
)
_UNKNOWN = attribute("1.3.6.1.4.1.55555.9", der.utf8("ghi chú"))
_CADES = with_more(
    lambda identity: signing_time(SIGNED),
    lambda identity: _COMMITMENT,
    lambda identity: _POLICY,
    lambda identity: protection(HashFunction.SHA256, _RSA_SHA256),
)


def _by(office: Office, recipe: Recipe, *, who: Identity | None = None, subfilter: bytes | None = None) -> bytes:
    return signed(office, who=who, way=recipe.way(subfilter or b"ETSI.CAdES.detached")).data


def _made(recipe: Recipe, subfilter: bytes | None = None) -> partial[bytes]:
    return partial(_by, recipe=recipe, subfilter=subfilter)


def _unsorted(office: Office) -> bytes:
    return _defect(office, MessageDefect.UNSORTED_ATTRIBUTES)


def _defect(office: Office, defect: MessageDefect) -> bytes:
    way = Way(message=lambda who, content: messages.message(who, content, defect=defect))
    return signed(office, way=way).data


def _elliptic(office: Office, kind: KeyKind, recipe: Recipe | None = None) -> bytes:
    return _by(office, recipe or Recipe(), who=office.person(private=key(kind, "leader")))


def _p384(office: Office) -> bytes:
    return _elliptic(office, KeyKind.P384, Recipe(function=HashFunction.SHA384))


def _other_s(identity: Identity, signed_der: bytes, function: HashFunction) -> bytes:
    """(r, n − s) verifies as well as (r, s): a signature's bytes are nobody's identity."""
    r, s = decode_dss_signature(identity.sign(signed_der, function=function))
    return encode_dss_signature(r, _P256_ORDER - s)


def _large(office: Office) -> bytes:
    return _by(office, Recipe(), who=office.person(private=rsa_key("large")))


def _more_certificates(office: Office) -> bytes:
    others = (office.tsa.der, office.agency.der, office.clerk.der)
    return _by(office, Recipe(certificates=lambda who: (*others, *who.chain_der, who.der)))


def _with_lists(office: Office) -> bytes:
    return signed(office, way=Recipe(crls=(office.fresh_crl, *office.authority_crls)).way()).data


def _countersigned(office: Office) -> bytes:
    def counter(value: bytes) -> tuple[bytes, ...]:
        return (attribute(COUNTERSIGNATURE, Recipe().info(office.clerk, value)),)

    return _by(office, Recipe(unsigned=counter))


def _open_everywhere(body: bytes) -> bytes:
    """Indefinite lengths at every level above the parts that are signed."""
    parts = der.children(body)
    inside = indefinite(0x30, b"".join(_opened(part) for part in parts))
    return indefinite(0x30, der.oid(SIGNED_DATA) + indefinite(0xA0, inside))


def _opened(part: bytes) -> bytes:
    return indefinite(part[0], der.content(part)) if part[0] in (0x30, 0xA0) else part


def _long(body: bytes) -> bytes:
    return long_length(der.sequence(der.oid(SIGNED_DATA), der.explicit(0, body)))


def _sha1(office: Office, subfilter: bytes = PKCS7) -> bytes:
    way = Way(
        message=lambda who, content: messages.message(who, content, defect=MessageDefect.SHA1), subfilter=subfilter
    )
    return signed(office, way=way).data


def _old_attached(office: Office) -> bytes:
    """adbe.pkcs7.sha1 (ISO 32000-1, 12.8.3.3): the SHA-1 digest is the attached content."""

    def message(identity: Identity, content: bytes) -> bytes:
        sha1 = hashes.Hash(hashes.SHA1())  # noqa: S303  a file of its time
        sha1.update(content)
        value = sha1.finalize()
        if not isinstance(identity.key, rsa.RSAPrivateKey):
            raise TypeError("an RSA key is needed")
        signature = identity.key.sign(value, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  as above
        sha1_id = der.sequence(der.oid("1.3.14.3.2.26"), der.null())
        named = Recipe().named(identity)
        info = der.sequence(der.integer(1), named, sha1_id, RSA_PLAIN, der.octets(signature))
        body = der.sequence(
            der.integer(1),
            der.set_of((sha1_id,)),
            der.sequence(der.oid(DATA), der.explicit(0, der.octets(value))),
            der.set_of((identity.der, *identity.chain_der), tag=0xA0),
            der.set_of((info,)),
        )
        return der.sequence(der.oid(SIGNED_DATA), der.explicit(0, body))

    return signed(office, way=Way(message=message, subfilter=b"adbe.pkcs7.sha1")).data


def _short_key(office: Office) -> bytes:
    return _by(office, Recipe(), who=office.person(private=rsa_key("short")), subfilter=PKCS7)


GOOD: tuple[Case, ...] = (
    good("cms/p256", "ECDSA P-256", lambda office: _elliptic(office, KeyKind.P256)),
    good("cms/p384", "ECDSA P-384 with SHA-384", _p384),
    good("cms/rsa-3072", "RSA-3072", _large),
    good("cms/rsa-sha512", "RSA with SHA-512", _made(Recipe(function=HashFunction.SHA512))),
    good("cms/pss", "RSA-PSS with the right salt", _made(Recipe(algorithm=_PSS_RIGHT, signature=with_pss))),
    good(
        "cms/ecdsa-other-s",
        "(r, n − s), which verifies as well",
        lambda office: _elliptic(office, KeyKind.P256, Recipe(signature=_other_s)),
    ),
    good(
        "cms/cades-attributes",
        "time, commitment, policy and protected algorithms are signed as well",
        _made(Recipe(attributes=_CADES)),
    ),
    good(
        "cms/adobe-detached",
        "adbe.pkcs7.detached with the certificate id",
        _made(Recipe(attributes=with_more(lambda who: signing_time(SIGNED))), PKCS7),
    ),
    good("cms/key-identifier", "the signer named by key identifier", _made(Recipe(named=key_identifier))),
    good(
        "cms/rsa-encryption", "the signature algorithm is called rsaEncryption", _made(Recipe(algorithm=RSA_PLAIN))
    ),
    good("cms/null-parameters", "the digest algorithm has NULL parameters", _made(Recipe(digest_id=_SHA256_NULL))),
    good(
        "cms/indefinite-length",
        "BER: the outer lengths are left open",
        lambda office: _defect(office, MessageDefect.INDEFINITE_LENGTH),
    ),
    good(
        "cms/indefinite-everywhere",
        "BER: all lengths above the signed parts are left open",
        _made(Recipe(wrapped=_open_everywhere)),
    ),
    good("cms/long-length", "BER: a length of more octets than needed", _made(Recipe(wrapped=_long))),
    good("cms/more-certificates", "other people's certificates as well, in any order", _more_certificates),
    good("cms/lists-inside", "revocation lists in the message", _with_lists),
    good("cms/countersigned", "an honest countersignature", _countersigned),
    good(
        "cms/unknown-unsigned-attribute",
        "an unsigned attribute that nobody knows",
        _made(Recipe(unsigned=lambda value: (_UNKNOWN,))),
    ),
)

OLD: tuple[Case, ...] = (
    either(
        "dated/sha1-detached",
        "adbe.pkcs7.detached with SHA-1: intact, no longer acceptable",
        _sha1,
        verdicts=REFUSED,
    ).about(integrity="intact", algorithms=("weak", "broken")),
    either(
        "dated/sha1-attached", "adbe.pkcs7.sha1: intact, no longer acceptable", _old_attached, verdicts=REFUSED
    ).about(integrity="intact", algorithms=("weak", "broken")),
    either("dated/rsa-1024", "RSA-1024: intact, no longer acceptable", _short_key, verdicts=REFUSED).about(
        integrity="intact", algorithms=("weak", "broken")
    ),
    either(
        "dated/without-certificate-id",
        "adbe.pkcs7.detached does not ask for a certificate id",
        _made(Recipe(attributes=without_certificate_id), PKCS7),
    ).about(integrity="intact"),
    either(
        "dated/old-certificate-id",
        "the certificate id by SHA-1 alone (RFC 2634)",
        _made(Recipe(attributes=lambda who, three: [*three[:2], old_certificate_id(who)]), PKCS7),
    ).about(integrity="intact"),
    either(
        "dated/attributes-unsorted",
        "attributes signed as they stand, not in DER order",
        lambda office: _defect(office, MessageDefect.UNSORTED_ATTRIBUTES),
    ),
)

CASES = (*GOOD, *OLD)
