"""The CMS inside, with one defect each: what some verifier has been seen to overlook."""

from __future__ import annotations

from functools import partial

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from signing.prepare.algorithms import HashFunction, digest
from signing.prepare.cms import attribute
from signing.testing import messages
from signing.testing.attacks.case import Case, Difference, bad
from signing.testing.attacks.keys import rsa_key
from signing.testing.attacks.letter import signed
from signing.testing.attacks.office import ISSUED, Office
from signing.testing.attacks.recipe import (
    COUNTERSIGNATURE,
    Recipe,
    certificate_id,
    long_length,
    with_parameters,
)
from signing.testing.identity import Identity
from signing.testing.keys import KeyKind, key
from signing.testing.messages import MessageDefect
from signing.testing.paper import Way
from signing.testing.subjects import LEADER


def _by(office: Office, recipe: Recipe, *, who: Identity | None = None) -> bytes:
    return signed(office, who=who, way=recipe.way()).data


def _elliptic(office: Office, kind: KeyKind, recipe: Recipe | None = None) -> bytes:
    return _by(office, recipe or Recipe(), who=office.person(private=key(kind, "leader")))


def _raw(identity: Identity, signed_der: bytes, function: HashFunction) -> bytes:
    return identity.sign(signed_der, function=function, raw=True)


def _zero(identity: Identity, signed_der: bytes, function: HashFunction) -> bytes:
    return encode_dss_signature(0, 0)


def _defect(office: Office, defect: MessageDefect) -> bytes:
    way = Way(message=lambda who, content: messages.message(who, content, defect=defect))
    return signed(office, way=way).data


def _rogue(office: Office) -> Identity:
    return office.person(by=office.rogue_issuer)


def _countersigned_stranger(office: Office) -> bytes:
    """The signer is a stranger; only the countersignature is by somebody with a good certificate."""

    def counter(value: bytes) -> tuple[bytes, ...]:
        return (attribute(COUNTERSIGNATURE, Recipe().info(office.leader, value)),)

    def carried(who: Identity) -> tuple[bytes, ...]:
        return who.der, *who.chain_der, office.leader.der, *office.leader.chain_der

    return _by(office, Recipe(unsigned=counter, certificates=carried), who=_rogue(office))


def _two_signers(office: Office) -> bytes:
    """A stranger first, then the leader: who looks at one of them sees a good one."""

    def message(identity: Identity, content: bytes) -> bytes:
        second = Recipe().info(office.leader, content)
        carried = (identity.der, *identity.chain_der, office.leader.der, *office.leader.chain_der)
        recipe = Recipe(signers=lambda info: (info, second), certificates=lambda who: carried)
        return recipe(identity, content)

    return signed(office, who=_rogue(office), way=Way(message=message)).data


def _same_names(office: Office) -> bytes:
    """A certificate with the issuer and the serial number of the leader's, by a rogue of the same name."""
    leader = office.leader
    twin = office.rogue_issuer.issue(LEADER, now=ISSUED, private=rsa_key("stranger"), serial=leader.serial)
    return _by(office, Recipe(certificates=lambda who: (leader.der, *leader.chain_der, who.der)), who=twin)


def _same_names_true_id(office: Office) -> bytes:
    """The same; the certificate id is the true leader's, so that it points at a certificate that did not sign."""
    leader = office.leader
    twin = office.rogue_issuer.issue(LEADER, now=ISSUED, private=rsa_key("stranger"), serial=leader.serial)
    recipe = Recipe(
        attributes=lambda who, three: [*three[:2], certificate_id(leader)],
        certificates=lambda who: (leader.der, *leader.chain_der, who.der),
    )
    return _by(office, recipe, who=twin)


def _of_a_in_b(office: Office) -> bytes:
    """Everything names the leader; the raw value is by another key."""
    forged = Recipe(signature=lambda who, data, function: office.agency.sign(data, function=function))
    return _by(office, forged)


def _other_document(office: Office) -> bytes:
    """The leader's whole signature of another letter."""

    def message(identity: Identity, content: bytes) -> bytes:
        return Recipe()(identity, content.replace(b"1 000 000", b"2 000 000", 1))

    return signed(office, way=Way(message=message)).data


def _not_a_list(office: Office) -> bytes:
    """Attributes signed with a length that DER does not allow."""

    def value(identity: Identity, signed_der: bytes, function: HashFunction) -> bytes:
        return identity.sign(long_length(signed_der), function=function)

    return _by(office, Recipe(signature=value))


def _exponent_3(office: Office) -> bytes:
    """e = 3 makes forging possible (Bleichenbacher 2006); this one is even honest."""
    return _by(office, Recipe(), who=office.person(private=rsa_key("exponent")))


def _cube_root(identity: Identity, signed_der: bytes, function: HashFunction) -> bytes:
    """A number whose cube begins like a padded hash: made without the private key."""
    prefix = bytes.fromhex("3031300d060960864801650304020105000420")
    begin = b"\x00\x01" + b"\xff" * 8 + b"\x00" + prefix + digest(function, signed_der)
    low = int.from_bytes(begin.ljust(256, b"\x00"), "big")
    return (_root(low) + 1).to_bytes(256, "big")


