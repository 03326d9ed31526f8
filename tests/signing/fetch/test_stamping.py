"""Timestamps over HTTP: another maker's authority is believed, every kind of liar refused by name."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable
from datetime import timedelta

import pytest
from asn1crypto import keys, tsp, x509
from certomancer.services import TimeStamper

import signing
import signing.fetch
from signing.cms.codec import read_signed_data
from signing.errors import FetchRefused
from signing.fetch import FetchSettings, Stamped, StampReason, stamp
from signing.testing import (
    TSA,
    TSA_ROOT,
    Authority,
    Defect,
    Identity,
    KeyKind,
    Revoked,
    new_key,
    read_request,
    timestamp_refusal,
    timestamp_response,
    timestamp_token,
)
from tests.signing.fetch.servers import Script, answer, raw, serving
from tests.signing.verification.office import AT, ISSUED, NOW, Office

DIGEST = hashlib.sha256("Tờ trình số 12".encode()).digest()
SETTINGS = FetchSettings(seconds=3.0)
"""No host is listed and no private network allowed: the URL is the administrator's own word."""


def ask(office: Office, script: Script, **changes: object) -> Stamped:
    question = {"settings": SETTINGS, "trust": office.trust, "at": AT} | changes
    with serving(script) as server:
        return stamp(DIGEST, url=server.url("/tsa", host="127.0.0.1"), **question)  # type: ignore[arg-type]


def body_of(request: bytes) -> bytes:
    return request.partition(b"\r\n\r\n")[2]


def refusal(office: Office, script: Script, **changes: object) -> FetchRefused:
    with pytest.raises(FetchRefused) as caught:
        ask(office, script, **changes)
    return caught.value


def authority(tsa: Identity, **changes: object) -> Script:
    """A timestamp authority; `changes` are what it lies about."""

    def play(line: socket.socket, request: bytes) -> None:
        imprint, _, nonce = read_request(body_of(request))
        fields = {"imprint": imprint, "at": AT, "nonce": nonce, "serial": 77} | changes
        answer(timestamp_response(timestamp_token(tsa, **fields)))(line, request)  # type: ignore[arg-type]

    return play


def test_certomancers_authority_is_believed(office: Office) -> None:
    """Question and answer in the other maker's words: imprint, nonce, certificate asked for, media type."""
    tsa, seen = office.tsa, []
    stamper = TimeStamper(
        x509.Certificate.load(tsa.der), keys.PrivateKeyInfo.load(tsa.key_der),
        certs_to_embed=[x509.Certificate.load(item) for item in tsa.chain_der], fixed_dt=AT,
    )  # fmt: skip

    def play(line: socket.socket, request: bytes) -> None:
        seen.append((request, asked := tsp.TimeStampReq.load(body_of(request))))
        answer(stamper.request_tsa_response(asked).dump())(line, request)

    stamped = ask(office, play)
    ((head, asked),) = seen
    assert b"Content-Type: application/timestamp-query" in head
    assert asked["cert_req"].native is True
    assert asked["nonce"].native.bit_length() == 63
    assert asked["message_imprint"].native["hashed_message"] == DIGEST
    assert (stamped.time, stamped.certificate, stamped.name) == (AT, tsa.der, TSA.common_name)
    assert not stamped.proven
    assert stamped.until > AT


def test_an_answer_in_ber_is_kept_in_der(office: Office) -> None:
    """Indefinite lengths around a token, as programs write them while they stream."""

    def play(line: socket.socket, request: bytes) -> None:
        imprint, _, nonce = read_request(body_of(request))
        token = timestamp_token(office.tsa, imprint, at=AT, nonce=nonce)
        size = 2 + token[1] - 0x80 if token[1] & 0x80 else 2
        loose = b"\x30\x80" + token[size:] + b"\0\0"
        answer(b"\x30\x80\x30\x03\x02\x01\x00" + loose + b"\0\0")(line, request)

    stamped = ask(office, play)
    assert stamped.token[:2] == b"\x30\x82"
    assert signing.fetch.stamping.read_response(timestamp_response(stamped.token)) == stamped.token


def test_with_a_list_about_the_authority_it_is_proven(office: Office) -> None:
    stamped = ask(office, authority(office.tsa), evidence=office.evidence)
    assert stamped.proven
    assert stamped.serial == 77


def test_certificates_that_came_beside_its_path_are_not_taken_over(office: Office) -> None:
    """Anybody on the way can add them, for nobody signs that list: one would be asked for lists tomorrow."""
    tsa, stranger = office.tsa, Authority.root(TSA_ROOT, now=NOW - timedelta(days=3), private=new_key(KeyKind.P256))
    came = (stranger.der, tsa.der, office.issuer.der, *tsa.chain_der)
    stamped = ask(office, authority(tsa, embedded=came))
    assert set(came) <= set(read_signed_data(stamped.token).certificates)
    assert (stamped.certificate, stamped.chain) == (tsa.der, tsa.chain_der)


