"""Signatures that stand beside their content (`.p7s`): a file of any kind, CMS or CAdES."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial

from signing.prepare import der
from signing.prepare.algorithms import HashFunction, digest
from signing.prepare.cms import CONTENT_TYPE, DATA, MESSAGE_DIGEST, attribute
from signing.testing.attacks.case import NO_SIGNATURE, UNREAD, Case, Question, bad, good
from signing.testing.attacks.office import AT, DAY, HOUR, SIGNED, Office
from signing.testing.attacks.recipe import Recipe, certificate_id, indefinite, signing_time, with_more
from signing.testing.identity import Identity
from signing.testing.messages import MessageDefect, message
from signing.testing.revocation import Revoked

CONTENT = b"PK\x03\x04 a spreadsheet, or any other file: 1 000 000\n"
OTHER = CONTENT.replace(b"1 000 000", b"9 000 000")


def _made(recipe: Recipe | None = None) -> Callable[[Office], bytes]:
    return lambda office: (recipe or Recipe())(office.leader, CONTENT)


def _opened(body: bytes) -> bytes:
    return indefinite(0x30, der.oid("1.2.840.113549.1.7.2") + indefinite(0xA0, body))


def _in_text(office: Office) -> bytes:
    """As mail programs and some signing programs write it."""
    lines = base64.encodebytes(Recipe()(office.leader, CONTENT))
    return b"-----BEGIN PKCS7-----\n" + lines + b"-----END PKCS7-----\n"


def _two(office: Office) -> bytes:
    """Two people over the same content: two SignerInfos, which is usual beside a file."""
    second = Recipe().info(office.clerk, CONTENT)
    carried = (office.leader.der, *office.leader.chain_der, office.clerk.der)
    recipe = Recipe(signers=lambda info: (info, second), certificates=lambda who: carried)
    return recipe(office.leader, CONTENT)


def _two_one_stranger(office: Office) -> bytes:
    """The second of them is nobody's."""
    stranger = office.person(by=office.rogue_issuer)
    second = Recipe().info(stranger, CONTENT)
    carried = (office.leader.der, *office.leader.chain_der, stranger.der, *stranger.chain_der)
    recipe = Recipe(signers=lambda info: (info, second), certificates=lambda who: carried)
    return recipe(office.leader, CONTENT)


def signed_attributes(who: Identity) -> bytes:
    """DER(SET OF Attribute) that the leader signed about `CONTENT`: the content of `as-content`."""
    three = (
        attribute(CONTENT_TYPE, der.oid(DATA)),
        attribute(MESSAGE_DIGEST, der.octets(digest(HashFunction.SHA256, CONTENT))),
        certificate_id(who),
    )
    return der.set_of(three)


def _as_content(office: Office) -> bytes:
    """The leader's value over those attributes, as a message without any whose content they are."""
    return Recipe(keeps_attributes=False)(office.leader, CONTENT)


def _defect(office: Office, defect: MessageDefect) -> bytes:
    return message(office.leader, CONTENT, defect=defect)


def _revoked(office: Office) -> Question:
    entry = Revoked(office.leader.serial, SIGNED - DAY, "keyCompromise")
    return Question(crls=(*office.authority_crls, office.issuer_crl(AT - HOUR, entry)))


def _attributes(office: Office) -> bytes:
    return signed_attributes(office.leader)


_P7S = {"suffix": ".p7s", "content": lambda office: CONTENT}
_BAD = {**_P7S, "twin": "detached/cms"}

CASES: tuple[Case, ...] = (
    good("detached/cms", "a detached signature", _made(), **_P7S),
    good("detached/ber", "BER, its outer lengths left open", _made(Recipe(wrapped=_opened)), **_P7S),
    good("detached/in-text", "base64 between its two lines", _in_text, **_P7S),
    good(
        "detached/signing-time",
        "the claimed time is signed as well",
        _made(Recipe(attributes=with_more(lambda who: signing_time(SIGNED)))),
        **_P7S,
    ),
    good("detached/two-people", "two people signed the same content", _two, **_P7S),
    bad("detached/other-content", "the content was changed", _made(), **{**_BAD, "content": lambda office: OTHER}),
    bad("detached/empty-content", "the content is empty", _made(), **{**_BAD, "content": lambda office: b""}),
    bad(
        "detached/attributes-as-content",
        "the signed attributes of another message, given out as the content",
        _as_content,
        **{**_BAD, "content": _attributes},
    ),
    bad("detached/second-is-a-stranger", "of two people one is nobody", _two_one_stranger, **_BAD),
    bad("detached/revoked", "revoked before it signed", _made(), ask=_revoked, **_BAD),
    bad("detached/bytes-behind", "bytes behind the message", lambda office: _made()(office) + b"9 000 000", **_BAD),
    bad(
        "detached/truncated",
        "the message is cut",
        lambda office: _made()(office)[:-200],
        **_BAD,
        verdicts=UNREAD,
    ),
    *(
        bad(f"detached/{defect.value.replace('_', '-')}", says, partial(_defect, defect=defect), **_BAD)
        for defect, says in (
            (MessageDefect.WRONG_DIGEST, "the digest of something else"),
            (MessageDefect.DOUBLED_DIGEST, "two message digests, one of them right"),
            (MessageDefect.FLIPPED_BIT, "one bit of the signature value"),
            (MessageDefect.NO_DIGEST, "no message digest"),
            (MessageDefect.WRONG_CERTIFICATE_ID, "names another certificate"),
        )
    ),
    bad(
        "detached/no-signer",
        "no signer",
        partial(_defect, defect=MessageDefect.NO_SIGNER),
        **_BAD,
        verdicts=NO_SIGNATURE,
    ),
    bad(
        "detached/garbage", "no CMS at all", partial(_defect, defect=MessageDefect.GARBAGE), **_BAD, verdicts=UNREAD
    ),
)