def _root(number: int) -> int:
    """Integer cube root."""
    low, high = 0, 1 << (number.bit_length() // 3 + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**3 <= number else (low, middle - 1)
    return low


def _forged_exponent_3(office: Office) -> bytes:
    return _by(office, Recipe(signature=_cube_root), who=office.person(private=rsa_key("exponent")))


def _explicit_curve(office: Office) -> bytes:
    return _elliptic(office, KeyKind.BRAINPOOL_256)


def _written_out(office: Office) -> bytes:
    """A curve of one's own choosing could stand there (CVE-2020-0601)."""
    named = office.person(private=key(KeyKind.P256, "leader"))
    return _by(office, Recipe(), who=with_parameters(named, office.issuer.identity))


def _padding_filled(office: Office) -> bytes:
    return signed(office, way=Way(filled=lambda digits: digits[:-8] + b"deadbeef")).data


def _second_message(office: Office) -> bytes:
    """Another whole CMS behind the first one in /Contents."""

    def message(identity: Identity, content: bytes) -> bytes:
        return Recipe()(identity, content) + Recipe()(office.agency, content)

    return signed(office, way=Way(message=message, reserved=24_000)).data


def _attributes_dropped(office: Office) -> bytes:
    """The value is over DER(SET OF Attribute), and the attributes are left out: right for a message whose content
    they are."""
    return _by(office, Recipe(keeps_attributes=False))


def _attached(office: Office) -> bytes:
    attached = MessageDefect.ATTACHED_CONTENT
    way = Way(message=lambda who, content: messages.message(who, content, defect=attached), reserved=24_000)
    return signed(office, way=way).data


_HOLE = {"twin": "plain/one-signature", "differs": Difference.HOLE}
_DEFECTS: dict[MessageDefect, str] = {
    MessageDefect.NO_SIGNED_ATTRIBUTES: "no signed attributes: the content itself is signed",
    MessageDefect.NO_CERTIFICATE_ID: "no signing-certificate attribute",
    MessageDefect.WRONG_CERTIFICATE_ID: "the signing-certificate attribute names another certificate",
    MessageDefect.NO_DIGEST: "no message digest",
    MessageDefect.DOUBLED_DIGEST: "two message digests, one of them right",
    MessageDefect.WRONG_DIGEST: "the message digest of something else",
    MessageDefect.WRONG_CONTENT_TYPE: "the content-type attribute names another type",
    MessageDefect.TWO_SIGNERS: "two SignerInfos",
    MessageDefect.NO_SIGNER: "no SignerInfo",
    MessageDefect.DIGEST_DISAGREES: "digest and signature algorithm name different hashes",
    MessageDefect.PROTECTION_DISAGREES: "the protected algorithm is not the one used",
    MessageDefect.PSS_WITHOUT_SALT: "PSS with an empty salt",
    MessageDefect.PSS_MASK_SHA1: "PSS whose mask is made with SHA-1",
    MessageDefect.FLIPPED_BIT: "one bit of the signature value",
    MessageDefect.NO_CERTIFICATES: "no certificates at all",
    MessageDefect.GARBAGE: "no CMS at all",
}

CASES: tuple[Case, ...] = (
    *(
        bad(f"cms/{defect.value.replace('_', '-')}", says, partial(_defect, defect=defect), **_HOLE)
        for defect, says in _DEFECTS.items()
    ),
    bad("cms/signature-of-a-in-b", "names the leader, made by another key", _of_a_in_b, **_HOLE).about(
        integrity="broken"
    ),
    bad("cms/of-another-document", "the leader's signature of another letter", _other_document, **_HOLE).about(
        integrity="broken"
    ),
    bad("cms/attached-content", "the content is attached although the signature is detached", _attached),
    bad(
        "cms/attributes-dropped",
        "the signed attributes are left out, the value stays",
        _attributes_dropped,
        **_HOLE,
    ),
    bad("cms/signed-not-as-der", "attributes signed in another encoding than DER", _not_a_list, **_HOLE),
    bad("cms/padding-not-zero", "bytes behind the CMS that are not zero", _padding_filled, **_HOLE),
    bad("cms/second-message", "another CMS behind the first one", _second_message),
    bad("cms/second-signer-trusted", "a stranger and the leader in one message", _two_signers, **_HOLE),
    bad("cms/countersigner-trusted", "a stranger, countersigned by the leader", _countersigned_stranger, **_HOLE),
    bad(
        "cms/same-issuer-and-serial",
        "a rogue certificate with the leader's issuer and serial number",
        _same_names,
        **_HOLE,
    ),
    bad("cms/same-issuer-true-id", "the same with the true certificate's id", _same_names_true_id, **_HOLE),
    bad("cms/exponent-3", "RSA with e = 3", _exponent_3, **_HOLE).about(algorithms=("weak", "broken")),
    bad("cms/exponent-3-forged", "a signature made without the key, for e = 3", _forged_exponent_3, **_HOLE),
    bad("cms/curve-written-out", "the curve's parameters instead of its name", _written_out, **_HOLE),
    bad("cms/brainpool", "a curve outside of the list", _explicit_curve, **_HOLE).about(
        algorithms=("weak", "broken")
    ),
    bad(
        "cms/ecdsa-zero",
        "ECDSA with r = s = 0",
        lambda office: _elliptic(office, KeyKind.P256, Recipe(signature=_zero)),
        twin="cms/p256",
        differs=Difference.HOLE,
    ),
    bad(
        "cms/ecdsa-raw",
        "ECDSA as r‖s instead of DER",
        lambda office: _elliptic(office, KeyKind.P256, Recipe(signature=_raw)),
        twin="cms/p256",
        differs=Difference.HOLE,
    ),
)
