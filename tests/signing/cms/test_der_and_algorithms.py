"""DER to the letter, and algorithms that agree with each other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from signing.cms import der
from signing.cms.algorithms import Scheme, signature_algorithm
from signing.cms.codec import Algorithm, read_signed_data
from signing.errors import NeedsCare, SignatureRefused
from signing.prepare import der as writer

NOT_DER = {
    "indefinite length": b"\x30\x80\x00\x00",
    "long form of a short length": b"\x04\x81\x01a",
    "leading zero in the length": b"\x04\x82\x00\x80" + bytes(128),
    "shorter than it says": b"\x04\x05ab",
    "trailing byte": b"\x04\x01ab",
    "high tag": b"\x1f\x81\x00\x00",
    "nothing": b"",
    "length of five bytes": b"\x04\x85\x00\x00\x00\x00\x01a",
}


@pytest.mark.parametrize("name", NOT_DER)
def test_what_is_not_der_is_refused(name: str) -> None:
    """BER that two programs could read in two ways."""
    with pytest.raises(NeedsCare):
        der.read(NOT_DER[name])


@pytest.mark.parametrize("value", [0, 1, 127, 128, 255, 256, -1, -129, 2**160])
def test_integers_round_trip(value: int) -> None:
    """Shortest two's complement."""
    assert der.integer(der.read(writer.integer(value))) == value


@pytest.mark.parametrize("raw", [b"\x02\x00", b"\x02\x02\x00\x01", b"\x02\x02\xff\xff"])
def test_padded_integers_are_refused(raw: bytes) -> None:
    """One value, one encoding."""
    with pytest.raises(NeedsCare):
        der.integer(der.read(raw))


@pytest.mark.parametrize("dotted", ["1.2.840.113549.1.7.2", "2.16.840.1.101.3.4.2.1", "0.9.2342"])
def test_identifiers_round_trip(dotted: str) -> None:
    """Written by one half of the library, read by the other."""
    assert der.oid(der.read(writer.oid(dotted))) == dotted


def test_identifier_with_padding_is_refused() -> None:
    """0x80 in front of an arc says nothing and hides much."""
    with pytest.raises(NeedsCare):
        der.oid(der.read(b"\x06\x03\x2a\x80\x01"))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"\x17\x0d261122090000Z", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        (b"\x17\x0d991122090000Z", datetime(1999, 11, 22, 9, tzinfo=UTC)),
        (b"\x17\x0d491122090000Z", datetime(2049, 11, 22, 9, tzinfo=UTC)),
        (b"\x17\x0d501122090000Z", datetime(1950, 11, 22, 9, tzinfo=UTC)),
        (b"\x18\x0f20261122090000Z", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        (b"\x18\x1120261122090000.5Z", datetime(2026, 11, 22, 9, 0, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_times(raw: bytes, expected: datetime) -> None:
    """UTCTime reaches from 1950 to 2049."""
    assert der.time(der.read(raw)) == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"\x17\x11261122090000+0700",
        b"\x17\x0d260230090000Z",
        b"\x18\x0f20261122090060Z",
        b"\x18\x0f00001122090000Z",
    ],
)
def test_other_times_are_refused(raw: bytes) -> None:
    """DER wants Z, and days that there are."""
    with pytest.raises(NeedsCare):
        der.time(der.read(raw))


SHA256_WITH_RSA, ECDSA_WITH_SHA384 = "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.3"


def test_signature_algorithm_names_its_digest() -> None:
    """And must name the digest that stands beside it."""
    assert signature_algorithm(Algorithm(SHA256_WITH_RSA, b"\x05\x00"), "sha256").scheme is Scheme.RSA
    for identifier in (SHA256_WITH_RSA, ECDSA_WITH_SHA384):
        with pytest.raises(SignatureRefused):
            signature_algorithm(Algorithm(identifier, None), "sha512")


def test_default_pss_parameters_mean_sha1() -> None:
    """Absent parameters are SHA-1 and MGF1 with SHA-1 (RFC 8017): they disagree with SHA-256."""
    with pytest.raises(SignatureRefused):
        signature_algorithm(Algorithm("1.2.840.113549.1.1.10", b"\x30\x00"), "sha256")


def test_unknown_algorithm_needs_care() -> None:
    """Unknown is not broken."""
    with pytest.raises(NeedsCare):
        signature_algorithm(Algorithm("1.3.101.110", None), "sha256")


@pytest.mark.parametrize("raw", [b"\x30\x00", writer.sequence(writer.oid("1.2.840.113549.1.7.1")), b"\x04\x00"])
def test_other_content_is_no_signed_data(raw: bytes) -> None:
    """ContentInfo of another kind."""
    with pytest.raises(NeedsCare):
        read_signed_data(raw)