LIES: dict[str, tuple[Callable[[Office], Script], StampReason]] = {
    "another imprint": (lambda o: authority(o.tsa, imprint=b"\x01" * 32), StampReason.WRONG_IMPRINT),
    "another nonce": (lambda o: authority(o.tsa, nonce=5), StampReason.WRONG_NONCE),
    "no nonce": (lambda o: authority(o.tsa, nonce=None), StampReason.WRONG_NONCE),
    "the future": (lambda o: authority(o.tsa, at=AT + timedelta(minutes=6)), StampReason.WRONG_TIME),
    "the past": (lambda o: authority(o.tsa, at=NOW), StampReason.WRONG_TIME),
    "no certificate": (lambda o: authority(o.tsa, with_certificates=False), StampReason.NOT_SIGNED),
    "a person's certificate": (lambda o: authority(o.leader), StampReason.WRONG_PURPOSE),
    "purpose not critical": (
        lambda o: authority(o.tsa_root.tsa(TSA, now=ISSUED, defects=[Defect.PURPOSE_NOT_CRITICAL])),
        StampReason.WRONG_PURPOSE,
    ),
    "one purpose more": (
        lambda o: authority(o.tsa_root.tsa(TSA, now=ISSUED, defects=[Defect.EXTRA_PURPOSE])),
        StampReason.WRONG_PURPOSE,
    ),
    "expired": (
        lambda o: authority(o.tsa_root.tsa(TSA, now=ISSUED, defects=[Defect.EXPIRED])),
        StampReason.NOT_TRUSTED,
    ),
    "rejection": (lambda o: answer(timestamp_refusal()), StampReason.REJECTED),
    "waiting": (lambda o: answer(timestamp_refusal(status=3)), StampReason.REJECTED),
    "granted and empty": (lambda o: answer(b"\x30\x05\x30\x03\x02\x01\x00"), StampReason.UNREADABLE),
    "two tokens": (lambda o: _doubled(o.tsa), StampReason.UNREADABLE),
    "a page": (lambda o: answer(b"<html>busy</html>"), StampReason.UNREADABLE),
    "nothing": (lambda o: answer(b""), StampReason.UNREADABLE),
}


def _doubled(tsa: Identity) -> Script:
    def play(line: socket.socket, request: bytes) -> None:
        imprint, _, nonce = read_request(body_of(request))
        token = timestamp_token(tsa, imprint, at=AT, nonce=nonce)
        answer(timestamp_response(token + token))(line, request)

    return play


@pytest.mark.parametrize("lie", LIES)
def test_liars_are_refused_by_name(office: Office, lie: str) -> None:
    script, reason = LIES[lie]
    assert refusal(office, script(office)).code == reason


def test_who_is_not_listed_or_revoked_is_refused(office: Office) -> None:
    """A root that is listed for persons alone is none for timestamps."""
    persons = signing.TrustStore(
        (signing.TrustAnchor(office.tsa_root.der, purposes=frozenset({signing.Purpose.PERSON})),)
    )
    for trust in (persons, signing.TrustStore.of(office.root.der), signing.TrustStore()):
        assert refusal(office, authority(office.tsa), trust=trust).code == StampReason.NOT_TRUSTED
    gone = office.tsa_root.crl(this_update=NOW, revoked=[Revoked(office.tsa.serial, NOW, "keyCompromise")])
    evidence = signing.Evidence(crls=(gone,))
    assert refusal(office, authority(office.tsa), evidence=evidence).code == StampReason.REVOKED


def test_a_changed_token_is_no_timestamp(office: Office) -> None:
    """One bit of its signature."""

    def play(line: socket.socket, request: bytes) -> None:
        imprint, _, nonce = read_request(body_of(request))
        token = bytearray(timestamp_token(office.tsa, imprint, at=AT, nonce=nonce))
        token[-1] ^= 1
        answer(timestamp_response(bytes(token)))(line, request)

    assert refusal(office, play).code in {StampReason.NOT_SIGNED, StampReason.UNREADABLE}


def test_who_stalls_floods_or_is_gone_costs_no_more_than_the_bounds(office: Office) -> None:
    quick = FetchSettings(seconds=0.4)
    slow = refusal(office, lambda line, request: _wait(line), settings=quick)
    assert slow.code == signing.fetch.FetchReason.TOO_SLOW
    assert refusal(office, answer(b"0" * 300_000)).code == signing.fetch.FetchReason.TOO_LARGE
    assert refusal(office, raw(b"HTTP/1.1 503 busy\r\n\r\n")).code == signing.fetch.FetchReason.STATUS_REFUSED
    assert refusal(office, raw(b"SSH-2.0-x\r\n")).code == signing.fetch.FetchReason.ANSWER_MALFORMED
    with pytest.raises(FetchRefused) as caught:
        stamp(DIGEST, url="http://127.0.0.1:9/", settings=quick, trust=office.trust, at=AT)
    assert caught.value.code == signing.fetch.FetchReason.CONNECTION_FAILED


def _wait(line: socket.socket) -> None:
    line.settimeout(5)
    line.recv(1)


def test_an_answer_that_took_long_is_not_from_the_future(office: Office) -> None:
    """Some authorities take two minutes: the clock is read again when the answer is there."""
    late = AT + timedelta(minutes=9)
    stamped = ask(office, authority(office.tsa, at=late), clock=lambda: late)
    assert stamped.time == late
