"""Timestamps: honest ones, and tokens that prove nothing or something else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from signing.prepare.algorithms import HashFunction, digest
from signing.testing.attacks.case import Case, Question, bad, good
from signing.testing.attacks.letter import CONTENT_2, draft, signed
from signing.testing.attacks.office import AT, DAY, HOUR, ISSUED, SIGNED, Office
from signing.testing.attacks.recipe import Recipe, signing_time, with_more
from signing.testing.attacks.updates import STAMPED, with_stamp, with_store
from signing.testing.authority import Authority
from signing.testing.certificates import Defect
from signing.testing.identity import Identity
from signing.testing.paper import CONTENT, Box, Way, stream
from signing.testing.revocation import Revoked
from signing.testing.subjects import TSA, TSA_ROOT
from signing.testing.timestamps import timestamp_attribute, timestamp_token

SOON = SIGNED + timedelta(minutes=1)
Token = Callable[[Office, bytes], bytes]


def token(
    office: Office, value: bytes, *, tsa: Identity | None = None, at: datetime = SOON, over: bytes = b""
) -> bytes:
    """A token over a signature value, or over something else."""
    return timestamp_token(tsa or office.tsa, digest(HashFunction.SHA256, over or value), at=at)


def timestamped(office: Office, *, who: Identity | None = None, made: Token = token) -> bytes:
    """The leader's signature with a timestamp token (PAdES B-T)."""
    recipe = Recipe(unsigned=lambda value: (timestamp_attribute(made(office, value)),))
    return signed(office, who=who, way=recipe.way(reserved=20_000)).data


def _by(*defects: Defect) -> Token:
    return lambda office, value: token(office, value, tsa=office.tsa_root.tsa(now=ISSUED, defects=defects))


def _rogue_tsa(office: Office) -> Identity:
    """A time-stamping certificate by a root of the same name that nobody listed."""
    return Authority.root(TSA_ROOT, now=ISSUED - DAY, private=office.rogue.identity.key).tsa(TSA, now=ISSUED)


def _flipped(office: Office, value: bytes) -> bytes:
    made = token(office, value)
    return made[:-1] + bytes([made[-1] ^ 1])


def _needed(made: Token) -> Callable[[Office], bytes]:
    """The signer's certificate was revoked later, so that everything hangs on the timestamp."""
    return lambda office: timestamped(office, made=made)


def revoked_later(office: Office) -> Question:
    entry = Revoked(office.leader.serial, SIGNED + 2 * HOUR, "keyCompromise")
    return Question(crls=(*office.authority_crls, office.issuer_crl(AT - HOUR, entry)))


def _claimed(office: Office) -> bytes:
    """The signer's own clock says when; nobody else does."""
    recipe = Recipe(attributes=with_more(lambda who: signing_time(SIGNED)))
    return signed(office, way=recipe.way()).data


def _dressed(office: Office) -> bytes:
    """When the TSA is down, a program writes its own clock into a token of its own."""
    own = Authority.root(TSA_ROOT, now=ISSUED, private=office.clerk.key)
    return timestamped(office, made=lambda people, value: token(people, value, tsa=own.tsa(TSA, now=ISSUED)))


def _imprint_of_document(office: Office, value: bytes) -> bytes:
    return token(office, value, over=b"the document, not the signature")


def _document_stamp(office: Office, *, tsa: Identity | None = None, wrong: bool = False) -> bytes:
    if not wrong:
        return with_stamp(signed(office), office, tsa=tsa).data

    def other(who: Identity, covered: bytes) -> bytes:
        return timestamp_token(who, digest(HashFunction.SHA256, covered + b"x"), at=STAMPED)

    way = Way(message=other, subfilter=b"ETSI.RFC3161", kind=b"DocTimeStamp")
    return signed(office).add_and_sign(Box("archive", (0.0, 0.0, 0.0, 0.0)), office.tsa, at=STAMPED, way=way).data


def _stamp_as_signature(office: Office) -> bytes:
    """A timestamp of anybody's file passed off as an approval: the field has a token in it, nobody signed."""

    def made(who: Identity, covered: bytes) -> bytes:
        return timestamp_token(office.tsa, digest(HashFunction.SHA256, covered), at=SIGNED)

    return draft().sign("leader", office.tsa, at=SIGNED, way=Way(message=made)).data


def _changed_then_stamped(office: Office) -> bytes:
    changed = signed(office).later({CONTENT_2: stream(b"0 0 9 9 re f")})
    return with_stamp(changed, office).data


def _store_names_page(office: Office) -> bytes:
    """/DSS with an entry of its own that leads to a page's content."""
    return with_store(signed(office), office, extra=b"/Extra 4 0 R").data


def _store_rewrites_page(office: Office) -> bytes:
    """A revision with evidence that changes the page as well."""
    sheet = signed(office)
    store = with_store(sheet, office)
    objects = {number: body for number, body in store.bodies.items() if sheet.bodies.get(number) != body}
    return sheet.later({**objects, CONTENT: stream(b"BT /F1 12 Tf 72 500 Td (9 000 000) Tj ET")}).data


_TWIN = {"twin": "path/revoked-after-timestamp", "ask": revoked_later}

CASES: tuple[Case, ...] = (
    good("timestamp/signature", "a timestamp over the signature", timestamped),
    bad(
        "timestamp/claimed-only",
        "revoked since; only the signer's own clock says that it signed before",
        _claimed,
        **_TWIN,
    ),
    bad("timestamp/own-token", "a program's own clock dressed as a timestamp", _dressed, **_TWIN),
    bad(
        "timestamp/rogue",
        "a timestamp below a root of the same name",
        _needed(lambda office, value: token(office, value, tsa=_rogue_tsa(office))),
        **_TWIN,
    ),
    bad("timestamp/other-imprint", "a timestamp of something else", _needed(_imprint_of_document), **_TWIN),
    bad("timestamp/flipped-bit", "one bit of the token", _needed(_flipped), **_TWIN),
    bad(
        "timestamp/future",
        "a timestamp of tomorrow",
        _needed(lambda office, value: token(office, value, at=AT + DAY)),
        **_TWIN,
    ),
    bad("timestamp/garbage", "no token at all", _needed(lambda office, value: b"\x30\x03\x02\x01\x00"), **_TWIN),
    bad(
        "timestamp/after-revocation",
        "a timestamp from after the revocation",
        _needed(lambda office, value: token(office, value, at=SIGNED + 3 * HOUR)),
        **_TWIN,
    ),
    bad(
        "timestamp/wrong-purpose",
        "stamped with a certificate for web servers",
        _needed(_by(Defect.WRONG_PURPOSE)),
        **_TWIN,
    ),
    bad(
        "timestamp/purpose-not-critical",
        "the purpose is not critical (RFC 3161, 2.3)",
        _needed(_by(Defect.PURPOSE_NOT_CRITICAL)),
        **_TWIN,
    ),
    bad(
        "timestamp/second-purpose",
        "the certificate has another purpose as well",
        _needed(_by(Defect.EXTRA_PURPOSE)),
        **_TWIN,
    ),
    bad(
        "timestamp/expired-authority",
        "the authority's certificate had expired",
        _needed(_by(Defect.EXPIRED)),
        **_TWIN,
    ),
    bad(
        "timestamp/by-a-signer",
        "stamped by a colleague, who is no authority",
        _needed(lambda office, value: token(office, value, tsa=office.clerk)),
        **_TWIN,
    ),
    bad(
        "timestamp/document-stamp-broken",
        "a document timestamp over something else",
        lambda office: _document_stamp(office, wrong=True),
        twin="update/document-timestamp",
    ),
    bad(
        "timestamp/document-stamp-rogue",
        "a document timestamp by nobody listed",
        lambda office: _document_stamp(office, tsa=_rogue_tsa(office)),
        twin="update/document-timestamp",
    ),
    bad(
        "timestamp/in-the-leaders-field",
        "a timestamp passed off as the leader's signature",
        _stamp_as_signature,
        shows="a signature",
        twin="plain/one-signature",
    ),
    bad(
        "timestamp/changed-then-stamped",
        "a page changed, then an honest document timestamp",
        _changed_then_stamped,
        shows="another annex",
        twin="update/document-timestamp",
    ),
    bad(
        "timestamp/evidence-names-page",
        "/DSS with an entry that leads to the page",
        _store_names_page,
        twin="update/evidence",
    ),
    bad(
        "timestamp/evidence-and-page",
        "a revision with evidence that changes the page as well",
        _store_rewrites_page,
        shows="another sum",
        twin="update/evidence",
    ),
)
